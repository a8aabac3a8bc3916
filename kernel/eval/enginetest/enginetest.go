// Package enginetest holds what every engine of the evaluator must pass.
//
//	func TestScenarios(t *testing.T) {
//		enginetest.Scenarios(t, yaegi.New, "../../../testdata/redefinition/scenarios.txt", nil)
//	}
package enginetest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
)

var update = flag.Bool("update", false, "write what the engine does as the expected outcomes")

// Recorder is an output that keeps what it is given as text: a line
// "out: ...", "err: ..." or "show: ..." for each piece.
type Recorder struct {
	mu   sync.Mutex
	text strings.Builder
}

// Stream implements [display.Output].
func (r *Recorder) Stream(name, text string) { r.add(strings.TrimPrefix(name, "std"), text) }

// Display implements [display.Output].
func (r *Recorder) Display(b display.Bundle, id string) { r.add("show", plainText(b)) }

// Update implements [display.Output].
func (r *Recorder) Update(b display.Bundle, id string) { r.add("update", plainText(b)) }

// Clear implements [display.Output].
func (r *Recorder) Clear(wait bool) { r.add("clear", fmt.Sprint(wait)) }

func (r *Recorder) add(what, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if after, ok := strings.CutPrefix(line, "note: "); ok && what == "out" {
			fmt.Fprintf(&r.text, "note: %s\n", after)
			continue
		}
		fmt.Fprintf(&r.text, "%s: %s\n", what, line)
	}
}

// String returns what came so far.
func (r *Recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

func plainText(b display.Bundle) string {
	text, _ := b.Data[display.MIMEText].(string)
	return text
}

// Run executes a cell and returns all that a reader of the notebook sees of it.
func Run(s *eval.Session, number int, code string) string {
	var r Recorder
	res := s.Execute(context.Background(), eval.Cell{Number: number, Code: code}, &r)
	if !res.Value.Empty() {
		r.add("value", plainText(res.Value))
	}
	if res.Err != nil {
		r.add("error", res.Err.Name+": "+res.Err.Value)
		for _, line := range res.Err.Traceback[1:] {
			if place := strings.TrimSpace(line); strings.HasPrefix(place, "cell ") {
				r.add("at", place)
			}
		}
	}
	return r.String()
}

// scenario is a named list of cells with the outcome of each.
type scenario struct {
	name  string
	cells []cell
}

type cell struct{ code, want string }

// parse reads a file of scenarios: "#### name" begins one, "---" a cell, and the
// lines of a cell that begin with "-> " are its outcome.
func parse(text string) []scenario {
	var all []scenario
	for _, part := range strings.Split("\n"+text, "\n#### ")[1:] {
		name, body, _ := strings.Cut(part, "\n")
		sc := scenario{name: name}
		for _, c := range strings.Split(strings.TrimSuffix(body, "\n"), "\n---\n") {
			var code, want strings.Builder
			for _, line := range strings.Split(c, "\n") {
				if after, ok := strings.CutPrefix(line, "-> "); ok {
					want.WriteString(after + "\n")
				} else {
					code.WriteString(line + "\n")
				}
			}
			sc.cells = append(sc.cells, cell{strings.TrimSuffix(code.String(), "\n"), want.String()})
		}
		all = append(all, sc)
	}
	return all
}

func format(all []scenario) string {
	var b strings.Builder
	for _, sc := range all {
		b.WriteString("#### " + sc.name + "\n")
		for i, c := range sc.cells {
			if i > 0 {
				b.WriteString("---\n")
			}
			b.WriteString(c.code + "\n")
			for _, line := range strings.Split(strings.TrimSuffix(c.want, "\n"), "\n") {
				if line != "" {
					b.WriteString("-> " + line + "\n")
				}
			}
		}
	}
	return b.String()
}

// Scenarios runs the scenarios of a file, each in a session of its own. faults
// names those that the engine is known to fail, with the reason; one that passes
// all the same fails the test, so that the list stays true.
func Scenarios(t *testing.T, engine eval.NewEngine, file string, faults map[string]string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := parse(string(data))
	for i, sc := range all {
		t.Run(sc.name, func(t *testing.T) {
			s, err := eval.New(engine, eval.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var wrong []string
			for k, c := range sc.cells {
				got := Run(s, k+1, c.code)
				if got != c.want {
					wrong = append(wrong, fmt.Sprintf("cell %d:\n%s\n  gives\n%s  and should give\n%s", k+1, c.code, got, c.want))
				}
				if *update {
					all[i].cells[k].want = got
				}
			}
			why, faulty := faults[sc.name]
			switch {
			case *update:
			case faulty && len(wrong) == 0:
				t.Errorf("passes, though it is recorded as a fault of the engine (%s): take it off the list", why)
			case faulty:
				t.Logf("known fault of the engine: %s", why)
			case len(wrong) > 0:
				t.Error(strings.Join(wrong, "\n"))
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, []byte(format(all)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
