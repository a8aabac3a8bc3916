package array

import (
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// Slices, rechunking, picking positions and overlaps are one thing: each block of the result
// is put together of pieces of blocks. Along each axis a block of the result is a list of
// runs, and its pieces are the runs of all axes combined.

// run is positions of one block that follow each other: count of them from start on, in steps
// of step. Step 0 is one position count times. They go to the result from to on.
type run struct{ block, start, step, count, to int }

// Piece is what a task copies from one of its blocks: from there on along each axis, in steps,
// to a place of the result. It has exported fields to travel to worker processes.
type Piece struct {
	Block                 int // which of the task's blocks
	From, Step, Count, To []int
}

// runsOf finds positions of an axis in its blocks. starts is that of [grid.starts].
func runsOf(positions iter.Seq[int], starts []int) []run {
	var out []run
	to := 0
	for p := range positions {
		// The last block that begins at p or before and is not empty.
		block, found := slices.BinarySearch(starts, p)
		if !found {
			block--
		}
		for block+1 < len(starts) && starts[block+1] <= p {
			block++
		}
		at := p - starts[block]
		if n := len(out); n > 0 && out[n-1].block == block && out[n-1].takes(at) {
			out[n-1].count++
		} else {
			out = append(out, run{block: block, start: at, count: 1, to: to})
		}
		to++
	}
	return out
}

// takes reports whether a run goes on with a position, of which the second gives the step.
func (r *run) takes(at int) bool {
	if r.count == 1 {
		r.step = at - r.start
		return r.step == 1 || r.step == -1 || r.step == 0 || r.step > 0
	}
	return at == r.start+r.step*r.count
}

// interval are the positions from low to before high.
func interval(low, high int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for p := low; p < high; p++ {
			if !yield(p) {
				return
			}
		}
	}
}

// gathered is the node of a block of the result, which has a shape: runs has those of each
// axis of a.
func (a *Array) gathered(name string, runs [][]run, shape []int) *taskgraph.Node {
	counts := make([]int, len(runs))
	for axis, rs := range runs {
		counts[axis] = len(rs)
	}
	var nodes []*taskgraph.Node
	var pieces []Piece
	known := map[int]int{} // number of a block -> place among nodes
	at := make([]int, len(runs))
	full := make([]int, len(runs)) // the shape before axes go and come
	for axis, rs := range runs {
		for _, r := range rs {
			full[axis] += r.count
		}
	}
	for chosen := range places(counts) {
		p := Piece{From: make([]int, len(runs)), Step: make([]int, len(runs)), Count: make([]int, len(runs)), To: make([]int, len(runs))}
		for axis, i := range chosen {
			r := runs[axis][i]
			at[axis], p.From[axis], p.Step[axis], p.Count[axis], p.To[axis] = r.block, r.start, r.step, r.count, r.to
		}
		flat := a.grid.flat(at)
		k, ok := known[flat]
		if !ok {
			k = len(nodes)
			known[flat] = k
			nodes = append(nodes, a.blocks[flat])
		}
		p.Block = k
		pieces = append(pieces, p)
	}
	if len(pieces) == 1 && pieces[0].whole(a.grid.lengths(at)) && slices.Equal(full, shape) {
		return nodes[0]
	}
	return a.maker.call(name, gather)(nodes, pieces, a.dtype, full, shape)
}

// whole reports whether a piece is all of a block of that shape, as it stands.
func (p *Piece) whole(shape []int) bool {
	for axis, n := range shape {
		if p.From[axis] != 0 || p.Count[axis] != n || n > 1 && p.Step[axis] != 1 {
			return false
		}
	}
	return true
}

// gather puts pieces of blocks together: full is the shape of all of them, shape that of the
// result, which differs by axes of length 1.
func gather(blocks []*ndarray.Array, pieces []Piece, dtype ndarray.Dtype, full, shape []int) *ndarray.Array {
	if len(pieces) == 1 {
		x := pieces[0].of(blocks[pieces[0].Block])
		if slices.Equal(x.Shape(), full) {
			// A small part of a large block is copied, so that the block can go.
			if 4*x.NBytes() < blocks[0].NBytes() {
				x = x.Copy()
			}
			return x.Reshape(shape...)
		}
	}
	out := ndarray.Empty(dtype, full...)
	inParts(len(pieces), out.NBytes(), func(from, to int) {
		for _, p := range pieces[from:to] {
			place := make([]any, len(full))
			for axis := range full {
				place[axis] = ndarray.R(p.To[axis], p.To[axis]+p.Count[axis])
			}
			out.Set(p.of(blocks[p.Block]), place...)
		}
	})
	return out.Reshape(shape...)
}

