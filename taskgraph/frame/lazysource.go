package frame

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

// Noder is what stands for a node: a *taskgraph.Node, a Task, a Future.
type Noder interface{ AsNode() *taskgraph.Node }

// ReadCSVs is a lazy frame of the CSV files that a pattern names, in the order of their
// names, with a partition for each: ReadCSVs("data/nycflights/*.csv"). The pattern is that of
// path/filepath.Match. Only the beginnings of files are read, for the names and likely types
// of the columns. No file, or files with different columns, is an error.
func ReadCSVs(pattern string, options ...CSVOptions) (*LazyFrame, error) {
	return standard.ReadCSVs(pattern, options...)
}

// ReadCSVs is the function ReadCSVs.
func (m Maker) ReadCSVs(pattern string, options ...CSVOptions) (*LazyFrame, error) {
	o, err := only(options)
	if err != nil {
		return nil, err
	}
	paths, err := matching(pattern)
	if err != nil {
		return nil, err
	}
	names, types, err := csvSchema(paths, o)
	if err != nil {
		return nil, err
	}
	s := &step{name: "read-csv", kind: frameKind, n: len(paths), source: func(m Maker, need columns) []*taskgraph.Node {
		o := o
		o.Columns = names // files may have them in another order
		if !need.all() {
			o.Columns = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !need[name] })
		}
		if o.Workers == 0 {
			o.Workers = max(1, runtime.GOMAXPROCS(0)/len(paths))
		}
		read := m.call("read-csv", readCSVPart)
		nodes := make([]*taskgraph.Node, len(paths))
		for i, path := range paths {
			nodes[i] = read(path, o)
		}
		return nodes
	}}
	return &LazyFrame{m, names, types, s}, nil
}

// matching are the files that a pattern names, in order.
func matching(pattern string) ([]string, error) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("%q is no pattern of file names: %w", pattern, err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("there is no file %q", pattern)
	}
	return paths, nil
}

// ReadParquets is a lazy frame of the Parquet files that a pattern names, as ReadCSVs is of
// CSV files. The names and types of the columns are those of the first file.
func ReadParquets(pattern string) (*LazyFrame, error) { return standard.ReadParquets(pattern) }

// ReadParquets is the function ReadParquets.
func (m Maker) ReadParquets(pattern string) (*LazyFrame, error) {
	paths, err := matching(pattern)
	if err != nil {
		return nil, err
	}
	names, types, err := parquetSchema(paths[0])
	if err != nil {
		return nil, err
	}
	s := &step{name: "read-parquet", kind: frameKind, n: len(paths), source: func(m Maker, need columns) []*taskgraph.Node {
		wanted := names
		if !need.all() {
			wanted = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !need[name] })
		}
		read := m.call("read-parquet", readParquetPart)
		nodes := make([]*taskgraph.Node, len(paths))
		for i, path := range paths {
			nodes[i] = read(path, wanted)
		}
		return nodes
	}}
	return &LazyFrame{m, names, types, s}, nil
}

// readParquetPart is the task that reads a file. A frame that needs no column still has rows.
func readParquetPart(path string, columns []string) (*DataFrame, error) {
	if len(columns) > 0 {
		return ReadParquet(path, columns...)
	}
	names, _, err := parquetSchema(path)
	if err != nil {
		return nil, err
	}
	df, err := ReadParquet(path, names[:min(1, len(names))]...)
	if err != nil {
		return nil, err
	}
	return &DataFrame{index: df.index}, nil
}

// readCSVPart is the task that reads a file. A frame that needs no column still has rows.
func readCSVPart(ctx context.Context, path string, o CSVOptions) (*DataFrame, error) {
	counted := o.Columns != nil && len(o.Columns) == 0
	if counted {
		o.Columns = nil
		names, _, err := csv.Schema(ctx, path, o)
		if err != nil {
			return nil, err
		}
		if o.Columns = names[:min(1, len(names))]; len(names) > 0 {
			o.Types = map[string]Dtype{names[0]: String}
		}
	}
	df, err := fromTable(csv.Read(ctx, path, o))
	if err != nil || !counted {
		return df, err
	}
	return &DataFrame{index: df.index}, nil
}

