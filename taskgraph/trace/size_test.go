package trace

import "testing"

type sized struct{ hidden func() }

func (*sized) NBytes() int { return 1000 }

func TestSizer(t *testing.T) {
	if got := SizeOf(&sized{}); got < 1000 || got > 1100 {
		t.Errorf("%d bytes", got)
	}
	if got := SizeOf([]*sized{{}, {}}); got < 2000 || got > 2200 {
		t.Errorf("%d bytes for two", got)
	}
}
