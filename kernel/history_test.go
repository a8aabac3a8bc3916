package kernel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// ask returns the history as "session/line input" or "session/line input -> output".
func ask(t *testing.T, front *kerneltest.FrontEnd, req protocol.HistoryRequest) []string {
	t.Helper()
	x := front.Request(req)
	framed(t, x)
	list := []string{}
	for _, e := range kerneltest.Decode[protocol.HistoryReply](t, x.Reply()).History {
		s := fmt.Sprintf("%d/%d %s", e.Session, e.Line, e.Input)
		if e.Output != nil {
			s += " -> " + *e.Output
		}
		list = append(list, s)
	}
	return list
}

// session runs cells in a kernel of its own, which has ended when it returns.
func session(t *testing.T, dir string, cells ...string) {
	t.Helper()
	front := kerneltest.Start(t, simple(), kernel.Options{HistoryDir: dir})
	for _, c := range cells {
		front.Execute(c)
	}
	front.Control(protocol.ShutdownRequest{})
	if err := front.Ended(); err != nil {
		t.Fatal(err)
	}
}

func TestHistory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "history")
	session(t, dir, "1", "a1")
	session(t, dir, "a2", "1")
	front := kerneltest.Start(t, simple(), kernel.Options{HistoryDir: dir})
	if got := ask(t, front, protocol.HistoryRequest{Access: protocol.HistoryTail, N: new(3)}); !cmp.Equal(got, []string{"1/2 a1", "2/1 a2", "2/2 1"}) {
		t.Errorf("before the first cell the tail is %q", got)
	}
	front.Execute("1")
	front.Execute("hello")
	front.Execute("zz")

	for _, c := range []struct {
		req  protocol.HistoryRequest
		want []string
	}{
		{protocol.HistoryRequest{Access: "tail", N: new(4)}, []string{"2/2 1", "3/1 1", "3/2 hello", "3/3 zz"}},
		{protocol.HistoryRequest{Access: "tail", N: new(0)}, []string{}},
		{protocol.HistoryRequest{Access: "tail", N: new(2), Output: true}, []string{"3/2 hello -> ", "3/3 zz -> "}},
		{protocol.HistoryRequest{Access: "range"}, []string{"3/1 1", "3/2 hello", "3/3 zz"}},
		{protocol.HistoryRequest{Access: "range", Start: 2, Stop: new(3)}, []string{"3/2 hello"}},
		{protocol.HistoryRequest{Access: "range", Session: -1, Output: true}, []string{"2/1 a2 -> ", "2/2 1 -> 1"}},
		{protocol.HistoryRequest{Access: "range", Session: 1}, []string{"1/1 1", "1/2 a1"}},
		{protocol.HistoryRequest{Access: "range", Session: -9}, []string{}},
		{protocol.HistoryRequest{Access: "search", Pattern: "a?"}, []string{"1/2 a1", "2/1 a2"}},
		{protocol.HistoryRequest{Access: "search", Pattern: "*1"}, []string{"1/1 1", "1/2 a1", "2/2 1", "3/1 1"}},
		{protocol.HistoryRequest{Access: "search", Pattern: "1", Unique: true}, []string{"3/1 1"}},
		{protocol.HistoryRequest{Access: "search", Pattern: "1", N: new(2)}, []string{"2/2 1", "3/1 1"}},
		{protocol.HistoryRequest{Access: "search", N: new(1)}, []string{"3/3 zz"}},
	} {
		if diff := cmp.Diff(c.want, ask(t, front, c.req)); diff != "" {
			t.Errorf("%+v: %s", c.req, diff)
		}
	}
}

func TestHistoryWithoutADirectory(t *testing.T) {
	front := start(t, simple())
	front.Execute("1")
	if got := ask(t, front, protocol.HistoryRequest{Access: "tail"}); !cmp.Equal(got, []string{"1/1 1"}) {
		t.Errorf("the tail is %q", got)
	}
}

func TestHistoryOfAKernelThatRanNothingLeavesNoFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "history")
	session(t, dir)
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("there is a directory: %v", err)
	}
}

func TestHistorySurvivesDamage(t *testing.T) {
	dir := t.TempDir()
	session(t, dir, "1", "a1")
	file := filepath.Join(dir, "1.jsonl")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append([]byte("\x00\xff garbage\n"), data[:len(data)-5]...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, stranger := range []string{"notes.txt", "x.jsonl", "-3.jsonl"} {
		if err := os.WriteFile(filepath.Join(dir, stranger), []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	front := kerneltest.Start(t, simple(), kernel.Options{HistoryDir: dir})
	front.Execute("hello")
	if got := ask(t, front, protocol.HistoryRequest{Access: "tail"}); !cmp.Equal(got, []string{"1/1 1", "2/1 hello"}) {
		t.Errorf("the tail is %q", got)
	}
}

func TestHistoryThatCannotBeWrittenDoesNotStopCells(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	log, text := logged()
	front := kerneltest.Start(t, simple(), kernel.Options{HistoryDir: filepath.Join(file, "history"), Log: log})
	framed(t, front.Execute("1"))
	if got := ask(t, front, protocol.HistoryRequest{Access: "tail"}); !cmp.Equal(got, []string{"1/1 1"}) {
		t.Errorf("the tail is %q", got)
	}
	front.Control(protocol.ShutdownRequest{})
	if err := front.Ended(); err != nil {
		t.Fatal(err)
	}
	if strings.Count(text.String(), "history") != 1 {
		t.Errorf("the log says:\n%s", text)
	}
}

func TestKernelsWriteHistoryAtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	var kernels sync.WaitGroup
	for range 5 {
		front := kerneltest.Start(t, simple(), kernel.Options{HistoryDir: dir})
		kernels.Go(func() {
			for range 20 {
				front.Execute("1")
			}
		})
	}
	kernels.Wait()
	front := kerneltest.Start(t, simple(), kernel.Options{HistoryDir: dir})
	seen := map[string]bool{}
	for _, e := range ask(t, front, protocol.HistoryRequest{Access: "tail"}) {
		seen[e] = true
	}
	for s := 1; s <= 5; s++ {
		for line := 1; line <= 20; line++ {
			if !seen[fmt.Sprintf("%d/%d 1", s, line)] {
				t.Errorf("session %d has lost its line %d", s, line)
			}
		}
	}
}
