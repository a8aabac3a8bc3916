package ndarray

import (
	"math"
	"slices"
)

// reduce is the reductions that end in one type.
func (k kind[T]) reduce(name string, r Reduction) *Array {
	switch name {
	case "sum": // for means, with NumPy's accumulator
		return summed[T, float64]("Sum", r)
	case "Sum", "Prod":
		out := k.sums(name, r)
		if k.dtype == Float32 {
			return out.AsType(Float32)
		}
		return out
	case "Min", "Max":
		if r.reduced() == 0 {
			panic(errorf(name, "an array of shape %s has no elements along these axes, and so no smallest or largest", shapeText(r.array.shape)))
		}
		return wrap(k.dtype, folded(r, k.extreme(name)), r.shape(r.keep))
	case "All":
		return wrap(Bool, folded(r, everything[T]()), r.shape(r.keep))
	case "Any":
		return wrap(Bool, folded(r, anything[T]()), r.shape(r.keep))
	case "CountNonzero":
		return wrap(Int64, folded(r, counting[T]()), r.shape(r.keep))
	}
	return k.positions(name, r)
}

func (r Reduction) reduce(name string) *Array { return r.array.dtype.loops().reduce(name, r) }

// extreme is the smallest or the largest element. Most elements are neither
// the smallest so far nor NaN, so that one comparison does for both.
func (k kind[T]) extreme(name string) fold[T, T] {
	low, high := k.ends()
	if name == "Min" {
		return fold[T, T]{
			start: high, run: least[T], merge: func(a, b T) T { return min(a, b) },
			stack: stacking(func(acc, row []T) {
				row = row[:len(acc)]
				for i, x := range row {
					if x < acc[i] || x != x {
						acc[i] = x
					}
				}
			}),
		}
	}
	return fold[T, T]{
		start: low, run: greatest[T], merge: func(a, b T) T { return max(a, b) },
		stack: stacking(func(acc, row []T) {
			row = row[:len(acc)]
			for i, x := range acc {
				acc[i] = max(x, row[i])
			}
		}),
	}
}

// ends are the smallest and the largest number of the type.
func (k kind[T]) ends() (low, high T) {
	switch {
	case k.dtype == Bool:
		return 0, 1
	case k.dtype.IsFloat():
		inf := math.Inf(1)
		return T(-inf), T(inf)
	}
	l, h := k.dtype.limits()
	return T(l), T(h)
}

func least[T number](acc T, x []T) T {
	if acc != acc {
		return acc
	}
	for len(x) >= 8 {
		y := x[:8:8]
		x = x[8:]
		if y[0] >= acc && y[1] >= acc && y[2] >= acc && y[3] >= acc &&
			y[4] >= acc && y[5] >= acc && y[6] >= acc && y[7] >= acc {
			continue
		}
		if acc = leastOneByOne(acc, y); acc != acc {
			return acc
		}
	}
	return leastOneByOne(acc, x)
}

func leastOneByOne[T number](acc T, x []T) T {
	for _, y := range x {
		if !(y >= acc) {
			if acc = y; acc != acc {
				break
			}
		}
	}
	return acc
}

func greatest[T number](acc T, x []T) T {
	if acc != acc {
		return acc
	}
	for len(x) >= 8 {
		y := x[:8:8]
		x = x[8:]
		if y[0] <= acc && y[1] <= acc && y[2] <= acc && y[3] <= acc &&
			y[4] <= acc && y[5] <= acc && y[6] <= acc && y[7] <= acc {
			continue
		}
		if acc = greatestOneByOne(acc, y); acc != acc {
			return acc
		}
	}
	return greatestOneByOne(acc, x)
}

func greatestOneByOne[T number](acc T, x []T) T {
	for _, y := range x {
		if !(y <= acc) {
			if acc = y; acc != acc {
				break
			}
		}
	}
	return acc
}

func everything[T number]() fold[T, uint8] {
	return fold[T, uint8]{
		start: 1,
		run: func(acc uint8, x []T) uint8 {
			if acc == 0 || slices.Contains(x, 0) {
				return 0
			}
			return 1
		},
		stack: stacking(func(acc []uint8, row []T) {
			for i, x := range row {
				acc[i] &= truth(x != 0)
			}
		}),
		merge: func(a, b uint8) uint8 { return a & b },
	}
}

func anything[T number]() fold[T, uint8] {
	return fold[T, uint8]{
		run: func(acc uint8, x []T) uint8 {
			for _, y := range x {
				if acc != 0 || y != 0 {
					return 1
				}
			}
			return acc
		},
		stack: stacking(func(acc []uint8, row []T) {
			for i, x := range row {
				acc[i] |= truth(x != 0)
			}
		}),
		merge: func(a, b uint8) uint8 { return a | b },
	}
}

func counting[T number]() fold[T, int64] {
	return fold[T, int64]{
		run: func(acc int64, x []T) int64 {
			for _, y := range x {
				acc += int64(truth(y != 0))
			}
			return acc
		},
		stack: stacking(func(acc []int64, row []T) {
			for i, x := range row {
				acc[i] += int64(truth(x != 0))
			}
		}),
		merge: func(a, b int64) int64 { return a + b },
	}
}

func (r Reduction) position(name string) *Array {
	if !r.all && len(r.axes) > 1 {
		panic(errorf(name, "it goes along one axis or all, not along %d of them", len(r.axes)))
	}
	if r.reduced() == 0 {
		panic(errorf(name, "an array of shape %s has no elements along this axis", shapeText(r.array.shape)))
	}
	return r.reduce(name)
}

// positions finds the first extreme of every result.
func (k kind[T]) positions(name string, r Reduction) *Array {
	n, find := r.reduced(), firstLeast[T]
	if name == "ArgMax" {
		find = firstGreatest[T]
	}
	x := r.reducedLast()
	if !x.isContiguous() {
		x = x.Copy()
	}
	data := x.elements().([]T)[x.offset:]
	out := Empty(Int64, r.shape(r.keep)...)
	found := out.elements().([]int64)
	spread(len(found), x.Size(), func(low, high int) {
		for i := low; i < high; i++ {
			found[i] = int64(find(data[i*n : i*n+n]))
		}
	})
	return out
}

func firstLeast[T number](x []T) int {
	at, m := 0, x[0]
	for i, y := range x {
		if !(y >= m) && m == m {
			at, m = i, y
		}
	}
	return at
}

func firstGreatest[T number](x []T) int {
	at, m := 0, x[0]
	for i, y := range x {
		if !(y <= m) && m == m {
			at, m = i, y
		}
	}
	return at
}
