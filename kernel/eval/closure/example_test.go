package closure_test

import (
	"context"
	"fmt"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure"
)

// A session keeps what its cells declare. The value of a cell's last expression is its
// result.
func Example() {
	s, err := eval.New(closure.New, eval.Options{})
	if err != nil {
		panic(err)
	}
	var last eval.Result
	for i, code := range []string{
		"type Celsius float64\nfunc (c Celsius) String() string { return fmt.Sprintf(\"%.1f °C\", float64(c)) }",
		"temperatures := []Celsius{21.5, 19}\nslices.Max(temperatures)",
	} {
		last = s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: code}, nil)
	}
	fmt.Println(last.Value.Data[display.MIMEText])
	// Output: 21.5 °C
}
