package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// want says what a place asks for: a type, or a value that fits. The zero want takes
// anything.
type want struct {
	isType bool                  // the name of a type
	call   bool                  // a function, to be called
	typ    types.Type            // the very type, when there is one
	fits   func(types.Type) bool // what is taken beside it
}

// How well a candidate fits, the best first.
const (
	fitSame = iota // has the very type
	fitAssignable
	fitResult // a function that returns what is wanted
	fitType   // a type to convert to
	fitNot
)

// wantType asks for values that can be assigned to t.
func wantType(t types.Type) want {
	if t == nil {
		return want{}
	}
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	if hasTypeParam(t) {
		return want{}
	}
	if b, ok := t.(*types.Basic); ok && b.Kind() <= types.Invalid || ok && b.Kind() == types.UntypedNil {
		return want{}
	}
	return want{typ: t, fits: func(v types.Type) bool { return types.AssignableTo(v, t) }}
}

// wantKind asks for values of a kind of types.
func wantKind(fits func(types.Type) bool) want { return want{fits: fits} }

func wantInteger() want {
	return want{typ: types.Typ[types.Int], fits: func(t types.Type) bool { return isBasic(t, types.IsInteger) }}
}

func isBasic(t types.Type, info types.BasicInfo) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}

// hasTypeParam reports whether t is a type parameter: which type that is depends on
// arguments yet to be written.
func hasTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// object says how well a name fits.
func (w want) object(o types.Object) int {
	switch o := o.(type) {
	case *types.TypeName:
		switch {
		case w.isType:
			return fitSame
		case w.typ != nil && types.Identical(o.Type(), w.typ):
			return fitType
		}
	case *types.Func:
		if w.call {
			return fitSame
		}
		return w.function(o.Signature())
	case *types.Builtin:
		if w.call {
			return fitAssignable
		}
	case *types.Var, *types.Const, *types.Nil:
		return w.value(o.Type())
	}
	return w.other()
}

func (w want) value(t types.Type) int {
	_, isFunc := t.Underlying().(*types.Signature)
	switch {
	case w.call && isFunc:
		return fitSame
	case w.fits == nil || !valid(t):
	case w.typ != nil && types.Identical(t, w.typ):
		return fitSame
	case w.fits(t):
		return fitAssignable
	case isFunc:
		return w.function(t.Underlying().(*types.Signature))
	}
	return w.other()
}

func (w want) function(sig *types.Signature) int {
	switch {
	case w.fits == nil:
	case w.fits(sig):
		return fitAssignable
	case sig.Results().Len() > 0 && valid(sig.Results().At(0).Type()) && w.fits(sig.Results().At(0).Type()):
		return fitResult
	}
	return w.other()
}

// other is how well fits what has not what is wanted, or all when nothing is.
func (w want) other() int {
	if w.fits == nil && !w.isType && !w.call {
		return fitSame
	}
	return fitNot
}

// pkg is how well a package fits: there is something of every kind in some package, of
// types in most.
func (w want) pkg() int {
	if w.isType {
		return fitAssignable
	}
	return w.other()
}

func (w want) keyword(word string) int {
	if w.isType && word != "range" {
		return fitSame
	}
	return w.other()
}

// valid reports whether a type is known, for an unknown one can be assigned to all.
func valid(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return !ok || b.Kind() != types.Invalid
}

// wanted returns what the place of the marker asks for.
func (e *exploration) wanted() want {
	if e.at == nil {
		return want{}
	}
	turn := func(t types.Type) types.Type { return t } // from what the whole expression has to be to the operand
	var child ast.Node = e.at
	for i := len(e.path) - 1; i >= 0; i-- {
		switch n := e.path[i].(type) {
		case *ast.SelectorExpr, *ast.ParenExpr:
		case *ast.StarExpr:
			turn = pointerAfter(turn)
		case *ast.UnaryExpr:
			switch n.Op {
			case token.NOT:
				return wantType(types.Typ[types.Bool])
			case token.ARROW:
				return wantKind(func(t types.Type) bool { _, ok := t.Underlying().(*types.Chan); return ok })
			case token.AND:
				turn = elemAfter(turn)
			}
		default:
			w := e.wantedIn(n, child, e.path[:i])
			if w.typ != nil {
				if t := turn(w.typ); t == nil || t != w.typ {
					return wantType(t)
				}
			}
			return w
		}
		child = e.path[i]
	}
	return want{}
}

