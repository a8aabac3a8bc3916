package taskgraph

import (
	"context"
	"fmt"
	"reflect"
)

// Index is a node for n[i]: an element of a slice, an array or a string (a
// byte, counted from 0), or the value of a map's key. The index may be a
// node. A task fails whose index is out of range, or whose key is not in the
// map. A type with a method At(...int) does it itself.
//
//	first := results.Index(0)
func (n *Node) Index(i any) *Node {
	result, problem := indexedType(n.fn.result, typeOfOperand(i))
	return n.access("index", result, problem, func(args []any) (any, error) { return indexed(args[0], args[1]) }, i)
}

// Slice is a node for n[low:high] of a slice or a string, and, with a third
// bound, for every step-th element of that: n.Slice(nil, nil, 2). nil is the
// beginning, the end or 1, as is a bound that is left out; all may be nodes.
// A type with a method Slice(...any), an array, does it itself and says what
// it takes.
func (n *Node) Slice(bounds ...any) *Node {
	result, problem := slicedType(n.fn.result)
	if _, own := ownAccess(n.fn.result, "Slice"); problem == "" && !own && result != anyType {
		problem = boundsProblem(bounds)
	}
	return n.access("slice", result, problem, func(args []any) (any, error) { return sliced(args[0], args[1].([]any)) }, append([]any{}, bounds...))
}

func boundsProblem(bounds []any) string {
	if len(bounds) > 3 {
		return fmt.Sprintf("slice: %d bounds are too many: they are low, high and step", len(bounds))
	}
	for _, bound := range bounds {
		if t := typeOfBound(bound); t != nil && t.Kind() != reflect.Interface && !isWhole(t) {
			return fmt.Sprintf("slice: a bound is %s, but it must be a whole number, or nil", article(t))
		}
	}
	return ""
}

// Field is a node for n.name: a field of a struct or of what a pointer to a
// struct points to. The field must be exported, since it is read from another
// package.
func (n *Node) Field(name string) *Node {
	result, problem := fieldType(n.fn.result, name)
	return n.access("field", result, problem, func(args []any) (any, error) { return field(args[0], args[1].(string)) }, name)
}

// Call is a node for n.method(args...): its arguments are like those of a
// delayed function. A last result of type error fails the task.
//
//	upper := taskgraph.Value(time.Now()).Call("Format", time.Kitchen)
func (n *Node) Call(method string, args ...any) *Node {
	t := n.fn.result
	if t != nil && t.Kind() != reflect.Interface {
		m, ok := t.MethodByName(method)
		if !ok {
			panic(&Error{Func: method, Msg: noMethod(t, method)})
		}
		f := n.fn.runner.method(m)
		return f.node(append([]any{n}, args...))
	}
	f := n.fn.runner.operation("call", []reflect.Type{anyType, reflect.TypeFor[string](), anysType}, anyType, nil, func(ctx context.Context, args []any) (any, error) {
		return callMethod(ctx, n.fn.runner, args[0], args[1].(string), args[2].([]any))
	})
	return f.node([]any{n, method, append([]any{}, args...)}).With(Name(method))
}

// access makes the node of one way into a value. A problem that the types
// tell is a panic.
func (n *Node) access(name string, result reflect.Type, problem string, call func([]any) (any, error), args ...any) *Node {
	if problem != "" {
		panic(&Error{Func: name, Msg: problem})
	}
	params := make([]reflect.Type, 1+len(args))
	for i := range params {
		params[i] = anyType
	}
	f := n.fn.runner.operation(name, params, result, cheap, func(_ context.Context, args []any) (any, error) { return call(args) })
	return f.node(append([]any{n}, args...))
}

func typeOfBound(bound any) reflect.Type {
	if bound == nil {
		return nil
	}
	return typeOfOperand(bound)
}

var indexerType = reflect.TypeFor[Indexer]()

// indexedType is the type of an element; any where only the value tells it.
func indexedType(t, index reflect.Type) (reflect.Type, string) {
	switch {
	case t == nil:
		return nil, "index: the function of the node returns nothing"
	case t.Kind() == reflect.Interface || t.Implements(indexerType):
		return anyType, ""
	case hasOwnAccess(t, "At"):
		m, _ := ownAccess(t, "At")
		return m.Type.Out(0), ""
	case t.Kind() == reflect.Map:
		if index != nil && !fitsStatically(index, t.Key()) && !(isConstantType(index) && alike(index, t.Key())) {
			return nil, fmt.Sprintf("index: the key is %s, but the map has keys of type %s", article(index), typeName(t.Key()))
		}
		return t.Elem(), ""
	}
	element := elementType(t)
	if element == nil {
		return nil, fmt.Sprintf("index: %s has no elements", article(t))
	}
	if index == nil || !isWhole(index) && index.Kind() != reflect.Interface {
		return nil, fmt.Sprintf("index: the index is %s, but it must be a whole number", article(index))
	}
	return element, ""
}

