package closure

import (
	"go/token"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// opsOf returns how values of a type are handled.
func (e *Engine) opsOf(t types.Type) ops {
	if k := kindOf(t); k != kMem {
		return opsOf[k]
	}
	return memory{e.layout(t)}
}

// memory is the ops of structs and arrays, whose code yields an address. What stands
// there may change with the next statement, so that whoever keeps it copies it.
type memory struct{ lay *mem.Layout }

func (m memory) code(x *expr) any { return addressOf(x) }

// addressOf returns the code of the address of a struct or array.
func addressOf(x *expr) func(F) mem.Ptr {
	if x.where == inLocal {
		off := x.off
		return func(f F) mem.Ptr { return mem.Add(f, off) }
	}
	return x.fn.(func(F) mem.Ptr)
}

func (m memory) load(addr func(F) mem.Ptr, off uintptr) any {
	if off == 0 {
		return addr
	}
	return func(f F) mem.Ptr { return mem.Add(addr(f), off) }
}

func (m memory) global(p mem.Ptr) any { return func(F) mem.Ptr { return p } }

func (m memory) setLocal(off uintptr, x *expr) stmt {
	lay, fn := m.lay, addressOf(x)
	return func(f F) ctl { lay.Move(mem.Add(f, off), fn(f)); return next }
}

func (m memory) setAt(addr func(F) mem.Ptr, off uintptr, x *expr) stmt {
	lay, fn := m.lay, addressOf(x)
	return func(f F) ctl {
		p := fn(f)
		lay.Move(mem.Add(addr(f), off), p)
		return next
	}
}

func (m memory) setGlobal(p mem.Ptr, x *expr) stmt {
	lay, fn := m.lay, addressOf(x)
	return func(f F) ctl { lay.Move(p, fn(f)); return next }
}

func (m memory) pass(x *expr, off uintptr) func(f, g F) {
	lay, fn := m.lay, addressOf(x)
	return func(f, g F) { lay.Move(mem.Add(g, off), fn(f)) }
}

func (m memory) fill(x *expr, off uintptr) func(f F, p mem.Ptr) {
	lay, fn := m.lay, addressOf(x)
	return func(f F, p mem.Ptr) { lay.Move(mem.Add(p, off), fn(f)) }
}

func (m memory) result(call func(F) (F, *function), off uintptr) any {
	lay := m.lay
	return func(f F) mem.Ptr {
		g, fn := call(f)
		p := lay.Copy(mem.Add(g, off))
		leave(g, fn)
		return p
	}
}

func (m memory) resultOf(r *ref, args []pass, off uintptr) any {
	return m.result(invokeRef(r, args), off)
}

func (m memory) resultOfValue(s *shape, code func(F) mem.Ptr, args []pass, off uintptr) any {
	return m.result(invokeDynamic(func(f F) (*function, mem.Ptr) { return s.resolve(code(f)) }, args), off)
}

func (m memory) ret(off uintptr, x *expr) stmt {
	set := m.setLocal(off, x)
	return func(f F) ctl { set(f); return ret }
}

func (memory) setElement(*expr, operand[int], *expr, token.Pos) stmt { return nil }

func (m memory) move(dst, src mem.Ptr) { m.lay.Move(dst, src) }

func (m memory) equal(x, y *expr) func(F) bool { return nil }

func (m memory) drop(x *expr) stmt {
	fn := addressOf(x)
	return func(f F) ctl { fn(f); return next }
}

func (m memory) after(do func(F), x *expr) any {
	fn := addressOf(x)
	return func(f F) mem.Ptr { do(f); return fn(f) }
}
