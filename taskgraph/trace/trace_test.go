package trace_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

func TestSizeOf(t *testing.T) {
	type point struct{ X, Y int64 }
	type ring struct {
		Next *ring
		n    int64
	}
	loop := &ring{}
	loop.Next = loop
	shared := &point{}
	many := make([]string, 10_000)
	for i := range many {
		many[i] = strings.Repeat("x", 100)
	}
	for _, test := range []struct {
		v    any
		want int64
	}{
		{nil, 0},
		{int64(1), 8},
		{"four", 16 + 4},
		{make([]float64, 100), 24 + 800},
		{make([]int32, 0, 10), 24 + 40},
		{&point{}, 8 + 16},
		{(*point)(nil), 8},
		{map[int64]int64{1: 2, 3: 4}, 8 + 2*16},
		{[3]int64{}, 24},
		{[]*point{{}, {}, nil}, 24 + 3*8 + 2*16},
		{many, 24 + 10_000*16 + 10_000*100},
		{map[string][]byte{"ab": make([]byte, 50)}, 8 + 16 + 24 + 2 + 50},
		{[]any{shared, shared}, 24 + 2*16 + 16},
		{loop, 8 + 16},
	} {
		if got := trace.SizeOf(test.v); got != test.want {
			t.Errorf("size of %T is %d, want %d", test.v, got, test.want)
		}
	}
}

// TestRecorderAtOnce is told by many workers at once.
func TestRecorderAtOnce(t *testing.T) {
	const tasks = 200
	var b graph.Builder
	for range tasks {
		b.Add(graph.Task{})
	}
	r := trace.NewRecorder(b.Graph())
	var wg sync.WaitGroup
	for id := range graph.ID(tasks) {
		wg.Go(func() {
			r.TaskStarted(id, int(id))
			r.TaskFinished(id, int(id), nil, fmt.Errorf("error %d", id))
		})
	}
	wg.Wait()
	records := r.Records()
	if len(records) != tasks {
		t.Fatalf("%d records, want %d", len(records), tasks)
	}
	for _, rec := range records {
		if rec.Err == nil || rec.Err.Error() != fmt.Sprintf("error %d", rec.ID) || rec.Worker != int(rec.ID) || rec.End < rec.Start {
			t.Errorf("record %+v", rec)
		}
	}
}

func ExampleRecorder() {
	var b graph.Builder
	id := b.Add(graph.Task{Key: graph.Key{Name: "load"}})
	r := trace.NewRecorder(b.Graph())
	r.TaskStarted(id, 0)
	r.TaskFinished(id, 0, nil, errors.New("no such file"))
	for _, rec := range r.Records() {
		fmt.Println(rec.Key.Name, rec.Worker, rec.Err)
	}
	// Output: load 0 no such file
}
