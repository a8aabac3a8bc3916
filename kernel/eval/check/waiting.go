package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// waiting is a function or method that cannot be compiled yet.
//
// A function whose signature is known is declared like any other, so that what calls it can
// be checked, and only its body waits. One with a type in its signature that no cell has
// declared, and every method, is postponed: it is not there, as if its cell had not
// declared it, and an error that comes of that says why. A method cannot be there with its
// body missing, since compiled code would find it (fmt calls String).
type waiting struct {
	decl  *Decl
	lacks []string // what it mentions that is not there, methods as "T.M"; functions that wait, too
	typed bool     // its signature is known
	fault string   // what else is wrong with one that has waited already, or ""
	note  string   // what the cells were told of it last
}

// errAnew says that functions were postponed, so that the part must be checked without them
// from the start.
var errAnew = errors.New("functions wait that were checked already")

// mayWait reports whether a declaration may wait for what it lacks: functions and methods
// may, unless they are of a whole program.
func (c *checking) mayWait(d *Decl) bool {
	return d.fn() != nil && !d.Main && c.part.sent == nil && !(c.part.program && c.isOwn(d))
}

// lack notes what d lacks when an error says no more than that: something is not there that
// a later cell may still declare. It notes any fault of a function that has been
// waiting since an earlier cell: the present cell is not to blame.
func (c *checking) lack(list map[*Decl]*waiting, d *Decl, e types.Error) bool {
	if !c.mayWait(d) {
		return false
	}
	name := c.lackOf(d, e)
	before := c.pending[d]
	if name == "" && before == nil && list[d] == nil {
		return false
	}
	w := list[d]
	if w == nil {
		w = &waiting{decl: d}
		if before != nil {
			w.note = before.note
		}
		list[d] = w
	}
	switch {
	case name != "" && !contains(w.lacks, name):
		w.lacks = append(w.lacks, name)
	case name == "" && before != nil && w.fault == "":
		w.fault = plainMessage(e.Msg)
	}
	return true
}

// lackOf returns the name that an error in d says is not there, "" when that may not be what
// the author meant.
func (c *checking) lackOf(d *Decl, e types.Error) string {
	if w := c.behind(e); w != nil {
		return w.decl.Names[0]
	}
	name, ok := strings.CutPrefix(e.Msg, "undefined: ")
	if !ok {
		return c.lackedMethod(d, e)
	}
	near := c.nearest(name, e.Pos)
	if e.Pos < d.fn().Body.Lbrace { // of the signature: a type
		if _, qualifies := c.memberOf(name, e.Pos); qualifies || c.placeHint(name, e.Pos) != "" {
			return ""
		}
		if !c.isType(near) {
			near = ""
		}
	}
	if strings.Contains(name, ".") || near != "" || len(symbols.Named(name)) > 0 || foreignNames[name] != "" || printName.MatchString(name) {
		return ""
	}
	return name
}

// isType reports whether a name stands for a type outside of functions.
func (c *checking) isType(name string) bool {
	o := types.Universe.Lookup(name)
	if sym := c.after.names[name]; sym != nil {
		o = sym.Obj
	}
	if own := c.objs[name]; own != nil {
		o = own
	}
	_, is := o.(*types.TypeName)
	return is
}

// lackedMethod returns T.M when an error in d says that a call x.M() finds no method, for an
// x of a type of cells, which may gain it. A field cannot come later.
func (c *checking) lackedMethod(d *Decl, e types.Error) string {
	if !strings.Contains(e.Msg, "undefined (type") {
		return ""
	}
	sel := c.selectorAt(e.Pos)
	if sel == nil || !called(d.Node, sel) {
		return ""
	}
	n := namedOf(c.typeOf(sel.X))
	if n == nil || types.IsInterface(n) || !c.isLatest(n.Obj()) || c.selectorHint(e, nil) != "" {
		return ""
	}
	return n.Obj().Name() + "." + sel.Sel.Name
}

// isLatest reports whether a type is what its name means to the cell's functions.
func (c *checking) isLatest(o *types.TypeName) bool {
	if now := c.objs[o.Name()]; now != nil {
		return now == types.Object(o)
	}
	sym := c.after.names[o.Name()]
	return sym != nil && sym.Obj == types.Object(o)
}

func called(root ast.Node, fun ast.Expr) (is bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && ast.Unparen(call.Fun) == fun {
			is = true
		}
		return !is
	})
	return is
}

