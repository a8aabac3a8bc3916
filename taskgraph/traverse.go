package taskgraph

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// visit names a container on the way through an argument, to notice cycles.
type visit struct {
	at  uintptr
	len int
	t   reflect.Type
	to  reflect.Type
}

// holders remembers which types may have nodes inside, so that a []int of a
// million numbers is not looked through. It belongs to an origin.
func (r *origin) mayHold(t reflect.Type) bool {
	if known, ok := r.holders.Load(t); ok {
		return known.(bool)
	}
	holds := mayHold(t, map[reflect.Type]bool{})
	r.holders.Store(t, holds)
	return holds
}

func mayHold(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == nodeType || t.Kind() == reflect.Interface {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return mayHold(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && mayHold(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// search looks for nodes inside values.
type search struct {
	r    *Runner
	seen map[visit]bool
}

// finds tells whether there is a node inside v. Unexported fields and the
// keys of maps are not looked at.
func (s *search) finds(v reflect.Value) bool {
	if !v.IsValid() || !s.r.mayHold(v.Type()) {
		return false
	}
	if v.Type() == nodeType {
		return true
	}
	switch v.Kind() {
	case reflect.Interface:
		return s.finds(v.Elem())
	case reflect.Pointer:
		return !v.IsNil() && s.first(v, 0) && s.finds(v.Elem())
	case reflect.Slice:
		return s.first(v, v.Len()) && s.findsIn(v)
	case reflect.Array:
		return s.findsIn(v)
	case reflect.Map:
		return s.first(v, 0) && s.findsInMap(v)
	case reflect.Struct:
		return s.findsInFields(v)
	}
	return false
}

func (s *search) first(v reflect.Value, n int) bool {
	at := visit{at: v.Pointer(), len: n, t: v.Type()}
	if s.seen[at] {
		return false
	}
	s.seen[at] = true
	return true
}

func (s *search) findsIn(v reflect.Value) bool {
	for i := range v.Len() {
		if s.finds(v.Index(i)) {
			return true
		}
	}
	return false
}

func (s *search) findsInMap(v reflect.Value) bool {
	for it := v.MapRange(); it.Next(); {
		if s.finds(it.Value()) {
			return true
		}
	}
	return false
}

func (s *search) findsInFields(v reflect.Value) bool {
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && s.finds(v.Field(i)) {
			return true
		}
	}
	return false
}

// templating makes a template of an argument.
type templating struct {
	r     *Runner
	nodes []*Node
	parts map[visit]part
}

func (b *templating) holds(v reflect.Value) bool {
	s := search{r: b.r, seen: map[visit]bool{}}
	return s.finds(v)
}

// part makes the piece for v, to be stored in something of type t.
func (b *templating) part(v reflect.Value, t reflect.Type) (part, *mismatch) {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if v.Type() == nodeType {
		return b.hole(v.Interface().(*Node), t)
	}
	if !b.holds(v) {
		if x, ok := convert(v.Interface(), t); ok {
			return &leafPart{valueFor(t, x)}, nil
		}
	}
	if t.Kind() == reflect.Interface {
		as := valued(v.Type())
		if !as.AssignableTo(t) {
			return nil, misfit(v.Interface(), t)
		}
		t = as
	}
	if t.Kind() != v.Kind() {
		return nil, misfit(v.Interface(), t)
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return b.list(v, t)
	case reflect.Map:
		return b.mapping(v, t)
	case reflect.Struct:
		return b.structure(v, t)
	case reflect.Pointer:
		return b.pointer(v, t)
	}
	return nil, misfit(v.Interface(), t)
}

func (b *templating) hole(n *Node, t reflect.Type) (part, *mismatch) {
	if n == nil || !fitsStatically(n.fn.result, t) {
		return nil, misfitNode(n, t)
	}
	b.nodes = append(b.nodes, n)
	return &holePart{t, len(b.nodes) - 1}, nil
}

// valued is a type of container with values in place of nodes: []any for
// []*Node, map[string]any for map[string]*Node.
func valued(t reflect.Type) reflect.Type {
	switch {
	case t == nodeType:
		return anyType
	case t.Name() != "":
		return t
	}
	switch t.Kind() {
	case reflect.Slice:
		return reflect.SliceOf(valued(t.Elem()))
	case reflect.Array:
		return reflect.ArrayOf(t.Len(), valued(t.Elem()))
	case reflect.Map:
		return reflect.MapOf(t.Key(), valued(t.Elem()))
	case reflect.Pointer:
		return reflect.PointerTo(valued(t.Elem()))
	}
	return t
}

func (b *templating) list(v reflect.Value, t reflect.Type) (part, *mismatch) {
	if v.Kind() == reflect.Array && v.Len() != t.Len() {
		return nil, misfit(v.Interface(), t)
	}
	p := &listPart{t: t, elems: make([]part, v.Len())}
	if v.Kind() == reflect.Slice {
		at := visit{v.Pointer(), v.Len(), v.Type(), t}
		if known, ok := b.parts[at]; ok {
			return known, nil
		}
		b.parts[at] = p
	}
	for i := range v.Len() {
		elem, bad := b.part(v.Index(i), t.Elem())
		if bad != nil {
			return nil, bad.in("element " + itoa(i+1))
		}
		p.elems[i] = elem
	}
	return p, nil
}

func (b *templating) mapping(v reflect.Value, t reflect.Type) (part, *mismatch) {
	if !v.Type().Key().AssignableTo(t.Key()) {
		return nil, misfit(v.Interface(), t)
	}
	at := visit{v.Pointer(), 0, v.Type(), t}
	if known, ok := b.parts[at]; ok {
		return known, nil
	}
	p := &mapPart{t: t}
	b.parts[at] = p
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }) // the same every time, for pure keys
	for _, key := range keys {
		elem, bad := b.part(v.MapIndex(key), t.Elem())
		if bad != nil {
			return nil, bad.in("key " + fmt.Sprint(key))
		}
		p.keys, p.elems = append(p.keys, key), append(p.elems, elem)
	}
	return p, nil
}

// structure fills a struct of the same type, or one whose fields have the
// same names: struct{X *Node} for a struct{X int}.
func (b *templating) structure(v reflect.Value, t reflect.Type) (part, *mismatch) {
	p := &structPart{base: reflect.New(t).Elem()}
	same := v.Type() == t
	if same {
		p.base.Set(v)
	} else if v.NumField() != t.NumField() {
		return nil, misfit(v.Interface(), t)
	}
	for i := range v.NumField() {
		name := v.Type().Field(i)
		if same && (!name.IsExported() || !b.holds(v.Field(i))) {
			continue
		}
		field, ok := t.FieldByName(name.Name)
		if !ok || !name.IsExported() || len(field.Index) > 1 {
			return nil, misfit(v.Interface(), t)
		}
		elem, bad := b.part(v.Field(i), field.Type)
		if bad != nil {
			return nil, bad.in("field " + name.Name)
		}
		p.fields, p.elems = append(p.fields, field.Index[0]), append(p.elems, elem)
	}
	return p, nil
}

func (b *templating) pointer(v reflect.Value, t reflect.Type) (part, *mismatch) {
	at := visit{v.Pointer(), 0, v.Type(), t}
	if known, ok := b.parts[at]; ok {
		return known, nil
	}
	p := &pointerPart{t: t}
	b.parts[at] = p
	elem, bad := b.part(v.Elem(), t.Elem())
	p.elem = elem
	return p, bad
}
