package generic

import (
	"iter"
	"reflect"
	"sync"
)

// valuesOf returns how to range over a func of type seq, an iter.Seq of t: by the address
// of a variable that holds the value until the next turn.
func valuesOf(seq, t reflect.Type) func(addr) iter.Seq[addr] {
	return sequence(seq, t)
}

// sequence is valuesOf for any number of values a turn, which lie one after another
// where offsets says.
func sequence(seq reflect.Type, types ...reflect.Type) func(addr) iter.Seq[addr] {
	yieldType := seq.In(0)
	s := shapeOf(types...)
	return func(f addr) iter.Seq[addr] {
		return func(yield func(addr) bool) {
			run := load[func(addr)](addr(&f))
			if s != nil {
				run(word(s.yield(yield)))
				return
			}
			run(wordOf(takeInMemory(yieldType, types, yield)))
		}
	}
}

// takeInMemory returns a yield func that keeps its values in a tuple.
func takeInMemory(sig reflect.Type, types []reflect.Type, yield func(addr) bool) reflect.Value {
	offsets, all := tuple(types)
	at := reflect.New(all)
	p := at.UnsafePointer()
	return reflect.MakeFunc(sig, func(args []reflect.Value) []reflect.Value {
		for i, v := range args {
			view(types[i], offset(p, offsets[i])).Set(v)
		}
		more := reflect.New(sig.Out(0)).Elem()
		more.SetBool(yield(p))
		return []reflect.Value{more}
	})
}

// tuple returns the struct of the types and the offsets of its fields. A shape has them
// at the same offsets. A field of no size is at 0, so that none is past the end.
func tuple(types []reflect.Type) ([]uintptr, reflect.Type) {
	fields := make([]reflect.StructField, len(types))
	for i, t := range types {
		fields[i] = reflect.StructField{Name: string(rune('A' + i)), Type: t}
	}
	all := reflect.StructOf(fields)
	offsets := make([]uintptr, len(types))
	for i, t := range types {
		if t.Size() > 0 {
			offsets[i] = all.Field(i).Offset
		}
	}
	return offsets, all
}

func iterPull(r request) reflect.Value  { return pull(r, r.targs[0]) }
func iterPull2(r request) reflect.Value { return pull(r, r.targs[0], r.targs[1]) }

// pull is Pull of several values a turn.
func pull(r request, types ...reflect.Type) reflect.Value {
	if s := shapeOf(types...); s != nil {
		return r.as(s.pull())
	}
	offsets, _ := tuple(types)
	values, nextType := sequence(r.sig.In(0), types...), r.sig.Out(0)
	return r.as(func(seq addr) (addr, func()) {
		next, stop := iter.Pull(values(seq))
		return wordOf(inMemory(nextType, func(_, out []addr) {
			p, ok := next()
			store(out[len(types)], ok)
			for i, t := range types {
				if ok {
					view(t, out[i]).Set(view(t, offset(p, offsets[i])))
				}
			}
		})), stop
	})
}

func syncOnceValue(r request) reflect.Value  { return once(r, r.targs[0]) }
func syncOnceValues(r request) reflect.Value { return once(r, r.targs[0], r.targs[1]) }

// once is OnceValue of several results.
func once(r request, types ...reflect.Type) reflect.Value {
	if s := shapeOf(types...); s != nil {
		return r.as(s.once())
	}
	in, out := r.sig.In(0), r.sig.Out(0)
	return r.as(func(f addr) addr {
		get := sync.OnceValue(func() []reflect.Value {
			if f == nil {
				load[func()](addr(&f))() // fails as the call would
			}
			return asWord(in, f).Call(nil)
		})
		return wordOf(reflect.MakeFunc(out, func([]reflect.Value) []reflect.Value { return get() }))
	})
}
