package rt_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"
	"time"
)

// This file is compiled with the tests, and read by them as the text of a cell: the
// forged types of its declarations must be like the compiled ones, and their methods
// run the compiled methods.

type (
	Bool    bool
	Int     int
	Int8    int8
	Uint16  uint16
	Float   float32
	Complex complex128
	Text    string
	Ptr     *Node
	Bytes   []byte
	Strings []string
	Arr     [5]Text
	Zero    [0]func()
	One     [1]*int
	Deep    [2][3]struct {
		P *int
		N int8
	}
	Fn     func(int, ...string) (float64, error)
	Chan   chan Node
	Recv   <-chan int
	Send   chan<- struct{}
	Set    map[Text]struct{}
	Index  map[[2]any]*Index
	Float1 map[Float]int
	Wide   map[[200]byte][200]byte
)

type (
	T   []T
	M   map[string]M
	F   func(F) F
	C   chan C
	P   *P
	A   struct{ B *B }
	B   struct{ A []A }
	Key struct {
		self *map[Key]int
		list *[]Key2
		f    float64
		s    string
	}
	Key2 struct {
		k  [1]Key
		in any
	}
	Chained struct {
		p *struct {
			k Chained2
			n int
		}
		s string
	}
	Chained2 struct {
		m map[struct {
			c Chained3
			n int
		}]int
	}
	Chained3 struct {
		up *Chained2
		s  string
	}
)

type Node struct {
	Name   string `json:"name" xml:"n"`
	next   *Node
	kids   map[string]Node
	Any    any
	err    error
	_      int8
	pair   [2]struct{ a, b *Node }
	f      func(Node) *Node
	C      chan<- Node
	when   time.Time
	_      [0]func()
	IsLeaf bool
}

type (
	Padded struct {
		a int8
		b int64
		c int16
	}
	Packed struct{ a, b int32 }
	Blank  struct {
		a int
		_ int
		b string
	}
	Tail struct {
		n int
		_ struct{}
	}
	Single struct{ p *int }
	Nested struct{ s Single }
	Mixed  struct {
		f float64
		c complex64
		s [2]string
	}
	Iface struct{ e interface{ M() } }
	Many  [40]*int
	Large struct {
		pad [3]uint64
		p   [20000]*Node
		s   string
	}
	LargeArr [30000]struct {
		a int
		b *int
	}
)

// Methods.

type Color int

func (c Color) String() string               { return [...]string{"red", "green", "blue"}[c] }
func (c Color) MarshalText() ([]byte, error) { return []byte("c:" + c.String()), nil }
func (c *Color) UnmarshalText(b []byte) error {
	for i := range 3 {
		if "c:"+Color(i).String() == string(b) {
			*c = Color(i)
			return nil
		}
	}
	return fmt.Errorf("no color %q", b)
}

type Point struct{ X, Y float64 }

func (p Point) Scale(f float64) Point   { return Point{p.X * f, p.Y * f} }
func (p Point) Polar() (r, phi float64) { return p.X + p.Y, p.X - p.Y }
func (p *Point) Move(dx, dy float64)    { p.X += dx; p.Y += dy }
func (p Point) Lots(a int, s string, f float64, b []byte, e error) string {
	return fmt.Sprint(a, s, f, len(b), e, p.X)
}
func (p Point) Join(sep string, parts ...any) string { return fmt.Sprint(sep, len(parts), parts) }

type Failure struct {
	Code int
	Why  error
}

func (f *Failure) Error() string   { return fmt.Sprintf("failure %d: %v", f.Code, f.Why) }
func (f *Failure) Unwrap() error   { return f.Why }
func (f *Failure) Is(e error) bool { return e == io.ErrNoProgress }

type Ages []int

func (a Ages) Len() int           { return len(a) }
func (a Ages) Less(i, j int) bool { return a[i] < a[j] }
func (a Ages) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

type Sink struct {
	lines []string
	total int
}

func (s *Sink) Write(p []byte) (int, error) {
	s.lines, s.total = append(s.lines, string(p)), s.total+len(p)
	return len(p), nil
}

type Source struct{ left int }

func (s *Source) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), s.left, 7)
	for i := range n {
		p[i] = byte('a' + s.left%26)
	}
	s.left -= n
	return n, nil
}

type Huge struct {
	words [64]uint64
	name  string
}

func (h Huge) String() string { return fmt.Sprint(h.name, h.words[63]) }

type Handle struct{ p *Point } // in the interface word itself

func (h Handle) String() string { return fmt.Sprint("handle of ", h.p.X) }

type Lookup map[string]int

func (l Lookup) String() string { return fmt.Sprint("lookup of ", len(l)) }

type Doubler func(int) int

func (d Doubler) Twice(n int) int { return d(d(n)) }

type (
	Base  struct{ Color }
	Outer struct {
		pad int
		*Point
		Base
		error
	}
	Locked struct {
		sync.Mutex
		N int
	}
)

type Celsius float64

func (c Celsius) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]float64{"celsius": float64(c)})
}
func (c *Celsius) UnmarshalJSON(b []byte) error {
	var m map[string]float64
	err := json.Unmarshal(b, &m)
	*c = Celsius(m["celsius"])
	return err
}
func (c Celsius) Format(s fmt.State, verb rune) { fmt.Fprintf(s, "%.1f°%c", float64(c), verb) }

// Interfaces.

type (
	Shape interface {
		Scale(float64) Point
		Polar() (float64, float64)
	}
	Closer interface {
		io.Closer
		fmt.Stringer
		closeNow(why string, codes ...int) Closer
	}
	Secret interface{ hidden() int }
	Opener interface{ Open(Opener) (Opener, error) }
)

type keeper struct{ n int }

func (k keeper) hidden() int   { return k.n }
func (k *keeper) Open2() int   { return k.n }
func (k keeper) Ünlikely() int { return k.n + 1 }

// Generics.

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) String() string { return fmt.Sprintf("%v=>%v", p.Key, p.Val) }

type List[E any] struct {
	head *List[E]
	item E
}

type (
	IntPair  = Pair[int, string]
	DeepPair = Pair[Color, List[Pair[string, []time.Duration]]]
)

var (
	_                = errors.New
	_ sort.Interface = Ages(nil)
)
