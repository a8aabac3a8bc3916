package layout_test

import (
	"fmt"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/layout"
)

func ExampleDraw() {
	var b graph.Builder
	x := b.Add(graph.Task{Key: graph.Key{Name: "slowinc", Token: 1}})
	y := b.Add(graph.Task{Key: graph.Key{Name: "slowinc", Token: 2}})
	b.Add(graph.Task{Key: graph.Key{Name: "slowadd", Token: 3}}, x, y)
	d := layout.Draw(b.Graph(), layout.Options{Direction: layout.LeftToRight})
	fmt.Println(len(d.Boxes), "boxes and", len(d.Lines), "lines")
	fmt.Println(d.Boxes[0].X < d.Boxes[2].X)
	// Output:
	// 3 boxes and 2 lines
	// true
}
