package schedtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

// block is a value of random bytes, another one for each seed.
func block(seed string, size int) []byte {
	var b []byte
	for sum := sha256.Sum256([]byte(seed)); len(b) < size; sum = sha256.Sum256(sum[:]) {
		b = append(b, sum[:]...)
	}
	return b[:size]
}

// memory: graphs of large values have the same results when hardly any of
// them may stay in memory, and nothing stays on the disk.
func (s *suite) memory(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(rt, "tasks")
		var b built
		want := make([]string, n)
		ids := make([]graph.ID, n)
		for i := range ids {
			var inputs []graph.ID
			seed := fmt.Sprint(i)
			if i > 0 {
				for _, in := range rapid.SliceOfN(rapid.IntRange(0, i-1), 0, 3).Draw(rt, "inputs") {
					inputs = append(inputs, ids[in])
					seed += want[in][:8]
				}
			}
			want[i] = string(block(seed, 1000))
			ids[i] = b.task("block", func(_ context.Context, inputs []any) (any, error) {
				seed := fmt.Sprint(i)
				for _, in := range inputs {
					seed += string(in.([]byte)[:8])
				}
				return block(seed, 1000), nil
			}, inputs...)
		}
		outputs := []graph.ID{ids[n-1], ids[n/2], ids[0]}
		got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: outputs, Memory: 3000, SpillDir: dir})
		if err != nil {
			rt.Fatal(err)
		}
		for i, id := range outputs {
			if string(got[i].([]byte)) != want[id] {
				rt.Errorf("result %d differs", i)
			}
		}
	})
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("on the disk there is still %v, %v", left, err)
	}
}

// memoryErrors: a disk that takes nothing is an error that says so, and what
// cannot be written stays in memory.
func (s *suite) memoryErrors(t *testing.T) {
	collect := func(v func(i int) any) (*graph.Graph, graph.ID) {
		var b built
		var parts []graph.ID
		for i := range 10 {
			parts = append(parts, b.task("part", value(v(i))))
		}
		all := b.task("all", func(_ context.Context, inputs []any) (any, error) { return len(inputs), nil }, parts...)
		return b.b.Graph(), all
	}
	g, all := collect(func(i int) any { return block(fmt.Sprint(i), 1000) })
	_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Outputs: []graph.ID{all}, Memory: 2000, SpillDir: t.TempDir() + "/missing"})
	var failed *sched.TaskError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "could not be moved from memory to the disk") {
		t.Errorf("error %v", err)
	}
	if s.elsewhere {
		return // such values do not come back from there
	}
	g, all = collect(func(i int) any { return []any{block(fmt.Sprint(i), 1000), func() {}} })
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Outputs: []graph.ID{all}, Memory: 2000, SpillDir: t.TempDir()})
	if err != nil || got[0] != 10 {
		t.Errorf("values that cannot be written gave %v, %v", got, err)
	}
}