func elementType(t reflect.Type) reflect.Type {
	switch {
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		return t.Elem()
	case t.Kind() == reflect.String:
		return reflect.TypeFor[byte]()
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Array:
		return t.Elem().Elem()
	}
	return nil
}

func indexed(x, index any) (any, error) {
	if x, ok := x.(Indexer); ok {
		return x.Index(index)
	}
	if m, ok := ownAccess(reflect.TypeOf(x), "At"); ok {
		return callAccess(m, x, []any{index})
	}
	if _, problem := indexedType(reflect.TypeOf(x), reflect.TypeOf(index)); problem != "" {
		return nil, fmt.Errorf("%s", problem)
	}
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Map {
		key, ok := convert(index, v.Type().Key())
		if !ok {
			return nil, fmt.Errorf("the key is %s, but the map has keys of type %s", misfit(index, v.Type().Key()).is, typeName(v.Type().Key()))
		}
		if e := v.MapIndex(valueFor(v.Type().Key(), key)); e.IsValid() {
			return e.Interface(), nil
		}
		return nil, fmt.Errorf("the map has no key %v", index)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, fmt.Errorf("the value is a nil %s", typeName(v.Type()))
		}
		v = v.Elem()
	}
	i := position(index)
	if i < 0 || i >= v.Len() {
		return nil, fmt.Errorf("index out of range [%v] with length %d", index, v.Len())
	}
	return v.Index(i).Interface(), nil
}

// position is a whole number of any type as an int; -1 for one that is none,
// or too large.
func position(i any) int {
	v := reflect.ValueOf(i)
	switch {
	case v.CanInt() && v.Int() >= 0 && int64(int(v.Int())) == v.Int():
		return int(v.Int())
	case v.CanUint() && int(v.Uint()) >= 0:
		return int(v.Uint())
	}
	return -1
}

func slicedType(t reflect.Type) (reflect.Type, string) {
	switch {
	case t == nil:
		return nil, "slice: the function of the node returns nothing"
	case t.Kind() == reflect.Interface || t.Implements(indexerType):
		return anyType, ""
	case hasOwnAccess(t, "Slice"):
		m, _ := ownAccess(t, "Slice")
		return m.Type.Out(0), ""
	case t.Kind() == reflect.Slice || t.Kind() == reflect.String:
		return t, ""
	}
	return nil, fmt.Sprintf("slice: %s cannot be sliced", article(t))
}

func sliced(x any, bounds []any) (any, error) {
	if x, ok := x.(Indexer); ok {
		return x.Slice(bounds...)
	}
	if m, ok := ownAccess(reflect.TypeOf(x), "Slice"); ok {
		return callAccess(m, x, bounds)
	}
	_, problem := slicedType(reflect.TypeOf(x))
	if problem == "" {
		problem = boundsProblem(bounds)
	}
	if problem != "" {
		return nil, fmt.Errorf("%s", problem)
	}
	v := reflect.ValueOf(x)
	from, to, step := 0, v.Len(), 1
	for i, at := range []*int{&from, &to, &step} {
		if i < len(bounds) && bounds[i] != nil {
			*at = position(bounds[i])
		}
	}
	switch {
	case from < 0 || to < from || to > v.Len():
		return nil, fmt.Errorf("slice bounds out of range [%v:%v] with length %d", orEmpty(bounds, 0), orEmpty(bounds, 1), v.Len())
	case step < 1:
		return nil, fmt.Errorf("the step of a slice is %v, but it must be 1 or more", bounds[2])
	case step > 1:
		return stepped(v, from, to, step), nil
	case v.Kind() == reflect.String:
		return v.Slice(from, to).Interface(), nil
	}
	return v.Slice3(from, to, to).Interface(), nil
}

// stepped copies every step-th element.
func stepped(v reflect.Value, from, to, step int) any {
	if v.Kind() == reflect.String {
		var bytes []byte
		for s := v.String()[from:to]; s != ""; s = s[min(step, len(s)):] {
			bytes = append(bytes, s[0])
		}
		return reflect.ValueOf(string(bytes)).Convert(v.Type()).Interface()
	}
	out := reflect.MakeSlice(v.Type(), 0, (to-from)/step+1)
	for from < to {
		out = reflect.Append(out, v.Index(from))
		from += min(step, to-from)
	}
	return out.Interface()
}

