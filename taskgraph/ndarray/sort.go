package ndarray

import (
	"cmp"
	"math"
	"slices"
)

// Sort is a copy with the elements along an axis in ascending order, NaN
// last.
func (a *Array) Sort(axis int) *Array {
	axis = a.axis("Sort", axis)
	out := a.moved(axis, len(a.shape)-1).Copy()
	a.dtype.loops().sort(out, a.shape[axis])
	return out.backFrom(axis)
}

// ArgSort is the positions, of Int64, that sort the elements along an axis;
// equal ones stay in order, and NaN is last.
func (a *Array) ArgSort(axis int) *Array {
	axis = a.axis("ArgSort", axis)
	x := a.moved(axis, len(a.shape)-1).inOrder()
	out := Empty(Int64, x.shape...)
	a.dtype.loops().argsort(out.elements().([]int64), x, a.shape[axis])
	return out.backFrom(axis)
}

// backFrom moves the last axis back to where it came from.
func (a *Array) backFrom(axis int) *Array {
	return a.moved(len(a.shape)-1, axis).inOrder()
}

// sort sorts runs of n elements of an array with memory of its own.
func (k kind[T]) sort(x *Array, n int) {
	data := x.elements().([]T)
	if n == 0 {
		return
	}
	spread(len(data)/n, len(data), func(low, high int) {
		for ; low < high; low++ {
			sortRun(data[low*n : low*n+n])
		}
	})
}

// sortRun puts NaN at the end, which package slices puts first.
func sortRun[T number](x []T) {
	n := 0
	for i, y := range x {
		if y == y {
			x[i], x[n] = x[n], y
			n++
		}
	}
	slices.Sort(x[:n])
}

func (k kind[T]) argsort(out []int64, x *Array, n int) {
	if n == 0 {
		return
	}
	data := x.elements().([]T)[x.offset : x.offset+len(out)]
	spread(len(out)/n, len(out), func(low, high int) {
		for ; low < high; low++ {
			order, run := out[low*n:low*n+n], data[low*n:low*n+n]
			for i := range order {
				order[i] = int64(i)
			}
			slices.SortStableFunc(order, func(i, j int64) int { return compareNaNLast(run[i], run[j]) })
		}
	})
}

func compareNaNLast[T number](x, y T) int {
	switch nanX, nanY := x != x, y != y; {
	case nanX && nanY:
		return 0
	case nanX:
		return 1
	case nanY:
		return -1
	}
	return cmp.Compare(x, y)
}

// Unique is the different elements in ascending order; several NaN are one.
func (a *Array) Unique() *Array {
	sorted := a.Ravel().Sort(0)
	n := sorted.Len()
	if n == 0 {
		return sorted
	}
	next, last := sorted.along(0, 1, n-1), sorted.along(0, 0, n-1)
	keep := Ones(Bool, n)
	keep.Set(next.Ne(last).And(next.IsNaN().And(last.IsNaN()).Not()), R(1))
	return sorted.Mask(keep)
}

// Cumsum is the sums of the elements along an axis so far, of the type that
// ReductionType tells.
func (a *Array) Cumsum(axis int) *Array {
	axis = a.axis("Cumsum", axis)
	dtype, err := ReductionType("Cumsum", a.dtype)
	must(err)
	out := a.moved(axis, len(a.shape)-1).AsType(dtype)
	dtype.loops().accumulate(out, a.shape[axis])
	return out.backFrom(axis)
}

// accumulate adds up along runs of n elements of an array with memory of its
// own.
func (k kind[T]) accumulate(x *Array, n int) {
	data := x.elements().([]T)
	for ; len(data) > 0; data = data[n:] {
		for i := 1; i < n; i++ {
			data[i] += data[i-1]
		}
	}
}

// Diff is the differences of neighbours along an axis, one less than there
// are elements. Of Bools it tells where they differ.
func (a *Array) Diff(axis int) *Array {
	axis = a.axis("Diff", axis)
	n := max(a.shape[axis]-1, 0)
	low, high := a.along(axis, 0, n), a.along(axis, a.shape[axis]-n, n)
	if a.dtype == Bool {
		return high.Ne(low)
	}
	return high.Sub(low)
}

// Histogram counts the elements in so many intervals of equal width from the
// smallest to the largest one, and gives the counts, of Int64, and the bins+1
// edges. An element on an edge belongs to the interval above, the largest to
// the last one. NaN and infinite elements, and bins below 1, panic.
func (a *Array) Histogram(bins int) (counts, edges *Array) {
	if bins < 1 {
		panic(errorf("Histogram", "%d intervals are none", bins))
	}
	low, high := 0.0, 1.0
	if a.Size() > 0 {
		low, high = a.Min(), a.Max()
	}
	if math.IsNaN(low) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		panic(errorf("Histogram", "the elements go from %v to %v: take the finite ones first, x.Mask(x.IsFinite())", low, high))
	}
	if low == high {
		low, high = low-0.5, high+0.5
	}
	edges = Linspace(low, high, bins+1)
	counts = Empty(Int64, bins)
	at, n := edges.elements().([]float64), counts.elements().([]int64)
	for _, x := range a.Float64s() {
		i := min(int((x-low)/(high-low)*float64(bins)), bins-1)
		if x < at[i] {
			i--
		} else if x >= at[i+1] && i < bins-1 {
			i++
		}
		n[i]++
	}
	return counts, edges
}
