package ndarray

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"sync"
	"testing"
	"time"
	"weak"
)

// many is a number of elements for which operations are pending.
const many = 2 * fewestPending

// ramp is floats with all kinds of numbers among them.
func ramp() *Array {
	x := Arange(-many/2.0, many/2.0).Mul(0.37).Copy()
	for i, special := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, math.MaxFloat64, 5e-324, 255.999} {
		x.Set(special, i*97)
	}
	return x
}

func isPending(a *Array) bool {
	return a.memory.pending != nil && a.memory.pending.done.Load() == nil
}

// same tells whether two arrays have the same bits, all NaNs being alike.
func same(t *testing.T, what string, got, want *Array) {
	t.Helper()
	if got.Dtype() != want.Dtype() || !sameShape(got.shape, want.shape) {
		t.Fatalf("%s: %v of shape %v, want %v of %v", what, got.Dtype(), got.shape, want.Dtype(), want.shape)
	}
	if got.Token() == want.Token() {
		return
	}
	a, b := reflect.ValueOf(got.values((*Array).elements)), reflect.ValueOf(want.values((*Array).elements))
	for i := range a.Len() {
		x, y := a.Index(i).Interface(), b.Index(i).Interface()
		if fmt.Sprint(x) != fmt.Sprint(y) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, x, y)
		}
	}
}

// inParts computes f of parts that are too small to be pending.
func inParts(x *Array, f func(*Array) *Array) *Array {
	var parts []*Array
	const n = 1000
	for low := 0; low < x.Len(); low += n {
		part := f(x.Slice(low, low+n).Copy())
		if isPending(part) {
			panic("small arrays are computed at once")
		}
		parts = append(parts, part)
	}
	return Concatenate(0, parts...)
}

func TestPendingIsTheSame(t *testing.T) {
	number := func(v any) func(*Array) *Array { return func(x *Array) *Array { return x.Mul(v) } }
	for name, f := range map[string]func(*Array) *Array{
		"add":     func(x *Array) *Array { return x.Add(3) },
		"sub":     func(x *Array) *Array { return x.Sub(3) },
		"rsub":    func(x *Array) *Array { return x.RSub(3) },
		"mul":     number(7),
		"mul 0":   number(0),
		"mul -1":  number(-1.0),
		"nan":     number(math.NaN()),
		"typed":   number(float32(1.5)),
		"div":     func(x *Array) *Array { return x.Div(3) },
		"div 0":   func(x *Array) *Array { return x.Div(0) },
		"rdiv":    func(x *Array) *Array { return x.RDiv(3) },
		"clip":    func(x *Array) *Array { return x.Clip(5, 90) },
		"abs":     (*Array).Abs,
		"square":  (*Array).Square,
		"sqrt":    (*Array).Sqrt,
		"float64": func(x *Array) *Array { return x.AsType(Float64) },
		"float32": func(x *Array) *Array { return x.AsType(Float32) },
		"scaled":  func(x *Array) *Array { return x.AsType(Float64).Sub(1.5).Mul(2).Add(0.25).Abs().AsType(Float32) },
		"bytes":   func(x *Array) *Array { return x.Clip(0, 100).Mul(2).AsType(Uint8) },
		"bools":   func(x *Array) *Array { return x.Sub(1).AsType(Bool) },
		"twice":   func(x *Array) *Array { return x.AsType(Float64).AsType(Float32).AsType(Float64).Add(1) },
		"between": func(x *Array) *Array { return x.Div(3).AsType(Float32).Mul(2).AsType(Float64).Div(7) },
		"long": func(x *Array) *Array {
			for i := range 3 * mostSteps {
				x = x.Add(i % 5)
			}
			return x
		},
	} {
		for d := Int8; d <= Float64; d++ {
			x := ramp()
			if !d.IsFloat() { // NaN is anything there
				x = Arange(many)
			}
			x = x.AsType(d).Copy()
			want := inParts(x, f)
			same(t, fmt.Sprint(name, " of ", d), f(x), want)
			same(t, fmt.Sprint(name, " of another's memory, of ", d), f(FromBuffer(x.Values())), want)
		}
	}
}

