package rt_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// A cell declares a type with a String method; fmt, which is compiled code, calls it.
func Example() {
	fset := token.NewFileSet()
	cell, err := parser.ParseFile(fset, "cell", `package main
		type Color int
		func (c Color) String() string { return [...]string{"red", "green"}[c] }
		type Pen struct { Ink Color; next *Pen }`, 0)
	if err != nil {
		panic(err)
	}
	pkg, err := new(types.Config).Check("main", fset, []*ast.File{cell}, nil)
	if err != nil {
		panic(err)
	}

	// In place of the engine, which would compile the body: a function that takes the
	// address of the receiver.
	str := func(recv unsafe.Pointer) string { return [...]string{"red", "green"}[*(*int)(recv)] }
	ts := rt.New(nil, func(recv types.Type, sel *types.Selection) unsafe.Pointer {
		return *(*unsafe.Pointer)(unsafe.Pointer(&str))
	})

	pen := reflect.New(ts.Of(pkg.Scope().Lookup("Pen").Type())).Elem()
	pen.Field(0).SetInt(1)
	fmt.Printf("%T %+v\n", pen.Interface(), pen.Interface())
	fmt.Println(pen.Field(0).Interface().(fmt.Stringer).String())
	fmt.Println(pen.Field(1).Type())
	// Output:
	// main.Pen {Ink:green next:<nil>}
	// green
	// *main.Pen
}
