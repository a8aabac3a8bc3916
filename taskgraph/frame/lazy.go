package frame

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph"
)

// LazyFrame is a frame that is computed later, in partitions: the rows of a file each, say.
// Its methods are those of a DataFrame where they make sense, and build a graph of tasks.
// Nothing is read or computed before Compute, Persist or Head; then only those columns are
// read of which something is asked. It never changes.
//
//	flights := must(frame.ReadCSVs("data/nycflights/*.csv"))
//	mean := flights.GroupBy("Origin").Col("DepDelay").Mean() // a LazySeries
//	mean.Compute()                                           // reads two columns of each file
type LazyFrame struct {
	maker Maker
	names []string // nil if they are not known
	types []Dtype  // as the first rows tell them; nil if they are not known
	step  *step
}

// LazySeries is a series that is computed later: a column of a LazyFrame, what is calculated
// with it, or the values of groups.
type LazySeries struct {
	maker Maker
	name  string
	step  *step
}

// LazyValue is one value that is computed later: the sum of a LazySeries, say. It is an
// operand of arithmetic with a LazySeries.
type LazyValue struct {
	maker Maker
	step  *step
}

// Lazy is a LazyFrame, LazySeries or LazyValue.
type Lazy interface {
	// AsNode is a node for the whole: a *DataFrame, a *Series, or a value.
	AsNode() *taskgraph.Node
	plan() *step
}

// Maker makes lazy frames whose tasks run as its runner says. A notebook has one of its own;
// the package's functions use that of package taskgraph.
type Maker struct{ runner *taskgraph.Runner }

// NewMaker returns a Maker for a runner.
func NewMaker(r *taskgraph.Runner) Maker { return Maker{r} }

var standard = NewMaker(taskgraph.New())

func (df *LazyFrame) plan() *step { return df.step }
func (s *LazySeries) plan() *step { return s.step }
func (v *LazyValue) plan() *step  { return v.step }

// AsNode is a node for the whole frame, a *DataFrame, so that the frame can be an argument of
// delayed functions.
func (df *LazyFrame) AsNode() *taskgraph.Node { return df.maker.whole(df.step)[0] }

// AsNode is a node for the whole series, a *Series.
func (s *LazySeries) AsNode() *taskgraph.Node { return s.maker.whole(s.step)[0] }

// AsNode is a node for the value.
func (v *LazyValue) AsNode() *taskgraph.Node { return v.maker.whole(v.step)[0] }

// Compute reads and computes the frame. The error is that of the task that failed, or of a
// context that ended.
func (df *LazyFrame) Compute(opts ...taskgraph.Option) (*DataFrame, error) {
	v, err := df.maker.computeOne(df.step, opts)
	if err != nil {
		return nil, err
	}
	return v.(*DataFrame), nil
}

// Compute reads and computes the series.
func (s *LazySeries) Compute(opts ...taskgraph.Option) (*Series, error) {
	v, err := s.maker.computeOne(s.step, opts)
	if err != nil {
		return nil, err
	}
	return v.(*Series), nil
}

// Compute reads and computes the value: a float64 or int64.
func (v *LazyValue) Compute(opts ...taskgraph.Option) (any, error) {
	return v.maker.computeOne(v.step, opts)
}