// manyBytes is from where on several goroutines put an array together: the last task of a
// computation is often one that does, while the other processors have nothing to do.
const manyBytes = 8 << 20

// inParts calls do for parts of n things, at once if they are many bytes. What do panics with
// it panics with.
func inParts(n, size int, do func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n, 1+size/manyBytes)
	if workers <= 1 {
		do(0, n)
		return
	}
	var wait sync.WaitGroup
	var problem atomic.Value
	for w := range workers {
		wait.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					problem.CompareAndSwap(nil, &p)
				}
			}()
			do(w*n/workers, (w+1)*n/workers)
		})
	}
	wait.Wait()
	if p := problem.Load(); p != nil {
		panic(*p.(*any))
	}
}

// of is the view of a block that the piece is; axes of step 0 have length 1, to be stretched.
func (p *Piece) of(x *ndarray.Array) *ndarray.Array {
	if p.whole(x.Shape()) || len(p.From) == 0 {
		return x
	}
	index := make([]any, len(p.From))
	for axis, from := range p.From {
		n, step := p.Count[axis], p.Step[axis]
		switch {
		case n <= 1 || step == 0:
			index[axis] = ndarray.R(from, from+min(n, 1))
		case step > 0:
			index[axis] = ndarray.R(from, from+(n-1)*step+1, step)
		case from+n*step < 0: // the end is before the first element
			index[axis] = ndarray.R(from, nil, step)
		default:
			index[axis] = ndarray.R(from, from+n*step, step)
		}
	}
	return x.Slice(index...)
}

// regrid cuts the array anew.
func (a *Array) regrid(name string, g grid) *Array {
	if g.equal(a.grid) {
		return a
	}
	along := make([][][]run, len(g)) // by axis and block of the result
	for axis := range g {
		along[axis] = make([][]run, len(g[axis]))
		from, to := a.grid.starts(axis), g.starts(axis)
		for i := range g[axis] {
			along[axis][i] = between(from, to[i], to[i+1])
		}
	}
	runs := make([][]run, len(g))
	return a.maker.make(name, a.dtype, g, func(at []int) *taskgraph.Node {
		for axis, i := range at {
			runs[axis] = along[axis][i]
		}
		return a.gathered(name, runs, g.lengths(at))
	})
}

// between is runsOf(interval(low, high), starts), by blocks and not by positions.
func between(starts []int, low, high int) []run {
	if low == high {
		return []run{{step: 1}}
	}
	var out []run
	first, found := slices.BinarySearch(starts, low)
	if !found {
		first--
	}
	for block := first; block+1 < len(starts) && starts[block] < high; block++ {
		from, end := max(low, starts[block]), min(high, starts[block+1])
		if from < end {
			out = append(out, run{block: block, start: from - starts[block], step: 1, count: end - from, to: from - low})
		}
	}
	return out
}

// Rechunk cuts the array into blocks of other lengths, one for each axis: -1 is the whole
// axis, 0 leaves the axis as it is cut. Without lengths blocks are of about 16 MiB.
//
//	frames.Rechunk(10, -1, -1) // ten frames together
func (a *Array) Rechunk(lengths ...int) *Array {
	if len(lengths) == 0 {
		return a.regrid("rechunk", newGrid("Rechunk", a.dtype, a.shape, nil))
	}
	wanted := slices.Clone(lengths)
	for axis := range wanted {
		if wanted[axis] == 0 {
			wanted[axis] = -1
		}
	}
	g := newGrid("Rechunk", a.dtype, a.shape, wanted)
	for axis, n := range lengths {
		if n == 0 {
			g[axis] = a.grid[axis]
		}
	}
	return a.regrid("rechunk", g)
}

// RechunkTo cuts the array as the lengths of the blocks along each axis say, which add up to
// the shape.
func (a *Array) RechunkTo(chunks ...[]int) *Array {
	g := grid(chunks)
	for _, lengths := range g {
		if slices.ContainsFunc(lengths, func(n int) bool { return n < 0 }) || len(lengths) == 0 {
			panic(errorf("RechunkTo", "%v are no lengths of blocks", lengths))
		}
	}
	if !slices.Equal(g.shape(), a.shape) {
		panic(errorf("RechunkTo", "blocks of %v make an array of shape %s, not %s", chunks, tuple(g.shape()), tuple(a.shape)))
	}
	return a.regrid("rechunk", g)
}

// At picks what stands at an index: one number for each axis from the first on, negative ones
// from the end. frames.At(3) is the fourth frame.
func (a *Array) At(index ...int) *Array {
	parts := make([]any, len(index))
	for i, n := range index {
		parts[i] = n
	}
	axes, shape, err := ndarray.ParseIndex(a.shape, parts...)
	return a.picked("At", axes, shape, err)
}