// TestPendingOrNot: what is made later and what at once.
func TestPendingOrNot(t *testing.T) {
	x := ramp()
	frames := Zeros(Float64, 10, many)
	shown := ramp()
	shown.Values()
	for _, test := range []struct {
		what string
		y    *Array
		want bool
	}{
		{"a number", x.Sub(1), true},
		{"a chain", x.Sub(1).Mul(2).Clip(0, 1).Neg(), true},
		{"a view of a chain", x.Sub(1).Reshape(2, -1).Mul(2), true},
		{"more than numbers", x.Exp(), false},
		{"two arrays", x.Add(x), false},
		{"a small array", x.Slice(0, 10).Add(1), false},
		{"bytes of floats hold a lot", x.AsType(Uint8), false},
		{"bytes of a chain too", x.Sub(1).AsType(Uint8), false},
		{"floats of bytes", x.AsType(Uint8).AsType(Float64), true},
		{"a part of a large array", frames.At(3).Sub(1), false},
		{"but all of it", frames.Sub(1), true},
		{"what others may write", FromBuffer(make([]float64, many)).Sub(1), false},
		{"what they may write now", shown.Sub(1), false},
	} {
		if got := isPending(test.y); got != test.want {
			t.Errorf("%s: pending is %v, want %v", test.what, got, test.want)
		}
	}
	y := x.Sub(1).Reshape(2, -1).Mul(2)
	_, _, _, _, _, _ = y.Shape(), y.Dtype(), y.Strides(), y.Ndim(), y.Size(), y.NBytes()
	y.T().Slice(3).Reshape(-1)
	if y = x.Sub(1).Reshape(2, -1).Mul(2); y.Len() != 2 || !isPending(y) {
		t.Errorf("the form of an array needs no elements")
	}
}

// TestWriteAfter: what was made of an array keeps what it had then.
func TestWriteAfter(t *testing.T) {
	mask := Zeros(Bool, many)
	mask.Set(true, R(0, many, 3))
	writes := map[string]func(x *Array){
		"element":     func(x *Array) { x.Set(5, 0) },
		"all":         func(x *Array) { x.Set(5) },
		"range":       func(x *Array) { x.Set(5, R(10, 5000)) },
		"array":       func(x *Array) { x.Set(Arange(many)) },
		"mask":        func(x *Array) { x.SetMask(mask, 7) },
		"at":          func(x *Array) { x.At(3).Set(8) },
		"slice":       func(x *Array) { x.Slice(100, 200).Set(8) },
		"reshape":     func(x *Array) { x.Reshape(4, -1).T().Set(8, 1) },
		"its own":     func(x *Array) { x.Set(x.Mul(2)) },
		"its reverse": func(x *Array) { x.Set(x.Flip()) },
		"chain of it": func(x *Array) { x.Set(x.Flip().Mul(2).Sub(1), Ellipsis) },
		"values":      func(x *Array) { x.Values().([]float64)[9] = 5 },
		"values of a view": func(x *Array) {
			x.Slice(100, 300).Values().([]float64)[9] = 5
		},
		"unmarshal": func(x *Array) {
			data, _ := Zeros(Float64, many).MarshalBinary()
			if err := x.UnmarshalBinary(data); err != nil {
				t.Error(err)
			}
		},
	}
	for name, write := range writes {
		x, n := ramp(), Full(2, Float64)
		var got, want []*Array
		for _, v := range []*Array{x, x.Reshape(2, -1), x.Slice(0, fewestPending), x.Flip()} {
			y := v.Sub(1)
			z := y.Mul(n)
			got = append(got, y, z, z.Reshape(-1).Add(1))
			if !isPending(y) || !isPending(z) || !isPending(got[len(got)-1]) {
				t.Fatal("they should be pending")
			}
			w := v.Copy()
			want = append(want, w.Sub(1).Copy(), w.Sub(1).Mul(2).Copy(), w.Reshape(-1).Sub(1).Mul(2).Add(1).Copy())
		}
		x.Min()
		n.Set(100)
		write(x)
		for i := range got {
			same(t, fmt.Sprint(name, ", array ", i), got[i], want[i])
		}
		if got, want := x.Min(), x.Along().Min().Get(); got != want && (got == got || want == want) {
			t.Errorf("%s: the smallest is %v, want %v", name, got, want)
		}
	}
}

// TestWriteToPending: an array that is pending is written to.
func TestWriteToPending(t *testing.T) {
	x := ramp()
	y := x.Sub(1)
	z := y.Mul(2)
	want := x.Copy().Sub(1).Mul(2).Copy()
	y.Set(5, 0)
	y.Reshape(2, -1).Set(6, 1, 0)
	if y.Get(0) != 5 || y.Get(many/2) != 6 || x.Get(0) == 5 {
		t.Errorf("y is %v %v, x %v", y.Get(0), y.Get(many/2), x.Get(0))
	}
	same(t, "z", z, want)
	w := y.Add(1)
	y.Set(100, 0)
	if w.Get(0) != 6 {
		t.Errorf("w is %v", w.Get(0))
	}
}

