package closure

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// A call that returns a large array does not make the frame of its caller as large: a deep
// recursion would take that much at each level.
func TestLargeResults(t *testing.T) {
	var e *Engine
	s, err := eval.New(func(h eval.Host) (eval.Engine, error) {
		made, err := New(h)
		e = made.(*Engine)
		return made, err
	}, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const code = "func big(i int) (a [4096]int) { a[i] = i; return }\nfunc user(i int) int { return big(i)[i] + len(big(i)) }\nuser(7), big(3) == big(3), big(2)[2] + big(4)[4]"
	if got, want := enginetest.Run(s, 1, code), "show: 4103\nshow: true\nvalue: 6\n"; got != want {
		t.Errorf("the cell gives %q, not %q", got, want)
	}
	for sym, r := range e.funcs {
		if size := r.get().frame.Size; sym.Name == "user" && size > largest {
			t.Errorf("a frame of %s has %d bytes", sym.Name, size)
		}
	}
}
