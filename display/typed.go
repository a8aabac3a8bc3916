package display

import (
	"fmt"
	"go/types"
	"reflect"
)

// Typed returns the bundle of a value whose static type a cell's checker knows.
func Typed(v reflect.Value, t types.Type) Bundle {
	if !v.IsValid() {
		return Text("<nil>")
	}
	return Text(fmt.Sprint(v.Interface()))
}
