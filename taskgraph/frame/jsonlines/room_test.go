package jsonlines_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/jsonlines"
)

// allocated is how many bytes the reading of a text takes.
func allocated(t *testing.T, text string, o jsonlines.Options) uint64 {
	t.Helper()
	o.Workers = 1
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := jsonlines.ReadFrom(t.Context(), strings.NewReader(text), "t", o); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestRoomForLines makes room for the lines of a block, however long its first one is, and for
// no more of them than are asked for.
func TestRoomForLines(t *testing.T) {
	short := `{"a":1,"b":2,"c":3,"d":4}` + "\n"
	long := strings.Repeat(`{"a":1,"b":2,"c":3,"d":4,"text":"`+strings.Repeat("x", 10_000)+"\"}\n", 20)
	o := jsonlines.Options{Columns: []string{"a", "b", "c", "d"}}
	last, first := allocated(t, long+short, o), allocated(t, short+long, o)
	if first > last+uint64(len(long)/4) {
		t.Errorf("%d bytes if the short line is the first, %d if it is the last", first, last)
	}
	many := strings.Repeat(short, len(long)/len(short))
	o.Rows = 1
	if one := allocated(t, many, o); one > last+uint64(len(long)/4) {
		t.Errorf("%d bytes for one row, %d for 20", one, last)
	}
}

// TestRoomForLateKeys makes the same room for keys that a block's first line lacks.
func TestRoomForLateKeys(t *testing.T) {
	short := `{"a":1,"b":2.5,"c":true,"d":"2026-01-02"}` + "\n"
	many := strings.Repeat(short, 5000)
	early, late := allocated(t, short+many, jsonlines.Options{}), allocated(t, "{}\n"+many, jsonlines.Options{})
	if late > early+early/20 {
		t.Errorf("%d bytes if the keys are in the first line, %d if not", early, late)
	}
}
