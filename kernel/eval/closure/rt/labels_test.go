package rt

import (
	"context"
	"runtime/pprof"
	"testing"
)

// A goroutine has the labels of the one that began it, and others than anybody else.
func TestLabels(t *testing.T) {
	labelled := func(f func()) {
		pprof.Do(context.Background(), pprof.Labels("who", "a"), func(context.Context) { f() })
	}
	before := Labels()
	labelled(func() {
		first := Labels()
		if first == nil || first == before {
			t.Errorf("the labels are at %p, before at %p", first, before)
		}
		got := make(chan bool)
		go func() { got <- Labels() == first }()
		if !<-got {
			t.Error("a goroutine has other labels than the one that began it")
		}
		labelled(func() {
			if Labels() == first {
				t.Error("two labels are at one address")
			}
		})
	})
	if Labels() != before {
		t.Error("the labels stay")
	}
}
