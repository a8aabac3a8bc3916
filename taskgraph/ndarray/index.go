package ndarray

import "fmt"

// Range is a part of an axis: from Low to before High in steps of Step, as
// Python's low:high:step. The bounds are whole numbers of any type; nil is
// the beginning, the end and 1, or, for a negative Step, the other way round.
// Negative bounds count from the end; those beyond the ends are moved to
// them. R makes one.
type Range struct {
	Low, High, Step any
}

// R is a Range: R(low, high, step), R(low, high), R(low) to the end, R() for
// all. nil leaves a bound open: R(nil, nil, -1) is the axis backwards. More
// than three bounds panic.
func R(bounds ...any) Range {
	if len(bounds) > 3 {
		panic(errorf("R", "%d bounds are too many: a range has low, high and step", len(bounds)))
	}
	all := [3]any{}
	copy(all[:], bounds)
	return Range{all[0], all[1], all[2]}
}

// Mark is All, NewAxis or Ellipsis.
type Mark uint8

// What Slice and Set take besides numbers and ranges.
const (
	All      Mark = iota + 1 // the whole axis, Python's :
	NewAxis                  // an axis of length 1 that was not there
	Ellipsis                 // All for as many axes as are left, Python's ...
)

// AxisIndex is what an index does to one axis.
type AxisIndex struct {
	Axis  int  // of the array; -1 for NewAxis
	Start int  // the first position that is taken
	Step  int  // to the next; may be negative; 1 where Count is 0 or 1
	Count int  // how many are taken
	Drop  bool // it was a number: the axis is gone in the result
}

// ParseIndex reads an index with one part for each axis: a whole number (a
// position, negative from the end), a Range, All, NewAxis or Ellipsis. Axes
// without a part are taken whole. The first result has every axis of shape
// once, in order, with the new ones between them; the second is the shape of
// what the index picks. It needs no array, so that graphs of arrays can be
// checked when they are made. The error is an *Error.
func ParseIndex(shape []int, parts ...any) ([]AxisIndex, []int, error) {
	return parseIndex("ParseIndex", shape, parts)
}

// ParseSlice is ParseIndex for the arguments of Slice: numbers and nil alone
// are low, high and step of the first axis.
func ParseSlice(shape []int, args ...any) ([]AxisIndex, []int, error) {
	return parseSlice("ParseSlice", shape, args)
}

func parseSlice(op string, shape []int, args []any) ([]AxisIndex, []int, error) {
	if !areBounds(args) {
		return parseIndex(op, shape, args)
	}
	if len(args) > 3 {
		return nil, nil, errorf(op, "%d numbers are too many: numbers are low, high and step of the first axis; At takes one for each axis, R(low, high) is a range of one", len(args))
	}
	return parseIndex(op, shape, []any{R(args...)})
}

func areBounds(args []any) bool {
	for _, arg := range args {
		if _, ok := whole(arg); !ok && arg != nil {
			return false
		}
	}
	return len(args) > 0
}

func parseIndex(op string, shape []int, parts []any) (index []AxisIndex, out []int, err error) {
	used, dots := 0, false
	for _, part := range parts {
		switch part {
		case NewAxis:
		case Ellipsis:
			if dots {
				return nil, nil, errorf(op, "an index has one Ellipsis at most")
			}
			dots = true
		default:
			used++
		}
	}
	if used > len(shape) {
		return nil, nil, errorf(op, "%d indices are too many for an array of shape %s", used, shapeText(shape))
	}
	if !dots {
		parts = append(parts[:len(parts):len(parts)], Ellipsis)
	}
	axis := 0
	for _, part := range parts {
		switch part {
		case NewAxis:
			index = append(index, AxisIndex{Axis: -1, Step: 1, Count: 1})
			continue
		case Ellipsis:
			for range len(shape) - used {
				index = append(index, AxisIndex{Axis: axis, Step: 1, Count: shape[axis]})
				axis++
			}
			continue
		}
		at, err := parsePart(op, part, axis, shape)
		if err != nil {
			return nil, nil, err
		}
		index = append(index, at)
		axis++
	}
	out = []int{}
	for _, at := range index {
		if !at.Drop {
			out = append(out, at.Count)
		}
	}
	return index, out, nil
}

func parsePart(op string, part any, axis int, shape []int) (AxisIndex, error) {
	n := shape[axis]
	switch part := part.(type) {
	case Range:
		at, err := part.over(n)
		if err != nil {
			return at, errorf(op, "axis %d: %v", axis, err)
		}
		at.Axis = axis
		return at, nil
	case *Range:
		if part != nil {
			return parsePart(op, *part, axis, shape)
		}
	case Mark:
		if part == All {
			return AxisIndex{Axis: axis, Step: 1, Count: n}, nil
		}
	case *Array:
		return AxisIndex{}, errorf(op, "an array is no index here: Take picks by an array of positions, Mask by one of bools")
	}
	i, ok := whole(part)
	if !ok {
		return AxisIndex{}, errorf(op, "axis %d: %v of type %T is no index: it is a whole number, R(low, high, step), All, NewAxis or Ellipsis", axis, part, part)
	}
	if i < -n || i >= n {
		return AxisIndex{}, errorf(op, "index %d is out of range for axis %d of an array of shape %s", i, axis, shapeText(shape))
	}
	if i < 0 {
		i += n
	}
	return AxisIndex{Axis: axis, Start: i, Step: 1, Count: 1, Drop: true}, nil
}

// over applies the range to an axis of length n, as Python's slice.indices.
func (r Range) over(n int) (AxisIndex, error) {
	step := 1
	if r.Step != nil {
		var ok bool
		if step, ok = whole(r.Step); !ok || step == 0 {
			return AxisIndex{}, fmt.Errorf("the step is %v, but it must be a whole number that is not 0", r.Step)
		}
	}
	first, last := 0, n // where the bounds are moved to
	if step < 0 {
		first, last = -1, n-1
	}
	low, high := first, last
	if step < 0 {
		low, high = last, first
	}
	for _, bound := range []struct {
		given any
		to    *int
	}{{r.Low, &low}, {r.High, &high}} {
		if bound.given == nil {
			continue
		}
		i, ok := whole(bound.given)
		if !ok {
			return AxisIndex{}, fmt.Errorf("the bound %v is of type %T, but it must be a whole number, or nil", bound.given, bound.given)
		}
		if i < 0 {
			i += n
		}
		*bound.to = min(max(i, first), last)
	}
	return spaced(low, high, step), nil
}

// spaced counts the positions from low to before high.
func spaced(low, high, step int) AxisIndex {
	at := AxisIndex{Start: low, Step: step}
	switch {
	case step > 0 && low < high:
		at.Count = (high-low-1)/step + 1
	case step < 0 && low > high:
		at.Count = (low-high-1)/-step + 1
	}
	if at.Count == 0 {
		at.Start = 0
	}
	if at.Count <= 1 {
		at.Step = 1
	}
	return at
}

// whole is a whole number of any type as an int.
func whole(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case int8:
		return int(v), true
	case int16:
		return int(v), true
	case int32:
		return int(v), true
	case int64:
		return int(v), int64(int(v)) == v
	case uint8:
		return int(v), true
	case uint16:
		return int(v), true
	case uint32:
		return int(v), int(v) >= 0
	case uint64:
		return int(v), int(v) >= 0 && uint64(int(v)) == v
	case uint:
		return int(v), int(v) >= 0
	}
	return 0, false
}
