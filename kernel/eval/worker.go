package eval

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/parent"
	"github.com/dagbook/dagbook/taskgraph/codec"
)

// Worker is a session without cells, in a worker process: it takes up functions of a notebook
// with all that they use. It is a taskgraph.Program, used by one goroutine at a time.
type Worker struct {
	session *Session
	engine  Portable
	have    check.Loaded
	funcs   map[string]any
	state   uint64
	called  any // the function that was asked for last
}

// NewWorker returns a worker that knows nothing yet.
func NewWorker(engine NewEngine, opts Options) (*Worker, error) {
	s, err := New(engine, opts)
	if err != nil {
		return nil, err
	}
	w := &Worker{session: s}
	var ok bool
	if w.engine, ok = s.engine.(Portable); !ok {
		return nil, fmt.Errorf("functions of the engine %s stay in their process", s.Engine())
	}
	w.forget()
	return w, nil
}

// forget makes place for functions of another state of the notebook.
func (w *Worker) forget() {
	w.have, w.funcs = check.Loaded{}, map[string]any{}
	t := w.session.types
	t.mu.Lock()
	defer t.mu.Unlock()
	t.have, t.ids = w.have, map[*check.Symbol]string{}
}

// Session is the session that compiles the functions.
func (w *Worker) Session() *Session { return w.session }

// Types implements taskgraph.Program.
func (w *Worker) Types() codec.Types { return w.session.types }

// Load implements taskgraph.Program: it compiles the text of a source and sets the variables.
func (w *Worker) Load(data []any) error {
	if len(data) != 1 {
		return errors.New("the source of the function is damaged")
	}
	packed, _ := data[0].([]byte)
	v, err := cargoCodec.Decode(packed)
	if err != nil {
		return err
	}
	c, ok := v.(cargo)
	if !ok {
		return errors.New("the source of the function is damaged")
	}
	if c.State != w.state {
		if err := w.session.Reset(); err != nil {
			return err
		}
		w.forget()
		w.state = c.State
	}
	if err := w.take(c); err != nil {
		return fmt.Errorf("a worker process cannot compile what the function uses: %w", err)
	}
	return nil
}

func (w *Worker) take(c cargo) error {
	vars := w.newVariables(c.Travel)
	for _, l := range c.Travel.Layers {
		err := w.session.front.LoadLayer(l, w.have, func(p *check.Program) error { return w.run(p, nil) })
		if err != nil {
			return err
		}
		w.know(l)
	}
	if err := w.set(vars, c.Values); err != nil {
		return err
	}
	if c.Func == "" {
		return nil
	}
	p, err := w.session.front.LoadRoot(c.Travel.Root, w.have)
	if err != nil {
		return err
	}
	return w.run(p, func(v reflect.Value) { w.funcs[c.Func] = v.Interface() })
}

// know makes the types of a layer known to the codec.
func (w *Worker) know(l check.Layer) {
	t := w.session.types
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range l.Decls {
		for _, id := range d.IDs {
			t.ids[w.have[id]] = id
		}
	}
}

// newVariables are the IDs of all variables, "" for those that are there: they keep what
// tasks made of them.
func (w *Worker) newVariables(t check.Travel) []string {
	var ids []string
	for _, l := range t.Layers {
		for _, v := range l.Vars {
			id := v.IDs[0]
			if w.have[id] != nil {
				id = ""
			}
			ids = append(ids, id)
		}
	}
	return ids
}

func (w *Worker) set(vars []string, values []byte) error {
	if len(vars) == 0 {
		return nil
	}
	v, err := codec.New(w.Types()).Decode(values)
	if err != nil {
		return err
	}
	for i, value := range v.([]any) {
		if vars[i] == "" || value == nil {
			continue
		}
		to, ok := w.engine.Variable(w.have[vars[i]])
		if !ok {
			return fmt.Errorf("the variable %s is not there", vars[i])
		}
		to.Set(reflect.ValueOf(value))
	}
	return nil
}

// run runs a program; what it shows goes to show.
func (w *Worker) run(p *check.Program, show func(reflect.Value)) (err error) {
	s := w.session
	parent.Do(func(m parent.Mark) { s.routes.begin(m, printed{}) }, func() {
		s.now.Store(&running{ctx: context.Background(), out: printed{}, prog: p, mark: parent.Of(), values: show})
		defer s.now.Store(nil)
		_, err = s.engine.Run(context.Background(), p)
	})
	return err
}

// Func implements taskgraph.Program.
func (w *Worker) Func(name string) (any, error) {
	fn := w.funcs[name]
	if fn == nil {
		return nil, errors.New("the function was not sent to the worker process")
	}
	return fn, nil
}

// Called implements taskgraph.Program.
func (w *Worker) Called(name string) { w.called = w.funcs[name] }

// Where implements taskgraph.Program: the lines of a traceback.
func (w *Worker) Where(any) string {
	if w.called == nil {
		return ""
	}
	return strings.Join(traceback(w.engine.Trace(w.called), nil), "\n")
}

// printed is the output of tasks: what they print, and display as text.
type printed struct{}

func (printed) Stream(name, text string) {
	to := os.Stdout
	if name == "stderr" {
		to = os.Stderr
	}
	to.WriteString(text)
}

func (printed) Display(b display.Bundle, id string) {
	if text, ok := b.Data[display.MIMEText].(string); ok {
		os.Stdout.WriteString(text + "\n")
	}
}

func (printed) Update(b display.Bundle, id string) {}
func (printed) Clear(wait bool)                    {}
