package check_test

import (
	"fmt"

	"github.com/dagbook/dagbook/kernel/eval/check"
)

// A session checks cells one after the other. What a cell declares is known to the
// next ones once it is committed.
func Example() {
	s := check.New()
	cell, err := s.Check(1, "func half(n int) int { return n / 2 }\nx := half(8)")
	if err != nil {
		panic(err)
	}
	for _, p := range cell.Programs {
		s.Commit(p, len(p.Steps)) // all of its steps ran
	}
	for _, n := range s.Names() {
		fmt.Println(n.Kind, n.Name, n.Type)
	}
	_, err = s.Check(2, "haff(x)")
	fmt.Println(err)
	// Output:
	// function half func(n int) int
	// variable x int
	// cell 2, line 1, column 1: undefined: haff (did you mean half?)
	//     haff(x)
	//     ^
}

func ExampleSession_Complete() {
	c := check.New().Complete("strings.ToU", 11)
	for _, m := range c.Matches {
		fmt.Println(m.Kind, m.Text, m.Type)
	}
	// Output:
	// function ToUpper func(s string) string
	// function ToUpperSpecial func(c unicode.SpecialCase, s string) string
}

func ExampleSession_IsComplete() {
	status, indent := check.New().IsComplete("for i := range 3 {")
	fmt.Printf("%s %q\n", status, indent)
	// Output:
	// incomplete "\t"
}