func (m Maker) computeOne(s *step, opts []taskgraph.Option) (any, error) {
	values, err := m.runner.With(opts...).Compute(m.whole(s)...)
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// Compute computes several lazy frames, series and values at once: what they share is read
// and computed once. The results are *DataFrame, *Series and values, in that order.
func Compute(lazy ...Lazy) ([]any, error) { return standard.Compute(lazy...) }

// Compute is the function Compute.
func (m Maker) Compute(lazy ...Lazy) ([]any, error) {
	steps := make([]*step, len(lazy))
	for i, l := range lazy {
		steps[i] = l.plan()
	}
	return m.runner.Compute(m.whole(steps...)...)
}

// Persist computes the partitions and returns a frame that has them: what is built on it
// later does not read them again.
func (df *LazyFrame) Persist(opts ...taskgraph.Option) (*LazyFrame, error) {
	nodes, err := df.maker.runner.With(opts...).Persist(df.maker.build(df.step)[df.step]...)
	if err != nil {
		return nil, err
	}
	return &LazyFrame{df.maker, df.names, df.types, fixedSource("persisted", nodes)}, nil
}

// Visualize draws the tasks of the frame; the options are those of taskgraph.Visualize.
func (df *LazyFrame) Visualize(opts ...taskgraph.PictureOption) *taskgraph.Picture {
	return df.AsNode().Visualize(opts...)
}

// Visualize draws the tasks of the series.
func (s *LazySeries) Visualize(opts ...taskgraph.PictureOption) *taskgraph.Picture {
	return s.AsNode().Visualize(opts...)
}

// Visualize draws the tasks of the value.
func (v *LazyValue) Visualize(opts ...taskgraph.PictureOption) *taskgraph.Picture {
	return v.AsNode().Visualize(opts...)
}

// NPartitions is how many partitions there are.
func (df *LazyFrame) NPartitions() int { return df.step.n }

// NPartitions is how many partitions there are.
func (s *LazySeries) NPartitions() int { return s.step.n }

// Partition is one partition, as a frame of it alone.
func (df *LazyFrame) Partition(i int) *LazyFrame {
	i = rowNumber("Partition", i, df.step.n)
	return &LazyFrame{df.maker, df.names, df.types, &step{name: "partition", fn: samePart, inputs: []*step{df.step}, only: &i, n: 1, kind: frameKind, wants: passOn}}
}

// Head is the first rows of the first partition, 5 or as many as n says. It reads and
// computes that.
func (df *LazyFrame) Head(n ...int) (*DataFrame, error) {
	first, err := df.Partition(0).Compute()
	if err != nil {
		return nil, err
	}
	return first.Head(n...), nil
}

// Names are the names of the columns; nil where they are not known before it is computed.
func (df *LazyFrame) Names() []string { return slices.Clone(df.names) }

// Dtypes are the types of the columns, as the beginnings of the files tell them; nil where
// they are not known before the frame is computed.
func (df *LazyFrame) Dtypes() *Series {
	if df.types == nil {
		return nil
	}
	types := make([]string, len(df.types))
	for i, d := range df.types {
		if types[i] = d.String(); d == 0 {
			types[i] = "?"
		}
	}
	s := NewSeries("", types)
	return &Series{"", s.values, labels("", df.names)}
}

// String is the frame on a line.
func (df *LazyFrame) String() string {
	return fmt.Sprintf("frame<%s, npartitions=%d, columns: %s>", df.step.name, df.step.n, df.columnsText())
}

func (df *LazyFrame) columnsText() string {
	if df.names == nil {
		return "known when it is computed"
	}
	list := df.names
	if len(list) > allColumns {
		list = append(slices.Clone(list[:allColumns]), "...")
	}
	return oneLine(strings.Join(list, ", "))
}

// oneLine is a text without control characters, of any length.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, text)
}

// HTML is how a notebook shows the frame: its columns with their types, how many partitions
// and tasks there are. The values are not known yet.
func (df *LazyFrame) HTML() string {
	var b strings.Builder
	b.WriteString("<div><table class=\"dataframe\"><thead><tr><th></th>")
	shown, cut := ends(len(df.names), allColumns, endColumns)
	for i, at := range shown {
		if i == cut {
			b.WriteString("<th>...</th>")
		}
		b.WriteString("<th>" + html.EscapeString(cleanText(df.names[at])) + "</th>")
	}
	fmt.Fprintf(&b, "</tr></thead><tbody><tr><th>npartitions=%d</th>", df.step.n)
	for i, at := range shown {
		if i == cut {
			b.WriteString("<td>...</td>")
		}
		text := "?"
		if df.types != nil && df.types[at] != 0 {
			text = df.types[at].String()
		}
		b.WriteString("<td>" + text + "</td>")
	}
	fmt.Fprintf(&b, "</tr></tbody></table><p>lazy frame of %s: %d tasks</p></div>", html.EscapeString(df.step.name), df.AsNode().Tasks())
	return b.String()
}

// String is the series on a line.
func (s *LazySeries) String() string {
	return fmt.Sprintf("series<%s, name=%q, npartitions=%d>", s.step.name, s.name, s.step.n)
}

// String is the value on a line.
func (v *LazyValue) String() string { return fmt.Sprintf("value<%s>", v.step.name) }
