package taskgraph

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

type shape interface{ Area() float64 }

type square struct{ side float64 }

func (s square) Area() float64 { return s.side * s.side }

func grow(s square, by float64) (shape, error) {
	if by < 0 {
		return nil, errors.New("it would shrink")
	}
	return square{s.side * by}, nil
}

func area(s shape) float64             { return s.Area() }
func pid(context.Context) int          { return os.Getpid() }
func opened() (*os.File, error)        { return os.Open(os.DevNull) }
func sumAndCount(xs ...int) (int, int) { return sum(xs), len(xs) }
func crash()                           { os.Exit(7) }
func unregistered() int                { return 1 }

func registerForTests() {
	Register(grow, area, pid, opened, sumAndCount, crash, Func{Name: "twice", Fn: func(x int) int { return 2 * x }})
}

func TestProcesses(t *testing.T) {
	away := With(Processes(2))
	big := Delayed(grow)(square{2}, 3.0)
	counted := Delayed(sumAndCount)(Value(1).Add(1), 3, 4)
	twice := Delayed(Func{Name: "twice", Fn: func(x int) int { return 2 * x }})
	got, err := away.Compute(Delayed(area)(big), counted.Out(0).Add(counted.Out(1)), big, twice(21), Delayed(pid)())
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got[:4]) != "[36 12 {6} 42]" || got[4] == os.Getpid() {
		t.Errorf("got %v; this is process %d", got, os.Getpid())
	}
}

func TestProcessesRefuse(t *testing.T) {
	for _, test := range []struct {
		node *Node
		want string
	}{
		{Delayed(unregistered)(), "worker processes do not know the function unregistered: call taskgraph.Register(unregistered) and then taskgraph.WorkerMain() at the beginning of main"},
		{Delayed(opened)(), "its value cannot be sent back: an os.File cannot travel: package os keeps to itself what it holds"},
		{Delayed(grow)(square{1}, -1.0), "it would shrink"},
		{Delayed(crash)(), "its worker process ended (exit status 7)"},
	} {
		if _, err := test.node.Compute(Processes(1)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestRegisterRefuses(t *testing.T) {
	for _, test := range []struct {
		v    any
		want string
	}{
		{nil, "Register needs functions, or values of types that may travel, but got nil"},
		{func() {}, "a function literal has no name"},
		{grow, "there is a function github.com/dagbook/dagbook/taskgraph.grow already"},
	} {
		err := func() (err any) {
			defer func() { err = recover() }()
			Register(test.v)
			return nil
		}()
		if !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