// missingMethod is how go/types says that a type lacks a method: where one is called, in
// a method expression, and where the type does not implement an interface.
var missingMethod = regexp.MustCompile(`undefined \(type .* has no (?:field or )?method (\w+)\)|\(missing method (\w+)\)`)

// behind returns the postponed function or method that an error says is not there, nil when
// the error is about something else.
func (c *checking) behind(e types.Error) *waiting {
	if len(c.postponed) == 0 {
		return nil
	}
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok {
		return c.waitsAs(name)
	}
	m := missingMethod.FindStringSubmatch(e.Msg)
	if m == nil {
		return nil
	}
	var embedded types.Type
	if sel := c.selectorAt(e.Pos); sel != nil {
		embedded = c.typeOf(sel.X)
	}
	for _, w := range c.waitingList() {
		_, name, _ := strings.Cut(w.decl.Names[0], ".")
		if w.decl.Recv == "" || name != m[1]+m[2] {
			continue
		}
		if embeds(embedded, w.decl.Recv, mostEmbedded) || slices.Contains(words.FindAllString(e.Msg, -1), w.decl.Recv) {
			return w
		}
	}
	return nil
}

var words = regexp.MustCompile(`\w+`)

// embeds reports whether a struct, or what a pointer points to, embeds a type of that name.
func embeds(t types.Type, name string, depth int) bool {
	st := structOf(t)
	if st == nil || depth == 0 {
		return false
	}
	for f := range st.Fields() {
		if !f.Embedded() {
			continue
		}
		if n := namedOf(f.Type()); n != nil && n.Obj().Name() == name || embeds(f.Type(), name, depth-1) {
			return true
		}
	}
	return false
}

// waitsAs returns what waits under a name, nil if nothing does.
func (c *checking) waitsAs(name string) *waiting {
	for _, list := range []map[*Decl]*waiting{c.wait, c.postponed} {
		for d, w := range list {
			if d.Names[0] == name {
				return w
			}
		}
	}
	return nil
}

// waitingList returns all that waits, in the order in which it was written.
func (c *checking) waitingList() []*waiting {
	var out []*waiting
	for _, list := range []map[*Decl]*waiting{c.wait, c.postponed} {
		for _, w := range list {
			out = append(out, w)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].decl.Node.Pos() < out[j].decl.Node.Pos() })
	return out
}

// takeUp decides which of the functions that waited are checked with this part: those that
// it does not declare itself and whose missing names are there, or known to be coming.
func (c *checking) takeUp(own map[string]bool) {
	var rest []*waiting
	for _, w := range c.before.pending {
		if !own[w.decl.Names[0]] {
			rest = append(rest, w)
		}
	}
	for grow := true; grow; {
		grow = false
		rest = slices.DeleteFunc(rest, func(w *waiting) bool {
			if c.postponed[w.decl] != nil || !c.ready(w, own) {
				return false
			}
			c.units = append(c.units, w.decl)
			c.pending[w.decl] = w
			grow = true
			return true
		})
	}
	for _, w := range rest {
		if c.postponed[w.decl] == nil {
			c.postponed[w.decl] = w
		}
	}
}

// ready reports whether it makes sense to try again to compile what waits. A function that
// has its signature always is tried: its callers need it.
func (c *checking) ready(w *waiting, own map[string]bool) bool {
	if w.typed {
		return true
	}
	dotted := c.dotObjects()
	for _, name := range w.lacks {
		recv, method, isMethod := strings.Cut(name, ".")
		switch {
		case own[name] || c.before.names[name] != nil || dotted[name] != nil:
		case slices.ContainsFunc(c.units, func(d *Decl) bool { return contains(d.Names, name) }):
		case isMethod && (own[recv] || slices.ContainsFunc(c.units, func(d *Decl) bool { return strings.HasSuffix(d.Names[0], "."+method) })):
		default:
			return false
		}
	}
	return true
}

// spread makes the callers of waiting functions wait as well, and postpones methods.
func (c *checking) spread() error {
	objs := c.notThere()
	for grow := len(objs) > 0; grow; {
		grow = false
		for _, d := range c.units {
			if !c.mayWait(d) || c.wait[d] != nil || c.pull[d] {
				continue
			}
			if id := c.usesObject(d.Node, objs); id != nil {
				c.wait[d] = &waiting{decl: d, lacks: []string{objs[c.used(id)].Names[0]}}
				if before := c.pending[d]; before != nil {
					c.wait[d].note = before.note
				}
				objs[c.funcs[d]] = d
				grow = true
			}
		}
	}
	anew := false
	for d, w := range c.wait {
		if w.typed = d.Recv == ""; !w.typed {
			c.postponed[d] = w
			anew = true
		}
	}
	if anew {
		return errAnew
	}
	return c.refuseUses(objs)
}

