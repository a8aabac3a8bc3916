package closure

import (
	"context"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// A cell that takes all memory is ended, and the next one runs.
func TestMemoryLimit(t *testing.T) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(m.Sys) + 256<<20))
	s := session(t)
	for i, code := range []string{
		"var all [][]byte\nfor {\n\tb := make([]byte, 1<<20)\n\tfor i := 0; i < len(b); i += 4096 {\n\t\tb[i] = 1\n\t}\n\tall = append(all, b)\n}",
		"len(make([]int, 1<<30))",
		`len(strings.Repeat("ab", 1<<40))`,
		"cap(make(chan [1024]byte, 1<<30))",
		"var b strings.Builder\nb.Grow(1 << 40)",
	} {
		r := s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: code}, nil)
		if r.Err == nil || !strings.Contains(r.Err.Value, "out of memory: ") {
			t.Errorf("%s\nends with %v", code, r.Err)
		}
		s.Execute(context.Background(), eval.Cell{Number: i + 100, Code: "all = nil"}, nil)
		runtime.GC()
	}
	if r := s.Execute(context.Background(), eval.Cell{Number: 99, Code: "1 + 1"}, nil); r.Err != nil {
		t.Error("the session is of no use any more: ", r.Err.Value)
	}
}

// An interrupt cancels the context that a cell gave compiled code.
func TestBackgroundIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s, err := eval.New(New, eval.Options{Bind: map[string]map[string]any{"os": {"Getpid": func() int { cancel(); return 1 }}}})
	if err != nil {
		t.Fatal(err)
	}
	s.Execute(ctx, eval.Cell{Number: 1, Code: "var child context.Context"}, nil)
	s.Execute(ctx, eval.Cell{Number: 2, Code: "child, _ = context.WithCancel(context.Background())\nos.Getpid()\nfor {}"}, nil)
	r := s.Execute(context.Background(), eval.Cell{Number: 3, Code: "<-child.Done()\nmust(0, context.Cause(child))"}, nil)
	if r.Err == nil || !strings.Contains(r.Err.Value, "context canceled") {
		t.Errorf("the context ended with %v", r.Err)
	}
}

// A fault of the compiler's is told, and the session goes on as before.
func TestFaultOfTheCompiler(t *testing.T) {
	s, err := eval.New(func(h eval.Host) (eval.Engine, error) {
		e, err := New(h)
		return faulty{e.(*Engine)}, err
	}, eval.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ code, ends string }{
		{"x := 1", ""},
		{"var broken = x", "this is a fault of dagbook, not of the cell"},
		{"broken", "undefined: broken"},
		{"x + 1", ""},
	} {
		r := s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: c.code}, nil)
		if r.Err == nil != (c.ends == "") || r.Err != nil && !strings.Contains(r.Err.Value, c.ends) {
			t.Errorf("%s ends with %v, not with %q", c.code, r.Err, c.ends)
		}
	}
}

// faulty is an engine that cannot compile a variable of a certain name.
type faulty struct{ *Engine }

func (e faulty) Run(ctx context.Context, p *check.Program) (int, error) {
	for _, v := range p.Vars {
		if v.Name == "broken" {
			p.Info = nil
		}
	}
	return e.Engine.Run(ctx, p)
}

// A type may refer to itself by nothing but pointers.
func TestTypesOfThemselves(t *testing.T) {
	for i, code := range []string{
		"type P *P\nweak.Make(new(P)).Value() == nil",
		"type L []L\nweak.Make(new(L)).Value() == nil",
		"type F func() F\nweak.Make(new(F)).Value() == nil",
	} {
		if got := enginetest.Run(session(t), i+1, code); got != "value: false\n" && got != "value: true\n" {
			t.Errorf("%s gives\n%s", code, got)
		}
	}
}
