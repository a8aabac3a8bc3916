package closure

import (
	"go/ast"
	"go/types"
)

// environment is the type arguments of the instance of a generic function that is being
// compiled. A body mentions no type parameters but those of its own function, so that
// their names tell them apart. A nil environment is that of plain functions.
type environment struct {
	args    map[string]types.Type
	context *types.Context
	locals  map[*types.TypeName]*types.Named // types declared in the body, per instance
}

// subst puts the type arguments in for the type parameters in t.
func (e *environment) subst(t types.Type) types.Type {
	if e == nil || t == nil {
		return t
	}
	switch t := t.(type) {
	case *types.TypeParam:
		if a := e.args[t.Obj().Name()]; a != nil {
			return a
		}
	case *types.Pointer:
		if n := e.subst(t.Elem()); n != t.Elem() {
			return types.NewPointer(n)
		}
	case *types.Slice:
		if n := e.subst(t.Elem()); n != t.Elem() {
			return types.NewSlice(n)
		}
	case *types.Array:
		if n := e.subst(t.Elem()); n != t.Elem() {
			return types.NewArray(n, t.Len())
		}
	case *types.Chan:
		if n := e.subst(t.Elem()); n != t.Elem() {
			return types.NewChan(t.Dir(), n)
		}
	case *types.Map:
		k, v := e.subst(t.Key()), e.subst(t.Elem())
		if k != t.Key() || v != t.Elem() {
			return types.NewMap(k, v)
		}
	case *types.Tuple:
		if vars, changed := e.vars(t); changed {
			return types.NewTuple(vars...)
		}
	case *types.Signature:
		return e.signature(t)
	case *types.Struct:
		return e.structure(t)
	case *types.Interface:
		return e.iface(t)
	case *types.Alias:
		return e.subst(types.Unalias(t))
	case *types.Named:
		return e.named(t)
	case *types.Union:
		return t
	}
	return t
}

func (e *environment) vars(t *types.Tuple) (vars []*types.Var, changed bool) {
	for v := range t.Variables() {
		n := e.subst(v.Type())
		changed = changed || n != v.Type()
		vars = append(vars, types.NewVar(v.Pos(), v.Pkg(), v.Name(), n))
	}
	return vars, changed
}

func (e *environment) signature(t *types.Signature) types.Type {
	params, a := e.vars(t.Params())
	results, b := e.vars(t.Results())
	if !a && !b {
		return t
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), t.Variadic())
}

func (e *environment) structure(t *types.Struct) types.Type {
	var fields []*types.Var
	var tags []string
	changed := false
	for i := range t.NumFields() {
		f := t.Field(i)
		n := e.subst(f.Type())
		changed = changed || n != f.Type()
		fields = append(fields, types.NewField(f.Pos(), f.Pkg(), f.Name(), n, f.Embedded()))
		tags = append(tags, t.Tag(i))
	}
	if !changed {
		return t
	}
	return types.NewStruct(fields, tags)
}

func (e *environment) iface(t *types.Interface) types.Type {
	var methods []*types.Func
	changed := false
	for m := range t.ExplicitMethods() {
		n := e.subst(m.Signature()).(*types.Signature)
		changed = changed || n != m.Signature()
		methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), n))
	}
	var embedded []types.Type
	for x := range t.EmbeddedTypes() {
		n := e.subst(x)
		changed = changed || n != x
		embedded = append(embedded, n)
	}
	if !changed {
		return t
	}
	return types.NewInterfaceType(methods, embedded).Complete()
}

func (e *environment) named(t *types.Named) types.Type {
	if args := t.TypeArgs(); args.Len() > 0 {
		return e.instance(t, args)
	}
	if o := t.Obj(); o.Pkg() != nil && o.Parent() != o.Pkg().Scope() && mentionsParams(t.Underlying(), map[types.Type]bool{}) {
		return e.local(t)
	}
	return t
}

func (e *environment) instance(t *types.Named, args *types.TypeList) types.Type {
	var list []types.Type
	changed := false
	for a := range args.Types() {
		n := e.subst(a)
		changed = changed || n != a
		list = append(list, n)
	}
	if !changed {
		return t
	}
	n, err := types.Instantiate(e.context, t.Origin(), list, false)
	if err != nil {
		return t
	}
	return n
}

// local makes the instance's own copy of a type that the function's body declares.
func (e *environment) local(t *types.Named) types.Type {
	if n := e.locals[t.Obj()]; n != nil {
		return n
	}
	n := types.NewNamed(types.NewTypeName(t.Obj().Pos(), t.Obj().Pkg(), t.Obj().Name(), nil), nil, nil)
	e.locals[t.Obj()] = n
	n.SetUnderlying(e.subst(t.Underlying()))
	return n
}

// mentionsParams reports whether a type depends on a type parameter.
func mentionsParams(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	any := func(list ...types.Type) bool {
		for _, x := range list {
			if mentionsParams(x, seen) {
				return true
			}
		}
		return false
	}
	switch t := t.(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return any(t.Elem())
	case *types.Slice:
		return any(t.Elem())
	case *types.Array:
		return any(t.Elem())
	case *types.Chan:
		return any(t.Elem())
	case *types.Map:
		return any(t.Key(), t.Elem())
	case *types.Tuple:
		for v := range t.Variables() {
			if any(v.Type()) {
				return true
			}
		}
	case *types.Signature:
		return any(t.Params(), t.Results())
	case *types.Struct:
		for f := range t.Fields() {
			if any(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if any(m.Signature()) {
				return true
			}
		}
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if any(a) {
				return true
			}
		}
		return t.Obj().Pkg() != nil && t.Obj().Parent() != t.Obj().Pkg().Scope() && any(t.Underlying())
	}
	return false
}

// selected is a field or method that a selector names.
type selected struct {
	kind     types.SelectionKind
	recv     types.Type
	obj      types.Object
	index    []int
	indirect bool
}

// selection returns what a selector names; nil for a member of a package.
func (c *compiler) selection(s *ast.SelectorExpr) *selected {
	sel := c.info.Selections[s]
	if sel == nil {
		return nil
	}
	recv := c.subst(sel.Recv())
	if recv == sel.Recv() {
		return &selected{sel.Kind(), recv, sel.Obj(), sel.Index(), sel.Indirect()}
	}
	obj, index, indirect := types.LookupFieldOrMethod(recv, true, sel.Obj().Pkg(), sel.Obj().Name())
	return &selected{sel.Kind(), recv, obj, index, indirect}
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
