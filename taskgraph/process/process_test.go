package process_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/process"
	"github.com/dagbook/dagbook/taskgraph/sched"
	"github.com/dagbook/dagbook/taskgraph/sched/schedtest"
)

func TestMain(m *testing.M) {
	if process.IsWorker() {
		os.Exit(process.Serve(functions{}))
	}
	goleak.VerifyTestMain(m)
}

// functions are those of the workers of these tests.
type functions struct{}

var types = codec.NewRegistry()

func init() { types.Add(reflect.TypeFor[celsius]()) }

func (functions) Types() codec.Types    { return types }
func (functions) Load(data []any) error { fmt.Println("loaded", data); return nil }
func (functions) Call(ctx context.Context, name string, args []any) (any, error) {
	switch name {
	case "call back":
		return callBack(args[0].(string), args[1].(int), args[2:])
	case "pid":
		return os.Getpid(), nil
	case "print":
		fmt.Print(args...)
		fmt.Fprint(os.Stderr, "to the other one")
		return nil, nil
	case "exit":
		fmt.Fprintln(os.Stderr, "last words")
		fmt.Println("printed")
		process.Exit(3)
	case "panic":
		panic(fmt.Sprint("oh ", args[0]))
	case "goexit":
		runtime.Goexit()
	case "fail":
		return nil, fmt.Errorf("no file: %w", os.ErrNotExist)
	case "func":
		return func() {}, nil
	case "once": // fails until the file is there
		if _, err := os.Stat(args[0].(string)); err == nil {
			return "there", nil
		}
		os.WriteFile(args[0].(string), nil, 0o600)
		os.Exit(1)
	case "stuck":
		select {}
	case "echo":
		return args[0], nil
	case "add":
		return args[0].(int) + args[1].(int), nil
	}
	return nil, fmt.Errorf("there is no function %s", name)
}

// The conformance suite watches its tasks through variables that they share.
// So here the tasks travel to a worker and back: the worker asks this process
// over a connection to run the task's function with the values that have
// arrived there, and returns what it gets.

// viaWorkers is a Pool whose tasks all go to its workers.
type viaWorkers struct {
	process.Pool
	t *testing.T
}

func (v viaWorkers) Execute(ctx context.Context, plan sched.Plan) ([]any, error) {
	home := newHome(v.t)
	defer home.close()
	var b graph.Builder
	for id := range graph.ID(plan.Graph.Len()) {
		task := plan.Graph.Task(id)
		task.Work = home.wrap(task.Work)
		b.Add(task, plan.Graph.Inputs(id)...)
	}
	plan.Graph = b.Graph()
	values, err := v.Pool.Execute(ctx, plan)
	var failed *sched.TaskError
	if errors.As(err, &failed) {
		if remote, ok := failed.Err.(*process.RemoteError); ok {
			failed.Err = home.original(remote)
		}
	}
	return values, err
}

// home runs the tasks' functions.
type home struct {
	l     net.Listener
	codec *codec.Codec
	wg    sync.WaitGroup

	mu     sync.Mutex
	works  []graph.Work
	errors map[string]error
}

func newHome(t *testing.T) *home {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &home{l: l, codec: codec.New(types), errors: map[string]error{}}
	h.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			h.wg.Go(func() { h.serve(c) })
		}
	})
	return h
}

func (h *home) close() { h.l.Close() }

func (h *home) original(remote *process.RemoteError) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.errors[remote.Msg]; err != nil {
		return err
	}
	return remote
}

type away struct {
	graph.Work
	h *home
	n int
}

func (h *home) wrap(w graph.Work) graph.Work {
	if w == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.works = append(h.works, w)
	return &away{w, h, len(h.works) - 1}
}

func (a *away) Call(inputs []any) (process.Call, bool, error) {
	return process.Call{Func: "call back", Args: append([]any{a.h.l.Addr().String(), a.n}, inputs...)}, true, nil
}

// serve runs one function; its context ends with the connection.
func (h *home) serve(c net.Conn) {
	defer c.Close()
	values, err := receive(h.codec, c)
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		c.Read(make([]byte, 1))
		cancel()
	}()
	h.mu.Lock()
	work := h.works[values[0].(int)]
	h.mu.Unlock()
	outcome := []any{nil, "", "", false}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				outcome[2] = fmt.Sprint(p)
				_, outcome[3] = p.(runtime.Error)
			}
		}()
		outcome[1] = "goexit"
		v, err := work.Run(ctx, values[1:])
		outcome[0], outcome[1] = v, ""
		if err != nil {
			outcome[0], outcome[1] = nil, err.Error()
			h.mu.Lock()
			h.errors[err.Error()] = err
			h.mu.Unlock()
		}
	}()
	<-done
	send(h.codec, c, outcome)
}

