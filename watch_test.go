package main

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/eval/closure"
)

// shown is an output that keeps what is displayed.
type shown struct {
	mu      sync.Mutex
	bundles []display.Bundle
	updates int
	text    string
}

func (s *shown) Stream(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text += name + ": " + text
}

func (s *shown) Display(b display.Bundle, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bundles = append(s.bundles, b)
}

func (s *shown) Update(b display.Bundle, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates++
}

func (s *shown) Clear(bool) {}

func watched(t *testing.T) *evaluator {
	t.Helper()
	e, err := newEvaluator(closure.New, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// execute runs a cell; in between cells nothing is at work that could show something.
func (e *evaluator) show(t *testing.T, code string, attended bool) (*shown, kernel.Result) {
	t.Helper()
	out := &shown{}
	r := e.Execute(t.Context(), kernel.Cell{Number: 1, Code: code, Attended: attended}, out, nil)
	return out, r
}

const longCell = `func wait(n int) int { time.Sleep(700 * time.Millisecond); return n }
w := taskgraph.Delayed(wait)
w(1).Compute()`

func TestProgressOfCells(t *testing.T) {
	e := watched(t)
	for _, test := range []struct {
		setting  string
		attended bool
		code     string
		want     bool
	}{
		{"", true, longCell, true},
		{"", false, longCell, false},
		{"on", false, longCell, true},
		{"off", true, longCell, false},
		{"off", false, strings.Replace(longCell, "Compute()", "Compute(taskgraph.Progress(true))", 1), true},
		{"on", true, strings.Replace(longCell, "Compute()", "Compute(taskgraph.Progress(false))", 1), false},
		{"", true, "w(1).Compute()", true}, // again, in a later cell
		{"", true, "taskgraph.Value(1).Add(1).Compute()", false},
	} {
		e.watch.setting = test.setting
		out, r := e.show(t, test.code, test.attended)
		if r.Err != nil {
			t.Fatal(r.Err.Value)
		}
		if got := len(out.bundles) == 1 && out.updates > 0; got != test.want || out.text != "" {
			t.Errorf("setting %q, attended %t: shown %v with %d updates, want %t; printed %q", test.setting, test.attended, out.bundles, out.updates, test.want, out.text)
		}
	}
}

func TestProgressSetting(t *testing.T) {
	for _, value := range []string{"", "on", "off"} {
		if got, err := progressSetting(value); got != value || err != nil {
			t.Errorf("%q: %q, %v", value, got, err)
		}
	}
	if _, err := progressSetting("yes"); err == nil || !strings.Contains(err.Error(), "on, off or empty") {
		t.Errorf("yes: %v", err)
	}
}

func TestProfileOfCells(t *testing.T) {
	e := watched(t)
	out, r := e.show(t, `%%profile
func inc(x int) int { return x + 1 }
i := taskgraph.Delayed(inc, taskgraph.Name("<b>"))
must(taskgraph.Compute(i(1), i(2)))
i(i(2)).Compute()`, false)
	if r.Err != nil {
		t.Fatal(r.Err.Value)
	}
	if len(out.bundles) != 1 || r.Value.Data[display.MIMEText] != "4" {
		t.Fatalf("shown %v, value %v", out.bundles, r.Value)
	}
	html, text := out.bundles[0].Data[display.MIMEHTML].(string), out.bundles[0].Data[display.MIMEText].(string)
	if !strings.HasPrefix(html, "<svg") || strings.Contains(html, "<b>") || !strings.Contains(html, "&lt;b&gt;-") {
		t.Errorf("html: %s", html)
	}
	if !strings.HasPrefix(text, "4 tasks in ") || !strings.Contains(text, "2 computations") || !strings.Contains(text, "<b>") {
		t.Errorf("text: %s", text)
	}
	out, r = e.show(t, "%%profile\nfunc bad(int) (int, error) { return 0, fmt.Errorf(\"no\") }\ntaskgraph.Delayed(bad)(1).Compute()", false)
	if r.Err == nil || len(out.bundles) != 1 || !strings.Contains(out.bundles[0].Data[display.MIMEText].(string), "bad (1 failed)") {
		t.Errorf("a cell that fails: shown %v, error %v", out.bundles, r.Err)
	}
	if out, _ = e.show(t, "i(1).Compute()", false); len(out.bundles) != 0 {
		t.Errorf("the next cell shows %v", out.bundles)
	}
}
