package closure

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// A loop that goes on after continue, or with a wait for a channel or a call of the function
// that it ranges over, is in the traceback: with the line of the loop.
func TestTracebackOfLoops(t *testing.T) {
	const begin, end = "\tfor v := range ", " {\n\t\tif v > 0 {\n\t\t\tv++\n\t\t\tcontinue\n\t\t}\n\t}\n}\n"
	for _, c := range []struct{ code, want string }{
		{
			"func drain(ch chan int) {\n" + begin + "ch" + end + "ch := make(chan int, 1)\nch <- 1\ndrain(ch)",
			"error: error: " + deadlock{}.Error() + "\nat: cell 1, line 2, column 2, in drain\nat: cell 1, line 11, column 1\n",
		},
		{
			"func one(yield func(int) bool) {\n\tyield(1)\n\tpanic(\"no more\")\n}\nfunc over() {\n" + begin + "one" + end + "over()",
			"error: panic: no more\nat: cell 1, line 3, column 2, in one\nat: cell 1, line 6, column 2, in over\nat: cell 1, line 13, column 1\n",
		},
	} {
		if got := enginetest.Run(session(t), 1, c.code); got != c.want {
			t.Errorf("%s\nis shown as\n%s  and should be\n%s", c.code, got, c.want)
		}
	}
}
