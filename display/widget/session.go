package widget

// These functions are for cells: in a notebook they are those of the session's [Set].

// Interact shows widgets for the parameters of a function and calls it with their values; see
// [Set.Interact]. Outside a notebook it panics with an [*Error].
func Interact(f any, controls ...any) *Interactive { panic(errNoSession("Interact")) }

// NewInteractive is Interact without showing anything; see [Set.Interactive]. Outside a
// notebook it panics with an [*Error].
func NewInteractive(f any, controls ...any) *Interactive { panic(errNoSession("NewInteractive")) }

// JSLink keeps two values equal in the front ends; see [Set.JSLink]. Outside a notebook it
// panics with an [*Error].
func JSLink(a Widget, keyA string, b Widget, keyB string) *Linked { panic(errNoSession("JSLink")) }

// JSDLink keeps the second value equal to the first in the front ends; see [Set.JSDLink].
// Outside a notebook it panics with an [*Error].
func JSDLink(source Widget, key string, target Widget, targetKey string) *Linked {
	panic(errNoSession("JSDLink"))
}

func errNoSession(name string) *Error {
	return errorf("%s needs a notebook: there is no front end here that could show a widget", name)
}
