package csv

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Read reads a file, which may be packed with gzip or bzip2. The table has the columns of
// Options.Columns, or all; a file with a header only has no rows. Every error names the file,
// and the line where it is about one; ctx stops the reading within milliseconds, with its
// error.
func Read(ctx context.Context, path string, o Options) (*Table, error) {
	f, done, err := openPath(ctx, path, o)
	if done != nil {
		defer done()
	}
	if err != nil {
		return nil, err
	}
	return f.read(ctx)
}

// ReadFrom reads a stream to its end, all of which is held in memory; name is what errors
// call it. Everything else is as with Read.
func ReadFrom(ctx context.Context, r io.Reader, name string, o Options) (*Table, error) {
	f, err := fromReader(ctx, r, name, o)
	if err != nil {
		return nil, err
	}
	return f.read(ctx)
}

func (f *file) read(ctx context.Context) (*Table, error) {
	if err := f.split(ctx); err != nil {
		return nil, err
	}
	j, err := f.newJob()
	if err != nil {
		return nil, err
	}
	if err := j.sample(); err != nil {
		return nil, err
	}
	j.makeRoom(f.lines)
	if err := j.scanAll(ctx); err != nil {
		return nil, err
	}
	return j.table(ctx)
}

// job is the reading of some blocks of a file.
type job struct {
	file    *file
	columns []*target // in the order of the file
	order   []int     // the numbers in columns, in the order that was asked for
	parts   []part    // of each block
}

// target is a column that grows together from the cells of all blocks.
type target struct {
	place int
	name  string
	asked bool
	guess kind          // of the first rows: room for all rows is made for this one
	now   atomic.Uint32 // the kind of what has been seen so far
	plain atomic.Bool   // texts are too different for a dictionary

	ints   []int64
	floats []float64
	truths []bool
	codes  []int32
}

// part is what a block gave.
type part struct {
	cells []cell
	rows  int
}

func (f *file) newJob() (*job, error) {
	j := &job{file: f, parts: make([]part, len(f.blocks))}
	names := f.opts.Columns
	if names == nil {
		names = f.names
	}
	places := f.places()
	at := make(map[int]int, len(names))
	for _, n := range names {
		t := &target{place: places[n], name: n}
		if d, ok := f.opts.Types[n]; ok {
			if !knownKind(d) {
				return nil, fmt.Errorf("%s: Types has the unknown type %v for %q", f.name, d, n)
			}
			t.asked, t.guess = true, kindOf(d)
			t.now.Store(uint32(t.guess))
		}
		j.columns = append(j.columns, t)
	}
	slices.SortFunc(j.columns, func(a, b *target) int { return a.place - b.place })
	for i, t := range j.columns {
		at[t.place] = i
	}
	for _, n := range names {
		j.order = append(j.order, at[places[n]])
	}
	return j, nil
}

// sampled is how many bytes of the first block are looked at to guess the kinds.
const sampled = 64 << 10

// sample guesses the kinds from the first rows. A wrong row there is left for scanAll.
func (j *job) sample() error {
	if len(j.file.blocks) == 0 {
		return nil
	}
	b, err := j.file.readBlock(j.file.blocks[0], nil)
	if err != nil {
		return err
	}
	size := len(b)
	if size > sampled {
		if end, _ := j.file.lastEnd(b[:sampled], j.file.blocks[0].quoted); end > 0 {
			size = end
		}
	}
	cells := j.lookOnly(b, size, j.file.blocks[0].quoted)
	for i, t := range j.columns {
		if !t.asked {
			t.guess = cells[i].found
			t.now.Store(uint32(t.guess))
		}
	}
	return nil
}

// lookOnly finds the kinds of the columns in a text of readBlock, up to the first wrong row.
func (j *job) lookOnly(b []byte, size int, quoted bool) []cell {
	cells := make([]cell, len(j.columns))
	all := make([]*cell, len(cells))
	for i, t := range j.columns {
		cells[i] = cell{place: t.place, name: t.name}
		all[i] = &cells[i]
	}
	s := scan{form: j.file.form, file: j.file, text: b[:len(b)+pad], size: size, quoted: quoted, steps: stepsFor(all, len(j.file.names))}
	s.run()
	return cells
}

// makeRoom makes place for the values of n rows of the guessed kinds.
func (j *job) makeRoom(n int) {
	for _, t := range j.columns {
		switch {
		case t.guess == whole || t.guess.isTime():
			t.ints = make([]int64, n)
		case t.guess == float:
			t.floats = make([]float64, n)
		case t.guess == truth:
			t.truths = make([]bool, n)
		case t.guess == text:
			t.codes = make([]int32, n)
		}
	}
}

// scanAll scans all blocks with some goroutines, which take one after the other. The error
// is that of the first block that has one.
func (j *job) scanAll(ctx context.Context) error {
	return j.each(ctx, len(j.parts), func(w *worker, i int) error {
		return w.scanBlock(i)
	})
}

