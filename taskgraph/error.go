package taskgraph

import (
	"fmt"
	"reflect"

	"github.com/dagbook/dagbook/taskgraph/sched"
)

// Error says that a graph was built wrongly: a wrong argument, a wrong
// number of them, something that is not a function. It is what Delayed and
// the functions it makes panic with, because the mistake is in the program
// and should be seen where it stands, not when the graph is computed.
// A notebook shows it as a plain error.
type Error struct {
	Func string // the function concerned, as the user named it; may be empty
	Arg  int    // the argument concerned, counted from 1; 0 for none
	Msg  string // the whole sentence
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Msg }

func errorf(format string, args ...any) *Error {
	return &Error{Msg: fmt.Sprintf(format, args...)}
}

// TaskError is the error of Compute when a task fails: its key, what its
// function returned, and the stack when it panicked.
type TaskError = sched.TaskError

// PanicError is the Err of a TaskError whose task panicked.
type PanicError = sched.PanicError

// CancelledError is the error of Compute when its context ends before it
// does.
type CancelledError = sched.CancelledError

// typeName is a type as a user would write it.
func typeName(t reflect.Type) string {
	if t == nil {
		return "nil"
	}
	if t == anyType {
		return "any"
	}
	return t.String()
}

// article puts "a" or "an" before a type's name.
func article(t reflect.Type) string {
	name := typeName(t)
	if name == "nil" {
		return name
	}
	switch name[0] {
	case 'a', 'e', 'i', 'o':
		return "an " + name
	}
	return "a " + name
}
