package randprog

// prelude is what every program has: helpers that keep expressions from panicking or from
// being folded, and generic types and functions for the random parts to use.
const prelude = `// nc hides a constant from the compiler.
func nc[T any](v T) T { return v }

// tr tells that an operand is evaluated.
func tr[T any](tag int, v T) T {
	fmt.Print("<", tag, ">")
	return v
}

func ref[T any](v T) *T { return &v }

func choose[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func at[S ~[]E, E any](s S, i int) (e E) {
	if len(s) > 0 {
		e = s[uint(i)%uint(len(s))]
	}
	return
}

func cut[S ~string](s S, i int) S { return s[uint(i)%uint(len(s)+1):] }

func toInt(f float64) int {
	if f != f || f > 1e9 || f < -1e9 {
		return 0
	}
	return int(f)
}

type shape interface {
	area(int) int
	label() string
}

type bumper interface {
	shape
	bump(n int)
}

type num interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

type pair[A, B any] struct {
	first  A
	second B
}

func (p pair[A, B]) swap() pair[B, A] { return pair[B, A]{p.second, p.first} }

type stack[T any] struct{ items []T }

func (s *stack[T]) push(vs ...T) { s.items = append(s.items, vs...) }

func (s *stack[T]) pop() (v T, ok bool) {
	if len(s.items) == 0 {
		return
	}
	v = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

func (s stack[T]) all(yield func(int, T) bool) {
	for i, v := range s.items {
		if !yield(i, v) {
			return
		}
	}
}

type list[T any] struct {
	value T
	next  *list[T]
}

func (l *list[T]) each(f func(T)) {
	for ; l != nil; l = l.next {
		f(l.value)
	}
}

func (l *list[T]) with(v T) *list[T] { return &list[T]{v, l} }

func sum[T num](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

func mapAll[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func keep[S ~[]E, E any](xs S, f func(E) bool) S {
	var out S
	for _, x := range xs {
		if f(x) {
			out = append(out, x)
		}
	}
	return out[:len(out):len(out)]
}

func fold[T, A any](xs []T, a A, f func(A, T) A) A {
	for _, x := range xs {
		a = f(a, x)
	}
	return a
}

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer func() { fmt.Print("[count ends]") }()
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func recovered(what string) {
	if r := recover(); r != nil {
		fmt.Println(what, r)
		if e, ok := r.(error); ok {
			fmt.Println(e.Error())
		}
	}
}

// first returns a short beginning, so that strings do not double in loops.
func first[S ~string](s S) S {
	if len(s) > 5 {
		s = s[:5]
	}
	return s
}

func few[S ~[]E, E any](s S) S {
	if len(s) > 4 {
		s = s[:4]
	}
	return s
}

func use(...any) bool { return true }

func short(s string) string {
	if len(s) > 60 {
		s = s[:60]
	}
	return s
}

func areas[T shape](n int, ts ...T) (total int) {
	for _, t := range ts {
		total += t.area(n)
	}
	return
}

func bumped[T any, P interface {
	*T
	bumper
}](v T, n int) T {
	P(&v).bump(n)
	return v
}

type set0[K comparable] map[K]struct{}

func setOf[K comparable](ks ...K) set0[K] {
	s := set0[K]{}
	for _, k := range ks {
		s[k] = struct{}{}
	}
	return s
}

func (s set0[K]) has(k K) bool { _, ok := s[k]; return ok }
func (s set0[K]) len() int     { return len(s) }

func then[A, B, C any](f func(A) B, g func(B) C) func(A) C {
	return func(a A) C { return g(f(a)) }
}
`