func pointerAfter(turn func(types.Type) types.Type) func(types.Type) types.Type {
	return func(t types.Type) types.Type {
		if t = turn(t); t == nil {
			return nil
		}
		return types.NewPointer(t)
	}
}

func elemAfter(turn func(types.Type) types.Type) func(types.Type) types.Type {
	return func(t types.Type) types.Type {
		if t = turn(t); t == nil {
			return nil
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			return p.Elem()
		}
		return nil
	}
}

// wantedIn returns what node n, which stands in outer, asks of its child.
func (e *exploration) wantedIn(n, child ast.Node, outer []ast.Node) want {
	switch n := n.(type) {
	case *ast.CallExpr:
		return e.wantedByCall(n, child, outer)
	case *ast.AssignStmt:
		return e.wantedByAssign(n, child)
	case *ast.ValueSpec:
		if child == n.Type {
			return want{isType: true}
		}
		return wantType(e.typeOf(n.Type))
	case *ast.ReturnStmt:
		return wantType(e.resultType(indexOf(n.Results, child), outer))
	case *ast.KeyValueExpr:
		if len(outer) > 0 {
			if lit, ok := outer[len(outer)-1].(*ast.CompositeLit); ok {
				return e.wantedByPair(n, child, lit)
			}
		}
	case *ast.CompositeLit:
		if child == n.Type {
			return want{isType: true}
		}
		return e.wantedByElement(n, child)
	case *ast.BinaryExpr:
		return e.wantedByOperand(n, child, outer)
	case *ast.IfStmt, *ast.ForStmt:
		return wantType(types.Typ[types.Bool])
	case *ast.RangeStmt:
		if child == n.X {
			return wantKind(canRange)
		}
	case *ast.CaseClause:
		return e.wantedByCase(outer)
	case *ast.SendStmt:
		if ch, ok := under[*types.Chan](e.typeOf(n.Chan)); ok && child == n.Value {
			return wantType(ch.Elem())
		}
	case *ast.IndexExpr:
		return e.wantedByIndex(n, child)
	case *ast.SliceExpr:
		if child != n.X {
			return wantInteger()
		}
	case *ast.TypeAssertExpr:
		return want{isType: child == n.Type}
	case *ast.ArrayType:
		if child == n.Len {
			return wantInteger()
		}
		return want{isType: true}
	case *ast.MapType, *ast.ChanType, *ast.Field, *ast.TypeSpec, *ast.Ellipsis, *ast.IndexListExpr:
		return want{isType: true}
	}
	return want{}
}

func under[T types.Type](t types.Type) (u T, ok bool) {
	if t == nil {
		return u, false
	}
	u, ok = t.Underlying().(T)
	return u, ok
}

func indexOf(list []ast.Expr, child ast.Node) int {
	return slices.IndexFunc(list, func(x ast.Expr) bool { return ast.Node(x) == child })
}

func (e *exploration) wantedByCall(n *ast.CallExpr, child ast.Node, outer []ast.Node) want {
	i := indexOf(n.Args, child)
	if i < 0 {
		if len(outer) > 0 {
			switch outer[len(outer)-1].(type) {
			case *ast.GoStmt, *ast.DeferStmt:
				return want{call: true}
			}
		}
		return want{}
	}
	tv := e.info.Types[n.Fun]
	switch {
	case tv.IsType():
		t := tv.Type
		return want{typ: t, fits: func(v types.Type) bool { return types.ConvertibleTo(v, t) }}
	case tv.IsBuiltin():
		id, ok := ast.Unparen(n.Fun).(*ast.Ident)
		if ok {
			return e.wantedByBuiltin(id.Name, i, n.Args)
		}
	}
	sig, ok := under[*types.Signature](tv.Type)
	if !ok {
		return want{}
	}
	return wantType(e.bound(paramType(sig, i), sig, n.Args[:i]))
}

// paramType returns the type that argument i of a call is assigned to, nil when there
// are fewer.
func paramType(sig *types.Signature, i int) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 {
		if s, ok := sig.Params().At(n - 1).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return nil
	}
	if i >= n {
		return nil
	}
	return sig.Params().At(i).Type()
}