// runtimeError stands for the run-time's own.
type runtimeError string

func (e runtimeError) Error() string { return string(e) }
func (e runtimeError) RuntimeError() {}

func callBack(addr string, n int, inputs []any) (any, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	cod := codec.New(types)
	send(cod, c, append([]any{n}, inputs...))
	outcome, err := receive(cod, c)
	switch {
	case err != nil:
		return nil, err
	case outcome[3] == true:
		panic(runtimeError(outcome[2].(string)))
	case outcome[2] != "":
		panic(outcome[2])
	case outcome[1] == "goexit":
		runtime.Goexit()
	case outcome[1] != "":
		return nil, errors.New(outcome[1].(string))
	}
	return outcome[0], nil
}

func send(c *codec.Codec, w io.Writer, values []any) {
	data, err := c.Append(nil, values)
	if err != nil {
		panic(err)
	}
	w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(data))), data...))
}

func receive(c *codec.Codec, r io.Reader) ([]any, error) {
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	data := make([]byte, binary.LittleEndian.Uint64(size[:]))
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	v, err := c.Decode(data)
	if err != nil {
		return nil, err
	}
	return v.([]any), nil
}

func TestConformance(t *testing.T) {
	schedtest.TestExecutor(t, viaWorkers{process.Pool{Workers: 3, Types: types}, t}, schedtest.Concurrent(), schedtest.Elsewhere())
}

// at is a task at a worker.
type at struct {
	graph.Work
	call process.Call
}

func (a at) Call(inputs []any) (process.Call, bool, error) {
	c := a.call
	c.Args = append(append([]any{}, c.Args...), inputs...)
	return c, true, nil
}

func call(name string, args ...any) graph.Work {
	return at{nil, process.Call{Func: name, Args: args}}
}

func execute(t *testing.T, p process.Pool, tasks ...graph.Task) ([]any, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var b graph.Builder
	var ids []graph.ID
	for _, task := range tasks {
		ids = append(ids, b.Add(task))
	}
	return p.Execute(ctx, sched.Plan{Graph: b.Graph(), Outputs: ids})
}

func TestRunsElsewhere(t *testing.T) {
	got, err := execute(t, process.Pool{Workers: 1}, graph.Task{Work: call("pid")}, graph.Task{Work: call("pid")}, graph.Task{Work: call("add", 1, 2)})
	if err != nil || got[0] == os.Getpid() || got[0] != got[1] || got[2] != 3 {
		t.Errorf("got %v, %v; this is %d", got, err, os.Getpid())
	}
}

func TestOutput(t *testing.T) {
	var out, errs strings.Builder
	_, err := execute(t, process.Pool{Workers: 1, Stdout: &out, Stderr: &errs}, graph.Task{Work: call("print", "a\n", "b\x00")})
	if err != nil || out.String() != "a\nb\x00" || errs.String() != "to the other one" {
		t.Errorf("printed %q and %q, %v", out.String(), errs.String(), err)
	}
}

func TestSource(t *testing.T) {
	var out strings.Builder
	asked := 0
	src := &process.Source{Func: "add", Make: func() ([]any, uint64, error) {
		asked++
		return []any{"text", 5}, 1, nil
	}}
	task := graph.Task{Work: at{nil, process.Call{Func: "another", Args: []any{1, 1}, Source: src}}}
	if _, err := execute(t, process.Pool{Workers: 1, Stdout: &out}, task, task); err != nil || out.String() != "loaded [text 5]\n" || asked != 1 {
		t.Errorf("printed %q, %v, made %d times; want one loading", out.String(), err, asked)
	}
}

