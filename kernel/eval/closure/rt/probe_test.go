package rt_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"testing"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

func TestProbe(t *testing.T) {
	src := `package main
type Color int
func (c Color) String() string { return "" }
type Node struct { next *Node; kids map[string]Node; Color Color; C2 Color }
type E struct { Color; X int }
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "a.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("main", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ty := rt.New(nil, func(recv types.Type, sel *types.Selection) unsafe.Pointer {
		fn := func(p unsafe.Pointer) string { return fmt.Sprint("color ", *(*int)(p)) }
		return *(*unsafe.Pointer)(unsafe.Pointer(&fn))
	})
	for _, n := range []string{"Color", "Node", "E"} {
		r := ty.Of(pkg.Scope().Lookup(n).Type())
		v := reflect.New(r)
		fmt.Printf("%s %v %+v %T %v\n", r, v.Elem().Interface(), v.Elem().Interface(), v.Interface(), r.NumMethod())
	}
}
