package hdf5

import (
	"fmt"
	"reflect"
	"slices"
)

// Records are written from a map of columns, as ReadAll returns them: a slice for each field.

// columnsOrigin checks a map of columns for n records of a type.
func columnsOrigin(t *Datatype, n int, data map[string]any) (any, error) {
	for name := range data {
		if t.Member(name) == nil {
			return nil, fmt.Errorf("there is a column %q, and the records have the fields %q", name, t.Members())
		}
	}
	for _, m := range t.members {
		col, ok := data[m.name]
		if !ok {
			return nil, fmt.Errorf("the field %q has no column", m.name)
		}
		v := reflect.ValueOf(col)
		if v.Kind() != reflect.Slice || v.Len() < n*perValue(m.typ, v.Type().Elem()) {
			return nil, fmt.Errorf("the column %q has to be a slice of %d values", m.name, n)
		}
	}
	return data, nil
}

// columnsFeed is the feed of records whose fields come from columns.
type columnsFeed []columnFeed

type columnFeed struct {
	offset int
	feed   feed
}

func newColumnsFeed(t *Datatype, data map[string]any, heap *heapWriter) (feed, error) {
	var out columnsFeed
	for _, m := range t.members {
		f, err := newFeed(m.typ, data[m.name], heap)
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", m.name, err)
		}
		out = append(out, columnFeed{m.offset, f})
	}
	slices.SortFunc(out, func(a, b columnFeed) int { return a.offset - b.offset })
	return out, nil
}

func (c columnsFeed) get(at int, dst []byte, step, n int) error {
	if n == 0 {
		return nil
	}
	for _, col := range c {
		if err := col.feed.get(at, dst[col.offset:], step, n); err != nil {
			return err
		}
	}
	return nil
}
