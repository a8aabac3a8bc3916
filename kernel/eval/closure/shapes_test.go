package closure

import (
	"reflect"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// The functions that most cells call are called without reflection.
func TestEverydayShapes(t *testing.T) {
	for _, path := range []string{"fmt", "strings", "strconv", "math", "sort", "unicode", "os", "bytes"} {
		members, _ := symbols.Of(path)
		if len(members) == 0 {
			t.Errorf("there is no package %s", path)
		}
		for name, v := range members {
			if v.Kind() != reflect.Func {
				continue
			}
			slots := func(n int, at func(int) reflect.Type) (list []slot) {
				for i := range n {
					list = append(list, slot{lay: mem.LayoutOf(at(i))})
				}
				return list
			}
			shape := shapeName(slots(v.Type().NumIn(), v.Type().In), slots(v.Type().NumOut(), v.Type().Out))
			if calls[shape] == nil && len(shape) <= 8 && !strings.Contains(shape, "?") {
				t.Errorf("%s.%s has the shape %s, which has no code", path, name, shape)
			}
		}
	}
}
