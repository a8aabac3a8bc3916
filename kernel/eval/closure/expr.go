package closure

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// expr compiles an expression with one value.
func (c *compiler) expr(x ast.Expr) *expr {
	x = ast.Unparen(x)
	if v := c.info.Types[x].Value; v != nil {
		return c.constant(c.typeOf(x), v)
	}
	switch x := x.(type) {
	case *ast.Ident:
		return c.name(x)
	case *ast.FuncLit:
		return c.literal(x)
	case *ast.CompositeLit:
		return c.composite(x)
	case *ast.SelectorExpr:
		return c.selector(x)
	case *ast.IndexExpr:
		return c.indexed(x, x.X, x.Index)
	case *ast.IndexListExpr:
		return c.instantiated(x, x.X)
	case *ast.SliceExpr:
		return c.slice(x)
	case *ast.StarExpr:
		return c.load(c.behind(c.expr(x.X), x.Pos()))
	case *ast.TypeAssertExpr:
		return c.assertion(x)
	case *ast.UnaryExpr:
		return c.unary(x)
	case *ast.BinaryExpr:
		return c.binary(x)
	case *ast.CallExpr:
		return c.callValue(x)
	}
	c.refuse(x, "dagbook cannot compile this expression (%T)", x)
	return nil
}

// exprTo compiles an expression and converts it as an assignment to t does.
func (c *compiler) exprTo(x ast.Expr, t types.Type) *expr { return c.convert(c.expr(x), t) }

// value wraps code into an expression of type t.
func value(t types.Type, fn any) *expr { return &expr{t: t, k: kindOf(t), fn: fn} }

func boolean(t types.Type, fn func(F) bool) *expr { return &expr{t: t, k: kBool, fn: fn} }

func (c *compiler) name(id *ast.Ident) *expr {
	switch o := c.object(id).(type) {
	case *types.Nil:
		return c.nilOf(c.typeOf(id))
	case *types.Func:
		return c.functionValue(id, o, c.typeOf(id))
	case *types.Var:
		if l := c.locateVar(o); l != nil {
			return c.load(l)
		}
	}
	c.refuse(id, "%s is not known to the engine; this is a fault of dagbook's", id.Name)
	return nil
}

// nilOf is the zero value of a type.
func (c *compiler) nilOf(t types.Type) *expr {
	switch k := kindOf(t); k {
	case kPtr:
		return &expr{t: t, k: k, where: inConst, con: mem.Ptr(nil)}
	case kSlice:
		return &expr{t: t, k: k, where: inConst, con: mem.Slice{}}
	case kIface:
		return &expr{t: t, k: k, where: inConst, con: mem.Iface{}}
	}
	zero := c.layout(t).New()
	return value(t, c.opsOf(t).global(zero))
}

func (c *compiler) unary(x *ast.UnaryExpr) *expr {
	t := c.typeOf(x)
	switch x.Op {
	case token.AND:
		return value(t, c.addressExpr(x.X))
	case token.ARROW:
		return c.receive(x, t)
	case token.NOT:
		fn := codeOf[bool](c.expr(x.X))
		return boolean(t, func(f F) bool { return !fn(f) })
	}
	e := c.exprTo(x.X, t)
	switch e.k {
	case kComplex64:
		fn := codeOf[complex64](e)
		return value(t, negate(x.Op, fn))
	case kComplex128:
		fn := codeOf[complex128](e)
		return value(t, negate(x.Op, fn))
	}
	return value(t, numbersOf[e.k].unary(x.Op, e))
}

func negate[T complex64 | complex128](op token.Token, fn func(F) T) func(F) T {
	if op == token.SUB {
		return func(f F) T { return -fn(f) }
	}
	return fn
}

// addressExpr is the code of &x.
func (c *compiler) addressExpr(x ast.Expr) func(F) mem.Ptr {
	if lit, ok := ast.Unparen(x).(*ast.CompositeLit); ok {
		t := c.typeOf(lit)
		lay, fill := c.layout(t), c.fillComposite(lit)
		return func(f F) mem.Ptr {
			p := newOf(lay)
			fill(f, p)
			return p
		}
	}
	return c.whole(x).address()
}

func (c *compiler) binary(x *ast.BinaryExpr) *expr {
	if x.Op != token.LAND && x.Op != token.LOR && c.readsBeforeCall([]ast.Expr{x.X, x.Y}) {
		return c.lateLeft(x)
	}
	return c.binaryOf(x)
}

// lateLeft evaluates the right side into a variable first.
func (c *compiler) lateLeft(x *ast.BinaryExpr) *expr {
	keep, y := c.early(x.Y)
	if y == nil {
		return c.binaryOf(x)
	}
	own := *x
	own.Y = y
	c.info.Types[&own] = c.info.Types[x]
	return c.after(func(f F) { keep(f) }, c.binaryOf(&own))
}

