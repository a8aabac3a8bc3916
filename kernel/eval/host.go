package eval

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"strings"

	"github.com/dagbook/dagbook/display"
)

// Step implements [Host]: what an earlier step showed is no longer the last.
func (s *Session) Step(i int) {
	if now := s.now.Load(); now != nil {
		now.show(display.Bundle{})
	}
}

// Show implements [Host].
func (s *Session) Show(i int, t types.Type, values []reflect.Value) error {
	ts := []types.Type{t}
	if tuple, ok := t.(*types.Tuple); ok {
		ts = ts[:0]
		for v := range tuple.Variables() {
			ts = append(ts, v.Type())
		}
		last := len(values) - 1
		if isError(ts[last]) {
			if err, _ := interfaceOf(values[last]).(error); err != nil {
				return err
			}
			ts, values = ts[:last], values[:last]
		}
	}
	if now := s.now.Load(); now != nil {
		for k, v := range values {
			if now.values != nil {
				now.values(v)
				continue
			}
			now.show(s.bundle(v, ts[k]))
		}
	}
	return nil
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func interfaceOf(v reflect.Value) any {
	if !v.IsValid() || !v.CanInterface() {
		return nil
	}
	return v.Interface()
}

// Magic implements [Host].
func (s *Session) Magic(i int) error {
	now := s.now.Load()
	if now == nil {
		return context.Canceled
	}
	st := now.prog.Steps[i]
	if s.opts.Magic == nil {
		return fmt.Errorf("%%%s: this session has no magics", st.Magic)
	}
	return s.opts.Magic(now.ctx, st.Magic, st.Args, now.out)
}

// Stdout implements [Host].
func (s *Session) Stdout() io.Writer { return s.routes.writer("stdout") }

// Stderr implements [Host].
func (s *Session) Stderr() io.Writer { return s.routes.writer("stderr") }

// GoPanic implements [Host]: the panic of a goroutine is told on the stderr of its
// cell; the kernel goes on.
func (s *Session) GoPanic(p *Panic) {
	f := s.failure(context.Background(), p, "")
	lines := append([]string{fmt.Sprintf("a goroutine of this cell ended: %s: %s", f.Name, f.Value)}, f.Traceback[1:]...)
	fmt.Fprintln(s.Stderr(), strings.Join(lines, "\n"))
}

// ShowBundle implements [Host].
func (s *Session) ShowBundle(b display.Bundle) {
	if now := s.now.Load(); now != nil {
		now.show(b)
	}
}

// Typed implements [Host].
func (s *Session) Typed(v reflect.Value, t types.Type, methods map[string]any) display.Bundle {
	if len(methods) > 0 {
		return display.Of(hooked{v, t, methods})
	}
	return s.bundle(v, t)
}

// bundle is how a value of a static type looks.
func (s *Session) bundle(v reflect.Value, t types.Type) display.Bundle {
	if s.opts.Form != nil && v.IsValid() && v.CanInterface() {
		if b, ok := s.opts.Form(v.Interface()); ok {
			return b
		}
	}
	return display.Typed(v, types.Default(t))
}

// Bar implements [Host].
func (s *Session) Bar(total int, label string) *display.Bar { return s.screen.Start(total, label) }

// Position implements [Host].
func (s *Session) Position(pos token.Pos) (cell, line, col int) { return s.front.Position(pos) }

// Bound implements [Host].
func (s *Session) Bound(path string) (map[string]reflect.Value, bool) { return s.bound.of(path) }

// Output returns the output of the cell that the calling goroutine belongs to.
func (s *Session) Output() display.Output { return s.routes.output() }

// Context returns the context of the cell that runs; it is cancelled on interrupt.
func (s *Session) Context() context.Context {
	if now := s.now.Load(); now != nil {
		return now.ctx
	}
	return context.Background()
}
