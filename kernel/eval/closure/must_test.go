package closure

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// must takes a call with an error, a value and an error, or a value alone.
func TestMust(t *testing.T) {
	const declare = "func works() error { return nil }\nfunc fails() error { return errors.New(\"bad\") }\n"
	for _, c := range []struct{ code, want string }{
		{"must(works())", ""},
		{"err := must(works())\nerr == nil", "value: true\n"},
		{"must(fails())", "error: error: bad\nat: cell 1, line 3, column 1\n"},
		{"must(2, works())", "value: 2\n"},
		{"must(2, fails())", "error: error: bad\nat: cell 1, line 3, column 1\n"},
		{"must(strconv.Atoi(\"7\"))", "value: 7\n"},
		{"must(7)", "value: 7\n"},
		{"must(fails)().Error()", "value: bad\n"},
		{"n := 1 + must(2)\nn", "value: 3\n"},
	} {
		if got := enginetest.Run(session(t), 1, declare+c.code); got != c.want {
			t.Errorf("%s\n  gives\n%s  and should give\n%s", c.code, got, c.want)
		}
	}
}
