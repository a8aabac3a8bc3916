package display

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// record is an Output that writes down what happens to it, ids as the order they came in.
type record struct {
	mu  sync.Mutex
	ids []string
	log []string
	all []Bundle
}

func (r *record) add(what, id string, b Bundle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.Index(r.ids, id)
	if i < 0 {
		i = len(r.ids)
		r.ids = append(r.ids, id)
	}
	r.log = append(r.log, fmt.Sprintf("%s %d: %s", what, i, text(b)))
	r.all = append(r.all, b)
}

func (r *record) Stream(name, text string)    { r.add(name, "", Text(text)) }
func (r *record) Display(b Bundle, id string) { r.add("display", id, b) }
func (r *record) Update(b Bundle, id string)  { r.add("update", id, b) }
func (r *record) Clear(wait bool)             { r.add(fmt.Sprint("clear ", wait), "", Bundle{}) }

func TestShow(t *testing.T) {
	first, second := &record{}, &record{}
	now := first
	d := New(func() Output { return now })
	a := d.Show(1)
	b := d.Show("two")
	a.Update([]int{3})
	now = second // another cell: what is shown goes to its output
	b.Update(4)
	d.Clear(true)
	if want := []string{"display 0: 1", "display 1: two", "update 0: [3]"}; !reflect.DeepEqual(first.log, want) {
		t.Errorf("first cell: %q", first.log)
	}
	if second.ids[0] != first.ids[1] || !slices.Equal(second.log, []string{"update 0: 4", "clear true 1: "}) {
		t.Errorf("second cell: %q", second.log)
	}
	if first.ids[0] == "" || first.ids[0] == first.ids[1] {
		t.Errorf("ids are %q", first.ids)
	}
	if !Of(a).Empty() {
		t.Errorf("a handle shows %v", Of(a))
	}
}

func TestShowFromManyGoroutines(t *testing.T) {
	out := &record{}
	d := New(func() Output { return out })
	var running sync.WaitGroup
	for i := range 8 {
		running.Go(func() {
			h := d.Show(i)
			h.Update(i + 1)
		})
	}
	running.Wait()
	if len(out.ids) != 8 || len(out.log) != 16 {
		t.Errorf("%d ids, %d calls", len(out.ids), len(out.log))
	}
}

func TestConsole(t *testing.T) {
	var out, errs bytes.Buffer
	c := NewConsole(&out, &errs)
	d := New(func() Output { return c })
	h := d.Show(1)
	h.Update(2)
	c.Stream("stdout", "printed\n")
	c.Stream("stderr", "warned\n")
	d.Clear(false)
	d.Show(Bundle{})
	c.Display(Bundle{Data: map[string]any{MIMEHTML: "<b>", "a/b": 1}}, "")
	if got := out.String(); got != "1\n2\nprinted\nsomething that is no text: a/b, text/html\n" {
		t.Errorf("stdout is %q", got)
	}
	if errs.String() != "warned\n" {
		t.Errorf("stderr is %q", errs.String())
	}
}

func TestConsoleRewritesTheLastLine(t *testing.T) {
	var out bytes.Buffer
	c := NewConsole(&out, &out)
	c.terminal = func() bool { return true }
	c.Display(Text("a"), "1")
	c.Update(Text("b"), "1")
	c.Stream("stdout", "x\n")
	c.Update(Text("c"), "1") // not the last line any more
	c.Display(Text("d\ne"), "2")
	c.Update(Text("f"), "2") // more than a line
	if want := "a\n\x1b[1A\x1b[2Kb\nx\nc\nd\ne\nf\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// clock is a time that the test turns.
type clock struct{ t time.Time }

func (c *clock) now() time.Time          { return c.t }
func (c *clock) advance(d time.Duration) { c.t = c.t.Add(d) }

func TestBar(t *testing.T) {
	out := &record{}
	d := New(func() Output { return out })
	c := &clock{}
	b := d.start(4, "<files>", c.now)
	c.advance(2 * time.Second)
	b.Step()
	c.advance(50 * time.Millisecond)
	b.Step() // too soon to be drawn
	b.Done()
	want := []string{
		"display 0: <files> |                    | 0/4, 0.0 s",
		"update 0: <files> |█████               | 1/4, 2.0 s, 0.5/s, 6.0 s left",
		"update 0: <files> |██████████          | 2/4, 2.0 s, 0.976/s, 2.0 s left",
	}
	if !slices.Equal(out.log, want) {
		t.Errorf("got\n%s", strings.Join(out.log, "\n"))
	}
	html := out.all[1].Data[MIMEHTML]
	if html != `<div>&lt;files&gt; <progress value="1" max="4"></progress> 1/4, 2.0 s, 0.5/s, 6.0 s left</div>` {
		t.Errorf("HTML is %s", html)
	}
}

func TestBarIsDrawnTenTimesASecond(t *testing.T) {
	out := &record{}
	d := New(func() Output { return out })
	c := &clock{}
	b := d.start(10_000, "", c.now)
	for range 10_000 {
		c.advance(time.Millisecond / 10)
		b.Step()
	}
	b.Done()
	if n := len(out.log); n != 1+10+1 {
		t.Errorf("10,000 steps in a second are drawn %d times", n)
	}
	if last := out.log[len(out.log)-1]; !strings.Contains(last, "10000/10000, 1.0 s, 10000/s") || strings.Contains(last, "left") {
		t.Errorf("the last is %s", last)
	}
}

func TestProgressOfNothing(t *testing.T) {
	out := &record{}
	for range New(func() Output { return out }).ProgressN(0) {
		t.Error("a turn")
	}
	if !slices.Equal(out.log, []string{"display 0: 0/0, 0.0 s", "update 0: 0/0, 0.0 s"}) {
		t.Errorf("%q", out.log)
	}
}

func TestProgressEndsWithItsLoop(t *testing.T) {
	out := &record{}
	d := New(func() Output { return out })
	for i := range d.ProgressN(10, "early") {
		if i == 3 {
			break
		}
	}
	func() {
		defer func() {
			if recover() != "stop" {
				t.Error("the body's panic did not come through")
			}
		}()
		for i := range d.ProgressN(10, "panic") {
			if i == 2 {
				panic("stop")
			}
		}
	}()
	for id, want := range []string{"3/10", "2/10"} {
		last := ""
		for _, line := range out.log {
			if strings.HasPrefix(line, fmt.Sprintf("update %d", id)) {
				last = line
			}
		}
		if !strings.Contains(last, want) {
			t.Errorf("bar %d ends as %q, want %s", id, last, want)
		}
	}
}

func TestProgressRangesLikeASlice(t *testing.T) {
	type names []string
	xs := names{"a", "b", "c"}
	out := &record{}
	got := ""
	for i, x := range progress(New(func() Output { return out }), xs, nil) {
		got += fmt.Sprint(i, x)
	}
	if got != "0a1b2c" {
		t.Errorf("got %s", got)
	}
	if last := out.log[len(out.log)-1]; !strings.Contains(last, "3/3") {
		t.Errorf("the bar ends as %s", last)
	}
}