// Slice picks a part as ndarray's Slice does: numbers and nil alone are low, high and step of
// the first axis, otherwise there is a number, an ndarray.R, All, Ellipsis or NewAxis for each
// axis. Only the blocks that are touched are computed.
//
//	x.Slice(nil, nil, 2)                    // every second
//	x.Slice(ndarray.All, ndarray.R(1, 10))  // x[:, 1:10]
func (a *Array) Slice(args ...any) *Array {
	axes, shape, err := ndarray.ParseSlice(a.shape, args...)
	return a.picked("Slice", axes, shape, err)
}

// picked is the array that an index picks.
func (a *Array) picked(op string, axes []ndarray.AxisIndex, shape []int, err error) *Array {
	if err != nil {
		panic(errorf(op, "%v", message(err)))
	}
	along := make([][][]run, len(a.shape))
	var g grid
	var from []int // of each axis of g: the axis of a, or -1
	for _, x := range axes {
		if x.Axis < 0 {
			g, from = append(g, []int{1}), append(from, -1)
			continue
		}
		along[x.Axis] = split(x, a.grid.starts(x.Axis))
		if !x.Drop {
			lengths := make([]int, len(along[x.Axis]))
			for i, rs := range along[x.Axis] {
				lengths[i] = rs[0].count
			}
			g, from = append(g, lengths), append(from, x.Axis)
		}
	}
	runs := make([][]run, len(a.shape))
	for axis := range runs {
		runs[axis] = along[axis][0]
	}
	if g == nil {
		g = grid{}
	}
	return a.maker.make("getitem", a.dtype, g, func(at []int) *taskgraph.Node {
		for i, axis := range from {
			if axis >= 0 {
				runs[axis] = along[axis][at[i]]
			}
		}
		return a.gathered("getitem", runs, g.lengths(at))
	})
}

// split cuts what an index takes of an axis at the borders of the blocks: a block of the
// result for each run.
func split(x ndarray.AxisIndex, starts []int) [][]run {
	if x.Count == 0 {
		return [][]run{{{step: 1}}}
	}
	var out [][]run
	for i := 0; i < x.Count; {
		p := x.Start + i*x.Step
		block, found := slices.BinarySearch(starts, p)
		if !found {
			block--
		}
		for block+1 < len(starts) && starts[block+1] <= p {
			block++
		}
		n := 1 // positions until the border
		switch {
		case x.Step > 0:
			n = (starts[block+1] - p + x.Step - 1) / x.Step
		case x.Step < 0:
			n = (p-starts[block])/-x.Step + 1
		}
		n = min(n, x.Count-i)
		step := x.Step
		if n == 1 {
			step = 1
		}
		out = append(out, []run{{block: block, start: p - starts[block], step: step, count: n}})
		i += n
	}
	return out
}

// Take picks positions along an axis, in any order and any number of times, negative ones
// from the end. The result has as many of them in a block as a has.
func (a *Array) Take(positions []int, axis int) *Array {
	axis = a.axis("Take", axis)
	n := a.shape[axis]
	all := make([]int, len(positions))
	for i, p := range positions {
		if p < -n || p >= n {
			panic(errorf("Take", "there is no position %d on axis %d, which has %d", p, axis, n))
		}
		if all[i] = p; p < 0 {
			all[i] += n
		}
	}
	g := slices.Clone(a.grid)
	g[axis] = cut(len(all), max(a.grid.largest()[axis], 1))
	starts, to := a.grid.starts(axis), g.starts(axis)
	return a.along("take", g, axis, func(i int) []run {
		if to[i] == to[i+1] {
			return []run{{step: 1}}
		}
		return runsOf(slices.Values(all[to[i]:to[i+1]]), starts)
	})
}

// along gathers blocks of g that differ from a's on one axis only.
func (a *Array) along(name string, g grid, axis int, runsAt func(block int) []run) *Array {
	runs := make([][]run, len(g))
	return a.maker.make(name, a.dtype, g, func(at []int) *taskgraph.Node {
		for i, block := range at {
			runs[i] = []run{{block: block, step: 1, count: a.grid[i][min(block, len(a.grid[i])-1)]}}
		}
		runs[axis] = runsAt(at[axis])
		return a.gathered(name, runs, g.lengths(at))
	})
}

// axis is an axis counted from the front.
func (a *Array) axis(op string, axis int) int {
	all, err := ndarray.Axes(len(a.shape), axis)
	if err != nil {
		panic(errorf(op, "%v", message(err)))
	}
	return all[0]
}

// message is an error of ndarray without the name of its function.
func message(err error) string {
	if e, ok := err.(*ndarray.Error); ok {
		return e.Msg
	}
	return err.Error()
}
