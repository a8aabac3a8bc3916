package yaegi

import (
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// named makes a taskgraph.Func of a function, or returns what is none as it is.
func (e *Engine) named(name string, fn any) any {
	if t := reflect.TypeOf(fn); t == nil || t.Kind() != reflect.Func {
		return fn
	}
	named := reflect.New(e.funcType()).Elem()
	named.FieldByName("Name").SetString(name)
	named.FieldByName("Fn").Set(reflect.ValueOf(fn))
	return named.Interface()
}

const taskgraphPath = symbols.Module + "taskgraph"