// early evaluates x into a variable, which is nil when x is constant or too large for one.
func (c *compiler) early(x ast.Expr) (keep stmt, y *ast.Ident) {
	keep, kept := c.keep(c.defaulted(c.expr(x)))
	if keep == nil {
		return nil, nil
	}
	l := c.wholeOf(kept)
	if !l.inFrame() {
		return nil, nil
	}
	v := types.NewVar(x.Pos(), nil, "y", kept.t)
	y = &ast.Ident{NamePos: x.Pos(), Name: "y"}
	c.info.Uses[y], c.info.Types[y] = v, c.info.Types[x]
	c.vars[v] = &variable{t: kept.t, k: kept.k, lay: c.layout(kept.t), off: l.off}
	return keep, y
}

func (c *compiler) binaryOf(x *ast.BinaryExpr) *expr {
	t := c.typeOf(x)
	switch x.Op {
	case token.LAND:
		a, b := codeOf[bool](c.expr(x.X)), codeOf[bool](c.expr(x.Y))
		return boolean(t, func(f F) bool { return a(f) && b(f) })
	case token.LOR:
		a, b := codeOf[bool](c.expr(x.X)), codeOf[bool](c.expr(x.Y))
		return boolean(t, func(f F) bool { return a(f) || b(f) })
	case token.SHL, token.SHR:
		return c.shift(x.Op, c.exprTo(x.X, t), x.Y)
	case token.EQL, token.NEQ:
		a, b := c.operands(x)
		fn := c.equal(a, b)
		if x.Op == token.NEQ {
			fn = c.unequal(a, b, fn)
		}
		return comparing(boolean(t, fn), x.Op, a, b)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		a, b := c.operands(x)
		if a.k == kString {
			return boolean(t, compare(x.Op, operandOf[string](a), operandOf[string](b)))
		}
		return comparing(boolean(t, numbersOf[a.k].compare(x.Op, a, b)), x.Op, a, b)
	}
	a, b := c.exprTo(x.X, t), c.exprTo(x.Y, t)
	if a.k.integer() && (x.Op == token.QUO || x.Op == token.REM) && b.where != inConst {
		return value(t, numbersOf[a.k].divide(x.Op, a, b, x.Pos()))
	}
	if a.k == kString {
		return concat(a, b)
	}
	v := value(t, c.arithmetic(x.Op, a, b))
	if (x.Op == token.ADD || x.Op == token.SUB) && a.where == inLocal && b.where == inConst && numbersIn(a.k) {
		v.sum = &sum{a.off, numbersOf[a.k].addend(x.Op, b.con)}
	}
	return v
}

// comparing notes what x compares, when those are ints.
func comparing(x *expr, op token.Token, a, b *expr) *expr {
	if a.k == kInt && b.k == kInt {
		x.cmp = &comparison{op, operandOf[int](a), operandOf[int](b)}
	}
	return x
}

// operands compiles both sides of a comparison and brings them to one type.
func (c *compiler) operands(x *ast.BinaryExpr) (a, b *expr) {
	a, b = c.expr(x.X), c.expr(x.Y)
	switch {
	case c.info.Types[x.X].IsNil():
		return c.nilOf(b.t), b
	case c.info.Types[x.Y].IsNil():
		return a, c.nilOf(a.t)
	case a.k == kIface && b.k != kIface:
		return a, c.convert(b, a.t)
	case b.k == kIface && a.k != kIface:
		return c.convert(a, b.t), b
	}
	return a, b
}

// arithmetic is a binary operation on values of one type.
func (c *compiler) arithmetic(op token.Token, a, b *expr) any {
	switch a.k {
	case kString:
		return concat(a, b).fn
	case kComplex64:
		return complexBinary[complex64](op, a, b)
	case kComplex128:
		return complexBinary[complex128](op, a, b)
	}
	return numbersOf[a.k].binary(op, a, b)
}

func (c *compiler) shift(op token.Token, a *expr, count ast.Expr) *expr {
	n := c.expr(count)
	if tv := c.info.Types[count]; tv.Value != nil && (!n.k.integer() || constant.Compare(tv.Value, token.GTR, constant.MakeInt64(math.MaxInt64))) {
		n = c.constant(types.Typ[types.Uint], tv.Value)
	}
	return value(a.t, numbersOf[a.k].shift(op, a, shiftCount(n)))
}

func shiftCount(n *expr) func(F) uint64 {
	if !n.k.signed() {
		return numbersOf[n.k].toUint(n)
	}
	fn := numbersOf[n.k].toInt(n)
	return func(f F) uint64 {
		v := fn(f)
		if v < 0 {
			return 1 << v // panics as Go does
		}
		return uint64(v)
	}
}

