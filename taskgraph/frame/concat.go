package frame

import (
	"fmt"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Concat is the rows of frames one after the other. Columns go together by their names, in
// the order in which they come first; where a frame lacks one, its values are missing.
// Whole numbers beside floating-point ones become those, and a column of which all values
// are missing takes any type; other types that differ panic. Rows that are numbered are
// numbered anew; other labels are kept.
func Concat(frames ...*DataFrame) *DataFrame {
	if len(frames) == 0 {
		return newFrame(nil, nil)
	}
	if at := slices.Index(frames, nil); at >= 0 {
		panic(errorf("Concat", "the frame %d is nil", at))
	}
	out := &DataFrame{index: concatIndex(frames)}
	for _, df := range frames {
		for _, name := range df.names {
			if !slices.Contains(out.names, name) {
				out.names = append(out.names, name)
			}
		}
	}
	for _, name := range out.names {
		parts := make([]column.Column, len(frames))
		for i, df := range frames {
			if at := slices.Index(df.names, name); at >= 0 {
				parts[i] = df.columns[at]
			} else {
				parts[i] = column.Nothing(Float64, df.Len())
			}
		}
		c, err := concatColumns(parts)
		if err != nil {
			panic(errorf("Concat", "the column %q: %v", name, err))
		}
		out.columns = append(out.columns, c)
	}
	return out
}

// concatColumns is column.Concat in which a column without any value takes any type.
func concatColumns(parts []column.Column) (column.Column, error) {
	d := parts[0].Dtype()
	if at := slices.IndexFunc(parts, func(c column.Column) bool { return !nothing(c) }); at >= 0 {
		d = parts[at].Dtype()
	} else if at := slices.IndexFunc(parts, func(c column.Column) bool { return c.Len() > 0 }); at >= 0 {
		d = parts[at].Dtype()
	}
	fitting := slices.Clone(parts)
	for i, c := range parts {
		if c.Dtype() != d && nothing(c) {
			fitting[i] = column.Nothing(d, c.Len())
		}
	}
	c, err := column.Concat(fitting...)
	if err != nil {
		return nil, fmt.Errorf("%w: say of which type it is, as CSVOptions.Types does, or make them equal with AsType", err)
	}
	return c, nil
}

// nothing reports whether a column has no value at all, so that its type says nothing.
func nothing(c column.Column) bool { return c.Missing() == c.Len() }

// concatIndex is the labels of frames one after the other.
func concatIndex(frames []*DataFrame) *Index {
	n, numbered := 0, true
	for _, df := range frames {
		n += df.Len()
		numbered = numbered && df.index.isRange()
	}
	if numbered {
		return rangeIndex(n)
	}
	var names []string
	var levels [][]column.Column
	for i, df := range frames {
		ofFrame, columns := df.index.columns()
		if i == 0 {
			names, levels = ofFrame, make([][]column.Column, len(columns))
		}
		if len(columns) != len(levels) {
			panic(errorf("Concat", "the labels have %d and %d levels: they cannot be put together", len(levels), len(columns)))
		}
		if !slices.Equal(names, ofFrame) {
			names = make([]string, len(levels))
		}
		for j, c := range columns {
			levels[j] = append(levels[j], c)
		}
	}
	joined := make([]column.Column, len(levels))
	for j, parts := range levels {
		c, err := concatColumns(parts)
		if err != nil {
			panic(errorf("Concat", "the labels: %v", err))
		}
		joined[j] = c
	}
	return newIndex(names, joined)
}
