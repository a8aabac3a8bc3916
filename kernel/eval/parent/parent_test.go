package parent

import (
	"testing"
	"time"
)

func TestMarkIsInherited(t *testing.T) {
	var mark Mark
	ch := make(chan Mark)
	Do(func(m Mark) { mark = m }, func() {
		if Of() != mark {
			t.Error("not marked inside Do")
		}
		go func() { go func() { time.Sleep(time.Millisecond); ch <- Of() }() }()
	})
	if Of() == mark {
		t.Error("still marked after Do")
	}
	if got := <-ch; got != mark {
		t.Errorf("a goroutine of a goroutine has mark %v, want %v", got, mark)
	}
	Do(func(m Mark) {
		if m == mark {
			t.Error("two calls have one mark")
		}
	}, func() {})
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		Of()
	}
}
