package csv

import (
	"context"
	"fmt"
	"iter"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Chunks reads a file as tables of so many rows, of which the last may have fewer, with the
// memory of one of them and some blocks. All have the types that Read would give; to know
// them, the file is read twice, unless Types has all columns. After an error, which comes
// with a nil table, there are no more.
//
//	for t, err := range csv.Chunks(ctx, path, csv.Options{}, 100_000) {
func Chunks(ctx context.Context, path string, o Options, rows int) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		if err := chunks(ctx, path, o, rows, yield); err != nil {
			yield(nil, err)
		}
	}
}

func chunks(ctx context.Context, path string, o Options, rows int, yield func(*Table, error) bool) error {
	if rows < 1 {
		return fmt.Errorf("%s: a table must have a row at least, not %d", path, rows)
	}
	f, done, err := openPath(ctx, path, o)
	if done != nil {
		defer done()
	}
	if err != nil {
		return err
	}
	if err := f.split(ctx); err != nil {
		return err
	}
	kinds, err := f.wholeKinds(ctx)
	if err != nil {
		return err
	}
	return f.eachTable(ctx, kinds, rows, yield)
}

// wholeKinds are the kinds of the columns by all their values.
func (f *file) wholeKinds(ctx context.Context) ([]kind, error) {
	j, err := f.newJob()
	if err != nil {
		return nil, err
	}
	err = j.each(ctx, len(j.parts), func(w *worker, i int) error {
		bl := f.blocks[i]
		if err := w.load(bl); err != nil {
			return err
		}
		var all []*cell
		cells := make([]cell, len(j.columns))
		for k, t := range j.columns {
			if cells[k] = (cell{place: t.place, name: t.name}); !t.asked {
				all = append(all, &cells[k])
			}
		}
		if len(all) == 0 {
			return nil
		}
		_, err := w.scan(bl, all)
		for k, t := range j.columns {
			if !t.asked {
				widen(&t.now, cells[k].found)
			}
		}
		return err
	})
	kinds := make([]kind, len(j.columns))
	for k, t := range j.columns {
		kinds[k] = kind(t.now.Load())
	}
	return kinds, err
}

// eachTable yields the tables; the rows of a block that are too many for one go to the next.
func (f *file) eachTable(ctx context.Context, kinds []kind, rows int, yield func(*Table, error) bool) error {
	var rest *Table
	for from := 0; from < len(f.blocks); {
		to, lines := from, 0
		for ; to < len(f.blocks) && (to == from || lines < rows); to++ {
			lines += f.blocks[to].lines
		}
		t, err := f.readBlocks(ctx, kinds, from, to)
		if err != nil {
			return err
		}
		from = to
		if rest, err = below(rest, t); err != nil {
			return err
		}
		for rest.Len() >= rows {
			if !yield(rest.slice(0, rows), nil) {
				return nil
			}
			rest = rest.slice(rows, rest.Len())
		}
	}
	if rest != nil && rest.Len() > 0 {
		yield(rest, nil)
	}
	return nil
}

// readBlocks is the table of some blocks with kinds that are known.
func (f *file) readBlocks(ctx context.Context, kinds []kind, from, to int) (*Table, error) {
	some := *f
	some.blocks = append([]block(nil), f.blocks[from:to]...)
	some.lines = 0
	for i := range some.blocks {
		some.blocks[i].row = some.lines
		some.lines += some.blocks[i].lines
	}
	j, err := some.newJob()
	if err != nil {
		return nil, err
	}
	for k, t := range j.columns {
		t.guess = kinds[k]
		t.now.Store(uint32(kinds[k]))
	}
	j.makeRoom(some.lines)
	if err := j.scanAll(ctx); err != nil {
		return nil, err
	}
	return j.table(ctx)
}

// below is the rows of two tables, of which the first may be nil.
func below(a, b *Table) (*Table, error) {
	if a == nil || a.Len() == 0 {
		return b, nil
	}
	out := &Table{Names: a.Names}
	for i := range a.Columns {
		c, err := column.Concat(a.Columns[i], b.Columns[i])
		if err != nil {
			return nil, err
		}
		out.Columns = append(out.Columns, c)
	}
	return out, nil
}

func (t *Table) slice(from, to int) *Table {
	out := &Table{Names: t.Names}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, c.Slice(from, to))
	}
	return out
}
