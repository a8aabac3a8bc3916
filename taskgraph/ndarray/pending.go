package ndarray

import (
	"sync"
	"sync/atomic"
	"weak"
)

// pending is elements that have not been computed, or had not at first: those
// of x.Sub(1).Mul(2) are only when someone looks at them, both operations
// block after block in one go. There is no array of x.Sub(1) then, which
// would take longer to get from the system and to write than to compute.
type pending struct {
	mu    sync.Mutex // held while elements are computed
	chain atomic.Pointer[chain]
	done  atomic.Pointer[any]
}

// chain is elements of an array, converted to a type, the operations on them
// in that type, and the type of what comes out.
type chain struct {
	base  *Array // of elements that have been computed
	dtype Dtype
	kind  typed // of dtype
	steps []step
	to    Dtype
	self  weak.Pointer[memory] // as a reader of the base
}

// step is one operation with a number, or with none.
type step struct {
	op     string
	number *Array // without axes, of the type of the chain; nil for none
	left   bool   // the number is the first operand
}

const (
	fewestPending = 4096 // elements; fewer are computed at once
	mostSteps     = 16
)

// later is what a step, computed in a type, gives; nil if that has to be
// computed at once.
func later(x *Array, dtype Dtype, s step) *Array {
	if !cheap[s.op] {
		return nil
	}
	return derived(x, dtype, func(c *chain) bool {
		if c.dtype != dtype || c.to != dtype || len(c.steps) == mostSteps {
			return false
		}
		if s.number != nil {
			s.number = dtype.loops().convert(s.number, nil) // which may be set later
		}
		c.steps = append(c.steps[:len(c.steps):len(c.steps)], s)
		return true
	})
}

// convertedLater is an array of another type; nil if that has to be made at
// once.
func convertedLater(x *Array, to Dtype) *Array {
	if to == Bool {
		return nil
	}
	return derived(x, to, func(c *chain) bool {
		if c.to != c.dtype || c.dtype != to && len(c.steps) == 0 {
			return false
		}
		c.to = to
		return true
	})
}

// derived is an array with the chain of x, or a new one in a type, and what
// is added to that; nil if the elements of x are needed first or the result
// is better computed at once.
func derived(x *Array, dtype Dtype, add func(*chain) bool) *Array {
	if x.Size() < fewestPending {
		return nil
	}
	if out := x.memory.pending.extended(x, add); out != nil {
		return out
	}
	// A copy of x, since UnmarshalBinary makes another array of it.
	base := *x
	base.memory.elements()
	c := chain{base: &base, dtype: dtype, kind: dtype.loops(), to: dtype}
	if !add(&c) || c.holdsMuch() {
		return nil
	}
	return c.array(x.shape)
}

// extended is derived for what is pending still.
func (p *pending) extended(x *Array, add func(*chain) bool) *Array {
	if p == nil || x.offset != 0 || !x.isContiguous() {
		return nil
	}
	// The lock keeps the elements pending, so that nobody writes to the base
	// before the new chain is among its readers.
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.chain.Load()
	if old == nil || x.Size() != old.base.Size() {
		return nil
	}
	c := *old
	if !add(&c) {
		return nil
	}
	if c.holdsMuch() {
		return wrap(c.to, c.kind.run(&c), x.shape)
	}
	return c.array(x.shape)
}

// holdsMuch tells whether the chain keeps more memory alive than its result
// will take, as that of bytes made of floats, or of a part of a large array.
func (c *chain) holdsMuch() bool {
	held := length(c.base.elements()) * c.base.dtype.Size()
	return held > 2*c.base.Size()*c.to.Size()
}

// array is an array whose elements are pending; nil if the base may change
// without notice.
func (c chain) array(shape []int) *Array {
	must(sizeError("", c.to, shape))
	m := &memory{pending: &pending{}}
	c.self = weak.Make(m)
	m.pending.chain.Store(&c)
	if !c.base.memory.addReader(c.self) {
		return nil
	}
	return &Array{dtype: c.to, shape: append([]int{}, shape...), strides: rowMajor(shape), memory: m}
}

// elements computes the elements once, and lets go of what they come from.
func (p *pending) elements() any {
	if done := p.done.Load(); done != nil {
		return *done
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if done := p.done.Load(); done != nil {
		return *done
	}
	c := p.chain.Load()
	data := c.kind.run(c)
	c.base.memory.dropReader(c.self)
	p.chain.Store(nil)
	p.done.Store(&data)
	return data
}

// cheap are the operations that take less time than the memory for their
// results.
var cheap = map[string]bool{
	opAdd: true, opSub: true, opMul: true, opDiv: true, opMaximum: true, opMinimum: true,
	opNeg: true, opAbs: true, opSquare: true, opSqrt: true,
}
