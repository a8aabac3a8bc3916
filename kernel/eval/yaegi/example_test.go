package yaegi_test

import (
	"fmt"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
	"github.com/dagbook/dagbook/kernel/eval/yaegi"
)

// The engine is handed to a session, which checks the cells before the engine sees them.
func Example() {
	s, err := eval.New(yaegi.New, eval.Options{})
	if err != nil {
		panic(err)
	}
	fmt.Print(enginetest.Run(s, 1, "func twice(n int) int { return 2 * n }\nfunc four(n int) int { return twice(twice(n)) }"))
	fmt.Print(enginetest.Run(s, 2, "four(1)"))
	fmt.Print(enginetest.Run(s, 3, "func twice(n int) int { return 20 * n }")) // callers see it
	fmt.Print(enginetest.Run(s, 4, "four(1)"))
	fmt.Print(enginetest.Run(s, 5, "slices.Max([]int{1, 2})"))
	// Output:
	// value: 4
	// value: 400
	// error: not supported: cell 5, line 1, column 8: slices.Max is generic, which the yaegi engine cannot call: write the loop out, or use a function that is not generic (package sort instead of slices)
}