// equal is a == b for values of one type.
func (c *compiler) equal(a, b *expr) func(F) bool {
	if fn := c.opsOf(a.t).equal(a, b); fn != nil {
		return fn
	}
	switch a.k {
	case kSlice: // one is nil
		if b.where == inConst {
			fn := codeOf[mem.Slice](a)
			return func(f F) bool { return fn(f).Data == nil }
		}
		return c.equal(b, a)
	case kIface:
		return c.equalInterfaces(a, b)
	}
	lay := c.layout(a.t)
	p, q := addressOf(a), addressOf(b)
	return func(f F) bool { return rt.Equal(lay.Word, p(f), q(f)) }
}

func (c *compiler) equalInterfaces(a, b *expr) func(F) bool {
	x, y := codeOf[mem.Iface](a), codeOf[mem.Iface](b)
	if isNilInterface(b) {
		return func(f F) bool { return x(f).Tab == nil }
	}
	if isNilInterface(a) {
		return func(f F) bool { return y(f).Tab == nil }
	}
	if types.IsInterface(a.t) && isEmpty(a.t) {
		if isEmpty(b.t) {
			return func(f F) bool { return x(f).Any() == y(f).Any() }
		}
		return func(f F) bool { return x(f).Any() == y(f).Empty().Any() }
	}
	if isEmpty(b.t) {
		return func(f F) bool { return x(f).Empty().Any() == y(f).Any() }
	}
	return func(f F) bool { return x(f).Empty().Any() == y(f).Empty().Any() }
}

func isNilInterface(x *expr) bool {
	return x.where == inConst && x.con.(mem.Iface).Tab == nil
}

