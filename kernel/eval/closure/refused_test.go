package closure

import (
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// A cell that does not compile leaves no method behind, for compiled packages either. (No
// machine has room for the array, and the front end does not mind.)
func TestRefusedMethod(t *testing.T) {
	s := session(t)
	for i, c := range []struct{ code, want string }{
		{"type Q struct{ v int }\nq := Q{2}\nfmt.Println(q)", "out: {2}\n"},
		{"func (q Q) String() string { return \"S\" }\nfunc (q Q) Big() bool { var b *[1 << 62]int; return b == nil }", "error: not supported: "},
		{"fmt.Println(q, Q{3}, any(q))", "out: {2} {3} {2}\n"},
		{"_, is := any(q).(fmt.Stringer)\nis", "value: false\n"},
		{"func (q Q) String() string { return fmt.Sprint(\"Q\", q.v) }", ""},
		{"fmt.Println(q, Q{3}, any(q))", "out: Q2 Q3 Q2\n"},
		{"func (q Q) String() string { var b *[1 << 62]int; return fmt.Sprint(b == nil) }", "error: not supported: "},
		{"fmt.Println(q, Q{3}, any(q))", "out: Q2 Q3 Q2\n"},
	} {
		if got := enginetest.Run(s, i+1, c.code); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("cell %d: %s\n  gives\n%s  and should give\n%s", i+1, c.code, got, c.want)
		}
	}
}
