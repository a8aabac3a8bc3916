package generic_test

import (
	"cmp"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha3"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io/fs"
	"iter"
	"math/rand/v2"
	"net"
	"reflect"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
	"unique"
	"weak"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

// instance returns Func's instance of the function as an F.
func instance[F any](t *testing.T, pkg, name string, targs ...reflect.Type) F {
	t.Helper()
	f, ok := generic.Func(pkg, name, targs, reflect.TypeFor[F]())
	if !ok {
		t.Fatalf("%s.%s%v is not known", pkg, name, targs)
	}
	return f.Interface().(F)
}

// method is instance of Method.
func method[F any](t *testing.T, pkg, typeName, name string, targs ...reflect.Type) F {
	t.Helper()
	f, ok := generic.Method(pkg, typeName, name, targs, reflect.TypeFor[F]())
	if !ok {
		t.Fatalf("%s.%s%v.%s is not known", pkg, typeName, targs, name)
	}
	return f.Interface().(F)
}

type coded struct {
	code int
	text string
	more [2]int
}

func (c coded) Error() string { return c.text }

type shouting struct{ error }

func (s shouting) As(target any) bool {
	c, ok := target.(*coded)
	if ok {
		*c = coded{code: 9}
	}
	return ok
}

func TestErrorsAsType(t *testing.T) {
	path := &fs.PathError{Op: "open", Err: errors.New("x")}
	for _, err := range []error{
		nil, path, fs.ErrExist, coded{code: 1},
		fmt.Errorf("a: %w", path),
		errors.Join(fs.ErrExist, fmt.Errorf("b: %w", coded{code: 2}), path),
		fmt.Errorf("%w, %w", fs.ErrExist, &net.OpError{Op: "dial", Err: fs.ErrExist}),
		shouting{fs.ErrExist},
	} {
		sameAsType[*fs.PathError](t, err)
		sameAsType[coded](t, err)
		sameAsType[net.Error](t, err)
		sameAsType[error](t, err)
		sameAsType[shouting](t, err)
	}
}

func sameAsType[E error](t *testing.T, err error) {
	t.Helper()
	sameAs(t, "errors.AsType", []reflect.Type{reflect.TypeFor[E]()}, errors.AsType[E], func(*diary) []any { return []any{err} })
}

func TestReflect(t *testing.T) {
	if got := instance[func() reflect.Type](t, "reflect", "TypeFor", reflect.TypeFor[star]())(); got != reflect.TypeFor[star]() {
		t.Errorf("TypeFor is %v", got)
	}
	var no error
	for _, v := range []reflect.Value{
		{}, reflect.ValueOf(1), reflect.ValueOf("x"), reflect.ValueOf(star{name: "x"}), reflect.ValueOf(true), reflect.ValueOf(wide{name: "x"}),
		reflect.ValueOf(celsius(1)), reflect.ValueOf(&no).Elem(), reflect.ValueOf(&[]any{celsius(2)}[0]).Elem(),
		reflect.ValueOf(star{name: "x"}).Field(0),
	} {
		sameTypeAssert[int](t, v)
		sameTypeAssert[bool](t, v)
		sameTypeAssert[star](t, v)
		sameTypeAssert[wide](t, v)
		sameTypeAssert[stringer](t, v)
		sameTypeAssert[any](t, v)
		sameTypeAssert[celsius](t, v)
	}
}

func sameTypeAssert[T any](t *testing.T, v reflect.Value) {
	t.Helper()
	want, got := new(diary), new(diary)
	f := instance[func(reflect.Value) (T, bool)](t, "reflect", "TypeAssert", reflect.TypeFor[T]())
	attempt(want, func() { x, ok := reflect.TypeAssert[T](v); want.note("is", x, ok) })
	attempt(got, func() { x, ok := f(v); got.note("is", x, ok) })
	if got.lines[0] != want.lines[0] {
		t.Errorf("TypeAssert of %v to %v: %s, want %s", v, reflect.TypeFor[T](), got.lines[0], want.lines[0])
	}
}

// digest is a hash of a type of its own.
type digest struct{ hash.Hash }

func TestHashes(t *testing.T) {
	sameHashes(t, sha256.New)
	sameHashes(t, sha3.New256)
	sameHashes(t, func() digest { return digest{sha256.New()} })
}

func sameHashes[H hash.Hash](t *testing.T, h func() H) {
	targs := []reflect.Type{reflect.TypeFor[H]()}
	secret, salt := []byte("the secret"), []byte("the salt of at least sixteen bytes")
	sameAs(t, "crypto/hkdf.Extract", targs, hkdf.Extract[H], func(*diary) []any { return []any{h, secret, salt} })
	sameAs(t, "crypto/hkdf.Expand", targs, hkdf.Expand[H], func(*diary) []any { return []any{h, secret, "info", 40} })
	sameAs(t, "crypto/hkdf.Expand", targs, hkdf.Expand[H], func(*diary) []any { return []any{h, secret, "info", 1 << 20} })
	sameAs(t, "crypto/hkdf.Key", targs, hkdf.Key[H], func(*diary) []any { return []any{h, secret, salt, "info", 40} })
	sameAs(t, "crypto/pbkdf2.Key", targs, pbkdf2.Key[H], func(*diary) []any { return []any{h, "word", salt, 10, 20} })
}

func TestHashesRefuse(t *testing.T) {
	sig := reflect.TypeFor[func(func() star, []byte, []byte) ([]byte, error)]()
	if _, ok := generic.Func("crypto/hkdf", "Extract", []reflect.Type{reflect.TypeFor[star]()}, sig); ok {
		t.Error("there is an hkdf.Extract for a type that is no hash")
	}
}

func TestRandN(t *testing.T) {
	sameN[int](t)
	sameN[grade](t)
	sameN[time.Duration](t)
	sameN[uintptr](t)
	sameN[uint16](t)
}

func sameN[I ~int | ~int8 | ~int64 | ~uintptr | ~uint16](t *testing.T) {
	n := instance[func(I) I](t, "math/rand/v2", "N", reflect.TypeFor[I]())
	seen := map[I]bool{}
	for range 200 {
		x := n(3)
		if x < 0 || x > 2 {
			t.Fatalf("N(3) is %v", x)
		}
		seen[x] = true
	}
	if len(seen) != 3 {
		t.Errorf("200 times N(3) gave only %v", seen)
	}
	sameAs(t, "math/rand/v2.N", []reflect.Type{reflect.TypeFor[I]()}, rand.N[I], func(*diary) []any { return []any{I(0)} })
}

func TestMaphash(t *testing.T) {
	sameHash(t, 1, 2)
	sameHash(t, "a", "b")
	sameHash(t, star{name: string([]byte("x"))}, star{name: "y"})
	sameHash(t, wide{name: string([]byte("x"))}, wide{})
	sameHash(t, [2]any{1, "a"}, [2]any{1, "b"})
}

func sameHash[T comparable](t *testing.T, a, b T) {
	seed, typ := maphash.MakeSeed(), reflect.TypeFor[T]()
	sum := instance[func(maphash.Seed, T) uint64](t, "hash/maphash", "Comparable", typ)
	if sum(seed, a) != sum(seed, a) || sum(seed, a) == sum(seed, b) {
		t.Errorf("the hashes of %v are %x, %x and of %v %x", a, sum(seed, a), sum(seed, a), b, sum(seed, b))
	}
	write := instance[func(*maphash.Hash, T)](t, "hash/maphash", "WriteComparable", typ)
	total := func(values ...T) uint64 {
		var h maphash.Hash
		h.SetSeed(seed)
		for _, v := range values {
			write(&h, v)
		}
		return h.Sum64()
	}
	if total(a, b) != total(a, b) || total(a, b) == total(b, a) {
		t.Errorf("the hashes of %v and %v are %x and %x, turned %x", a, b, total(a, b), total(a, b), total(b, a))
	}
}

func TestUnique(t *testing.T) {
	sameUnique(t, 1, 2)
	sameUnique(t, "a", "b")
	sameUnique(t, any(1), any("1"))
	sameUnique(t, star{name: "x", light: 1}, star{name: "y"})
	sameUnique(t, wide{name: "x"}, wide{name: "y"})
	sameUnique(t, narrow{a: 1}, narrow{a: 2})
	sameUnique(t, [1]*int{&numbers[1]}, [1]*int{})
}

func sameUnique[T comparable](t *testing.T, a, b T) {
	typ := reflect.TypeFor[T]()
	mk := instance[func(T) unique.Handle[T]](t, "unique", "Make", typ)
	value := method[func(*unique.Handle[T]) T](t, "unique", "Handle", "Value", typ)
	h, again, other := mk(a), mk(a), mk(b)
	if h != again || h == other {
		t.Errorf("the handles of %v are %v and %v, of %v %v", a, h, again, b, other)
	}
	runtime.GC()
	if mk(a) != h {
		t.Errorf("the handle of %v changed while it was held", a)
	}
	if value(&h) != a || h.Value() != a || value(&other) != b {
		t.Errorf("the values of the handles are %v, %v and %v, want %v, %v", value(&h), h.Value(), value(&other), a, b)
	}
	runtime.KeepAlive(h)
}

func TestUniqueEmpty(t *testing.T) {
	mk := instance[func([0]star) unique.Handle[[0]star]](t, "unique", "Make", reflect.TypeFor[[0]star]())
	if mk([0]star{}) != mk([0]star{}) {
		t.Error("the handles of two empty arrays differ")
	}
}

func TestWeak(t *testing.T) {
	typ := reflect.TypeFor[wide]()
	mk := instance[func(*wide) weak.Pointer[wide]](t, "weak", "Make", typ)
	value := method[func(*weak.Pointer[wide]) *wide](t, "weak", "Pointer", "Value", typ)
	x := &wide{name: "x"}
	p, none := mk(x), mk(nil)
	if value(&p) != x || value(&none) != nil || p != weak.Make(x) {
		t.Errorf("the pointers are to %p and %p, want %p and nil", value(&p), value(&none), x)
	}
	runtime.KeepAlive(x)
	x = nil
	runtime.GC()
	if got := value(&p); got != nil {
		t.Errorf("the pointer keeps %v alive", got)
	}
}

func TestAddCleanup(t *testing.T) {
	sameCleanup(t, 1)
	sameCleanup(t, "x")
	sameCleanup(t, star{name: "x", light: 2, next: &numbers[3]})
	sameCleanup(t, wide{name: "x"})
	add := instance[func(*star, func(*star), *star) runtime.Cleanup](t, "runtime", "AddCleanup", reflect.TypeFor[star](), reflect.TypeFor[*star]())
	x := new(star)
	for _, args := range [][2]*star{{nil, x}, {x, x}} {
		want, got := new(diary), new(diary)
		attempt(want, func() { runtime.AddCleanup(args[0], func(*star) {}, args[1]) })
		attempt(got, func() { add(args[0], func(*star) {}, args[1]) })
		if len(got.lines) != 1 || got.lines[0] != want.lines[0] {
			t.Errorf("AddCleanup fails with %v, want %v", got.lines, want.lines)
		}
	}
}

func sameCleanup[S comparable](t *testing.T, arg S) {
	add := instance[func(*star, func(S), S) runtime.Cleanup](t, "runtime", "AddCleanup", reflect.TypeFor[star](), reflect.TypeFor[S]())
	done, stopped := make(chan S, 1), make(chan S, 1)
	add(&star{name: "gone"}, func(v S) { done <- v }, arg)
	c := add(&star{name: "gone"}, func(v S) { stopped <- v }, arg)
	c.Stop()
	runtime.GC()
	if got := <-done; got != arg {
		t.Errorf("the cleanup got %v, want %v", got, arg)
	}
	runtime.GC()
	if len(stopped) > 0 {
		t.Error("a stopped cleanup ran")
	}
}

func TestAtomicPointer(t *testing.T) {
	typ := reflect.TypeFor[star]()
	loadP := method[func(*atomic.Pointer[star]) *star](t, "sync/atomic", "Pointer", "Load", typ)
	storeP := method[func(*atomic.Pointer[star], *star)](t, "sync/atomic", "Pointer", "Store", typ)
	swap := method[func(*atomic.Pointer[star], *star) *star](t, "sync/atomic", "Pointer", "Swap", typ)
	cas := method[func(_ *atomic.Pointer[star], a, b *star) bool](t, "sync/atomic", "Pointer", "CompareAndSwap", typ)
	var p atomic.Pointer[star]
	a, b := &star{name: "a"}, &star{name: "b"}
	if got := loadP(&p); got != nil {
		t.Errorf("an empty pointer is %v", got)
	}
	storeP(&p, a)
	if loadP(&p) != a || p.Load() != a {
		t.Errorf("the pointer is %v, want %v", p.Load(), a)
	}
	if old := swap(&p, b); old != a {
		t.Errorf("Swap gave %v, want %v", old, a)
	}
	if cas(&p, a, nil) || !cas(&p, b, a) || p.Load() != a {
		t.Errorf("after CompareAndSwap the pointer is %v, want %v", p.Load(), a)
	}
}

func TestNull(t *testing.T) {
	for _, v := range []any{nil, int64(3), 2.5, "7", "x", []byte("12"), true, time.Unix(0, 0).UTC(), fs.ErrExist} {
		sameNull[int](t, v)
		sameNull[celsius](t, v)
		sameNull[string](t, v)
		sameNull[[]byte](t, v)
		sameNull[time.Time](t, v)
		sameNull[bool](t, v)
		sameNull[any](t, v)
		sameNull[sql.NullInt16](t, v)
		sameNull[star](t, v)
	}
}

func sameNull[T any](t *testing.T, v any) {
	typ := reflect.TypeFor[T]()
	scan := method[func(*sql.Null[T], any) error](t, "database/sql", "Null", "Scan", typ)
	value := method[func(*sql.Null[T]) (driver.Value, error)](t, "database/sql", "Null", "Value", typ)
	var want, got sql.Null[T]
	wantErr, gotErr := want.Scan(v), scan(&got, v)
	if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) || !reflect.DeepEqual(want, got) {
		t.Errorf("Null[%v].Scan(%v) gives %+v, %v, want %+v, %v", typ, v, got, gotErr, want, wantErr)
	}
	wantValue, wantErr := want.Value()
	gotValue, gotErr := value(&want)
	if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) || !reflect.DeepEqual(wantValue, gotValue) {
		t.Errorf("Null[%v].Value() gives %v, %v, want %v, %v", typ, gotValue, gotErr, wantValue, wantErr)
	}
}

func TestProgress(t *testing.T) {
	sameProgress(t, []int{1, 2, 3})
	sameProgress(t, []star{{name: "a"}, {name: "b"}})
	sameProgress(t, []wide{{name: "a"}, {name: "b"}})
	sameProgress[star](t, nil)
}

func sameProgress[E any](t *testing.T, xs []E) {
	typ := reflect.TypeFor[E]()
	progress := instance[func([]E, ...string) iter.Seq2[int, E]](t, "github.com/dagbook/dagbook/display", "Progress", reflect.SliceOf(typ), typ)
	want, got := new(diary), new(diary)
	for i, x := range display.Progress(xs, "bar") {
		want.note("turn", i, x)
	}
	for i, x := range progress(xs, "bar") {
		got.note("turn", i, x)
	}
	if fmt.Sprint(want.lines) != fmt.Sprint(got.lines) {
		t.Errorf("Progress yields %v, want %v", got.lines, want.lines)
	}
}

func TestOrPanics(t *testing.T) {
	type holder struct{ v any }
	sameAs(t, "cmp.Or", []reflect.Type{reflect.TypeFor[holder]()}, cmp.Or[holder], func(*diary) []any {
		return []any{[]holder{{}, {v: []int{1}}}}
	})
}
