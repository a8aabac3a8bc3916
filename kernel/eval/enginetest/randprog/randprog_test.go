package randprog

import (
	"go/parser"
	"go/token"
	"testing"
)

// Programs are the same for a seed, parse, and differ between seeds. That they are well
// typed shows where they are compiled: in kernel/eval/closure's TestRandom.
func TestProgram(t *testing.T) {
	seen := map[string]uint64{}
	for seed := range uint64(200) {
		src := Program(seed)
		if src != Program(seed) {
			t.Fatalf("the program of seed %d is not always the same", seed)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "main.go", src, 0); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if other, ok := seen[src]; ok {
			t.Fatalf("seeds %d and %d give the same program", seed, other)
		}
		seen[src] = seed
	}
}
