package closure

import (
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// A function that is not what the checker takes it for is not called: its arguments would
// be read from registers that nobody has set.
func TestOtherVersionOfPackage(t *testing.T) {
	for _, f := range []any{func(p *int) int { return *p }, func() {}, func(...int) int { return 1 }} {
		s, err := eval.New(New, eval.Options{Bind: map[string]map[string]any{"os": {"Getpid": f}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := enginetest.Run(s, 1, "os.Getpid()"); !strings.Contains(got, "another version of package os") {
			t.Errorf("a %T for os.Getpid gives %s", f, got)
		}
	}
}
