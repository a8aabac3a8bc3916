package randprog_test

import (
	"fmt"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/enginetest/randprog"
)

// Shrink finds the line that matters.
func ExampleShrink() {
	src := "package main\n\nfunc f() {\n\tprintln(1)\n}\n\nfunc main() {\n\tx := 2\n\tprintln(x, 3)\n\tprintln(\"this\")\n}\n"
	small := randprog.Shrink(src, func(p string) bool { return strings.Contains(p, "this") }, 100)
	fmt.Println(strings.Join(strings.Fields(small), " "))
	// Output: package main func main() { println("this") }
}
