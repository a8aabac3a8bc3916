package protocol

import (
	"fmt"
)

// ByteOffset turns a cursor_pos, which counts Unicode code points, into an index into code.
// A position before the start or behind the end is an error.
func ByteOffset(code string, cursorPos int) (int, error) {
	if cursorPos < 0 {
		return 0, fmt.Errorf("the cursor position %d lies before the start of the code", cursorPos)
	}
	n := 0
	for i := range code {
		if n == cursorPos {
			return i, nil
		}
		n++
	}
	if n == cursorPos {
		return len(code), nil
	}
	return 0, fmt.Errorf("the cursor position %d lies behind the end of the code, which has %d characters", cursorPos, n)
}

// CursorPos turns an index into code into a cursor_pos; an index inside a character counts
// as behind it. An index before the start or behind the end is an error.
func CursorPos(code string, offset int) (int, error) {
	if offset < 0 || offset > len(code) {
		return 0, fmt.Errorf("the offset %d lies outside of the code, which has %d bytes", offset, len(code))
	}
	n := 0
	for i := range code {
		if i >= offset {
			break
		}
		n++
	}
	return n, nil
}