func TestExtremesAreRemembered(t *testing.T) {
	x := Arange(many).AsType(Float64)
	x.Get(0)
	if x.Min() != 0 || x.Max() != many-1 || x.Slice(5, many-5).Max() != many-6 || x.memory.extremes[greatestOf].Load() == nil {
		t.Fatal("wrong extremes")
	}
	x.At(3).Set(-7)
	if x.Min() != -7 || x.Max() != many-1 {
		t.Errorf("after Set: %v %v", x.Min(), x.Max())
	}
	memory := x.Values().([]float64)
	memory[9] = -8
	if x.Min() != -8 {
		t.Errorf("after writing to Values: %v", x.Min())
	}
	if memory[8] = -9; x.Min() != -9 {
		t.Errorf("after writing again: %v", x.Min())
	}
	if x.Set(math.NaN(), 1); x.Max() == x.Max() {
		t.Errorf("NaN is lost: %v", x.Max())
	}
}

// TestPendingForAll reads and extends pending arrays on many goroutines while
// one writes to what they come from, and others look at the same memory.
func TestPendingForAll(t *testing.T) {
	for range 40 {
		x := Arange(many).AsType(Float64).Copy()
		y := x.Sub(1)
		shared := x.Add(1)
		want := x.Copy().Sub(1).Mul(3).Sum()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				switch i % 4 {
				case 0:
					z := y.Mul(3)
					for n := 0; isPending(y) && n < 100; n++ { // until the writer has it computed
						z = y.Mul(3)
					}
					if got := z.Sum(); got != want {
						t.Errorf("Sum is %v, want %v", got, want)
					}
				case 1:
					z := y
					for range 2 * mostSteps {
						z = z.Add(1)
					}
					if got := z.Get(5); got != 4+2*mostSteps {
						t.Errorf("a long chain gives %v", got)
					}
				case 2:
					if shared.Values().([]float64)[5] != 6 || shared.Sub(1).Get(5) != 5 || shared.Min() != 1 {
						t.Error("what is shown is wrong")
					}
				default:
					lookAt(reflect.ValueOf(y), map[uintptr]bool{})
				}
			})
		}
		all.Go(func() { x.Set(-1) })
		all.Wait()
		if x.Sum() != -many {
			t.Errorf("x is %v", x.Sum())
		}
	}
}

// lookAt goes through a value by reflection, as those do who measure it.
func lookAt(v reflect.Value, seen map[uintptr]bool) int {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return 0
		}
		seen[v.Pointer()] = true
		return lookAt(v.Elem(), seen)
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return lookAt(v.Elem(), seen)
	case reflect.Slice:
		return v.Cap()
	case reflect.Struct:
		n := 0
		for i := range v.NumField() {
			if v.Field(i).Kind() > reflect.Array {
				n += lookAt(v.Field(i), seen)
			}
		}
		return n
	}
	return 0
}

// TestPendingLetsGo: an array that was computed does not keep what it came
// from, and what nobody has computed does not pile up.
func TestPendingLetsGo(t *testing.T) {
	x := ramp()
	y := x.Sub(1)
	base := weak.Make(x.memory)
	y.Get(0)
	x = nil
	for i := 0; base.Value() != nil; i++ {
		if runtime.GC(); i == 100 {
			t.Fatal("the base is kept")
		}
		time.Sleep(time.Millisecond)
	}
	runtime.KeepAlive(y)

	x = ramp()
	const n = 20000
	for i := range n {
		_ = x.Sub(1).Mul(2)
		if i%500 == 0 {
			runtime.GC()
		}
	}
	if left := len(x.memory.readers.Load().of); left > n/4 {
		t.Errorf("%d of %d arrays that nobody has are still noted", left, 2*n)
	}
	y = x.Sub(1)
	y.Get(0)
	if _, ok := x.memory.readers.Load().of[weak.Make(y.memory)]; ok {
		t.Error("what was computed is still a reader")
	}
}

// TestPendingTravels: what leaves the package has its elements.
func TestPendingTravels(t *testing.T) {
	x := ramp()
	pending := func() *Array { return x.Sub(1).Mul(2) }
	want := pending().Copy()
	wantData, _ := want.MarshalBinary()
	data, err := pending().MarshalBinary()
	if err != nil || string(data) != string(wantData) {
		t.Errorf("MarshalBinary differs: %v", err)
	}
	if pending().Token() != want.Token() || pending().String() != want.String() || fmt.Sprint(pending()) != want.String() {
		t.Error("Token or String differ")
	}
	same(t, "Copy", pending().Copy(), want)
	same(t, "FromSlice of Values", FromSlice(pending().Values()), want)
	var back Array
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	same(t, "back", &back, want)
}
