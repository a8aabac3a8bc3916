package codec_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/taskgraph/codec"
)

type celsius float64

type inner struct {
	a, b int
	Tags map[string]bool
}

type sample struct {
	Name   string
	Values []float64
	small  [3]int16
	in     inner
	Next   *sample
	Any    any
	When   time.Time
	temps  []celsius
	fn     func()
}

// sum writes itself and leaves out what it can work out again.
type sum struct{ terms, total int }

func (s sum) MarshalBinary() ([]byte, error)     { return []byte{byte(s.terms)}, nil }
func (s *sum) UnmarshalBinary(data []byte) error { s.terms, s.total = int(data[0]), 42; return nil }
func (s *sum) String() string                    { return "sum" }

type stamped struct {
	time.Time
	By string
}

func codecs() map[string]*codec.Codec {
	types := codec.NewRegistry()
	for _, v := range []any{sample{}, sum{}, stamped{}, ring{}} {
		types.Add(reflect.TypeOf(v))
	}
	return map[string]*codec.Codec{"local": codec.New(codec.Local()), "registry": codec.New(types)}
}

type ring struct {
	Next *ring
	Self map[string]any
}

func again(t *testing.T, c *codec.Codec, v any) any {
	t.Helper()
	data, err := c.Append([]byte("before"), v)
	if err != nil {
		t.Fatalf("%#v: %v", v, err)
	}
	got, err := c.Decode(data[len("before"):])
	if err != nil {
		t.Fatalf("%#v: %v", v, err)
	}
	return got
}

func TestRoundTrip(t *testing.T) {
	day := time.Date(2024, 5, 17, 8, 30, 0, 1, time.UTC)
	values := []any{
		nil, true, 1, -5, int8(-8), uint64(math.MaxUint64), uintptr(3), 1.5, float32(0.1), math.Inf(-1), 2 + 3i, complex64(1i), "", "héllo\x00",
		[]int(nil), []int{}, []int{-1, math.MaxInt}, []byte("bytes"), []float64{1, math.Pi}, []float32{0.5}, []int16{-3, 4}, []uint32{7}, []complex64{1i}, []bool{true, false},
		[]celsius{1.5, -2}, [2]string{"a", "b"}, [0]int{}, []struct{}{{}, {}}, [][]int{nil, {1}, {}}, []any{1, "x", nil, []any{2.5}},
		map[string]int(nil), map[string]int{}, map[string]int{"a": 1, "b": 2}, map[[2]int]any{{1, 2}: "x"},
		struct {
			X int `json:"x"`
			Y []string
		}{1, []string{"z"}},
		sample{Name: "n", Values: []float64{1}, small: [3]int16{1, -2, 3}, in: inner{1, 2, map[string]bool{"t": true}}, Next: &sample{Name: "m"}, Any: celsius(3), When: day, temps: []celsius{4}},
		&sample{Any: &sample{}}, day, time.Second, big.NewInt(1 << 40), stamped{day, "me"}, error(nil), errors.New("plain"), fmt.Errorf("wrapped: %w", errors.New("inner")), regexp.MustCompile("a+b"),
	}
	for name, c := range codecs() {
		for _, v := range values {
			if got := again(t, c, v); !reflect.DeepEqual(got, v) {
				t.Errorf("%s: %#v became %#v", name, v, got)
			}
		}
		if got := again(t, c, sum{terms: 3}).(sum); got != (sum{3, 42}) {
			t.Errorf("%s: a type that writes itself became %v", name, got)
		}
		if got := again(t, c, math.NaN()).(float64); !math.IsNaN(got) {
			t.Errorf("%s: NaN became %v", name, got)
		}
	}
}

// TestSharing: two pointers to one variable stay so, and cycles end.
func TestSharing(t *testing.T) {
	for name, c := range codecs() {
		x := 5
		got := again(t, c, []*int{&x, &x, nil}).([]*int)
		if *got[0] = 6; *got[1] != 6 || got[2] != nil {
			t.Errorf("%s: the pointers became %v", name, got)
		}
		r := &ring{Self: map[string]any{}}
		r.Next, r.Self["me"] = r, r.Self
		back := again(t, c, r).(*ring)
		if back.Next != back || len(back.Self["me"].(map[string]any)) != 1 {
			t.Errorf("%s: the ring became %v", name, back)
		}
	}
}

