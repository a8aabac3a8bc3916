package column_test

import (
	"fmt"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

func Example() {
	b := column.NewText(3)
	b.Append("JFK")
	b.AppendMissing()
	b.Append("LGA")
	c := b.Column()
	fmt.Println(c.Dtype(), c.Len(), c.Missing())
	fmt.Println(c.Value(0), c.Value(1), c.Take([]int{2, 0}).Value(0))
	fmt.Println(c.Arrow())
	// Output:
	// string 3 1
	// JFK <nil> LGA
	// ["JFK" (null) "LGA"]
}