// ownAccess finds the method of a type that does the work of Index or Slice:
// it takes any number of arguments and returns a value, or a value and an
// error.
func ownAccess(t reflect.Type, name string) (reflect.Method, bool) {
	if t == nil || t.Kind() == reflect.Interface {
		return reflect.Method{}, false
	}
	m, ok := t.MethodByName(name)
	if !ok || !m.Type.IsVariadic() || m.Type.NumIn() != 2 {
		return m, false
	}
	n := m.Type.NumOut()
	return m, n == 1 || n == 2 && m.Type.Out(1) == errorType
}

func hasOwnAccess(t reflect.Type, name string) bool {
	_, ok := ownAccess(t, name)
	return ok
}

func callAccess(m reflect.Method, x any, args []any) (any, error) {
	param := m.Type.In(1).Elem()
	in := []reflect.Value{reflect.ValueOf(x)}
	for _, arg := range args {
		v, ok := convert(arg, param)
		if !ok {
			return nil, fmt.Errorf("the index is %s, but the method %s takes %s", misfit(arg, param).is, m.Name, article(param))
		}
		in = append(in, valueFor(param, v))
	}
	return results(m.Func.Call(in), m.Type.NumOut() == 2)
}

func orEmpty(bounds []any, i int) any {
	if i >= len(bounds) || bounds[i] == nil {
		return ""
	}
	return bounds[i]
}

// fieldType is the type of an exported field; any where only the value tells
// it.
func fieldType(t reflect.Type, name string) (reflect.Type, string) {
	switch {
	case t == nil:
		return nil, "field: the function of the node returns nothing"
	case t.Kind() == reflect.Interface:
		return anyType, ""
	}
	s := t
	if s.Kind() == reflect.Pointer {
		s = s.Elem()
	}
	if s.Kind() != reflect.Struct {
		return nil, fmt.Sprintf("field: %s has no fields", article(t))
	}
	f, ok := s.FieldByName(name)
	switch {
	case !ok:
		return nil, fmt.Sprintf("field: %s has no field %s", article(t), name)
	case !f.IsExported():
		return nil, fmt.Sprintf("field: the field %s of %s is not exported: read it in a delayed function", name, typeName(t))
	}
	return f.Type, ""
}

func field(x any, name string) (any, error) {
	if _, problem := fieldType(reflect.TypeOf(x), name); problem != "" {
		return nil, fmt.Errorf("%s", problem)
	}
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, fmt.Errorf("field %s: the value is a nil %s", name, typeName(v.Type()))
		}
		v = v.Elem()
	}
	f, _ := v.Type().FieldByName(name)
	v, err := v.FieldByIndexErr(f.Index)
	if err != nil {
		return nil, fmt.Errorf("field %s: %v", name, err)
	}
	return v.Interface(), nil
}

func noMethod(t reflect.Type, name string) string {
	if _, ok := reflect.PointerTo(t).MethodByName(name); ok {
		return fmt.Sprintf("%s has no method %s: it belongs to *%s, and a node's value has no address", article(t), name, typeName(t))
	}
	return fmt.Sprintf("%s has no method %s", article(t), name)
}

// methodKey names the function of a method.
type methodKey struct {
	t    reflect.Type
	name string
}

// method is the function of a method, its receiver first.
func (r *Runner) method(m reflect.Method) *function {
	key := methodKey{m.Type.In(0), m.Name}
	if known, ok := r.operations.Load(key); ok {
		return known.(*function)
	}
	return r.once(key, newMethod(r, m))
}

// callMethod calls a method of a value whose type was not known when the node
// was made.
func callMethod(ctx context.Context, r *Runner, x any, name string, args []any) (any, error) {
	if x == nil {
		return nil, fmt.Errorf("nil has no method %s", name)
	}
	m, ok := reflect.TypeOf(x).MethodByName(name)
	if !ok {
		return nil, fmt.Errorf("%s", noMethod(reflect.TypeOf(x), name))
	}
	f := r.method(m)
	args = append([]any{x}, args...)
	if f.variadic {
		args = f.pack(args)
	}
	if len(args) != len(f.params) {
		return nil, f.countError(len(args))
	}
	for i, arg := range args {
		v, ok := convert(arg, f.params[i])
		if !ok {
			return nil, f.argumentError(i, misfit(arg, f.params[i]))
		}
		args[i] = v
	}
	return f.call(ctx, args)
}
