package closure

import (
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// What a function of an earlier cell uses may be declared anew, with another type: the
// function is compiled again, and those that call it, and the instances of generic ones,
// run its new code. A generic function or type that is declared once more in the same
// words stays the one it is.
func TestCompiledAgain(t *testing.T) {
	s := session(t)
	const stack = "type Stack[T any] struct{ top T }\nfunc (s *Stack[T]) Push(v T) any { s.top = v; return []any{v, x} }\n"
	for i, c := range []struct{ code, want string }{
		{"x := 1\nfunc f() any { return x }\nfunc g() any { return f() }", ""},
		{"g()", "value: 1\n"},
		{"x := \"a\"", ""},
		{"g()", "value: a\n"},
		{"func G[T any](v T) any { return []any{v, x} }\nfunc h() any { return G(2) }", ""},
		{"h()", "value: [2 \"a\"]\n"},
		{"x := 2.5", ""},
		{"h()", "value: [2 2.5]\n"},
		{"func G[T any](v T) any { return []any{v, x, true} }", ""},
		{"h()", "value: [2 2.5 true]\n"},
		{stack + "var st Stack[int]\nfunc push(v int) any { return st.Push(v) }", ""},
		{"push(1)", "value: [1 2.5]\n"},
		{"\n\n" + stack, ""}, // nothing is new: st stays of the type
		{"var other Stack[int] = st\nother.top", "value: 1\n"},
		{"x := true", ""},
		{"push(2)", "value: [2 true]\n"},
		{"type Stack[T any] struct{ top T }\nfunc (s *Stack[T]) Push(v T) any { return v }", "note: the type Stack is a new one; still of the one before: other, st\n"},
		{"push(3)", "value: [3 true]\n"},
		{"func bad[T any](v T) T { return v + x }", "error: compile error: cell 19, line 1, column 33: invalid operation: v + x (mismatched types T and bool)\n"},
	} {
		got := enginetest.Run(s, i+1, c.code)
		if got != c.want {
			t.Errorf("cell %d:\n%s\n  gives\n%s  and should give\n%s", i+1, c.code, got, c.want)
		}
	}
}

// The traceback of what was declared again names the latest cell.
func TestCompiledAgainPlace(t *testing.T) {
	s := session(t)
	enginetest.Run(s, 1, "func fails[T any](i T) { panic(i) }")
	enginetest.Run(s, 2, "fails(1)")
	enginetest.Run(s, 3, "\nfunc fails[T any](i T) { panic(i) }")
	want := "error: panic: 1\nat: cell 3, line 2, column 26, in fails\nat: cell 4, line 1, column 1\n"
	if got := enginetest.Run(s, 4, "fails(1)"); got != want {
		t.Errorf("the panic is shown as\n%s  and should be\n%s", got, want)
	}
}
