package taskgraph

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestTyped(t *testing.T) {
	x := Call1(slowinc, Of(1))
	z := Call2(slowadd, x, Call1(slowinc, Of(2)))
	if v, err := z.Compute(); v != 5 || err != nil || !strings.HasPrefix(z.Key(), "slowadd-") {
		t.Errorf("%s is %v, %v", z.Key(), v, err)
	}
	texts := All(Try1(strconv.Atoi, Of("4")), x, Call0(func() int { return 7 }))
	joined := Call1(func(xs []int) string { return fmt.Sprint(xs) }, texts)
	if v, err := joined.Compute(Synchronous()); v != "[4 2 7]" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
	if _, err := Try1(strconv.Atoi, Of("four")).Compute(); !errors.Is(err, strconv.ErrSyntax) {
		t.Errorf("error %v", err)
	}
	four := Call4(func(a int, b string, c float64, d []int) string { return fmt.Sprint(a, b, c, d) }, x, Of("b"), Of(0.5), Of([]int{1}))
	if v, err := four.Compute(); v != "2b0.5 [1]" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
	if n := Delayed(slowinc)(x); value[int](t, n) != 3 || Typed[int](n).Key() != n.Key() {
		t.Errorf("a task is no good argument, or a node no good task")
	}
}

func TestTypedRefuses(t *testing.T) {
	for _, test := range []struct {
		do   func()
		want string
	}{
		{func() { Typed[string](Value(1)) }, "Typed: the node is an int (the value of value-"},
		{func() { var none Task[int]; Call1(slowinc, none) }, "slowinc: argument 1 is a task that was never set"},
	} {
		err := func() (err any) {
			defer func() { err = recover() }()
			test.do()
			return nil
		}()
		if !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func ExampleCall2() {
	x := Call1(slowinc, Of(1))
	y := Call1(slowinc, Of(2))
	z := Call2(slowadd, x, y)
	v, err := z.Compute()
	fmt.Println(v, err)
	// Output: 5 <nil>
}
