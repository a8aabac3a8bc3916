package magic

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/display"
)

// Magic is one command.
type Magic struct {
	Name string // without percent signs
	// Doc is help: the first line is how it is written, the second what it does, in a sentence.
	Doc string
	// Line and Cell say where it may stand: %name args in a line, %%name args above a cell.
	Line, Cell bool
	// Run does it. It returns soon after ctx is cancelled, with ctx's error; its other
	// errors are sentences.
	Run func(ctx context.Context, c *Call) error
}

// Call is one use of a magic.
type Call struct {
	Name string // without percent signs
	Args string // the rest of its line, without space around it
	Cell bool   // it stands above a cell
	Body string // of a cell: the lines below
	Row  int    // of a cell: the number of its magic's line, from 1

	Out     display.Output // where it prints and shows
	Session Session        // may be nil for those that need none

	set *Set // in which it was found
}

// code returns the cell as Go, its magic's name replaced by before, after put behind it.
// Its lines keep the numbers that they have in the cell.
func (c *Call) code(before, after string) string {
	return strings.Repeat("\n", c.Row-1) + before + c.Args + "\n" + c.Body + after
}

func (c *Call) print(text string) { c.Out.Stream("stdout", text) }

func (c *Call) printf(format string, args ...any) { c.print(fmt.Sprintf(format, args...)) }

// errorf is an error that starts with the command as the user wrote it.
func (c *Call) errorf(format string, args ...any) error {
	return fmt.Errorf(c.sign()+": "+format, args...)
}

// sign is the command's name with its percent signs, ready for a format.
func (c *Call) sign() string {
	return strings.ReplaceAll(written(c.Name, c.Cell), "%", "%%")
}

// written is a name as it stands in a cell.
func written(name string, cell bool) string {
	switch {
	case name == "!":
		return "!"
	case name == "pinfo":
		return "name?"
	case cell:
		return "%%" + name
	}
	return "%" + name
}

// Var is a name that the user declared.
type Var struct {
	Name string
	Type string // as the user writes it
	Kind string // "var", "func", "type" or "const"
}

// Session is what magics need of the notebook.
type Session interface {
	// Run runs code as a cell and shows its value. It returns the cell's failure.
	Run(ctx context.Context, code string) error
	// Vars lists what the user declared, in any order.
	Vars() []Var
	// Reset forgets what the user declared.
	Reset() error
	// Args returns the arguments of the command line that programs in cells see, SetArgs
	// sets them.
	Args() []string
	SetArgs(args []string)
	// Inspect describes a name; false: there is nothing to say.
	Inspect(name string) (display.Bundle, bool)
	// Page shows help beside the cell, in the front end's pager.
	Page(b display.Bundle)
	// SetNextInput puts text into the cell that runs, or with replace false into a new
	// one below it.
	SetNextInput(text string, replace bool)
	// Profile records what the tasks do that are computed until stop is called, which
	// returns what there is to show of them; an empty bundle when nothing was computed.
	Profile() (stop func() display.Bundle)
	// Measure starts to measure time; the result returns the CPU and wall times since, as
	// lines to print.
	Measure() func() string
}

// session returns the session, or a sentence when there is none.
func (c *Call) session() (Session, error) {
	if c.Session == nil {
		return nil, c.errorf("there is no Go session here, and this command needs one")
	}
	return c.Session, nil
}

// Set is all magics by name. It never changes.
type Set struct{ magics map[string]Magic }

// NewSet returns a set of some magics; of two with the same name the later one counts.
func NewSet(magics ...Magic) *Set {
	s := &Set{magics: map[string]Magic{}}
	for _, m := range magics {
		s.magics[m.Name] = m
	}
	return s
}

// Names lists the names in order, without percent signs.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.magics)) }

// Lookup returns the magic with that name. The error says which one may be meant.
func (s *Set) Lookup(name string) (Magic, error) {
	if m, ok := s.magics[name]; ok {
		return m, nil
	}
	if name == "" {
		return Magic{}, fmt.Errorf("a magic's name follows its percent sign at once; %%lsmagic lists them")
	}
	if near := s.nearest(name); near != "" {
		return Magic{}, fmt.Errorf("there is no magic %%%s; did you mean %%%s?", name, near)
	}
	return Magic{}, fmt.Errorf("there is no magic %%%s; %%lsmagic lists them", name)
}

// Run looks the call's magic up and runs it.
func (s *Set) Run(ctx context.Context, c *Call) error {
	m, err := s.Lookup(c.Name)
	if err != nil {
		return err
	}
	switch {
	case c.Cell && !m.Cell:
		return c.errorf("this magic takes a line, not a cell: write %s", written(c.Name, false))
	case !c.Cell && !m.Line:
		return c.errorf("this magic takes a cell: write %%%%%s on the cell's first line", c.Name)
	}
	call := *c
	call.set = s
	return m.Run(ctx, &call)
}

// nearest is the name that is one slip away, two for longer names; empty when none is.
func (s *Set) nearest(name string) string {
	best, least := "", min(2, len(name)/2)+1
	for _, n := range s.Names() {
		if d := distance(name, n); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is how many bytes must be added, removed, changed or swapped with their
// neighbour to make b of a.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(last[j]+cost, last[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, last = last, next
	}
	return last[len(b)]
}
