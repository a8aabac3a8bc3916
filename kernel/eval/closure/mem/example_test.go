package mem_test

import (
	"fmt"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// Memory of any type is made, written and read by address.
func Example() {
	type point struct{ X, Y int32 }
	lay := mem.LayoutOf(reflect.TypeFor[point]())
	p := lay.New()
	mem.Store(p, lay.Type.Field(1).Offset, int32(7))
	fmt.Println(mem.Load[int32](p, 4), lay.Value(p))
	// Output: 7 {0 7}
}