func isEmpty(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

func (c *compiler) unequal(a, b *expr, equal func(F) bool) func(F) bool {
	if a.k >= kInt && a.k <= kFloat64 {
		return notEqual(a, b)
	}
	return func(f F) bool { return !equal(f) }
}

// notEqual is a != b for numbers, the comparison that loops make most.
func notEqual(a, b *expr) func(F) bool {
	switch a.k {
	case kInt:
		return ne(operandOf[int](a), operandOf[int](b))
	case kFloat64:
		return ne(operandOf[float64](a), operandOf[float64](b))
	}
	equal := opsOf[a.k].equal(a, b)
	return func(f F) bool { return !equal(f) }
}

// selector is a field, a method value, a method expression, or a member of a package.
func (c *compiler) selector(s *ast.SelectorExpr) *expr {
	sel := c.selection(s)
	switch {
	case sel == nil:
		if o, ok := c.info.Uses[s.Sel].(*types.Func); ok {
			return c.functionValue(s.Sel, o, c.typeOf(s))
		}
	case sel.kind == types.MethodVal:
		return c.methodValue(s, sel)
	case sel.kind == types.MethodExpr:
		return c.methodExpr(s, sel)
	}
	l := c.locateField(s)
	if l == nil {
		c.refuse(s, "dagbook cannot find %s", s.Sel.Name)
	}
	return c.load(l)
}

// indexed is an element of a slice, array, string or map, or an instance of a function.
func (c *compiler) indexed(x, base, index ast.Expr) *expr {
	if tv := c.info.Types[base]; tv.IsValue() || tv.Value != nil {
		switch u := c.typeOf(base).Underlying().(type) {
		case *types.Signature:
		case *types.Map:
			return c.mapElement(c.expr(base), u, c.exprTo(index, u.Key()))
		case *types.Basic:
			return c.byteOf(c.expr(base), c.index(index), c.typeOf(x))
		case *types.Slice:
			return c.element(c.expr(base), u.Elem(), c.index(index), x.Pos())
		default:
			return c.load(c.locateElement(ast.Unparen(x).(*ast.IndexExpr)))
		}
	}
	return c.instantiated(x, base)
}

// element is an element of a slice.
func (c *compiler) element(s *expr, t types.Type, i operand[int], at token.Pos) *expr {
	if kindOf(t) != kMem {
		x := value(t, c.opsOf(t).element(s, i, at))
		if x.k == kSlice && s.where == inLocal && i.where == inLocal {
			x.row = &row{s.off, i.off, at}
		}
		return x
	}
	return c.load(c.sliceElement(s, t, i, at))
}

func elementOf[T any](s *expr, index operand[int], at token.Pos) func(F) T {
	a, b := s.off, index.off
	switch {
	case s.where == inLocal && index.where == inLocal:
		return func(f F) T {
			s, i := mem.At[mem.Slice](f, a), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Index[T](s.Data, i)
		}
	case s.where == inLocal:
		fn := index.fn
		return func(f F) T {
			i := fn(f)
			s := mem.At[mem.Slice](f, a)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Index[T](s.Data, i)
		}
	case s.row != nil && index.where == inLocal:
		rows, row, before := s.row.off, s.row.index, s.row.at
		return func(f F) T {
			r, k := mem.At[mem.Slice](f, rows), mem.Load[int](f, row)
			if uint(k) >= uint(r.Len) {
				outOfRange(f, before, k, r.Len)
			}
			s, i := mem.At[mem.Slice](r.Data, uintptr(k)*sliceSize), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Index[T](s.Data, i)
		}
	case s.at != nil && index.where == inLocal:
		fn := s.at
		return func(f F) T {
			s, i := mem.Pointer[mem.Slice](fn(f)), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Index[T](s.Data, i)
		}
	case index.where == inLocal:
		fn := codeOf[mem.Slice](s)
		return func(f F) T {
			s, i := fn(f), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Index[T](s.Data, i)
		}
	}
	sf, fn := codeOf[mem.Slice](s), index.fn
	return func(f F) T {
		s := sf(f)
		i := fn(f)
		if uint(i) >= uint(s.Len) {
			outOfRange(f, at, i, s.Len)
		}
		return mem.Index[T](s.Data, i)
	}
}

func (c *compiler) byteOf(s *expr, index operand[int], t types.Type) *expr {
	fn, i := codeOf[string](s), index.fn
	return value(t, func(f F) byte { s := fn(f); return s[i(f)] })
}

// slice is x[i:j:k].
func (c *compiler) slice(x *ast.SliceExpr) *expr {
	t := c.typeOf(x)
	bound := func(b ast.Expr) func(F) int {
		if b == nil {
			return nil
		}
		return c.index(b).fn
	}
	lo, hi, top := bound(x.Low), bound(x.High), bound(x.Max)
	if kindOf(t) == kString {
		return value(t, sliceString(codeOf[string](c.expr(x.X)), lo, hi))
	}
	base, elem, array := c.sliceable(x.X)
	return value(t, sliceOf(base, lo, hi, top, c.layout(elem).Size, array))
}

// sliceable is the code of a slice, or of all of an array that stands in memory.
func (c *compiler) sliceable(x ast.Expr) (code func(F) mem.Slice, elem types.Type, array bool) {
	t := c.typeOf(x)
	if s, ok := t.Underlying().(*types.Slice); ok {
		return codeOf[mem.Slice](c.expr(x)), s.Elem(), false
	}
	var l *location
	if isPointer(t) {
		l = c.behind(c.expr(x), x.Pos())
	} else {
		l = c.whole(x)
	}
	a := l.t.Underlying().(*types.Array)
	n, addr := int(a.Len()), l.address()
	return func(f F) mem.Slice { return mem.Slice{Data: addr(f), Len: n, Cap: n} }, a.Elem(), true
}

func sliceString(fn func(F) string, lo, hi func(F) int) func(F) string {
	switch {
	case lo == nil && hi == nil:
		return fn
	case hi == nil:
		return func(f F) string { s := fn(f); return s[lo(f):] }
	case lo == nil:
		return func(f F) string { s := fn(f); return s[:hi(f)] }
	}
	return func(f F) string {
		s := fn(f)
		i := lo(f)
		return s[i:hi(f)]
	}
}

func sliceOf(base func(F) mem.Slice, lo, hi, top func(F) int, size uintptr, array bool) func(F) mem.Slice {
	return func(f F) mem.Slice {
		s := base(f)
		i, j, k := 0, s.Len, s.Cap
		if lo != nil {
			i = lo(f)
		}
		if hi != nil {
			j = hi(f)
		}
		if top != nil {
			k = top(f)
			if uint(i) > uint(j) || uint(j) > uint(k) || uint(k) > uint(s.Cap) {
				if array && k > s.Cap {
					panic(rt.BoundsError(rt.Slice3OfArray, k, s.Len))
				}
				_ = make([]struct{}, s.Len, s.Cap)[i:j:k]
			}
		} else if uint(i) > uint(j) || uint(j) > uint(k) {
			if array && j > s.Cap {
				panic(rt.BoundsError(rt.SliceOfArray, j, s.Len))
			}
			_ = make([]struct{}, s.Len, s.Cap)[i:j]
		}
		r := mem.Slice{Data: s.Data, Len: j - i, Cap: k - i}
		if r.Cap > 0 { // an empty slice keeps its start, so as not to point behind the array
			r.Data = mem.Elem(s.Data, i, size)
		}
		return r
	}
}

// instantiated is a generic function with its type arguments, as a value.
func (c *compiler) instantiated(x, base ast.Expr) *expr {
	id := genericName(base)
	o, ok := c.info.Uses[id].(*types.Func)
	if !ok {
		c.refuse(x, "dagbook cannot compile this expression")
	}
	return c.functionValue(id, o, c.typeOf(x))
}
