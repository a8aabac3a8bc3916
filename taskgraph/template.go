package taskgraph

import (
	"fmt"
	"reflect"
)

// An argument that has nodes somewhere inside is kept as a template: the
// same containers, copied when the graph is built, with holes where the
// values of the nodes will be. What the caller does to a slice afterwards
// does not change the graph.

// hole stands in Node.args for the value of the node's next input.
type hole struct{}

// template stands in Node.args for a value made of the next inputs.
type template struct {
	t      reflect.Type // of the value
	root   part         // nil for a plain list of nodes
	inputs int
}

// part is a piece of a template.
type part interface {
	fill(f *filling) (reflect.Value, *mismatch)
	hash(h *hashing) bool // for the keys of pure tasks
}

// filling is one making of a value from a template.
type filling struct {
	inputs []any
	made   map[part]reflect.Value // of containers that are met more than once
}

func (t *template) value(inputs []any) (any, *mismatch) {
	if t.root == nil {
		return list(t.t, inputs)
	}
	v, bad := t.root.fill(&filling{inputs: inputs, made: map[part]reflect.Value{}})
	if bad != nil {
		return nil, bad
	}
	return v.Interface(), nil
}

// list makes a slice of values.
func list(t reflect.Type, values []any) (any, *mismatch) {
	switch t {
	case reflect.TypeFor[[]int]():
		return listOf[int](values)
	case reflect.TypeFor[[]float64]():
		return listOf[float64](values)
	case reflect.TypeFor[[]string]():
		return listOf[string](values)
	case anysType:
		return append([]any(nil), values...), nil
	}
	s := reflect.MakeSlice(t, len(values), len(values))
	for i, v := range values {
		if bad := set(s.Index(i), v); bad != nil {
			return nil, bad.in("element " + itoa(i+1))
		}
	}
	return s.Interface(), nil
}

func listOf[T any](values []any) (any, *mismatch) {
	list := make([]T, len(values))
	for i, v := range values {
		if x, ok := v.(T); ok {
			list[i] = x
			continue
		}
		if bad := set(reflect.ValueOf(&list[i]).Elem(), v); bad != nil {
			return nil, bad.in("element " + itoa(i+1))
		}
	}
	return list, nil
}

// set stores a value, converted where needed; dst must be settable.
func set(dst reflect.Value, v any) *mismatch {
	x, ok := convert(v, dst.Type())
	if !ok {
		return misfit(v, dst.Type())
	}
	dst.Set(valueFor(dst.Type(), x))
	return nil
}

type leafPart struct{ v reflect.Value }

func (p *leafPart) fill(*filling) (reflect.Value, *mismatch) { return p.v, nil }

type holePart struct {
	t     reflect.Type
	index int // among the template's inputs
}

func (p *holePart) fill(f *filling) (reflect.Value, *mismatch) {
	v := reflect.New(p.t).Elem()
	return v, set(v, f.inputs[p.index])
}

// listPart is a slice or an array.
type listPart struct {
	t     reflect.Type
	elems []part
}

func (p *listPart) fill(f *filling) (reflect.Value, *mismatch) {
	if v, ok := f.made[p]; ok {
		return v, nil
	}
	v := reflect.New(p.t).Elem()
	if p.t.Kind() == reflect.Slice {
		v = reflect.MakeSlice(p.t, len(p.elems), len(p.elems))
		f.made[p] = v
	}
	for i, elem := range p.elems {
		x, bad := elem.fill(f)
		if bad != nil {
			return v, bad.in("element " + itoa(i+1))
		}
		v.Index(i).Set(x)
	}
	return v, nil
}

type mapPart struct {
	t     reflect.Type
	keys  []reflect.Value
	elems []part
}

func (p *mapPart) fill(f *filling) (reflect.Value, *mismatch) {
	if v, ok := f.made[p]; ok {
		return v, nil
	}
	v := reflect.MakeMapWithSize(p.t, len(p.keys))
	f.made[p] = v
	for i, key := range p.keys {
		x, bad := p.elems[i].fill(f)
		if bad != nil {
			return v, bad.in("key " + fmt.Sprint(key))
		}
		v.SetMapIndex(key, x)
	}
	return v, nil
}

// structPart is a struct of which some fields have nodes inside.
type structPart struct {
	base   reflect.Value // what the other fields are
	fields []int
	elems  []part
}

func (p *structPart) fill(f *filling) (reflect.Value, *mismatch) {
	v := reflect.New(p.base.Type()).Elem()
	v.Set(p.base)
	for i, field := range p.fields {
		x, bad := p.elems[i].fill(f)
		if bad != nil {
			return v, bad.in("field " + v.Type().Field(field).Name)
		}
		v.Field(field).Set(x)
	}
	return v, nil
}

type pointerPart struct {
	t    reflect.Type // of the pointer
	elem part
}

func (p *pointerPart) fill(f *filling) (reflect.Value, *mismatch) {
	if v, ok := f.made[p]; ok {
		return v, nil
	}
	v := reflect.New(p.t.Elem()).Convert(p.t)
	f.made[p] = v
	x, bad := p.elem.fill(f)
	if bad == nil {
		v.Elem().Set(x)
	}
	return v, bad
}

// What the parts give to the keys of pure tasks: their shape, and the values
// that are not nodes. The nodes are hashed elsewhere, in the order in which
// the parts were made.

func (p *leafPart) hash(h *hashing) bool { return h.value(p.v) }

func (p *holePart) hash(h *hashing) bool {
	h.number(uint64(p.index))
	return true
}

func (p *listPart) hash(h *hashing) bool {
	h.number(uint64(len(p.elems)))
	return h.parts(p.elems)
}

func (p *mapPart) hash(h *hashing) bool {
	for _, key := range p.keys {
		if !h.value(key) {
			return false
		}
	}
	return h.parts(p.elems)
}

func (p *structPart) hash(h *hashing) bool {
	for _, field := range p.fields {
		h.number(uint64(field))
	}
	return h.value(p.base) && h.parts(p.elems)
}

func (p *pointerPart) hash(h *hashing) bool { return h.parts([]part{p.elem}) }

func (h *hashing) parts(parts []part) bool {
	for _, p := range parts {
		if at, known := h.made[p]; known { // a cycle, or met before
			h.number(uint64(at))
			continue
		}
		h.made[p] = len(h.made)
		if !p.hash(h) {
			return false
		}
	}
	return true
}
