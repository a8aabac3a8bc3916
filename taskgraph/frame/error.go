package frame

import (
	"fmt"
	"slices"
	"strings"
)

// Error is what functions and methods of this package panic with when columns, types and
// labels do not go together.
type Error struct {
	Op  string // the method or function, "GroupBy"; empty where several need the same
	Msg string // a sentence without a capital letter
}

// Error is the operation and the sentence.
func (e *Error) Error() string {
	if e.Op == "" {
		return e.Msg
	}
	return e.Op + ": " + e.Msg
}

func errorf(op, format string, args ...any) *Error { return &Error{op, fmt.Sprintf(format, args...)} }

// noColumn says that there is no column of a name, and what there is.
func noColumn(op, name string, names []string) *Error {
	return errorf(op, "there is no column %q%s", name, among(name, names))
}

// most is how many names a sentence lists.
const most = 30

// among is what a sentence says about a name that is not one of names.
func among(name string, names []string) string {
	if len(names) == 0 {
		return ": there are none"
	}
	if near, ok := nearest(name, names); ok {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	list, rest := names, ""
	if len(list) > most {
		list, rest = list[:most], fmt.Sprintf(" and %d more", len(names)-most)
	}
	quoted := make([]string, len(list))
	for i, n := range list {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return ": there are " + strings.Join(quoted, ", ") + rest
}

// nearest is the name that differs in the case of letters, or by at most two letters.
func nearest(name string, names []string) (string, bool) {
	best, at := 3, -1
	for i, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if d < best && d < max(len(n), len(name)) {
			best, at = d, i
		}
	}
	if at < 0 {
		return "", false
	}
	return names[at], true
}

// distance is how many letters have to be changed, added or left out to make b of a
// (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			last, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, last+cost)
		}
	}
	return row[len(b)]
}

// position is where a name stands among names; it panics if it does not.
func position(op, name string, names []string) int {
	i := slices.Index(names, name)
	if i < 0 {
		panic(noColumn(op, name, names))
	}
	return i
}
