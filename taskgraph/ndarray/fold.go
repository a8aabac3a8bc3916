package ndarray

import (
	"cmp"
	"slices"
)

// fold is a reduction of elements T with an accumulator A. Its functions may
// take the elements in any order.
type fold[T, A number] struct {
	start A
	run   func(acc A, x []T) A // of elements side by side
	// stack adds rows to one row of accumulators; the rows begin at pos, pos
	// + step, ..., and each has an element for every accumulator.
	stack func(acc []A, data []T, pos, step, rows int)
	merge func(a, b A) A
}

// foldAxis is one axis of what is reduced.
type foldAxis struct {
	length int
	step   int // in the elements
	out    int // in the accumulators; 0 for an axis that goes
	goes   bool
}

// folding is a reduction at work on a part of an array.
type folding[T, A number] struct {
	fold[T, A]
	data []T
	axes []foldAxis
	pos  int
	acc  []A
	at   int // of the first accumulator
}

// folded reduces; the accumulators are in the order of the axes that stay.
func folded[T, A number](r Reduction, f fold[T, A]) []A {
	must(sizeError("", Float64, r.shape(false)))
	acc := make([]A, count(r.shape(false)))
	for i := range acc {
		acc[i] = f.start
	}
	if r.array.Size() > 0 {
		w := folding[T, A]{fold: f, data: r.array.elements().([]T), axes: r.foldAxes(), pos: r.array.offset, acc: acc}
		w.spread()
	}
	return acc
}

// shape is the lengths of the axes that stay, and 1 for the others if they
// are to be seen.
func (r Reduction) shape(all bool) []int {
	shape := []int{}
	for i, length := range r.array.shape {
		switch {
		case !slices.Contains(r.axes, i):
			shape = append(shape, length)
		case all:
			shape = append(shape, 1)
		}
	}
	return shape
}

// foldAxes is the axes in an order that is good to memory: those with the
// longest steps first, and those merged that are evenly spaced together.
func (r Reduction) foldAxes() []foldAxis {
	var axes []foldAxis
	out := count(r.shape(false))
	for i, length := range r.array.shape {
		axis := foldAxis{length: length, step: r.array.strides[i], goes: slices.Contains(r.axes, i)}
		if !axis.goes {
			out /= length
			axis.out = out
		}
		if length > 1 {
			axes = append(axes, axis)
		}
	}
	sorted := slices.Clone(axes)
	slices.SortStableFunc(sorted, func(a, b foldAxis) int { return cmp.Compare(max(b.step, -b.step), max(a.step, -a.step)) })
	if n := len(sorted); n > 0 && (sorted[n-1].goes || sorted[n-1].out == 1) {
		axes = sorted
	}
	merged := []foldAxis{}
	for _, axis := range axes {
		if n := len(merged); n > 0 && merged[n-1].goes == axis.goes && merged[n-1].step == axis.step*axis.length && merged[n-1].out == axis.out*axis.length {
			axis.length *= merged[n-1].length
			merged = merged[:n-1]
		}
		merged = append(merged, axis)
	}
	if len(merged) == 0 {
		merged = append(merged, foldAxis{length: 1, step: 1, goes: true})
	}
	return merged
}

// spread works with several goroutines where there is much to do: on parts
// of the result, or else on parts of the elements with accumulators of their
// own.
func (w *folding[T, A]) spread() {
	widest, size := 0, 1
	for i, axis := range w.axes {
		size *= axis.length
		best := w.axes[widest]
		if best.goes && !axis.goes || best.goes == axis.goes && axis.length > best.length {
			widest = i
		}
	}
	axis := w.axes[widest]
	if !axis.goes {
		spread(axis.length, size, func(low, high int) {
			part := w.part(widest, low, high)
			part.work()
		})
		return
	}
	if len(w.acc) > 1 { // short axes that stay
		w.work()
		return
	}
	parts := make([]A, workers(axis.length, size))
	for i := range parts {
		parts[i] = w.start
	}
	spreadParts(axis.length, len(parts), func(i, low, high int) {
		part := w.part(widest, low, high)
		part.acc = parts[i : i+1]
		part.work()
	})
	for _, p := range parts {
		w.acc[0] = w.merge(w.acc[0], p)
	}
}

func (w *folding[T, A]) part(axis, low, high int) folding[T, A] {
	p := *w
	p.axes = slices.Clone(w.axes)
	p.pos += low * p.axes[axis].step
	p.at += low * p.axes[axis].out
	p.axes[axis].length = high - low
	return p
}

// columns is how many accumulators are worked on at a time when rows are
// added up.
const columns = 4096

func (w *folding[T, A]) work() {
	last := len(w.axes) - 1
	if w.axes[last].goes {
		w.outer(w.axes[:last], w.pos, w.at, w.reduceRun)
		return
	}
	above := w.axes[:last]
	if last > 0 && above[last-1].goes {
		above = above[:last-1]
	}
	for low := 0; low < w.axes[last].length; low += columns {
		n := min(columns, w.axes[last].length-low)
		w.outer(above, w.pos+low*w.axes[last].step, w.at+low, func(pos, at int) { w.addRows(pos, at, n) })
	}
}

// outer calls f for every index of some axes.
func (w *folding[T, A]) outer(axes []foldAxis, pos, at int, f func(pos, at int)) {
	if len(axes) == 0 {
		f(pos, at)
		return
	}
	axis := axes[0]
	for range axis.length {
		w.outer(axes[1:], pos, at, f)
		pos += axis.step
		at += axis.out
	}
}

// reduceRun reduces along the last axis.
func (w *folding[T, A]) reduceRun(pos, at int) {
	axis := w.axes[len(w.axes)-1]
	if axis.step == 1 {
		w.acc[at] = w.run(w.acc[at], w.data[pos:pos+axis.length])
		return
	}
	var buf [256]T
	for left := axis.length; left > 0; {
		n := min(left, len(buf))
		pos = gather(buf[:n], w.data, pos, axis.step)
		w.acc[at] = w.run(w.acc[at], buf[:n])
		left -= n
	}
}

// addRows adds the rows along the last axis but one, if that goes.
func (w *folding[T, A]) addRows(pos, at, n int) {
	last := len(w.axes) - 1
	acc, step := w.acc[at:at+n], w.axes[last].step
	above := foldAxis{length: 1}
	if last > 0 && w.axes[last-1].goes {
		above = w.axes[last-1]
	}
	if step == 1 {
		w.stack(acc, w.data, pos, above.step, above.length)
		return
	}
	row := make([]T, n)
	for range above.length {
		gather(row, w.data, pos, step)
		w.stack(acc, row, 0, 0, 1)
		pos += above.step
	}
}

// gather copies elements that lie apart, and gives the position after them.
func gather[T number](dst, data []T, pos, step int) int {
	for i := range dst {
		dst[i] = data[pos]
		pos += step
	}
	return pos
}

// stacking makes a stack of a loop over one row.
func stacking[T, A number](add func(acc []A, row []T)) func(acc []A, data []T, pos, step, rows int) {
	return func(acc []A, data []T, pos, step, rows int) {
		for range rows {
			add(acc, data[pos:pos+len(acc)])
			pos += step
		}
	}
}