func TestRefuse(t *testing.T) {
	type secret struct{ file *os.File }
	nested := []any{}
	nested = append(nested, nil)
	nested[0] = nested
	for _, test := range []struct {
		v    any
		want string
	}{
		{func() {}, "a func() cannot travel: a function stays in the program that made it"},
		{make(chan int), "a chan int cannot travel: a channel connects goroutines of one program"},
		{[]any{1, map[string]any{"k": secret{os.Stdout}}}, "element 1, key k, field file: an os.File cannot travel"},
		{sample{Next: &sample{fn: func() {}}}, "field Next, field fn: a func() cannot travel"},
		{&sync.Mutex{}, "a sync.Mutex cannot travel: package sync keeps to itself what it holds"},
		{map[any]int{make(chan bool): 1}, "a key: a chan bool cannot travel"},
		{nested, "it is nested too deeply, or contains itself"},
	} {
		_, err := codec.New(codec.Local()).Append(nil, test.v)
		var bad *codec.Error
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got  %.300v\nwant %s", err, test.want)
		}
	}
	type unknown struct{ X int }
	_, err := codec.New(codec.NewRegistry()).Append(nil, []any{unknown{1}})
	if err == nil || err.Error() != "element 0: a codec_test.unknown cannot travel: the type codec_test.unknown is not registered: other processes do not know it" {
		t.Errorf("error %v", err)
	}
}

func TestBufferAfterRefusal(t *testing.T) {
	buf := []byte("kept")
	got, err := codec.New(codec.Local()).Append(buf, []any{1, func() {}})
	if err == nil || !bytes.Equal(got, buf) {
		t.Errorf("the buffer is %q, %v", got, err)
	}
}

// FuzzDecode: whatever the bytes, reading them ends with a value or an error.
func FuzzDecode(f *testing.F) {
	c := codecs()["registry"]
	for _, v := range []any{1, "x", []float64{1, 2}, map[string]any{"a": []any{1}}, sample{Name: "n", Next: &sample{}}, struct{ X int }{1}, [2]time.Time{}} {
		data, err := c.Append(nil, v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := c.Decode(data)
		if err != nil {
			return
		}
		if _, err := c.Append(nil, v); err != nil {
			t.Errorf("%#v was read and cannot be written: %v", v, err)
		}
	})
}

func ExampleCodec() {
	c := codec.New(codec.Local())
	data, err := c.Append(nil, map[string][]int{"a": {1, 2, 3}})
	fmt.Println(err)
	fmt.Println(c.Decode(data))
	_, err = c.Append(nil, []any{1, os.Stdout})
	fmt.Println(err)
	// Output:
	// <nil>
	// map[a:[1 2 3]] <nil>
	// element 1: an os.File cannot travel: package os keeps to itself what it holds
}

func BenchmarkFloats(b *testing.B) {
	c := codec.New(codec.Local())
	v := make([]float64, 1<<20)
	b.SetBytes(8 << 20)
	for range b.N {
		data, err := c.Append(nil, v)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Decode(data); err != nil {
			b.Fatal(err)
		}
	}
}

// program is a program that goes on declaring types.
type program struct{ known map[string]reflect.Type }

func (p program) Name(t reflect.Type) (string, error) {
	for name, known := range p.known {
		if known == t {
			return name, nil
		}
	}
	return "", fmt.Errorf("nobody has declared %v", t)
}

func (p program) Type(name string) (reflect.Type, error) {
	if t := p.known[name]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("nobody has declared %s", name)
}

// TestRegistryWith: types that are declared later travel by the names that they have there,
// also as parts of others.
func TestRegistryWith(t *testing.T) {
	type later struct{ N int }
	p := program{map[string]reflect.Type{}}
	c := codec.New(codec.With(p))
	if _, err := c.Append(nil, later{1}); err == nil || !strings.Contains(err.Error(), "nobody has declared") {
		t.Errorf("error %v", err)
	}
	p.known["later 1"] = reflect.TypeFor[later]()
	for _, v := range []any{later{1}, &later{2}, []later{{3}}, map[string]*later{"a": {4}}, []any{later{5}, 6}} {
		data, err := c.Append(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := c.Decode(data); err != nil || !reflect.DeepEqual(again, v) {
			t.Errorf("got %v, %v; want %v", again, err, v)
		}
	}
}