// looked is how many files are looked into for the types of columns.
const looked = 8

// csvSchema is the names of the columns of all files, and the types that some have. A type is
// 0 where they differ.
func csvSchema(paths []string, o CSVOptions) (names []string, types []Dtype, err error) {
	for i := range min(len(paths), looked) {
		path := paths[i*(len(paths)-1)/max(1, min(len(paths), looked)-1)]
		ofFile, found, err := csv.Schema(context.Background(), path, o)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 {
			names, types = ofFile, found
			continue
		}
		if what := differing(names, ofFile); what != "" {
			return nil, nil, fmt.Errorf("%s has other columns than %s: %s", path, paths[0], what)
		}
		for c, name := range ofFile {
			at := slices.Index(names, name)
			types[at] = wider(types[at], found[c])
		}
	}
	return names, types, nil
}

// differing says what names two files do not have in common, "" if they have the same.
func differing(a, b []string) string {
	for _, name := range b {
		if !slices.Contains(a, name) {
			return fmt.Sprintf("%q is only there", name)
		}
	}
	for _, name := range a {
		if !slices.Contains(b, name) {
			return fmt.Sprintf("%q is not there", name)
		}
	}
	return ""
}

// wider is a type that has the values of both; 0 if there is none. A column of Float64 may
// be one without any value.
func wider(a, b Dtype) Dtype {
	switch {
	case a == b:
		return a
	case a.IsNumber() && b.IsNumber():
		return Float64
	case a == Float64:
		return b
	case b == Float64:
		return a
	}
	return 0
}

// FromDelayed is a lazy frame whose partitions are nodes with values of type *DataFrame. The
// names of its columns are known when it is computed.
func FromDelayed(parts ...Noder) *LazyFrame { return standard.FromDelayed(parts...) }

// FromDelayed is the function FromDelayed.
func (m Maker) FromDelayed(parts ...Noder) *LazyFrame {
	if len(parts) == 0 {
		panic(errorf("FromDelayed", "it takes a node for each partition, and there is none"))
	}
	check := m.call("from-delayed", checkedFrame)
	nodes := make([]*taskgraph.Node, len(parts))
	for i, p := range parts {
		nodes[i] = check(p.AsNode())
	}
	return &LazyFrame{m, nil, nil, fixedSource("from-delayed", nodes)}
}

func checkedFrame(v any) (*DataFrame, error) {
	df, ok := v.(*DataFrame)
	if !ok || df == nil {
		return nil, fmt.Errorf("a partition is a *frame.DataFrame, and this task gave a %T", v)
	}
	return df, nil
}

// FromFrame is a frame in so many partitions of nearly the same number of rows, for tasks to
// work on: in fewer where there are fewer rows, and in one where there are none. Less than one
// partition panics.
func FromFrame(df *DataFrame, partitions int) *LazyFrame { return standard.FromFrame(df, partitions) }

// FromFrame is the function FromFrame.
func (m Maker) FromFrame(df *DataFrame, partitions int) *LazyFrame {
	if df == nil {
		panic(errorf("FromFrame", "the frame is nil"))
	}
	if partitions < 1 {
		panic(errorf("FromFrame", "there is at least one partition, not %d", partitions))
	}
	partitions = min(partitions, max(1, df.Len()))
	nodes := make([]*taskgraph.Node, partitions)
	for i := range nodes {
		nodes[i] = m.runner.Value(df.slice(i*df.Len()/partitions, (i+1)*df.Len()/partitions))
	}
	types := make([]Dtype, len(df.columns))
	for i, c := range df.columns {
		types[i] = c.Dtype()
	}
	return &LazyFrame{m, slices.Clone(df.names), types, fixedSource("from-frame", nodes)}
}
