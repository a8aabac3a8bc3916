package generic_test

import (
	"fmt"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

// A type that no compiled code knows has its own slices.SortFunc.
func ExampleFunc() {
	star := reflect.StructOf([]reflect.StructField{
		{Name: "Name", Type: reflect.TypeFor[string]()},
		{Name: "Light", Type: reflect.TypeFor[float64]()},
	})
	stars := reflect.MakeSlice(reflect.SliceOf(star), 3, 3)
	for i, name := range []string{"Vega", "Sirius", "Deneb"} {
		stars.Index(i).Field(0).SetString(name)
		stars.Index(i).Field(1).SetFloat([]float64{0.03, -1.46, 1.25}[i])
	}

	compare := reflect.FuncOf([]reflect.Type{star, star}, []reflect.Type{reflect.TypeFor[int]()}, false)
	sig := reflect.FuncOf([]reflect.Type{stars.Type(), compare}, nil, false)
	sort, ok := generic.Func("slices", "SortFunc", []reflect.Type{stars.Type(), star}, sig)
	if !ok {
		panic("slices.SortFunc is not known")
	}
	byLight := reflect.MakeFunc(compare, func(ab []reflect.Value) []reflect.Value {
		c := 0
		if d := ab[0].Field(1).Float() - ab[1].Field(1).Float(); d != 0 {
			c = int(d / max(d, -d))
		}
		return []reflect.Value{reflect.ValueOf(c)}
	})
	sort.Call([]reflect.Value{stars, byLight})
	fmt.Println(stars)
	// Output: [{Sirius -1.46} {Vega 0.03} {Deneb 1.25}]
}

func ExampleMethod() {
	type pointer struct{ word *string } // the memory of an atomic.Pointer[string]
	var p pointer
	text := reflect.TypeFor[string]()
	store, _ := generic.Method("sync/atomic", "Pointer", "Store", []reflect.Type{text},
		reflect.TypeFor[func(*pointer, *string)]())
	word := "hello"
	store.Interface().(func(*pointer, *string))(&p, &word)
	fmt.Println(*p.word)
	// Output: hello
}