// bound returns t, or, when that is a type parameter of a function, the type that the
// arguments so far give it: the string of slices.Contains(names, |).
func (e *exploration) bound(t types.Type, sig *types.Signature, args []ast.Expr) types.Type {
	param, ok := t.(*types.TypeParam)
	if !ok {
		return t
	}
	known := map[*types.TypeParam]types.Type{}
	for i, a := range args {
		if p, at := paramType(sig, i), e.typeOf(a); p != nil && at != nil {
			bind(known, p, types.Default(at))
		}
	}
	if known[param] == nil {
		return t
	}
	return known[param]
}

// bind notes what the type parameters in a parameter's type are for an argument's.
func bind(known map[*types.TypeParam]types.Type, p, arg types.Type) {
	switch p := types.Unalias(p).(type) {
	case *types.TypeParam:
		if known[p] != nil {
			return
		}
		known[p] = arg
		if u, ok := p.Constraint().Underlying().(*types.Interface); ok && u.NumEmbeddeds() == 1 {
			switch c := u.EmbeddedType(0).(type) {
			case *types.Union:
				if c.Len() == 1 {
					bind(known, c.Term(0).Type(), arg)
				}
			case *types.Slice, *types.Map, *types.Chan:
				bind(known, c, arg)
			}
		}
	case *types.Map:
		if m, ok := arg.Underlying().(*types.Map); ok {
			bind(known, p.Key(), m.Key())
			bind(known, p.Elem(), m.Elem())
		}
	case interface{ Elem() types.Type }: // slices, pointers, channels
		if a, ok := arg.Underlying().(interface{ Elem() types.Type }); ok {
			bind(known, p.Elem(), a.Elem())
		}
	}
}

func (e *exploration) wantedByBuiltin(name string, i int, args []ast.Expr) want {
	var first types.Type
	if i > 0 {
		first = e.typeOf(args[0])
	}
	switch name {
	case "make", "new":
		if i == 0 {
			return want{isType: true}
		}
		return wantInteger()
	case "len", "cap":
		return wantKind(hasLength)
	case "append":
		if s, ok := under[*types.Slice](first); ok {
			return wantType(s.Elem())
		}
		return wantKind(func(t types.Type) bool { _, ok := t.Underlying().(*types.Slice); return ok })
	case "copy":
		if first != nil {
			return wantType(first)
		}
		return wantKind(func(t types.Type) bool { _, ok := t.Underlying().(*types.Slice); return ok })
	case "delete":
		if m, ok := under[*types.Map](first); ok {
			return wantType(m.Key())
		}
		return wantKind(func(t types.Type) bool { _, ok := t.Underlying().(*types.Map); return ok })
	case "close":
		return wantKind(func(t types.Type) bool { _, ok := t.Underlying().(*types.Chan); return ok })
	case "min", "max":
		if first != nil {
			return wantType(first)
		}
		return wantKind(func(t types.Type) bool { return isBasic(t, types.IsOrdered) })
	}
	return want{}
}

func hasLength(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Chan, *types.Array:
		return true
	case *types.Basic:
		return u.Info()&types.IsString != 0
	}
	return false
}

func canRange(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsInteger != 0 || hasLength(t)
	case *types.Signature:
		if u.Params().Len() != 1 || u.Results().Len() != 0 {
			return false
		}
		_, ok := u.Params().At(0).Type().Underlying().(*types.Signature)
		return ok
	}
	return hasLength(t)
}

func (e *exploration) wantedByAssign(n *ast.AssignStmt, child ast.Node) want {
	i := indexOf(n.Rhs, child)
	if i < 0 || i >= len(n.Lhs) {
		return want{}
	}
	if n.Tok == token.SHL_ASSIGN || n.Tok == token.SHR_ASSIGN {
		return wantInteger()
	}
	if id, ok := n.Lhs[i].(*ast.Ident); ok {
		if v, ok := e.info.Uses[id].(*types.Var); ok && valid(v.Type()) {
			return wantType(v.Type())
		}
		if n.Tok == token.DEFINE {
			return want{}
		}
	}
	return wantType(e.typeOf(n.Lhs[i]))
}