// TestSourceOfType: a type is made known before a value of it travels, even inside an
// interface, and once.
func TestSourceOfType(t *testing.T) {
	var out strings.Builder
	known := sourced{types, &process.Source{Make: func() ([]any, uint64, error) { return []any{"celsius"}, 1, nil }}}
	task := graph.Task{Work: call("echo", []any{celsius(21)})}
	got, err := execute(t, process.Pool{Workers: 1, Stdout: &out, Types: known}, task, task, graph.Task{Work: call("echo", 3)})
	if err != nil || fmt.Sprint(got) != "[[21] [21] 3]" || out.String() != "loaded [celsius]\n" {
		t.Errorf("got %v, %v, printed %q", got, err, out.String())
	}
}

type celsius float64

type sourced struct {
	*codec.Registry
	source *process.Source
}

func (s sourced) Sources(t reflect.Type) []*process.Source {
	if t == reflect.TypeFor[celsius]() {
		return []*process.Source{s.source}
	}
	return nil
}

// TestSourcesOfStates: what was loaded is loaded again after something of another state.
func TestSourcesOfStates(t *testing.T) {
	var out strings.Builder
	work := func(state uint64) graph.Work {
		src := &process.Source{Func: "add", Make: func() ([]any, uint64, error) { return []any{int(state)}, state, nil }}
		return at{nil, process.Call{Args: []any{1, 1}, Source: src}}
	}
	one, two := graph.Task{Work: work(1)}, graph.Task{Work: work(2)}
	if _, err := execute(t, process.Pool{Workers: 1, Stdout: &out}, one, two, one); err != nil || out.String() != "loaded [1]\nloaded [2]\nloaded [1]\n" {
		t.Errorf("printed %q, %v", out.String(), err)
	}
}

// TestSourceFails: the error of a source is the task's.
func TestSourceFails(t *testing.T) {
	src := &process.Source{Make: func() ([]any, uint64, error) { return nil, 0, errors.New("it holds a local variable") }}
	_, err := execute(t, process.Pool{Workers: 1}, graph.Task{Work: at{nil, process.Call{Source: src}}})
	if err == nil || !strings.Contains(err.Error(), "it holds a local variable") {
		t.Errorf("error %v", err)
	}
}

func TestFailures(t *testing.T) {
	key := graph.Key{Name: "task", Token: 1}
	for _, test := range []struct {
		name string
		work graph.Work
		want string
	}{
		{"error", call("fail"), "task task-0000000000000001 failed: no file: file does not exist"},
		{"panic", call("panic", "no"), "task task-0000000000000001 panicked: oh no"},
		{"goexit", call("goexit"), "it ended its own goroutine"},
		{"exit", call("exit"), "its worker process ended (exit status 3), after writing:\nlast words"},
		{"unknown", call("nothing"), "there is no function nothing"},
		{"argument", call("add", 1, func() {}), "argument 2: a func() cannot travel: a function stays in the program that made it"},
		{"value", call("func"), "its value cannot be sent back: a func() cannot travel"},
	} {
		var out, errs strings.Builder
		_, err := execute(t, process.Pool{Workers: 1, Stdout: &out, Stderr: &errs}, graph.Task{Key: key, Work: test.work})
		if want := map[string]string{"exit": "printed\n"}[test.name]; out.String() != want {
			t.Errorf("%s: printed %q, want %q", test.name, out.String(), want)
		}
		var failed *sched.TaskError
		if !errors.As(err, &failed) || failed.Key != key || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
	}
}

// TestCrashIsRetried: a task whose worker dies is run again by another.
func TestCrashIsRetried(t *testing.T) {
	path := t.TempDir() + "/there"
	retry := &graph.Policy{Retries: 1}
	got, err := execute(t, process.Pool{Workers: 1}, graph.Task{Work: call("once", path), Policy: retry}, graph.Task{Work: call("add", 1, 2)})
	if err != nil || got[0] != "there" || got[1] != 3 {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestStuck: a function that never returns ends with its process.
func TestStuck(t *testing.T) {
	limit := &graph.Policy{Timeout: 50 * time.Millisecond}
	_, err := execute(t, process.Pool{Workers: 1}, graph.Task{Work: call("stuck"), Policy: limit})
	var late *sched.TimeoutError
	if !errors.As(err, &late) {
		t.Errorf("error %v", err)
	}
}

func TestNoBinary(t *testing.T) {
	pool := process.Pool{Command: func() *exec.Cmd { return exec.Command("/nonexistent") }}
	if _, err := execute(t, pool, graph.Task{Work: call("pid")}); err == nil || !strings.Contains(err.Error(), "a worker process could not be started") {
		t.Errorf("error %v", err)
	}
}
