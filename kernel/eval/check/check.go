// Package check is the typed front end of the evaluator: it takes the text of a
// cell apart, checks it against everything earlier cells declared, and hands an
// engine a [Program] in which every identifier is resolved.
//
// A [Session] holds the names. [Session.Check] parses and checks a cell without
// changing them; [Session.Commit] makes its names the session's, once an engine
// ran it (or as far as it ran). The rules:
//
//   - imports, declarations and statements may stand in any order; a package
//     is imported when it is used;
//   - x := e declares x anew or, when its type stays the same, assigns to it;
//   - a redefined function is seen by its callers when its signature stays the
//     same; otherwise, and for a redefined type, what depends on it is checked
//     again and keeps the old definition, with a note, where it no longer compiles;
//   - a function or method that mentions a name no cell has declared yet, or calls a
//     method that no cell has, waits for it.
//
// The session's package has one *types.Package for all cells, whose scope is
// filled anew for every check; go/types would not let one package see the
// unexported fields of another. A cell is checked in three passes: signatures of
// its declarations, then its statements in order as the body of a function, then
// the bodies of its functions, which may use the variables of the statements.
//
// A Session is used by one goroutine at a time.
package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"sync"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Session holds what the cells so far have declared.
type Session struct {
	fset      *token.FileSet
	imp       *symbols.Importer
	docs      *symbols.Docs
	pkg       *types.Package
	scope     *scope
	must      types.Object
	sourcesMu sync.RWMutex // Position is asked by goroutines that outlive their cells
	sources   map[*token.File]*Source
	sizes     types.Sizes

	pruneAt int // how many sources are too many

	// reachMu guards what [Session.Reach] looks at, for goroutines that go on while the next
	// cell is checked: scopes, declarations and symbols.
	reachMu sync.Mutex
	state   uint64
	ahead   *scope                   // of a cell that has been checked and not yet been committed
	sent    map[types.Object]*Symbol // what came from another session

	// Faults, when set, is told of every [Fault], on the goroutine that met it.
	Faults func(*Fault)
}

const mustName = "must"

// New returns an empty session.
func New() *Session {
	fset := token.NewFileSet()
	s := &Session{fset: fset, imp: symbols.NewImporter(fset), docs: symbols.NewDocs(), pkg: types.NewPackage("main", "main"), scope: newScope(), sources: map[*token.File]*Source{}, sizes: types.SizesFor("gc", runtime.GOARCH)}
	s.must = s.mustObject()
	return s
}

// Reset forgets every name.
func (s *Session) Reset() {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	s.changed(nil)
	s.scope, s.sent = newScope(), nil
	s.prune()
}

// prune forgets the texts that no live declaration stands in: those of statements, of
// what was redefined, and of cells that did not compile.
func (s *Session) prune() {
	live := map[*Source]bool{}
	for _, d := range s.scope.decls() {
		live[d.Src] = true
	}
	for _, w := range s.scope.pending {
		live[w.decl.Src] = true
	}
	for file, src := range s.sources {
		if !live[src] {
			s.drop(file)
		}
	}
	s.pruneAt = 2*len(s.sources) + fewSources
}

// keep and drop are all that changes s.sources; reading them needs no lock where that is
// the only other thing that happens, in the session itself.
func (s *Session) keep(src *Source) {
	s.sourcesMu.Lock()
	defer s.sourcesMu.Unlock()
	s.sources[src.File] = src
}

func (s *Session) drop(file *token.File) {
	s.sourcesMu.Lock()
	defer s.sourcesMu.Unlock()
	delete(s.sources, file)
	s.fset.RemoveFile(file)
}

// fewSources is how many texts are kept before it is worth looking for those to forget.
const fewSources = 64

// mustObject declares func must[T any](v T, err ...error) T: the built-in of
// cells that returns v or stops the cell with err.
func (s *Session) mustObject() types.Object {
	src := "package main; func " + mustName + "[T any](v T, err ...error) T { panic(0) }"
	f, err := parser.ParseFile(s.fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		panic(err) // a fault of the line above
	}
	conf := types.Config{IgnoreFuncBodies: true}
	if err := types.NewChecker(&conf, s.fset, s.pkg, nil).Files([]*ast.File{f}); err != nil {
		panic(err)
	}
	return s.pkg.Scope().Lookup(mustName)
}

// Cell is a checked cell: its programs in order (one, unless the cell declares
// a name twice) and what its author should know about earlier definitions.
type Cell struct {
	Programs []*Program
	Notes    []string
}

// Check parses and checks a cell with the given number. The error is an [Errors], or a
// [*Fault] when the checker itself failed. The cell is nil when the text does not parse;
// with an error of a later kind it has the notes so far.
func (s *Session) Check(number int, text string) (cell *Cell, err error) {
	if fault := s.guard(func() { cell, err = s.check(number, text) }); fault != nil {
		return nil, fault
	}
	return cell, err
}

func (s *Session) check(number int, text string) (*Cell, error) {
	s.changed(nil)
	if len(s.sources) >= s.pruneAt { // here, when no program is on its way
		s.prune()
	}
	parts, err := s.parse(number, text)
	if err != nil {
		return nil, err
	}
	cell := &Cell{}
	sc := s.scope
	var checks []*checking
	refused := true
	defer func() {
		if refused { // or the checker failed
			for _, c := range slices.Backward(checks) {
				c.withdraw()
			}
		}
	}()
	for _, part := range parts {
		c := s.newChecking(sc, part)
		checks = append(checks, c)
		p, err := c.complete()
		cell.Notes = append(cell.Notes, c.notes...)
		if err != nil {
			return cell, err
		}
		cell.Programs = append(cell.Programs, p)
		sc = p.after
	}
	refused = false
	s.ahead = sc
	return cell, nil
}

// Withdraw takes back what the check of programs changed in the types and declarations of
// earlier cells: methods that they gained, functions that stand for new text. It is for the
// programs of a cell that no engine ran, and never will; they are the last ones checked.
func (s *Session) Withdraw(programs ...*Program) {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	s.changed(nil)
	for _, p := range slices.Backward(programs) {
		p.withdraw()
	}
}

// Commit makes the names of a program the session's. done is the number of its
// steps that ran to their end; variables of later steps stay as they were.
func (s *Session) Commit(p *Program, done int) {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	s.changed(s.ahead)
	for _, st := range p.Steps[:done] {
		for _, sym := range st.Defs {
			sym.Doc = p.Src.comment(st.Stmt)
		}
	}
	if done < len(p.Steps) {
		reached := map[*Symbol]bool{}
		for _, st := range p.Steps[:done] {
			for _, sym := range st.Defs {
				reached[sym] = true
			}
		}
		for _, sym := range p.Vars {
			if reached[sym] {
				continue
			}
			delete(p.after.objects, sym.Obj)
			delete(p.after.names, sym.Name)
			if old := p.before.names[sym.Name]; old != nil {
				p.after.put(old)
			}
		}
	}
	s.scope = p.after
}
