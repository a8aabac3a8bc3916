package main

import "testing"

func TestCollectorPace(t *testing.T) {
	for _, test := range []struct {
		live uint64
		want int
	}{{0, 2000}, {1 << 20, 2000}, {8 << 20, 400}, {32 << 20, 100}, {1 << 40, 100}} {
		if got := percent(test.live); got != test.want {
			t.Errorf("with %d bytes in use: %d, want %d", test.live, got, test.want)
		}
	}
}
