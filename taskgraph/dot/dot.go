// Package dot writes task graphs in DOT, the language of Graphviz, for those
// who have its programs or others that read it.
//
// Nodes are n1, n2, ... in the order of the graph, labelled with the name
// of the function and with the key as tooltip. The direction is Graphviz's
// rankdir: "BT", Dask's, draws results on top.
package dot

import (
	"fmt"
	"strings"

	emicklei "github.com/emicklei/dot"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Options say how to write. The zero Options mean rankdir BT and names from
// keys as labels.
type Options struct {
	Rankdir string                // BT, TB, LR or RL; empty for BT
	Label   func(graph.ID) string // nil for the name in the key
	Fill    func(graph.ID) string // colour, as #rrggbb; nil or "" for none
	Title   func(graph.ID) string // what is shown under the mouse; nil or "" for the key
}

// Text is the graph as DOT. An input that is read twice by the same task has
// one edge to it.
func Text(g *graph.Graph, o Options) string {
	d := emicklei.NewGraph(emicklei.Directed)
	rankdir := o.Rankdir
	if rankdir == "" {
		rankdir = "BT"
	}
	d.Attr("rankdir", quote(rankdir))
	nodes := make([]emicklei.Node, g.Len())
	for id := range graph.ID(g.Len()) {
		label := g.Key(id).Name
		if o.Label != nil {
			label = o.Label(id)
		}
		title, style := g.Key(id).String(), "rounded"
		if o.Title != nil && o.Title(id) != "" {
			title = o.Title(id)
		}
		nodes[id] = d.Node(fmt.Sprintf("%09d", id)).
			Attr("label", quote(label)).
			Attr("tooltip", quote(title)).
			Attr("shape", "box")
		if o.Fill != nil && o.Fill(id) != "" {
			style = "rounded,filled"
			nodes[id].Attr("fillcolor", quote(o.Fill(id)))
		}
		nodes[id].Attr("style", quote(style))
		seen := make(map[graph.ID]bool)
		for _, in := range g.Inputs(id) {
			if !seen[in] {
				seen[in] = true
				d.Edge(nodes[in], nodes[id])
			}
		}
	}
	return d.String()
}

// quote makes a DOT string of any text. Go's %q will not do: DOT knows no
// escapes for control characters, and in labels it expands \N and &lt;.
func quote(s string) emicklei.Literal {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '&':
			b.WriteString("&amp;")
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20 || r >= 0x7f && r < 0xa0:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return emicklei.Literal(b.String())
}
