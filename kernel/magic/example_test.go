package magic_test

import (
	"context"
	"fmt"
	"os"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/magic"
)

func Example() {
	set := magic.All()
	call, _ := magic.ParseCell("%%html\n<b>bold</b>")
	call.Out = display.NewConsole(os.Stdout, os.Stderr)
	if err := set.Run(context.Background(), call); err != nil {
		fmt.Println(err)
	}
	call.Name = "hmtl"
	fmt.Println(set.Run(context.Background(), call))
	// Output:
	// bold
	// there is no magic %hmtl; did you mean %html?
}