// each calls do for 0 to n-1 with as many workers as are allowed.
func (j *job) each(ctx context.Context, n int, do func(w *worker, i int) error) error {
	var (
		next  atomic.Int64
		group sync.WaitGroup
		lock  sync.Mutex
		first = n
		cause error
	)
	for range min(j.file.opts.workers(), n) {
		w := &worker{job: j}
		group.Go(func() {
			for {
				i := int(next.Add(1) - 1)
				if i >= n {
					return
				}
				err := ctx.Err()
				if err == nil {
					err = do(w, i)
				}
				if err != nil {
					lock.Lock()
					if i < first {
						first, cause = i, err
					}
					lock.Unlock()
					next.Store(int64(n)) // those that were taken before end by themselves
					return
				}
			}
		})
	}
	group.Wait()
	return cause
}

// worker scans blocks, one after the other, in memory that it keeps.
type worker struct {
	job    *job
	buffer []byte
	words  []*column.Words // of each column
	coded  []int           // rows for which words were looked up
}

// scanBlock scans a block with the kinds of the columns as they are known, and once more the
// columns that turned out to be of another kind.
func (w *worker) scanBlock(i int) error {
	j, bl := w.job, w.job.file.blocks[i]
	if err := w.load(bl); err != nil {
		return err
	}
	cells := make([]cell, len(j.columns))
	all := make([]*cell, len(cells))
	for k, t := range j.columns {
		cells[k] = cell{place: t.place, name: t.name, asked: t.asked}
		all[k] = &cells[k]
		w.room(k, &cells[k], kind(t.now.Load()), bl)
	}
	rows, err := w.scan(bl, all)
	if err != nil {
		return err
	}
	var again []*cell
	for k := range cells {
		if c := &cells[k]; c.mode == nothing && c.found != nothing {
			c.forget()
			w.room(k, c, c.found, bl)
			again = append(again, c)
			widen(&j.columns[k].now, c.found)
		}
	}
	if len(again) > 0 {
		if _, err := w.scan(bl, again); err != nil {
			return err
		}
	}
	w.judgeWords(cells, rows)
	j.parts[i] = part{cells, rows}
	return nil
}

// load reads the bytes of a block.
func (w *worker) load(bl block) (err error) {
	w.buffer, err = w.job.file.readBlock(bl, w.buffer)
	return err
}

// scan scans the block that was loaded.
func (w *worker) scan(bl block, cells []*cell) (rows int, err error) {
	f := w.job.file
	s := scan{form: f.form, file: f, text: w.buffer[:len(w.buffer)+pad], size: len(w.buffer), line: bl.line, quoted: bl.quoted, steps: stepsFor(cells, len(f.names))}
	err = s.run()
	return s.rows, err
}

// widen joins a kind to what is known of a column.
func widen(now *atomic.Uint32, k kind) {
	for {
		old := now.Load()
		if now.CompareAndSwap(old, uint32(join(kind(old), k))) {
			return
		}
	}
}

// forget gives the memory of a cell back.
func (c *cell) forget() {
	*c = cell{place: c.place, name: c.name, asked: c.asked, found: c.found}
}

// room makes a cell store values of a kind: in the place of the column where the guess was
// right, in its own where not.
func (w *worker) room(k int, c *cell, as kind, bl block) {
	t := w.job.columns[k]
	c.mode, c.found = as, as
	from, to := bl.row, bl.row+bl.lines
	switch {
	case as == whole || as.isTime():
		c.ints = placeIn(t.ints, from, to)
	case as == float:
		c.floats = placeIn(t.floats, from, to)
	case as == truth:
		c.truths = placeIn(t.truths, from, to)
	case as == text && t.plain.Load():
		c.starts = make([]int64, 0, bl.lines)
	case as == text:
		c.codes, c.words = placeIn(t.codes, from, to), w.dictionary(k)
	}
}

// placeIn is a part of the column, or new memory if the column is of another kind.
func placeIn[T any](of []T, from, to int) []T {
	if of == nil {
		return make([]T, to-from)
	}
	return of[from:to:to]
}

func (w *worker) dictionary(k int) *column.Words {
	if w.words == nil {
		w.words, w.coded = make([]*column.Words, len(w.job.columns)), make([]int, len(w.job.columns))
	}
	if w.words[k] == nil {
		w.words[k] = new(column.Words)
	}
	return w.words[k]
}

// judgeWords gives the dictionary of a column up where every other text is a new word.
func (w *worker) judgeWords(cells []cell, rows int) {
	for k := range cells {
		if c := &cells[k]; c.codes != nil {
			w.coded[k] += rows
			if n := len(c.words.Words); n > 4096 && 2*n > w.coded[k] {
				w.job.columns[k].plain.Store(true)
			}
		}
	}
}
