package frame

import (
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// JoinKind says which rows a Join keeps.
type JoinKind uint8

// The kinds of Join.
const (
	Inner JoinKind = iota // rows whose keys are in both frames
	Left                  // all rows of the frame, and what the other has for them
	Right                 // all rows of the other frame, and what this one has for them
	Outer                 // all rows of both, in the order of the keys
)

// Join puts the rows of two frames beside each other where their keys are equal: the columns
// of the names or, without names, all those that both have. A key that is in several rows
// gives every pair of them; missing keys equal each other, as in pandas.
//
//	flights.Join(airlines, frame.Left, "carrier")
//
// The columns are those of the frame and then those of the other but for the keys; of other
// columns that both have, the names get the ends _x and _y. Where a side has no row, its
// values are missing. The rows are numbered anew: Inner and Left keep the order of the
// frame's, Right that of the other's, and Outer sorts by the keys.
func (df *DataFrame) Join(other *DataFrame, how JoinKind, on ...string) *DataFrame {
	if other == nil {
		panic(errorf("Join", "the other frame is nil"))
	}
	if how > Outer {
		panic(errorf("Join", "there is no kind %d: there are frame.Inner, Left, Right and Outer", how))
	}
	on = df.joinKeys(other, on)
	keys := make([]column.Column, len(on))
	for i, name := range on {
		a, b := df.Col(name), other.Col(name)
		if a.Dtype() != b.Dtype() && !(a.Dtype().IsNumber() && b.Dtype().IsNumber()) {
			panic(errorf("Join", "the key %q is of type %v here and of type %v in the other frame: make them equal with AsType", name, a.Dtype(), b.Dtype()))
		}
		keys[i] = together(a.values, b.values)
	}
	codes, n := factorize(keys, true)
	fits("Join", rowsOfJoin(codes[:df.Len()], codes[df.Len():], n, how), 16+8*(len(df.names)+len(other.names)))
	left, right := pairs(codes[:df.Len()], codes[df.Len():], n, how)
	if how == Outer {
		left, right = byKeys(keys, left, right, df.Len())
	}
	return sideBySide(df, other, on, keys, left, right)
}

// rowsOfJoin is how many rows have partners, each with each, and those without one that a
// kind keeps.
func rowsOfJoin(x, y []int, n int, how JoinKind) float64 {
	ofX, ofY := make([]float64, n), make([]float64, n)
	for _, code := range x {
		ofX[code]++
	}
	for _, code := range y {
		ofY[code]++
	}
	rows := 0.0
	for code := range ofX {
		rows += ofX[code] * ofY[code]
		if ofY[code] == 0 && (how == Left || how == Outer) {
			rows += ofX[code]
		}
		if ofX[code] == 0 && (how == Right || how == Outer) {
			rows += ofY[code]
		}
	}
	return rows
}

// joinKeys are the names that are asked for, or those that both frames have.
func (df *DataFrame) joinKeys(other *DataFrame, on []string) []string {
	for i, name := range on {
		position("Join", name, df.names)
		if !other.Has(name) {
			panic(errorf("Join", "the other frame has no column %q%s", name, among(name, other.names)))
		}
		if slices.Contains(on[:i], name) {
			panic(errorf("Join", "the key %q is there twice", name))
		}
	}
	if len(on) > 0 {
		return on
	}
	for _, name := range df.names {
		if other.Has(name) {
			on = append(on, name)
		}
	}
	if len(on) == 0 {
		panic(errorf("Join", "no column is in both frames: here are %s, and in the other %s", strings.Join(df.names, ", "), strings.Join(other.names, ", ")))
	}
	return on
}

// pairs are the rows of both sides that belong together, -1 for none: those of the left side
// in order, or of the right for Right, and those of the right that are in no pair for Outer.
func pairs(left, right []int, n int, how JoinKind) (ofLeft, ofRight []int) {
	if how == Right {
		ofRight, ofLeft = pairs(right, left, n, Left)
		return ofLeft, ofRight
	}
	rows, starts := byCode(right, n)
	ofLeft, ofRight = make([]int, 0, len(left)), make([]int, 0, len(left))
	used := make([]bool, n)
	for row, code := range left {
		used[code] = true
		matches := rows[starts[code]:starts[code+1]]
		if len(matches) == 0 && how != Inner {
			ofLeft, ofRight = append(ofLeft, row), append(ofRight, -1)
		}
		for _, match := range matches {
			ofLeft, ofRight = append(ofLeft, row), append(ofRight, match)
		}
	}
	for row, code := range right {
		if how == Outer && !used[code] {
			ofLeft, ofRight = append(ofLeft, -1), append(ofRight, row)
		}
	}
	return ofLeft, ofRight
}

// byCode are the rows of each of n codes, one code after the other: those of a code go from
// its start to that of the next. Rows without one (-1) are left out.
func byCode(codes []int, n int) (rows, starts []int) {
	starts = make([]int, n+1)
	there := 0
	for _, code := range codes {
		if code >= 0 {
			starts[code+1]++
			there++
		}
	}
	for code := range n {
		starts[code+1] += starts[code]
	}
	rows = make([]int, there)
	next := slices.Clone(starts[:n])
	for row, code := range codes {
		if code >= 0 {
			rows[next[code]] = row
			next[code]++
		}
	}
	return rows, starts
}

// byKeys puts pairs in the order of their keys.
func byKeys(keys []column.Column, left, right []int, n int) (ofLeft, ofRight []int) {
	source := keyRows(left, right, n)
	ofPairs := make([]column.Column, len(keys))
	for i, c := range keys {
		ofPairs[i] = c.Take(source)
	}
	order := sorted(ofPairs, nil)
	ofLeft, ofRight = make([]int, len(order)), make([]int, len(order))
	for i, at := range order {
		ofLeft[i], ofRight[i] = left[at], right[at]
	}
	return ofLeft, ofRight
}

// keyRows say where the key of a pair stands among the keys of n rows and then of the others.
func keyRows(left, right []int, n int) []int {
	rows := make([]int, len(left))
	for i, row := range left {
		if rows[i] = row; row < 0 {
			rows[i] = n + right[i]
		}
	}
	return rows
}

// sideBySide is the frame of pairs.
func sideBySide(df, other *DataFrame, on []string, keys []column.Column, left, right []int) *DataFrame {
	out := &DataFrame{index: rangeIndex(len(left))}
	put := func(name, end string, beside *DataFrame, c column.Column) {
		if beside.Has(name) && !slices.Contains(on, name) {
			name += end
		}
		if slices.Contains(out.names, name) {
			panic(errorf("Join", "two columns would have the name %q: give one another name with Rename", name))
		}
		out.names, out.columns = append(out.names, name), append(out.columns, c)
	}
	ofKeys := keyRows(left, right, df.Len())
	unchanged := len(left) == df.Len() && consecutive(left) // as a Left join with unique keys leaves it
	for i, name := range df.names {
		switch at := slices.Index(on, name); {
		case unchanged:
			put(name, "_x", other, df.columns[i])
		case at >= 0:
			put(name, "", df, keys[at].Take(ofKeys))
		default:
			put(name, "_x", other, df.columns[i].Take(left))
		}
	}
	for i, name := range other.names {
		if !slices.Contains(on, name) {
			put(name, "_y", df, other.columns[i].Take(right))
		}
	}
	return out
}
