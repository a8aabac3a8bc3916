package taskgraph

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/dot"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/layout"
	"github.com/dagbook/dagbook/taskgraph/optimize"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// Picture is a drawn graph: every task a box with the name of its function,
// every arrow from a task to one that reads its value. Notebooks show it as
// SVG. In large graphs a box may stand for several tasks, see Collapse. It
// never changes, but for what a profile of ColorBy adds while it records.
type Picture struct {
	g         *graph.Graph
	rankdir   string
	format    string
	filename  string
	optimized bool
	collapse  *bool    // nil for what the size says
	colorBy   string   // "" for none
	profile   *Profile // nil for none
	context   func() context.Context

	boxes boxes
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

// Format sets what Filename writes: "svg", as without the option, "dot",
// "png" or "pdf". With "dot" it is also what String gives. For png and pdf
// Graphviz must be installed.
func Format(format string) PictureOption {
	if !slices.Contains([]string{"svg", "dot", "png", "pdf"}, format) {
		panic(errorf("Format: there is no format %q: use svg, dot, png or pdf", format))
	}
	return func(p *Picture) { p.format = format }
}

// Optimized draws the graph as it runs with Optimize(true): a task that was
// made of several has their names.
func Optimized() PictureOption {
	return func(p *Picture) { p.optimized = true }
}

// Filename writes the picture to a file as well, in the format of its
// extension, .svg, .dot (or .gv), .png or .pdf; without one, Format's is
// added.
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
	p := &Picture{rankdir: "BT", format: "svg", context: context.Background}
	if len(nodes) > 0 {
		p.context = nodes[0].fn.runner.context
	}
	for _, opt := range opts {
		opt(p)
	}
	var outputs []graph.ID
	if p.g, outputs = gather(nodes); p.optimized {
		p.g, _ = optimize.All(p.g, outputs)
	}
	p.boxes = p.grouped()
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

// grouped says which tasks have a box of their own.
func (p *Picture) grouped() boxes {
	if p.collapse == nil && p.g.Len() > collapseAbove || p.collapse != nil && *p.collapse {
		return collapsed(p.g)
	}
	return separate(p.g)
}

// SVG is the picture as a complete <svg> element. Every box is a
// <g class="node" data-key="..."> with the key, and what is known of the
// task, as title; every arrow a <g class="edge"> with "key->key" as title. A
// box of several tasks has the key of the first.
func (p *Picture) SVG() string {
	return p.draw().SVG()
}

// DOT is the graph in Graphviz's language.
func (p *Picture) DOT() string {
	l := p.look()
	return dot.Text(p.boxes.g, dot.Options{Rankdir: p.rankdir, Label: l.label, Fill: l.fill, Title: l.title})
}

func (p *Picture) draw() *layout.Drawing {
	l := p.look()
	return layout.Draw(p.boxes.g, layout.Options{Direction: layout.Direction(p.rankdir), Label: l.label, Fill: l.fill, Title: l.title, Legend: l.legend})
}

// look is how boxes look, where they do not look as usual.
type look struct {
	label, fill, title func(graph.ID) string
	legend             []layout.Swatch
}

// look asks the profile, so it may be another one each time.
func (p *Picture) look() look {
	var l look
	if p.isCollapsed() {
		l.label = p.label
	} else if !p.isColored() {
		return l
	}
	records := p.records()
	m := p.measured(p.g, records)
	if m != nil {
		painted := m.paint(p.boxes)
		l.fill = func(id graph.ID) string { return painted.fills[id] }
		l.legend = painted.legend
	}
	l.title = func(id graph.ID) string { return p.title(p.boxes.members[id], m, records) }
	return l
}

// isCollapsed tells whether there is a box of several tasks.
func (p *Picture) isCollapsed() bool { return p.boxes.g.Len() < p.g.Len() }

func (p *Picture) isColored() bool {
	return p.profile != nil || p.colorBy != "" && p.colorBy != "none"
}

// label is a box's text: "load", or "load ×128".
func (p *Picture) label(id graph.ID) string {
	name := p.boxes.g.Key(id).Name
	n := len(p.boxes.members[id])
	if n == 1 {
		return name
	}
	if r := []rune(name); len(r) > mostName {
		name = string(r[:mostName-1]) + "…"
	}
	return fmt.Sprintf("%s ×%d", name, n)
}

// mostName leaves room for the number: layout shortens labels at 40.
const mostName = 28

// records is what the profile knows, by key; of a task that ran several times,
// what it did last.
func (p *Picture) records() map[graph.Key]trace.Record {
	if p.profile == nil {
		return nil
	}
	records := map[graph.Key]trace.Record{}
	for _, run := range p.profile.Runs() {
		for _, rec := range run.Records {
			records[rec.Key] = rec
		}
	}
	return records
}

// A drawing larger than this, in pixels, is shown in a box of its own that scrolls:
// shrunk to the width of a page nobody could read it.
const (
	mostWidth  = 2000
	mostHeight = 3000
)

// MIMEBundle is what a notebook shows: the drawing, in a box that scrolls when it is
// large. One with more in its tooltips than keys is shown inside the page: pictures on
// their own have no tooltips there.
func (p *Picture) MIMEBundle() map[string]any {
	d := p.draw()
	if d.Width > mostWidth || d.Height > mostHeight {
		svg := strings.Replace(d.SVG(), "max-width:100%;height:auto", "max-width:none", 1)
		return map[string]any{"text/html": `<div style="overflow:auto;max-width:100%;max-height:600px">` + svg + "</div>", "text/plain": p.String()}
	}
	if p.isCollapsed() || p.isColored() {
		return map[string]any{"text/html": d.SVG(), "text/plain": p.String()}
	}
	return map[string]any{"image/svg+xml": d.SVG(), "text/plain": p.String()}
}

// String is the graph in Graphviz's language with Format("dot"), and otherwise a
// few words: drawings are long.
func (p *Picture) String() string {
	switch {
	case p.format == "dot":
		return p.DOT()
	case p.isCollapsed():
		return fmt.Sprintf("drawing of a graph of %d tasks in %d boxes", p.g.Len(), p.boxes.g.Len())
	}
	return fmt.Sprintf("drawing of a graph of %s", counted(p.g.Len(), "task"))
}

// WriteFile writes the picture in the format that the path's extension
// names: .svg, .dot or .gv, and .png or .pdf where Graphviz is installed.
func (p *Picture) WriteFile(path string) error {
	var content []byte
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".svg":
		content = []byte(p.SVG())
	case ".dot", ".gv":
		content = []byte(p.DOT())
	case ".png", ".pdf":
		content, err = p.graphviz(ext[1:])
	default:
		err = errorf("the picture cannot be written to %s: the extension %q is none of .svg, .dot, .gv, .png and .pdf", path, ext)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		return fmt.Errorf("the picture could not be written: %w", err)
	}
	return nil
}
