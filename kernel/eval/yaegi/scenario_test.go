package yaegi

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
)

type sink struct{ b *strings.Builder }

func (s sink) Stream(name, text string)            { s.b.WriteString(name[3:] + ": " + text) }
func (s sink) Display(b display.Bundle, id string) { fmt.Fprintln(s.b, "show:", b.Data["text/plain"]) }
func (s sink) Update(b display.Bundle, id string)  {}
func (s sink) Clear(wait bool)                     {}

func TestDebugScenarios(t *testing.T) {
	src, err := os.ReadFile(os.Getenv("SCEN"))
	if err != nil {
		t.Skip()
	}
	for _, sc := range strings.Split("\n"+string(src), "\n#### ") {
		name, body, _ := strings.Cut(sc, "\n")
		fmt.Println("==", name)
		s, err := eval.New(New, eval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for k, cell := range strings.Split(body, "\n---\n") {
			var b strings.Builder
			r := s.Execute(context.Background(), eval.Cell{Number: k + 1, Code: cell}, sink{&b})
			if !r.Value.Empty() {
				fmt.Fprintln(&b, "=>", r.Value.Data["text/plain"])
			}
			if r.Err != nil {
				fmt.Fprintln(&b, "ERR", strings.Join(r.Err.Traceback, "\n"))
			}
			fmt.Printf("  [%d] %.90q\n      %s\n", k+1, cell, strings.ReplaceAll(strings.TrimSpace(b.String()), "\n", "\n      "))
		}
	}
}
