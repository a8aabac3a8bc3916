package ndarray

import "gonum.org/v1/gonum/floats"

// run computes the elements of a chain whose steps are of this kind: of every
// block all steps before the next block, which stays in the nearest cache
// meanwhile.
func (k kind[T]) run(c *chain) any {
	if c.to != k.dtype {
		return k.runInto(c)
	}
	if len(c.steps) == 0 {
		return k.convert(c.base, c.base.shape).elements()
	}
	data, copied := k.begun(c.base.shape, c.base)
	steps := k.loops(c.steps)
	spread(len(data), len(data), func(low, high int) {
		var a source[T]
		if copied == nil {
			a = k.source(c.base, c.base.shape)
		}
		inBlocks(low, high, func(start, n int) {
			out := data[start : start+n]
			from := out
			if copied == nil {
				from = a.block(start, n)
			}
			inSteps(steps, out, from)
		})
	})
	return data
}

// runInto is run for results of another type: what the steps give goes no
// further than the cache.
func (k kind[T]) runInto(c *chain) any {
	size := c.base.Size()
	data := c.to.loops().make("", c.base.shape)
	steps := k.loops(c.steps)
	spread(size, size, func(low, high int) {
		a := k.source(c.base, c.base.shape)
		buf := make([]T, min(blockLen, size))
		store := c.to.loops().storing(data, buf)
		inBlocks(low, high, func(start, n int) {
			inSteps(steps, buf[:n], a.block(start, n))
			store(start, n)
		})
	})
	return data
}

func inSteps[T number](steps []func(out, a []T), out, a []T) {
	for _, step := range steps {
		step(out, a)
		a = out
	}
}

// storing copies the first n elements of one slice, converted to this kind,
// to where they belong in another.
func (k kind[T]) storing(to, from any) func(start, n int) {
	data, read := to.([]T), k.read(from)
	return func(start, n int) { read(data[start:start+n], 0, 1) }
}

// loops are the loops of the steps; out and a may be the same.
func (k kind[T]) loops(steps []step) []func(out, a []T) {
	loops := make([]func(out, a []T), len(steps))
	for i, s := range steps {
		if loops[i] = k.loop1(s.op); s.number != nil {
			loops[i] = k.withNumber(s)
		}
	}
	return loops
}

func (k kind[T]) withNumber(s step) func(out, a []T) {
	number := s.number.elements().([]T)[0]
	numbers := make([]T, blockLen)
	for i := range numbers {
		numbers[i] = number
	}
	if floats, ok := any(numbers).([]float64); ok {
		if quick, ok := any(quickLoop(s, floats)).(func(out, a []T)); ok && quick != nil {
			return quick
		}
	}
	loop := k.loop2(s.op)
	if s.left {
		return func(out, a []T) { loop(out, numbers[:len(a)], a) }
	}
	return func(out, a []T) { loop(out, a, numbers[:len(a)]) }
}

func (k kind[T]) loop1(op string) func(out, a []T) {
	if loop := k.special1(op); loop != nil {
		return loop
	}
	return common1[T](op)
}

func (k kind[T]) loop2(op string) func(out, a, b []T) {
	if loop := k.special2(op); loop != nil {
		return loop
	}
	return common2[T](op)
}

// quickLoop is a loop that several numbers at a time go through, nil where
// there is none. Products with 1 and -1 and the sums with negatives are exact,
// so that it rounds as the plain loops do.
func quickLoop(s step, numbers []float64) func(out, a []float64) {
	switch {
	case s.op == opAdd:
		return func(out, a []float64) { floats.AddScaledTo(out, a, 1, numbers[:len(a)]) }
	case s.op == opSub && !s.left:
		return func(out, a []float64) { floats.AddScaledTo(out, a, -1, numbers[:len(a)]) }
	case s.op == opMul:
		return func(out, a []float64) { floats.ScaleTo(out, numbers[0], a) }
	case s.op == opDiv && !s.left:
		return func(out, a []float64) { floats.DivTo(out, a, numbers[:len(a)]) }
	}
	return nil
}
