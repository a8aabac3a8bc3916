package eval

import (
	"errors"
	"fmt"
	"log"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval/parent"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// bindings are the symbols of packages that belong to the session.
type bindings map[string]map[string]reflect.Value

// of returns the symbols of a package with the bound ones in their place.
func (b bindings) of(path string) (map[string]reflect.Value, bool) {
	syms, ok := symbols.Of(path)
	if !ok {
		return nil, false
	}
	maps.Copy(syms, b[path])
	return syms, true
}

func (s *Session) bindings() bindings {
	b := bindings{
		"fmt": s.printing(),
		"os":  {"Exit": reflect.ValueOf(s.Exit), "Stdin": reflect.ValueOf(&s.stdin).Elem()},
		"log": s.logging(),
	}
	maps.Copy(b["fmt"], s.scanning())
	b["time"] = map[string]reflect.Value{"Sleep": reflect.ValueOf(s.sleep)}
	b[symbols.Module+"display"] = map[string]reflect.Value{
		"Show": reflect.ValueOf(s.screen.Show), "Clear": reflect.ValueOf(s.screen.Clear), "ProgressN": reflect.ValueOf(s.screen.ProgressN),
	}
	b["flag"], b["os"]["Args"] = s.command.symbols(), reflect.ValueOf(&s.command.args).Elem()
	b["testing"] = map[string]reflect.Value{"Main": reflect.ValueOf(func(func(string, string) (bool, error), []testing.InternalTest, []testing.InternalBenchmark, []testing.InternalExample) {
		panic(Stop{Err: errors.New("testing.Main ends a process: call the functions that it would test")})
	})}
	for path, names := range s.opts.Bind {
		if b[path] == nil {
			b[path] = map[string]reflect.Value{}
		}
		for name, v := range names {
			b[path][name] = reflect.ValueOf(v)
		}
	}
	return b
}

// printing sends what fmt prints to the cell that prints it.
func (s *Session) printing() map[string]reflect.Value {
	out := s.Stdout()
	return map[string]reflect.Value{
		"Print":   reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprint(out, a...) }),
		"Println": reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprintln(out, a...) }),
		"Printf":  reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fprintf(out, f, a...) }),
	}
}

// sleep is time.Sleep for cells. It does not outlive its cell: when that is interrupted it
// returns, after the moment in which the engine stops what would come next.
func (s *Session) sleep(d time.Duration) {
	now := s.now.Load()
	if now == nil || now.mark != parent.Of() {
		time.Sleep(d)
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-now.ctx.Done():
		time.Sleep(min(d, 20*time.Millisecond))
	}
}

// logging gives cells a standard logger that writes to their stderr and whose
// Fatal functions end the cell, not the kernel.
func (s *Session) logging() map[string]reflect.Value {
	l := log.New(s.Stderr(), "", log.LstdFlags)
	return map[string]reflect.Value{
		"Default": reflect.ValueOf(func() *log.Logger { return l }),
		"Print":   reflect.ValueOf(l.Print), "Printf": reflect.ValueOf(l.Printf), "Println": reflect.ValueOf(l.Println),
		"Panic": reflect.ValueOf(l.Panic), "Panicf": reflect.ValueOf(l.Panicf), "Panicln": reflect.ValueOf(l.Panicln),
		"Fatal":   reflect.ValueOf(func(v ...any) { l.Print(v...); s.Exit(1) }),
		"Fatalf":  reflect.ValueOf(func(f string, v ...any) { l.Printf(f, v...); s.Exit(1) }),
		"Fatalln": reflect.ValueOf(func(v ...any) { l.Println(v...); s.Exit(1) }),
		"Output":  reflect.ValueOf(l.Output), "Flags": reflect.ValueOf(l.Flags), "SetFlags": reflect.ValueOf(l.SetFlags),
		"Prefix": reflect.ValueOf(l.Prefix), "SetPrefix": reflect.ValueOf(l.SetPrefix), "SetOutput": reflect.ValueOf(l.SetOutput), "Writer": reflect.ValueOf(l.Writer),
	}
}
