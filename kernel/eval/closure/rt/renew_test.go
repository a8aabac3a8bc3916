package rt_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// BenchmarkRenew measures what a cell that declares methods pays when none of many types
// has gained any.
func BenchmarkRenew(b *testing.B) {
	const n = 600
	var text strings.Builder
	text.WriteString("package main\n")
	for i := range n {
		fmt.Fprintf(&text, "type T%d struct{ n int; next *T%[1]d }\nfunc (t T%[1]d) String() string { return \"\" }\nfunc (t *T%[1]d) Set(n int) { t.n = n }\n", i)
	}
	pkg := check(b, text.String())
	ts := rt.New(nil, nil)
	for i := range n {
		ts.Of(typeNamed(b, pkg, fmt.Sprint("T", i)))
	}
	for b.Loop() {
		if ts.Renew() != nil {
			b.Fatal("a type has gained methods")
		}
	}
}
