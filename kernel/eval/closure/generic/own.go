package generic

import (
	"reflect"
	"unsafe"
)

// Own tells the funcs that the user of this package made itself, by reflect.MakeFunc,
// from those that it did not: nil for the latter. It is given what a func variable holds,
// never nil.
type Own func(fn unsafe.Pointer) Calls

// Calls are calls of one func, one after another on one goroutine.
type Calls interface {
	// Call calls the func with the arguments at a and b, of which it takes what it has
	// parameters for, and returns where its result is until the next call.
	Call(a, b unsafe.Pointer) unsafe.Pointer
	// End follows the last call, also one that has panicked.
	End()
}

// calls returns the calls of fn, nil when it is not the user's own.
func (o Own) calls(fn addr) Calls {
	if o == nil || fn == nil {
		return nil
	}
	return o(fn)
}

// caller returns the caller of funcs of type fn.
func (r request) caller(fn reflect.Type) *caller {
	c := callerOf(fn)
	c.own = r.own
	return c
}

// bound is a caller for one func.
type bound struct {
	*caller
	fn    addr
	calls Calls // of an own func, else nil
}

// on begins calls of fn, which end has to follow.
func (c *caller) on(fn addr) *bound { return &bound{c, fn, c.own.calls(fn)} }

func (b *bound) end() {
	if b.calls != nil {
		b.calls.End()
	}
}

// test calls the func and returns its bool.
func (b *bound) test(x, y addr) bool {
	if b.calls != nil {
		return load[bool](b.calls.Call(x, y))
	}
	return uint8(b.call(b.fn, x, y)) != 0
}

// compare calls the func and returns its int.
func (b *bound) compare(x, y addr) int {
	if b.calls != nil {
		return load[int](b.calls.Call(x, y))
	}
	return int(b.call(b.fn, x, y))
}
