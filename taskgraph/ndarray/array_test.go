package ndarray_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

func TestMake(t *testing.T) {
	type celsius float32
	for _, test := range []struct {
		name string
		x    *ndarray.Array
		want string
	}{
		{"count", ndarray.Arange(3), "[0 1 2] int64"},
		{"from", ndarray.Arange(2, 5), "[2 3 4] int64"},
		{"down", ndarray.Arange(5, 0, -2), "[5 3 1] int64"},
		{"floats", ndarray.Arange(0, 1, 0.25), "[0.   0.25 0.5  0.75] float64"},
		{"none", ndarray.Arange(5, 2), "[] int64"},
		{"eye", ndarray.Eye(ndarray.Uint8, 2), "[[1 0]\n [0 1]] uint8"},
		{"full", ndarray.Full(7, ndarray.Int16, 2), "[7 7] int16"},
		{"full of rows", ndarray.Full([]int{1, 2}, ndarray.Int16, 2, 2), "[[1 2]\n [1 2]] int16"},
		{"ints", ndarray.FromSlice([]int{1, 2}), "[1 2] int64"},
		{"nested", ndarray.FromSlice([][]float32{{1, 2}, {3, 4}}), "[[1. 2.]\n [3. 4.]] float32"},
		{"array", ndarray.FromSlice([2][2]uint8{{1, 2}, {3, 4}}), "[[1 2]\n [3 4]] uint8"},
		{"shaped", ndarray.FromSlice([]bool{true, false}, 2, 1), "[[ True]\n [False]] bool"},
		{"named", ndarray.FromSlice([]celsius{1.5}), "[1.5] float32"},
		{"empty rows", ndarray.FromSlice([][]int{}), "[] int64"},
		{"matrix", ndarray.FromMatrix(mat.NewDense(1, 2, []float64{1, 2}).T()), "[[1.]\n [2.]] float64"},
		{"a single point", ndarray.Linspace(3, 9, 1), "[3.] float64"},
	} {
		if got := fmt.Sprint(test.x, " ", test.x.Dtype()); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	m := ndarray.Arange(6).Reshape(2, 3).T().Matrix()
	if !mat.Equal(m, mat.NewDense(3, 2, []float64{0, 3, 1, 4, 2, 5})) {
		t.Errorf("the matrix is %v", mat.Formatted(m))
	}
}

// TestViews sets elements of one array and sees them, or not, in others.
func TestViews(t *testing.T) {
	for _, test := range []struct {
		name string
		view func(x *ndarray.Array) *ndarray.Array
		same bool
	}{
		{"at", func(x *ndarray.Array) *ndarray.Array { return x.At(1) }, true},
		{"slice", func(x *ndarray.Array) *ndarray.Array { return x.Slice(nil, nil, -1) }, true},
		{"transpose", func(x *ndarray.Array) *ndarray.Array { return x.T() }, true},
		{"reshape", func(x *ndarray.Array) *ndarray.Array { return x.Reshape(-1) }, true},
		{"reshape of a transpose", func(x *ndarray.Array) *ndarray.Array { return x.T().Reshape(-1) }, false},
		{"broadcast", func(x *ndarray.Array) *ndarray.Array { return x.BroadcastTo(2, 3, 4) }, true},
		{"copy", (*ndarray.Array).Copy, false},
		{"as its own type", func(x *ndarray.Array) *ndarray.Array { return x.AsType(x.Dtype()) }, false},
		{"take", func(x *ndarray.Array) *ndarray.Array { return x.Take([]int{1}, 0) }, false},
		{"add", func(x *ndarray.Array) *ndarray.Array { return x.Add(0) }, false},
		{"clip", func(x *ndarray.Array) *ndarray.Array { return x.Clip(nil, nil) }, false},
		{"floor", (*ndarray.Array).Floor, false},
		{"split", func(x *ndarray.Array) *ndarray.Array { return x.Split(3, 0)[1] }, true},
	} {
		x := ndarray.Arange(12).Reshape(3, 4)
		v := test.view(x)
		x.Set(99, 1, 2)
		if seen := v.Eq(99).Any(); seen != test.same {
			t.Errorf("%s: what is set in the array is seen: %v", test.name, seen)
		}
	}
	buffer := []uint8{1, 2, 3}
	x := ndarray.FromBuffer(buffer)
	x.Slice(1).Set(7)
	if fmt.Sprint(buffer) != "[1 7 7]" || &x.Values().([]uint8)[0] != &buffer[0] {
		t.Errorf("the buffer is %v", buffer)
	}
	y := ndarray.Arange(5)
	y.Set(y.Slice(nil, nil, -1))
	if y.String() != "[4 3 2 1 0]" {
		t.Errorf("an array that is set to itself backwards is %v", y)
	}
}

func TestErrors(t *testing.T) {
	x := ndarray.Zeros(ndarray.Float64, 3, 4)
	u := ndarray.Zeros(ndarray.Uint8, 3)
	for _, test := range []struct {
		call func()
		want string
	}{
		{func() { x.Add(ndarray.Zeros(ndarray.Float64, 5)) }, "Add: arrays of shapes (3, 4) and (5,) do not go together: seen from the last axis, two lengths must be equal, or one of them 1"},
		{func() { u.Add(300) }, "Add: 300 is out of the range of uint8"},
		{func() { u.RSub(-1) }, "Sub: -1 is out of the range of uint8"},
		{func() { x.Add("a") }, "Add: a of type string is no operand"},
		{func() { x.Add((*ndarray.Array)(nil)) }, "nil *ndarray.Array"},
		{func() { x.And(1) }, "And: it is of bools and whole numbers, not of float64"},
		{func() { x.Gt(0).Sub(x.Gt(0)) }, "Sub: bools have no such arithmetic"},
		{func() { u.AsType(ndarray.Int8).Pow(-1) }, "Pow: whole numbers have no negative powers"},
		{func() { x.At(3) }, "At: index 3 is out of range for axis 0 of an array of shape (3, 4)"},
		{func() { x.At(1, 2, 3) }, "At: 3 indices are too many for an array of shape (3, 4)"},
		{func() { x.Get(1) }, "Get: an element of an array of shape (3, 4) has 2 indices, not 1"},
		{func() { x.At(0, 0).Item(0) }, "Item: an array of shape () is a single number: Item() without an index gives it"},
		{func() { x.Slice(ndarray.All, 4) }, "Slice: index 4 is out of range for axis 1 of an array of shape (3, 4)"},
		{func() { x.Slice(0, 1, 0) }, "Slice: axis 0: the step is 0"},
		{func() { x.Slice("a") }, "Slice: axis 0: a of type string is no index"},
		{func() { x.Slice(u) }, "Take picks by an array of positions"},
		{func() { x.Slice(1, 2, 3, 4) }, "Slice: 4 numbers are too many"},
		{func() { x.Set(u, 0) }, "Set: a value of shape (3,) does not go into a part of shape (4,)"},
		{func() { u.Set(256, 0) }, "Set: 256 is out of the range of uint8"},
		{func() { x.Reshape(5, -1) }, "Reshape: an array of shape (3, 4) has 12 elements, which do not fill the shape (5, -1)"},
		{func() { x.Along(2) }, "Along: there is no axis 2 in an array of 2 axes"},
		{func() { x.Along(0, -2) }, "Along: axis -2 is named twice"},
		{func() { ndarray.Zeros(ndarray.Int8, 0).Max() }, "Max: an array of shape (0,) has no elements"},
		{func() { ndarray.Concatenate(0, x, u) }, "Concatenate: array 1 has shape (3,), which does not go with (3, 4) along axis 0"},
		{func() { ndarray.Stack(0) }, "Stack: there are no arrays to join"},
		{func() { x.MatMul(x) }, "MatMul: arrays of shapes (3, 4) and (3, 4) do not go together: rows of 4 elements meet columns of 3"},
		{func() { x.Mask(u) }, "Mask: a mask is of bools, not of uint8"},
		{func() { x.Take([]float64{1}, 0) }, "Take: positions are whole numbers, not float64"},
		{func() { u.Image() }, "Image: an array of shape (3,) is no picture"},
		{func() { x.ColorMap("jet") }, `ColorMap: there is no colour map "jet": there are [RdBu gray inferno magma plasma viridis]`},
		{func() { ndarray.Zeros(ndarray.Float64, -1) }, "Zeros: the shape (-1,) has a negative length"},
		{func() { ndarray.Zeros(ndarray.Float64, 1<<31-1, 1<<31-1, 1<<31-1) }, "is larger than any memory"},
		{func() { x.BroadcastTo(1<<31-1, 1<<31-1, 3, 4).Copy() }, "is larger than any memory"},
		{func() { ndarray.Zeros(3, 4) }, "Zeros: 3 is no type of elements: write ndarray.Zeros(ndarray.Float64, 3, 4)"},
		{func() { ndarray.Ones(480, 640, 3) }, "Ones: 480 is no type of elements: write ndarray.Ones(ndarray.Float64, 480, 640, 3)"},
		{func() { ndarray.Empty(11) }, "Empty: 11 is no type of elements: write ndarray.Empty(ndarray.Float64, 11)"},
		{func() { ndarray.Full(2.5, 7, 2) }, "Full: 7 is no type of elements: write ndarray.Full(value, ndarray.Float64, 7, 2)"},
		{func() { ndarray.Eye(3, 3) }, "Eye: 3 is no type of elements: it is one of ndarray.Bool to ndarray.Float64"},
		{func() { x.AsType(3) }, "AsType: 3 is no type of elements: write x.AsType(ndarray.Float64)"},
		{func() { ndarray.Zeros(0, 1) }, "Zeros: 0 is no type of elements: write ndarray.Zeros(ndarray.Float64, 0, 1)"},
		{func() { ndarray.FromSlice([][]int{{1}, {2, 3}}) }, "FromSlice: the inner slices have different lengths, 1 and 2"},
		{func() { ndarray.FromSlice("abc") }, "FromSlice: a string is no slice of numbers"},
		{func() { ndarray.FromSlice([]any{1}) }, "FromSlice: a []interface {} is no slice of numbers"},
		{func() { ndarray.FromBuffer([]int{1}) }, "FromBuffer: a []int is no memory of an array"},
		{func() { ndarray.Elementwise("Plus", 1, 2) }, `there is no elementwise operation "Plus"`},
		{func() { ndarray.Elementwise("Add", 1) }, "Add: it takes 2 operands, not 1"},
		{func() { ndarray.Elementwise("Add", ndarray.Int8, x) }, "a Dtype is no operand"},
		{func() { ndarray.NewRandom(1).Integers(3, 3) }, "Integers: there is no number from 3 to before 3"},
		{func() { ndarray.Arange(0, 10, 0) }, "Arange: the step is 0"},
	} {
		err := func() (r any) {
			defer func() { r = recover() }()
			test.call()
			return "nothing was refused"
		}()
		if _, ok := err.(*ndarray.Error); !ok || !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

// TestTypes compares the types that are told with those that come.
func TestTypes(t *testing.T) {
	names := []string{"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Maximum", "Hypot", "And", "Eq", "Lt"}
	for a := ndarray.Bool; a <= ndarray.Float64; a++ {
		for b := ndarray.Bool; b <= ndarray.Float64; b++ {
			for _, name := range names {
				d, err := ndarray.ElementwiseType(name, a, b)
				told, came := err != nil, panics(func() {
					if x := ndarray.Elementwise(name, ndarray.Ones(a, 2), ndarray.Ones(b, 2)); x.Dtype() != d {
						t.Errorf("%s of %v and %v is of %v, not of %v", name, a, b, x.Dtype(), d)
					}
				})
				if told != came {
					t.Errorf("%s of %v and %v fails: %v was told, %v it did", name, a, b, told, came)
				}
			}
		}
		for _, name := range []string{"Sum", "Prod", "Min", "Max", "Mean", "Std", "Var", "Median", "ArgMin", "ArgMax", "All", "Any", "CountNonzero"} {
			d, err := ndarray.ReductionType(name, a)
			r := ndarray.Ones(a, 2).Along(0)
			x := map[string]func() *ndarray.Array{
				"Sum": r.Sum, "Prod": r.Prod, "Min": r.Min, "Max": r.Max, "Mean": r.Mean, "Std": r.Std, "Var": r.Var, "Median": r.Median,
				"ArgMin": r.ArgMin, "ArgMax": r.ArgMax, "All": r.All, "Any": r.Any, "CountNonzero": r.CountNonzero,
			}[name]()
			if err != nil || x.Dtype() != d {
				t.Errorf("%s of %v is of %v, not of %v, %v", name, a, x.Dtype(), d, err)
			}
		}
		if d, err := ndarray.ParseDtype(a.String()); err != nil || d != a {
			t.Errorf("%v is parsed as %v, %v", a, d, err)
		}
	}
	for _, test := range []struct {
		number any
		want   string
	}{{1, "uint8"}, {1.5, "float64"}, {300, "error"}, {int16(1), "int16"}, {true, "uint8"}, {float32(1), "float32"}, {"a", "error"}} {
		d, err := ndarray.ElementwiseType("Add", ndarray.Uint8, test.number)
		if err != nil && test.want != "error" || err == nil && d.String() != test.want {
			t.Errorf("Add of uint8 and %v of type %T is of %v, %v", test.number, test.number, d, err)
		}
	}
	if _, err := ndarray.ParseDtype("complex64"); err == nil {
		t.Error("complex64 is a Dtype")
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

// TestLarge compares what several goroutines compute with what is known.
func TestLarge(t *testing.T) {
	const n = 1 << 20
	x := ndarray.Arange(n)
	square := x.Reshape(1024, 1024)
	if got := x.Along().Sum().Item(); got != int64(n)*(n-1)/2 {
		t.Errorf("the sum is %v", got)
	}
	if x.Max() != n-1 || x.Min() != 0 || x.ArgMax() != n-1 || x.CountNonzero() != n-1 || x.All() || !x.Any() {
		t.Error("a reduction is wrong")
	}
	for name, of := range map[string]struct{ got, want *ndarray.Array }{
		"columns":       {square.Along(0).Sum(), ndarray.Arange(1024).Mul(1024).Add(1024 * 1024 * 1023 / 2)},
		"rows":          {square.Along(1).Sum(), ndarray.Arange(1024).Mul(1024 * 1024).Add(1024 * 1023 / 2)},
		"turned":        {square.T().Along(0).Sum(), ndarray.Arange(1024).Mul(1024 * 1024).Add(1024 * 1023 / 2)},
		"largest":       {square.Along(0).Max(), square.At(-1)},
		"largest where": {square.Along(0).ArgMax(), ndarray.Full(1023, ndarray.Int64, 1024)},
		"there, back":   {square.Add(square.T()).Sub(square).T(), square},
		"where":         {ndarray.Where(x.Lt(5), x, 5).Slice(nil, 7), ndarray.FromSlice([]int{0, 1, 2, 3, 4, 5, 5})},
		"sorted":        {x.Slice(nil, nil, -1).Reshape(1024, 1024).Sort(1).Flip(0), square},
		"converted":     {x.AsType(ndarray.Float32).Sqrt().Square().Round().AsType(ndarray.Int64), x},
		"in part":       {square.Slice(ndarray.R(1, nil, 2), ndarray.R(nil, 600)).Copy(), x.Reshape(512, 2048).Slice(ndarray.All, ndarray.R(1024, 1624))},
	} {
		if name == "converted" {
			if !ndarray.AllClose(of.got, of.want, 1e-6, 0) {
				t.Errorf("%s: %v", name, of.got)
			}
		} else if !ndarray.ArrayEqual(of.got, of.want) {
			t.Errorf("%s: got %v, want %v", name, of.got, of.want)
		}
	}
}

// TestBytes sums rows of bytes, which are added up eight at a time, beyond
// what 16 bits hold.
func TestBytes(t *testing.T) {
	r := ndarray.NewRandom(5)
	for _, shape := range [][]int{{1, 1}, {256, 7}, {257, 8}, {258, 9}, {1000, 4099}, {600, 3, 5}} {
		for _, x := range []*ndarray.Array{
			ndarray.Full(255, ndarray.Uint8, shape...),
			r.Integers(0, 256, shape...).AsType(ndarray.Uint8),
			r.Integers(0, 2, shape...).AsType(ndarray.Bool),
		} {
			if got, want := x.Along(0).Sum(), x.AsType(ndarray.Int64).Along(0).Sum(); !ndarray.ArrayEqual(got, want) {
				t.Errorf("%s: got %v, want %v", x.Describe(), got, want)
			}
			if got, want := x.Along(0).Mean(), x.AsType(ndarray.Float64).Along(0).Mean(); !ndarray.ArrayEqual(got, want) {
				t.Errorf("the means of %s: got %v, want %v", x.Describe(), got, want)
			}
		}
	}
}

func TestNaN(t *testing.T) {
	nan := math.NaN()
	for i := range 20 {
		values := slices.Repeat([]float64{float64(i)}, 20)
		values[i] = nan
		x := ndarray.Of(values...)
		if !math.IsNaN(x.Min()) || !math.IsNaN(x.Max()) || x.ArgMin() != i || x.ArgMax() != i || !math.IsNaN(x.Median()) || !math.IsNaN(x.Sum()) {
			t.Errorf("NaN at %d is not seen", i)
		}
		if y := x.Reshape(4, 5).Along(0).Min(); y.IsNaN().CountNonzero() != 1 || !math.IsNaN(y.Get(i%5)) {
			t.Errorf("NaN at %d: the smallest of the columns are %v", i, y)
		}
	}
}

func TestTravel(t *testing.T) {
	c := codec.New(codec.Local())
	for d := ndarray.Bool; d <= ndarray.Float64; d++ {
		for _, shape := range [][]int{{}, {0, 3}, {2, 3, 4}} {
			x := ndarray.NewRandom(3).Integers(0, 100, append([]int{2}, shape...)...).AsType(d).At(1)
			data, err := c.Append(nil, x)
			if err != nil {
				t.Fatal(err)
			}
			v, err := c.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			y := v.(*ndarray.Array)
			if y.Dtype() != d || !slices.Equal(x.Shape(), y.Shape()) || !ndarray.ArrayEqual(x, y) || x.Token() != y.Token() {
				t.Errorf("%s becomes %s", x.Describe(), y.Describe())
			}
			if len(data) > 100+x.NBytes() {
				t.Errorf("%s travels as %d bytes", x.Describe(), len(data))
			}
		}
	}
	if size := trace.SizeOf(ndarray.Zeros(ndarray.Float64, 1000)); size < 8000 || size > 8300 {
		t.Errorf("8000 bytes are measured as %d", size)
	}
	tokens := map[string]bool{}
	for _, x := range []*ndarray.Array{
		ndarray.Arange(6), ndarray.Arange(6).Reshape(2, 3), ndarray.Arange(6).Reshape(2, 3).T(), ndarray.Arange(6).AsType(ndarray.Uint64), ndarray.Arange(7), ndarray.Arange(1, 7),
	} {
		tokens[x.Token()] = true
	}
	if len(tokens) != 6 || ndarray.Arange(6).Token() != ndarray.Arange(12).Slice(6).Sub(6).Token() {
		t.Errorf("%d tokens of 6 arrays", len(tokens))
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, x := range []*ndarray.Array{ndarray.Arange(3), ndarray.Zeros(ndarray.Bool), ndarray.Zeros(ndarray.Uint8, 0, 1<<40>>20)} {
		data, _ := x.MarshalBinary()
		f.Add(data)
	}
	f.Add([]byte{1, 6, 3, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var x ndarray.Array
		if err := x.UnmarshalBinary(data); err != nil {
			return
		}
		if again, err := x.MarshalBinary(); err != nil || len(again) > len(data) {
			t.Errorf("%d bytes become %d, %v", len(data), len(again), err)
		}
		_ = x.String()
	})
}

func TestRandom(t *testing.T) {
	a, b := ndarray.NewRandom(9), ndarray.NewRandom(9)
	for range 2 {
		x, y := a.Normal(3, 2, 100, 100), b.Normal(3, 2, 100, 100)
		if !ndarray.ArrayEqual(x, y) || math.Abs(x.Mean()-3) > 0.1 || math.Abs(x.Std()-2) > 0.1 {
			t.Errorf("mean %v, deviation %v", x.Mean(), x.Std())
		}
		u := a.Uniform(-1, 1, 10000)
		b.Uniform(-1, 1, 10000)
		if u.Min() < -1 || u.Max() >= 1 || math.Abs(u.Mean()) > 0.05 {
			t.Errorf("evenly from %v to %v, mean %v", u.Min(), u.Max(), u.Mean())
		}
		if e := a.Exponential(4, 10000); math.Abs(e.Mean()-4) > 0.3 || !ndarray.ArrayEqual(e, b.Exponential(4, 10000)) {
			t.Errorf("exponential with mean %v", e.Mean())
		}
		n := a.Integers(-2, 3, 1000)
		b.Integers(-2, 3, 1000)
		if n.Unique().String() != "[-2 -1  0  1  2]" {
			t.Errorf("whole numbers are %v", n.Unique())
		}
		if p := a.Permutation(50); !ndarray.ArrayEqual(p.Sort(0), ndarray.Arange(50)) || !ndarray.ArrayEqual(p, b.Permutation(50)) {
			t.Errorf("the permutation is %v", p)
		}
	}
}

func TestHistogram(t *testing.T) {
	counts, edges := ndarray.Of(0, 0.1, 1, 1.9, 2, 4).Histogram(4)
	if counts.String() != "[2 2 1 1]" || edges.String() != "[0. 1. 2. 3. 4.]" {
		t.Errorf("%v, %v", counts, edges)
	}
	if counts, _ := ndarray.NewRandom(1).Normal(0, 1, 1000).Histogram(37); counts.Sum() != 1000 {
		t.Errorf("of 1000 elements %v are counted", counts.Sum())
	}
	if counts, edges := ndarray.Full(3, ndarray.Int8, 5).Histogram(2); counts.String() != "[0 5]" || edges.String() != "[2.5 3.  3.5]" {
		t.Errorf("%v, %v", counts, edges)
	}
}

func TestParseIndex(t *testing.T) {
	index, shape, err := ndarray.ParseIndex([]int{5, 6, 7}, ndarray.NewAxis, -1, ndarray.R(nil, nil, -2))
	want := "[{-1 0 1 1 false} {0 4 1 1 true} {1 5 -2 3 false} {2 0 1 7 false}] [1 3 7]"
	if got := fmt.Sprint(index, shape); err != nil || got != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	if _, shape, err := ndarray.ParseSlice([]int{5, 6}, nil, nil, 2); err != nil || fmt.Sprint(shape) != "[3 6]" {
		t.Errorf("%v, %v", shape, err)
	}
	if _, _, err := ndarray.ParseIndex([]int{5}, nil); err == nil {
		t.Error("nil is an index")
	}
}
