package taskgraph

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/dot"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/layout"
	"github.com/dagbook/dagbook/taskgraph/optimize"
)

// Picture is a drawn graph: every task a box with the name of its function,
// every arrow from a task to one that reads its value. Notebooks show it as
// SVG. It never changes.
type Picture struct {
	g         *graph.Graph
	rankdir   string
	format    string
	filename  string
	optimized bool
}

// PictureOption sets something of a Picture. Options panic with an *Error
// for values they do not know.
type PictureOption func(*Picture)

// Rankdir sets where the arrows lead: "BT" (bottom to top, as without the
// option), "TB", "LR" or "RL".
func Rankdir(dir string) PictureOption {
	switch dir {
	case "BT", "TB", "LR", "RL":
		return func(p *Picture) { p.rankdir = dir }
	}
	panic(errorf("Rankdir: there is no direction %q: use BT, TB, LR or RL", dir))
}

// Format sets what Filename writes: "svg", as without the option, or "dot".
// With "dot" it is also what String gives.
func Format(format string) PictureOption {
	if format != "svg" && format != "dot" {
		panic(errorf("Format: there is no format %q: use svg or dot", format))
	}
	return func(p *Picture) { p.format = format }
}

// Optimized draws the graph as it runs with Optimize(true): a task that was
// made of several has their names.
func Optimized() PictureOption {
	return func(p *Picture) { p.optimized = true }
}

// Filename writes the picture to a file as well, in the format of its
// extension, .svg or .dot (or .gv); without one, Format's is added.
func Filename(path string) PictureOption {
	return func(p *Picture) { p.filename = path }
}

// Visualize draws nodes and everything they need, what they share drawn
// once. Its arguments are nodes, slices of nodes and options, in any order:
//
//	taskgraph.Visualize(a, b)
//	taskgraph.Visualize(results, taskgraph.Rankdir("LR"))
//
// It panics with an *Error for any other argument, and when the file of
// Filename cannot be written.
func Visualize(args ...any) *Picture {
	var nodes []*Node
	var opts []PictureOption
	for i, arg := range args {
		switch arg := arg.(type) {
		case *Node:
			nodes = append(nodes, arg)
		case []*Node:
			nodes = append(nodes, arg...)
		case PictureOption:
			opts = append(opts, arg)
		default:
			panic(&Error{Func: "Visualize", Arg: i + 1, Msg: fmt.Sprintf(
				"Visualize: argument %d is %s, but it takes nodes, slices of nodes and options such as Rankdir(\"LR\")", i+1, article(reflect.TypeOf(arg)))})
		}
	}
	return visualize(nodes, opts)
}

// Visualize is the function Visualize.
func (r *Runner) Visualize(args ...any) *Picture { return Visualize(args...) }

func visualize(nodes []*Node, opts []PictureOption) *Picture {
	for i, n := range nodes {
		if n == nil {
			panic(errorf("Visualize: node %d is nil: was the variable ever set?", i+1))
		}
	}
	p := &Picture{rankdir: "BT", format: "svg"}
	for _, opt := range opts {
		opt(p)
	}
	var outputs []graph.ID
	if p.g, outputs = gather(nodes); p.optimized {
		p.g, _ = optimize.All(p.g, outputs)
	}
	if p.filename != "" {
		p.writeOption()
	}
	return p
}

// writeOption does what Filename asks for.
func (p *Picture) writeOption() {
	if filepath.Ext(p.filename) == "" {
		p.filename += "." + p.format
	}
	if err := p.WriteFile(p.filename); err != nil {
		panic(errorf("%v", err))
	}
}

// SVG is the picture as a complete <svg> element. Every task is a
// <g class="node" data-key="..."> with the key as title, every arrow a
// <g class="edge"> with "key->key" as title.
func (p *Picture) SVG() string {
	return p.draw().SVG()
}

// DOT is the graph in Graphviz's language.
func (p *Picture) DOT() string { return dot.Text(p.g, dot.Options{Rankdir: p.rankdir}) }

func (p *Picture) draw() *layout.Drawing {
	return layout.Draw(p.g, layout.Options{Direction: layout.Direction(p.rankdir)})
}

// A drawing larger than this, in pixels, is shown in a box of its own that scrolls:
// shrunk to the width of a page nobody could read it.
const (
	mostWidth  = 2000
	mostHeight = 3000
)

// MIMEBundle is what a notebook shows: the drawing, in a box that scrolls when it is
// large.
func (p *Picture) MIMEBundle() map[string]any {
	d := p.draw()
	if d.Width <= mostWidth && d.Height <= mostHeight {
		return map[string]any{"image/svg+xml": d.SVG(), "text/plain": p.String()}
	}
	svg := strings.Replace(d.SVG(), "max-width:100%;height:auto", "max-width:none", 1)
	return map[string]any{"text/html": `<div style="overflow:auto;max-width:100%;max-height:600px">` + svg + "</div>", "text/plain": p.String()}
}

// String is the graph in Graphviz's language with Format("dot"), and otherwise a
// few words: drawings are long.
func (p *Picture) String() string {
	if p.format == "dot" {
		return p.DOT()
	}
	return fmt.Sprintf("drawing of a graph of %s", counted(p.g.Len(), "task"))
}

// WriteFile writes the picture in the format that the path's extension
// names: .svg, .dot or .gv.
func (p *Picture) WriteFile(path string) error {
	var text string
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
		text = p.SVG()
	case ".dot", ".gv":
		text = p.DOT()
	default:
		return errorf("the picture cannot be written to %s: the extension %q is none of .svg, .dot and .gv", path, ext)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		return fmt.Errorf("the picture could not be written: %w", err)
	}
	return nil
}
