package rt_test

import (
	"reflect"
	"testing"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// Channels of types that the program does not have can be pointed to, also where it has the
// type *chan unsafe.Pointer.
func TestPointersToChannels(t *testing.T) {
	if reflect.TypeFor[*chan unsafe.Pointer]().Elem() != reflect.TypeFor[chan unsafe.Pointer]() {
		t.Error("the pointer to a chan unsafe.Pointer points to something else")
	}
	elem := reflect.StructOf([]reflect.StructField{{Name: "OfAChannel", Type: reflect.TypeFor[int]()}})
	for _, dir := range []reflect.ChanDir{reflect.BothDir, reflect.RecvDir, reflect.SendDir} {
		c := rt.ChanOf(dir, elem)
		if p := reflect.PointerTo(c); p.Elem() != c || p.String() != "*"+c.String() || rt.ChanOf(dir, elem) != c {
			t.Errorf("the pointer to a %v is %v, to a %v", c, p, p.Elem())
		}
	}
	if reflect.PointerTo(rt.ChanOf(reflect.BothDir, reflect.TypeFor[unsafe.Pointer]())) != reflect.TypeFor[*chan unsafe.Pointer]() {
		t.Error("a chan unsafe.Pointer is another one")
	}
}
