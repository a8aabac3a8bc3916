package closure

import (
	"strings"
	"weak"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// tail is a string that has been made by adding to one, and the room behind it in memory.
// Nobody but the routine that has the tail writes there, and no string reaches that far, so
// that adding to the string again need not copy it: a loop of s += x takes time in proportion to
// the text, as in CPython, where Go takes the square of it.
type tail struct {
	data  mem.Ptr            // of the string; nil when that is large
	large weak.Pointer[byte] // its data then: a tail keeps no large string alive
	len   int
	cap   int
	times int  // how often it has been added to, one after the other
	used  bool // since tails were last looked at for one to give up
}

const (
	shortText = 64 // bytes, which are copied as fast as anything else could be done
	tailTimes = 3  // additions that make more of them likely
	largeText = 64 << 10
	longText  = 16 << 20
)

// tailOf is the tail of a string that the routine made last, nil for others.
func (g *routine) tailOf(s string) *tail {
	p := mem.StringData(s)
	for i := range g.tails {
		if t := &g.tails[i]; t.len == len(s) && (t.data == p || t.data == nil && t.large.Value() == mem.Pointer[byte](p)) {
			t.used = true
			return t
		}
	}
	return nil
}

// join returns s with more behind it. What is too long to be had is refused: Go would end
// the process, or fill the memory before anybody can look.
func (g *routine) join(s, more string) string {
	n := len(s) + len(more)
	if n < shortText || len(s) == 0 || len(more) == 0 {
		return s + more
	}
	t := g.tailOf(s)
	switch {
	case t == nil:
		if n > longText {
			allocates(uint64(n))
		}
		return g.begin(s + more)
	case t.cap-t.len >= len(more):
		p := mem.StringData(s)
		copy(mem.Bytes(mem.Add(p, uintptr(t.len)), uintptr(len(more))), more)
		t.len = n
		return mem.String(p, n)
	case t.times < tailTimes && n <= longText:
		t.times++
		s += more
		t.set(s, n)
		return s
	}
	return t.grow(s, more)
}

// joinAll is join for any number of strings.
func (g *routine) joinAll(parts []string) string {
	s := parts[0]
	if len(s) < shortText || g.tailOf(s) == nil {
		n := 0
		for _, p := range parts {
			n += len(p)
		}
		if n > longText {
			allocates(uint64(n))
		}
		s = strings.Join(parts, "")
		if len(s) >= shortText {
			g.begin(s)
		}
		return s
	}
	for _, more := range parts[1:] {
		s = g.join(s, more)
	}
	return s
}

// begin makes a new string a tail, in place of one that has not been used for long.
func (g *routine) begin(s string) string {
	for {
		g.lastTail = (g.lastTail + 1) % len(g.tails)
		t := &g.tails[g.lastTail]
		if !t.used {
			t.times = 0
			t.set(s, len(s))
			return s
		}
		t.used = false
	}
}

// set makes t the tail of s, which stands in memory for room bytes.
func (t *tail) set(s string, room int) {
	t.data, t.len, t.cap = mem.StringData(s), len(s), room
	if room > largeText {
		t.data, t.large = nil, weak.Make(mem.Pointer[byte](t.data))
	}
}

// grow copies a string to where there is room behind it, as much as append would leave.
func (t *tail) grow(s, more string) string {
	n := len(s) + len(more)
	room := n
	if n > longText {
		room = n / 4
		allocates(uint64(n) + uint64(room))
	}
	var b strings.Builder
	b.Grow(n + room)
	b.WriteString(s)
	b.WriteString(more)
	s = b.String()
	t.set(s, b.Cap())
	return s
}

// concat is the sum of strings. Those on the left side that are sums themselves are joined with
// the right side at once.
func concat(a, b *expr) *expr {
	v := &expr{t: a.t, k: kString}
	if a.parts != nil {
		v.parts = append(v.parts, a.parts...)
	} else {
		v.parts = append(v.parts, codeOf[string](a))
	}
	v.parts = append(v.parts, codeOf[string](b))
	v.fn = joined(v.parts)
	return v
}

func joined(parts []func(F) string) func(F) string {
	if len(parts) == 2 {
		p, q := parts[0], parts[1]
		return func(f F) string {
			x := p(f)
			return head(f).g.join(x, q(f))
		}
	}
	return func(f F) string {
		var few [4]string
		list := few[:0]
		for _, p := range parts {
			list = append(list, p(f))
		}
		return head(f).g.joinAll(list)
	}
}
