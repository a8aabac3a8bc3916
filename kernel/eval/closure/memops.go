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

func (m memory) coded(p mem.Ptr) any { return mem.Cast[func(F) mem.Ptr](p) }

func (m memory) load(l *location) any { return l.address() }

func (m memory) global(p mem.Ptr) any { return func(F) mem.Ptr { return p } }

func (m memory) setLocal(off uintptr, x *expr) stmt {
	lay, fn := m.lay, addressOf(x)
	return func(f F) ctl { lay.Move(mem.Add(f, off), fn(f)); return next }
}

func (m memory) setAt(l *location, x *expr) stmt {
	lay, fn, addr := m.lay, addressOf(x), l.address()
	return func(f F) ctl {
		p := fn(f)
		lay.Move(addr(f), p)
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

func (m memory) result(t *target, args []pass, off, to uintptr) any {
	lay, call := m.lay, t.invoke(args)
	if lay.Size > largest {
		return func(f F) mem.Ptr { return lay.Copy(mem.Add(call(f), off)) }
	}
	return func(f F) mem.Ptr {
		p := mem.Add(f, to)
		lay.Move(p, mem.Add(call(f), off))
		return p
	}
}

func (m memory) ret(off uintptr, x *expr) stmt {
	set := m.setLocal(off, x)
	return func(f F) ctl { set(f); return ret }
}

func (memory) element(*expr, operand[int], token.Pos) any { return nil }

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
