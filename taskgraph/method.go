package taskgraph

import "reflect"

// operatorMethod is a method of a user's type that does the work of an
// operator.
type operatorMethod struct {
	fn     reflect.Value // with the receiver as the first argument
	into   reflect.Type  // of a new receiver for a method like that of *big.Int, z.Add(x, y); otherwise nil
	result reflect.Type
	fails  bool // the last result is an error
}

// methodOf finds the method of t for an operator whose right operand is of
// type ty; nil for an operator with one operand.
func methodOf(t reflect.Type, op Op, ty reflect.Type) (operatorMethod, bool) {
	for _, name := range methods[op] {
		if m, ok := t.MethodByName(name); ok {
			if found, ok := fitting(m, t, ty); ok {
				return found, true
			}
		}
	}
	return operatorMethod{}, false
}

// methodFromTheRight is the operation by a method of the right operand, which
// must take operands of type any.
func methodFromTheRight(tx reflect.Type, op Op, ty reflect.Type) (operation, bool) {
	m, ok := ty.MethodByName(fromTheRight[op])
	if !ok || m.Type.NumIn() != 2 || m.Type.In(1) != anyType {
		return operation{}, false
	}
	found, ok := fitting(m, ty, tx)
	if !ok {
		return operation{}, false
	}
	run := found.operation(tx).run
	return operation{found.result, func(x, y any) (any, error) { return run(y, x) }}, true
}

func fitting(m reflect.Method, t, ty reflect.Type) (operatorMethod, bool) {
	sig := m.Type
	found := operatorMethod{fn: m.Func}
	switch n := sig.NumOut(); {
	case n == 2 && sig.Out(1) == errorType:
		found.fails = true
	case n != 1 || sig.Out(0) == errorType:
		return found, false
	}
	found.result = sig.Out(0)
	params := sig.NumIn() - 1
	switch {
	case sig.IsVariadic():
		return found, false
	case ty == nil:
		return found, params == 0 || params == 1 && intoNew(&found, sig, t)
	case params == 1:
		return found, accepts(sig.In(1), ty)
	}
	return found, params == 2 && accepts(sig.In(2), ty) && intoNew(&found, sig, t)
}

// intoNew recognises the methods of package math/big, which write into their
// receiver and return it.
func intoNew(found *operatorMethod, sig reflect.Type, t reflect.Type) bool {
	found.into = t
	return t.Kind() == reflect.Pointer && sig.In(1) == t && sig.Out(0) == t
}

// accepts tells whether a parameter takes an operand, as it is or converted
// as a constant.
func accepts(param, ty reflect.Type) bool {
	return ty.AssignableTo(param) || isConstantType(ty) && alike(ty, param)
}

// call calls the method; y is the zero Value for an operator with one
// operand.
func (m operatorMethod) call(x, y reflect.Value) []reflect.Value {
	var args []reflect.Value
	if m.into != nil {
		args = append(args, reflect.New(m.into.Elem()))
	}
	args = append(args, x)
	if y.IsValid() {
		args = append(args, y)
	}
	return m.fn.Call(args)
}

func (m operatorMethod) operation(ty reflect.Type) operation {
	param := m.fn.Type().In(m.fn.Type().NumIn() - 1)
	run := func(x, y any) (any, error) {
		arg, ok := convert(y, param)
		if !ok {
			return nil, errorf("the operand is %s, but the method takes %s", misfit(y, param).is, article(param))
		}
		return results(m.call(reflect.ValueOf(x), valueFor(param, arg)), m.fails)
	}
	return operation{m.result, run}
}

// comparison is the operation of a comparison by a method Compare or Cmp,
// which gives -1, 0 or 1.
func comparison(t reflect.Type, op Op, ty reflect.Type) (operation, bool) {
	if !isComparison(op) {
		return operation{}, false
	}
	for _, name := range []string{"Compare", "Cmp"} {
		m, ok := t.MethodByName(name)
		if !ok {
			continue
		}
		found, ok := fitting(m, t, ty)
		if !ok || found.into != nil || found.fails || found.result != reflect.TypeFor[int]() {
			continue
		}
		compare := found.operation(ty).run
		return operation{boolType, func(x, y any) (any, error) {
			c, err := compare(x, y)
			if err != nil {
				return nil, err
			}
			return ordered(op, c.(int)), nil
		}}, true
	}
	return operation{}, false
}