// resultType returns the type of result i of the function around, nil if there is none.
func (e *exploration) resultType(i int, outer []ast.Node) types.Type {
	for k := len(outer) - 1; k >= 0; k-- {
		var t *ast.FuncType
		switch f := outer[k].(type) {
		case *ast.FuncLit:
			t = f.Type
		case *ast.FuncDecl:
			t = f.Type
		default:
			continue
		}
		if t.Results == nil || i < 0 {
			return nil
		}
		for _, f := range t.Results.List {
			if i -= max(1, len(f.Names)); i < 0 {
				return e.typeOf(f.Type)
			}
		}
		return nil
	}
	return nil
}

// wantedByPair returns what a literal asks of the key or value of a pair.
func (e *exploration) wantedByPair(n *ast.KeyValueExpr, child ast.Node, lit *ast.CompositeLit) want {
	if st := structOf(e.typeOf(lit)); st != nil {
		id, ok := n.Key.(*ast.Ident)
		if !ok || child == n.Key {
			return want{}
		}
		for f := range st.Fields() {
			if f.Name() == id.Name {
				return wantType(f.Type())
			}
		}
		return want{}
	}
	if m, ok := under[*types.Map](e.typeOf(lit)); ok {
		if child == n.Key {
			return wantType(m.Key())
		}
		return wantType(m.Elem())
	}
	if child == n.Key {
		return wantInteger()
	}
	return wantType(elemOf(e.typeOf(lit)))
}

func (e *exploration) wantedByElement(lit *ast.CompositeLit, child ast.Node) want {
	t := e.typeOf(lit)
	if st := structOf(t); st != nil {
		if i := indexOf(lit.Elts, child); i >= 0 && i < st.NumFields() {
			return wantType(st.Field(i).Type())
		}
		return want{}
	}
	if m, ok := under[*types.Map](t); ok {
		return wantType(m.Key())
	}
	return wantType(elemOf(t))
}

// elemOf returns the element type of a slice or array, nil for other types.
func elemOf(t types.Type) types.Type {
	if s, ok := under[*types.Slice](t); ok {
		return s.Elem()
	}
	if a, ok := under[*types.Array](t); ok {
		return a.Elem()
	}
	return nil
}

func (e *exploration) wantedByOperand(n *ast.BinaryExpr, child ast.Node, outer []ast.Node) want {
	other := n.X
	if child == ast.Node(n.X) {
		other = n.Y
	}
	switch n.Op {
	case token.LAND, token.LOR:
		return wantType(types.Typ[types.Bool])
	case token.SHL, token.SHR:
		return wantInteger()
	}
	t := e.typeOf(other)
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 && b.Info()&types.IsNumeric != 0 {
		if whole := e.wantedOfSum(n, outer); whole.typ != nil && isBasic(whole.typ, types.IsNumeric) {
			return whole
		}
		return want{typ: types.Default(t), fits: func(v types.Type) bool { return isBasic(v, types.IsNumeric) }}
	}
	return wantType(t)
}

// wantedOfSum returns what the place of a sum, a product, ... asks for: a number in it takes
// that type. A comparison has another type than its operands.
func (e *exploration) wantedOfSum(n *ast.BinaryExpr, outer []ast.Node) want {
	switch n.Op {
	case token.ADD, token.SUB, token.MUL, token.QUO, token.REM, token.AND, token.OR, token.XOR, token.AND_NOT:
	default:
		return want{}
	}
	if len(outer) == 0 {
		return want{}
	}
	return e.wantedIn(outer[len(outer)-1], n, outer[:len(outer)-1])
}

// wantedByCase returns what a case of the switch around asks for.
func (e *exploration) wantedByCase(outer []ast.Node) want {
	for k := len(outer) - 1; k >= 0; k-- {
		switch s := outer[k].(type) {
		case *ast.SwitchStmt:
			if s.Tag == nil {
				return wantType(types.Typ[types.Bool])
			}
			return wantType(e.typeOf(s.Tag))
		case *ast.TypeSwitchStmt:
			return want{isType: true}
		}
	}
	return want{}
}

func (e *exploration) wantedByIndex(n *ast.IndexExpr, child ast.Node) want {
	if child == ast.Node(n.X) {
		return want{}
	}
	tv := e.info.Types[n.X]
	if m, ok := under[*types.Map](tv.Type); ok && !tv.IsType() {
		return wantType(m.Key())
	}
	if _, ok := under[*types.Signature](tv.Type); ok || tv.IsType() {
		return want{isType: true}
	}
	return wantInteger()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
