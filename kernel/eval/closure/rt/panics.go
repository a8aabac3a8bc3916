package rt

import (
	"errors"
	"reflect"
	"runtime"
	"sync"
)

// The errors with which Go's runtime panics have types that only the runtime can name, or
// fields that only it can set. Programs see the types with %T and errors.As.

// recovered is what the function panics with.
func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// notLike says that Go's runtime has another form than this package knows.
func notLike(what string) error { return errors.New("rt: runtime." + what + " is not what it was") }

var errorString = sync.OnceValue(func() reflect.Type {
	n := -1
	return reflect.TypeOf(recovered(func() { _ = make([]int, n) }))
})

// ErrorString gives the error that Go's runtime panics with for most that has only a text, which
// begins with "runtime error: ".
func ErrorString(text string) error {
	v := reflect.New(errorString()).Elem()
	if v.Kind() != reflect.String {
		return notLike("errorString")
	}
	v.SetString(text)
	err, _ := v.Interface().(error)
	return err
}

// Bounds is how an index or a length is wrong.
type Bounds int

// These are the ones that Go code cannot be made to panic with for every length.
const (
	SliceOfArray  Bounds = iota // [:x] with length y
	Slice3OfArray               // [::x] with length y
	ArrayOfSlice                // a slice of length y is converted to an array of length x
	boundsKinds
)

// bounds is an error for each kind, with other numbers.
var bounds = sync.OnceValue(func() (list [boundsKinds]reflect.Value) {
	x, a := 5, new([4]int)
	for i, f := range []func(){
		func() { _ = a[:x] },
		func() { _ = a[0:0:x] },
		func() { _ = [4]int(a[:x-4]) },
	} {
		list[i] = reflect.ValueOf(recovered(f))
	}
	return list
})

// BoundsError gives the error that Go's runtime panics with for a wrong index or length.
func BoundsError(kind Bounds, x, y int) error {
	like := bounds()[kind]
	v := reflect.New(like.Type()).Elem()
	v.Set(like)
	for name, n := range map[string]int{"x": x, "y": y} {
		f := v.FieldByName(name)
		if !f.CanInt() {
			return notLike("boundsError")
		}
		reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem().SetInt(int64(n))
	}
	err, _ := v.Interface().(error)
	return err
}

// AssertionError gives the error that Go's runtime panics with when a value of an interface
// type is not of type asserted. iface is nil when that is an interface type, concrete when the
// value is nil; missing names a method that the concrete type has not, or is "".
func AssertionError(iface, concrete, asserted reflect.Type, missing string) error {
	e := new(runtime.TypeAssertionError)
	v := reflect.ValueOf(e).Elem()
	for name, t := range map[string]reflect.Type{"_interface": iface, "concrete": concrete, "asserted": asserted} {
		f := v.FieldByName(name)
		if f.Kind() != reflect.Pointer {
			return notLike("TypeAssertionError")
		}
		if t != nil {
			*(*Word)(f.Addr().UnsafePointer()) = TypeWord(t)
		}
	}
	f := v.FieldByName("missingMethod")
	if f.Kind() != reflect.String {
		return notLike("TypeAssertionError")
	}
	*(*string)(f.Addr().UnsafePointer()) = missing
	return e
}

// MissingMethod names the method of the interface type iface that the runtime misses in
// concrete; "" when none is missing.
func MissingMethod(iface, concrete reflect.Type) string {
	err, ok := recovered(func() { getitab(word(iface), word(concrete), false) }).(*runtime.TypeAssertionError)
	if !ok {
		return ""
	}
	f := reflect.ValueOf(err).Elem().FieldByName("missingMethod")
	if f.Kind() != reflect.String {
		return ""
	}
	return f.String()
}