// refuseUses refuses statements, and functions that cannot wait themselves, which need a
// waiting function now.
func (c *checking) refuseUses(objs map[types.Object]*Decl) error {
	var nodes []ast.Node
	for _, st := range c.part.stmts {
		nodes = append(nodes, st)
	}
	for _, d := range c.part.decls {
		if !c.mayWait(d) {
			nodes = append(nodes, d.Node)
		}
	}
	for _, n := range nodes {
		if id := c.usesObject(n, objs); id != nil {
			return Errors{c.errorAt(id.Pos(), c.notYet(c.waitsAs(objs[c.used(id)].Names[0])), "")}
		}
	}
	return nil
}

// notThere maps objects to the waiting functions that they stand for: their own, and those of
// earlier definitions that they are to replace.
func (c *checking) notThere() map[types.Object]*Decl {
	objs := map[types.Object]*Decl{}
	for d := range c.wait {
		objs[c.funcs[d]] = d
	}
	for d := range c.postponed {
		if d.Recv != "" {
			if old := c.methodOf(d); old != nil {
				objs[old] = d
			}
		} else if old := c.before.names[d.Names[0]]; old != nil {
			objs[old.Obj] = d
		}
	}
	return objs
}

func (c *checking) usesObject(n ast.Node, objs map[types.Object]*Decl) (found *ast.Ident) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && found == nil {
			if o := c.used(id); o != nil && objs[o] != nil {
				found = id
			}
		}
		return found == nil
	})
	return found
}

// used returns the object that a name stands for, of an instance the generic one.
func (c *checking) used(id *ast.Ident) types.Object {
	o := c.info.Uses[id]
	if f, ok := o.(*types.Func); ok {
		return f.Origin()
	}
	return o
}

// notYet is the error of what uses a waiting function.
func (c *checking) notYet(w *waiting) string {
	return fmt.Sprintf("%s cannot run yet: %s", w.decl.Names[0], c.reason(w))
}

// reason says what a function waits for: what is missing, if need be in the functions that
// it uses.
func (c *checking) reason(w *waiting) string {
	if w.fault != "" {
		return w.fault
	}
	missing, via := c.missing(w.lacks)
	if len(missing) > 0 {
		return "no cell has defined " + strings.Join(missing, ", ") + " yet"
	}
	seen := map[string]bool{w.decl.Names[0]: true}
	for next := via; len(next) > 0; {
		var behind []string
		for _, name := range next {
			if seen[name] {
				continue
			}
			seen[name] = true
			other := c.waitsAs(name)
			if other.fault != "" {
				return fmt.Sprintf("it uses %s, which cannot run: %s", strings.Join(via, ", "), other.fault)
			}
			more, further := c.missing(other.lacks)
			missing, behind = append(missing, more...), append(behind, further...)
		}
		next = behind
	}
	slices.Sort(missing)
	return fmt.Sprintf("it uses %s, and no cell has defined %s yet", strings.Join(via, ", "), strings.Join(slices.Compact(missing), ", "))
}

// missing parts what a function lacks into names that nothing has and functions that wait.
func (c *checking) missing(lacks []string) (names, waits []string) {
	for _, name := range lacks {
		if c.waitsAs(name) != nil {
			waits = append(waits, name)
		} else {
			names = append(names, name)
		}
	}
	return names, waits
}

// keepWaiting hands what waits to the next cell, and notes what its author does not know yet.
func (c *checking) keepWaiting() {
	var notes []string
	for _, w := range c.waitingList() {
		note := fmt.Sprintf("%s waits: %s", w.decl.Names[0], c.reason(w))
		if w.fault != "" {
			note = fmt.Sprintf("%s (cell %d) cannot run: %s", w.decl.Names[0], w.decl.Src.Cell, w.fault)
		}
		if note != w.note {
			notes = append(notes, note)
		}
		next := *w // the cell may still be refused, and what it told with it
		next.note = note
		c.after.pending = append(c.after.pending, &next)
	}
	sort.Strings(notes)
	c.notes = append(c.notes, notes...)
}
