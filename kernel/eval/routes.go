package eval

import (
	"io"
	"sync"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval/parent"
)

// routes knows which output a goroutine's prints go to.
type routes struct {
	mu     sync.RWMutex
	of     map[parent.Mark]display.Output
	recent []parent.Mark // of cells, oldest first
	calls  []parent.Mark // of calls between cells and in them
	last   display.Output
}

// mostRoutes bounds how many cells are remembered, and mostCalls how many calls; what
// goroutines of older ones print goes to the newest cell.
const (
	mostRoutes = 512
	mostCalls  = 64
)

func newRoutes() *routes {
	return &routes{of: map[parent.Mark]display.Output{}, last: nowhere{}}
}

// begin makes out the output of the goroutines with the mark, a new cell's.
func (r *routes) begin(m parent.Mark, out display.Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = out
	r.recent = r.add(r.recent, mostRoutes, m, out)
}

// call makes out the output of the goroutines with the mark, those of a call.
func (r *routes) call(m parent.Mark, out display.Output) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = r.add(r.calls, mostCalls, m, out)
}

// add adds to a list of which the oldest is forgotten.
func (r *routes) add(list []parent.Mark, most int, m parent.Mark, out display.Output) []parent.Mark {
	r.of[m] = out
	list = append(list, m)
	if len(list) > most {
		delete(r.of, list[0])
		list = list[1:]
	}
	return list
}

// output returns the output of the calling goroutine: that of its cell, or of the
// newest cell when it belongs to none.
func (r *routes) output() display.Output {
	m := parent.Of()
	r.mu.RLock()
	defer r.mu.RUnlock()
	if out, ok := r.of[m]; ok {
		return out
	}
	return r.last
}

func (r *routes) writer(name string) io.Writer { return stream{r, name} }

// stream writes to a stream of the calling goroutine's cell.
type stream struct {
	routes *routes
	name   string
}

func (s stream) Write(b []byte) (int, error) {
	s.routes.output().Stream(s.name, string(b))
	return len(b), nil
}

// nowhere is the output before the first cell.
type nowhere struct{}

func (nowhere) Stream(name, text string)            {}
func (nowhere) Display(b display.Bundle, id string) {}
func (nowhere) Update(b display.Bundle, id string)  {}
func (nowhere) Clear(wait bool)                     {}
