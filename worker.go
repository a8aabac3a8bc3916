package main

import (
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/array"
	"github.com/dagbook/dagbook/taskgraph/frame"
	"github.com/dagbook/dagbook/taskgraph/process"
)

// serveTasks is the main function of a worker process: it runs tasks of a notebook whose
// cells compute with taskgraph.Processes. The interrupts of a notebook go to all its
// processes; the kernel decides what becomes of a worker.
func serveTasks() int {
	signal.Ignore(os.Interrupt)
	allowDeepStacks()
	limitMemory(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	var w *eval.Worker
	runner := taskgraph.New(taskgraph.WorkerProcess(workers(func() *eval.Session { return w.Session() })))
	w, err := eval.NewWorker(closure.New, eval.Options{Bind: bindings(runner, func() *eval.Session { return w.Session() }), Exit: process.Exit})
	if err != nil {
		fmt.Fprintln(os.Stderr, "dagbook:", err)
		return 1
	}
	go endOverMemory()
	return taskgraph.Serve(w)
}

// endOverMemory ends a worker that has reached the limit of memory, as the kernel would end
// a cell: the task fails, with this as its worker's last words. It looks as long as the
// process lives.
func endOverMemory() {
	for range time.Tick(100 * time.Millisecond) {
		if err := closure.OverMemory(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1) // not process.Exit: to wait for what was printed takes more memory
		}
	}
}

// bindings are the functions of package taskgraph that belong to a session.
func bindings(r *taskgraph.Runner, session func() *eval.Session) map[string]map[string]any {
	bound := map[string]any{
		"Delayed": r.Delayed, "Value": r.Value, "With": r.With, "Submit": r.Submit,
		"Processes": func(n int) taskgraph.Option {
			if session().Types() == nil {
				panic(&taskgraph.Error{Func: "Processes", Msg: fmt.Sprintf("Processes: functions of the engine %s stay in the kernel's process; the engine closure, the default one, can send them to others", session().Engine())})
			}
			return taskgraph.Processes(n)
		},
	}
	for name, make1 := range r.Instances() {
		bound[name] = eval.Generic(func(types []reflect.Type, sig reflect.Type, named func(any) any) reflect.Value {
			return make1(taskgraph.Instance{Types: types, Sig: sig, Named: named})
		})
	}
	m := array.New(r)
	arrays := map[string]any{
		"FromDelayed": m.FromDelayed, "FromArray": m.FromArray, "FromHDF5": m.FromHDF5, "Zeros": m.Zeros, "Ones": m.Ones,
		"Full": m.Full, "Arange": m.Arange, "NewRandom": m.NewRandom, "Compute": m.Compute,
	}
	f := frame.NewMaker(r)
	frames := map[string]any{"ReadCSVs": f.ReadCSVs, "ReadParquets": f.ReadParquets, "FromDelayed": f.FromDelayed, "FromFrame": f.FromFrame, "Compute": f.Compute}
	return map[string]map[string]any{
		symbols.Module + "taskgraph": bound, symbols.Module + "taskgraph/array": arrays, symbols.Module + "taskgraph/frame": frames,
	}
}

// workers are the processes of a session's tasks: what they print is the cell's.
func workers(session func() *eval.Session) process.Pool {
	return process.Pool{Types: sessionTypes{session}, Stdout: sessionOutput{session, false}, Stderr: sessionOutput{session, true}}
}

// sessionTypes are the types of a session that is made later.
type sessionTypes struct{ session func() *eval.Session }

func (t sessionTypes) Name(typ reflect.Type) (string, error)  { return t.session().Types().Name(typ) }
func (t sessionTypes) Type(name string) (reflect.Type, error) { return t.session().Types().Type(name) }
func (t sessionTypes) Sources(typ reflect.Type) []*process.Source {
	return t.session().Types().Sources(typ)
}

// sessionOutput is the output of the cell that the writing goroutine belongs to.
type sessionOutput struct {
	session func() *eval.Session
	stderr  bool
}

func (o sessionOutput) Write(b []byte) (int, error) {
	if o.stderr {
		return o.session().Stderr().Write(b)
	}
	return o.session().Stdout().Write(b)
}

var _ taskgraph.Program = (*eval.Worker)(nil)
