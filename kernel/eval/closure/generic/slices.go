package generic

import (
	"iter"
	"math"
	"reflect"
	"slices"
)

// The functions of package slices over memory, for elements without a stand-in. They keep
// what the package says and what it does: the order of the calls, the memory that is
// reused, the growth, the words of a panic.

func slicesAll(r request) reflect.Value {
	e, yield := elemOf(r.targs[1]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(s header) func(addr) {
		return func(f addr) {
			i, yield := new(int), yield.on(f)
			defer yield.end()
			for *i = 0; *i < s.len; *i++ {
				if !yield.test(addr(i), e.at(s, *i)) {
					return
				}
			}
		}
	})
}

func slicesBackward(r request) reflect.Value {
	e, yield := elemOf(r.targs[1]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(s header) func(addr) {
		return func(f addr) {
			i, yield := new(int), yield.on(f)
			defer yield.end()
			for *i = s.len - 1; *i >= 0; *i-- {
				if !yield.test(addr(i), e.at(s, *i)) {
					return
				}
			}
		}
	})
}

func slicesValues(r request) reflect.Value {
	e, yield := elemOf(r.targs[1]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(s header) func(addr) {
		return func(f addr) {
			yield := yield.on(f)
			defer yield.end()
			for i := range s.len {
				if !yield.test(e.at(s, i), nil) {
					return
				}
			}
		}
	})
}

func slicesChunk(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header, n int) func(func(header) bool) {
		if n < 1 {
			panic("cannot be less than 1")
		}
		return func(yield func(header) bool) {
			for i := 0; i < s.len; i += n {
				size := min(n, s.len-i)
				if !yield(header{e.at(s, i), size, size}) {
					return
				}
			}
		}
	})
}

func slicesAppendSeq(r request) reflect.Value {
	e, values := elemOf(r.targs[1]), valuesOf(r.sig.In(1), r.targs[1])
	return r.as(func(s header, seq addr) header { return e.appendAll(s, values(seq)) })
}

func slicesCollect(r request) reflect.Value {
	e, values := elemOf(r.targs[0]), valuesOf(r.sig.In(0), r.targs[0])
	return r.as(func(seq addr) header { return e.appendAll(header{}, values(seq)) })
}

func slicesSortedFunc(r request) reflect.Value       { return sortedFunc(r, slices.SortFunc) }
func slicesSortedStableFunc(r request) reflect.Value { return sortedFunc(r, slices.SortStableFunc) }

func sortedFunc(r request, sort addressSort) reflect.Value {
	e, values, compare := elemOf(r.targs[0]), valuesOf(r.sig.In(0), r.targs[0]), r.caller(r.sig.In(1))
	return r.as(func(seq, f addr) header {
		s := e.appendAll(header{}, values(seq))
		e.sort(s, sort, compare, f)
		return s
	})
}

func (e *elem) appendAll(s header, seq iter.Seq[addr]) header {
	for p := range seq {
		s = e.push(s, p)
	}
	return s
}

// addressSort is an instance of slices.SortFunc or SortStableFunc.
type addressSort = func(s []addr, cmp func(a, b addr) int)

func (e *elem) sort(s header, sort addressSort, compare *caller, f addr) {
	calls := compare.on(f)
	defer calls.end()
	e.arrange(s, func(order []addr) { sort(order, calls.compare) })
}

func slicesSortFunc(r request) reflect.Value {
	return sortFunc(r, "slices.SortFunc", slices.SortFunc)
}

func slicesSortStableFunc(r request) reflect.Value {
	return sortFunc(r, "slices.SortStableFunc", slices.SortStableFunc)
}

func sortFunc(r request, name string, sort addressSort) reflect.Value {
	if s, ok := shapeOf(r.targs[1]).(sorter); ok {
		return r.as(s.sort(name, r.own))
	}
	e, compare := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	return r.as(func(s header, f addr) { e.sort(s, sort, compare, f) })
}

func slicesIsSortedFunc(r request) reflect.Value {
	e, compare := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	return r.as(func(s header, f addr) bool {
		compare := compare.on(f)
		defer compare.end()
		for i := s.len - 1; i > 0; i-- {
			if compare.compare(e.at(s, i), e.at(s, i-1)) < 0 {
				return false
			}
		}
		return true
	})
}

func slicesMaxFunc(r request) reflect.Value {
	return extreme(r, "slices.MaxFunc: empty list", func(c int) bool { return c > 0 })
}

func slicesMinFunc(r request) reflect.Value {
	return extreme(r, "slices.MinFunc: empty list", func(c int) bool { return c < 0 })
}

// extreme returns the first element that no other is better than.
func extreme(r request, empty string, better func(int) bool) reflect.Value {
	e, compare := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	find := func(s header, f addr) addr {
		if s.len < 1 {
			panic(empty)
		}
		compare := compare.on(f)
		defer compare.end()
		best := s.p
		for i := 1; i < s.len; i++ {
			if p := e.at(s, i); better(compare.compare(p, best)) {
				best = p
			}
		}
		return best
	}
	if s := shapeOf(e.t); s != nil {
		return r.as(s.choose(find))
	}
	return inMemory(r.sig, func(in, out []addr) {
		e.move(out[0], find(load[header](in[0]), load[addr](in[1])))
	})
}

func slicesBinarySearchFunc(r request) reflect.Value {
	e, compare := elemOf(r.targs[1]), r.caller(r.sig.In(2))
	find := func(s header, target, f addr) (int, bool) {
		compare := compare.on(f)
		defer compare.end()
		i, j := 0, s.len
		for i < j {
			if h := int(uint(i+j) >> 1); compare.compare(e.at(s, h), target) < 0 {
				i = h + 1
			} else {
				j = h
			}
		}
		return i, i < s.len && compare.compare(e.at(s, i), target) == 0
	}
	if s := shapeOf(r.targs[2]); s != nil {
		return r.as(s.search(find))
	}
	return inMemory(r.sig, func(in, out []addr) {
		i, found := find(load[header](in[0]), in[1], load[addr](in[2]))
		store(out[0], i)
		store(out[1], found)
	})
}

func slicesIndexFunc(r request) reflect.Value {
	e, test := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	return r.as(func(s header, f addr) int { return e.indexFunc(s, test, f) })
}

func slicesContainsFunc(r request) reflect.Value {
	e, test := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	return r.as(func(s header, f addr) bool { return e.indexFunc(s, test, f) >= 0 })
}

func (e *elem) indexFunc(s header, test *caller, f addr) int {
	calls := test.on(f)
	defer calls.end()
	for i := range s.len {
		if calls.test(e.at(s, i), nil) {
			return i
		}
	}
	return -1
}

func slicesIndex(r request) reflect.Value {
	find := indexOf(r.targs[1])
	if s := shapeOf(r.targs[1]); s != nil {
		return r.as(s.index(find))
	}
	return inMemory(r.sig, func(in, out []addr) { store(out[0], find(load[header](in[0]), in[1])) })
}

func slicesContains(r request) reflect.Value {
	find := indexOf(r.targs[1])
	if s := shapeOf(r.targs[1]); s != nil {
		return r.as(s.contains(func(s header, v addr) bool { return find(s, v) >= 0 }))
	}
	return inMemory(r.sig, func(in, out []addr) { store(out[0], find(load[header](in[0]), in[1]) >= 0) })
}

func indexOf(t reflect.Type) func(header, addr) int {
	e, equal := elemOf(t), equality(t)
	return func(s header, v addr) int {
		for i := range s.len {
			if equal(v, e.at(s, i)) {
				return i
			}
		}
		return -1
	}
}

func slicesEqual(r request) reflect.Value {
	e, equal := elemOf(r.targs[1]), equality(r.targs[1])
	return r.as(func(a, b header) bool {
		if a.len != b.len {
			return false
		}
		for i := range a.len {
			if !equal(e.at(a, i), e.at(b, i)) {
				return false
			}
		}
		return true
	})
}

func slicesEqualFunc(r request) reflect.Value {
	x, y, equal := elemOf(r.targs[2]), elemOf(r.targs[3]), r.caller(r.sig.In(2))
	return r.as(func(a, b header, f addr) bool {
		if a.len != b.len {
			return false
		}
		equal := equal.on(f)
		defer equal.end()
		for i := range a.len {
			if !equal.test(x.at(a, i), y.at(b, i)) {
				return false
			}
		}
		return true
	})
}

func slicesCompareFunc(r request) reflect.Value {
	x, y, compare := elemOf(r.targs[2]), elemOf(r.targs[3]), r.caller(r.sig.In(2))
	return r.as(func(a, b header, f addr) int {
		compare := compare.on(f)
		defer compare.end()
		for i := range a.len {
			if i >= b.len {
				return +1
			}
			if c := compare.compare(x.at(a, i), y.at(b, i)); c != 0 {
				return c
			}
		}
		if a.len < b.len {
			return -1
		}
		return 0
	})
}

func slicesCompact(r request) reflect.Value {
	e, equal := elemOf(r.targs[1]), equality(r.targs[1])
	return r.as(func(s header) header { return e.compact(s, equal) })
}

func slicesCompactFunc(r request) reflect.Value {
	e, equal := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	return r.as(func(s header, f addr) header {
		equal := equal.on(f)
		defer equal.end()
		return e.compact(s, equal.test)
	})
}

// compact compares each element with the one before it in the slice as it came: what has
// moved lies further left.
func (e *elem) compact(s header, equal func(a, b addr) bool) header {
	kept := 1
	for i := 1; i < s.len; i++ {
		if equal(e.at(s, i), e.at(s, i-1)) {
			continue
		}
		if kept != i {
			e.move(e.at(s, kept), e.at(s, i))
		}
		kept++
	}
	return e.cut(s, kept)
}

// cut returns s[:n] with the rest cleared, s itself when it has not more.
func (e *elem) cut(s header, n int) header {
	if n >= s.len {
		return s
	}
	e.clear(s, n)
	s.len = n
	return s
}

func slicesDeleteFunc(r request) reflect.Value {
	e, del := elemOf(r.targs[1]), r.caller(r.sig.In(1))
	return r.as(func(s header, f addr) header {
		v := box(reflect.Zero(e.t)) // tested and kept is the same value, whatever f does to s
		del := del.on(f)
		defer del.end()
		kept := 0
		for i := range s.len {
			e.move(v, e.at(s, i))
			if del.test(v, nil) {
				continue
			}
			if kept != i {
				e.move(e.at(s, kept), v)
			}
			kept++
		}
		return e.cut(s, kept)
	})
}

func slicesDelete(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header, i, j int) header {
		_ = s.ghost()[i:j:s.len]
		if i == j {
			return s
		}
		n := i + e.copy(e.sub(s, i, s.len), e.sub(s, j, s.len))
		return e.cut(s, n)
	})
}

func slicesInsert(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header, i int, v header) header {
		_ = s.ghost()[i:]
		return e.replace(s, i, i, v)
	})
}

func slicesReplace(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header, i, j int, v header) header {
		_ = s.ghost()[i:j]
		_ = s.ghost()[j:]
		return e.replace(s, i, j, v)
	})
}

// replace puts v in the place of s[i:j], in the memory of s when it has the room.
func (e *elem) replace(s header, i, j int, v header) header {
	if i == j && v.len == 0 {
		return s
	}
	n := i + v.len + s.len - j
	if n > s.cap {
		return e.assemble(s, i, j, v)
	}
	v = e.clone(v) // v may lie in s
	wide := header{s.p, n, s.cap}
	e.copy(e.sub(wide, i+v.len, n), e.sub(s, j, s.len))
	e.copy(e.sub(wide, i, n), v)
	if n < s.len {
		e.clear(s, n)
	}
	return wide
}

// assemble is replace in new memory, of the size that append of the sum takes.
func (e *elem) assemble(s header, i, j int, v header) header {
	n := i + v.len + s.len - j
	grown := e.grow(header{s.p, i, s.cap}, n-i)
	grown.len = n
	e.copy(e.sub(grown, i, n), v)
	e.copy(e.sub(grown, i+v.len, n), e.sub(s, j, s.len))
	return grown
}

func slicesClip(r request) reflect.Value {
	return r.as(func(s header) header { return header{s.p, s.len, s.len} })
}

func slicesClone(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header) header { return e.clone(s) })
}

func slicesConcat(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(all []header) header {
		size := 0
		for _, s := range all {
			size += s.len
			if size < 0 {
				panic("len out of range")
			}
		}
		var sum header
		if size > 0 {
			sum = e.grow(sum, size)
		}
		for _, s := range all {
			sum = e.append(sum, s)
		}
		return sum
	})
}

func slicesGrow(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header, n int) header {
		if n < 0 {
			panic("cannot be negative")
		}
		if n <= s.cap-s.len {
			return s
		}
		return e.grow(s, n)
	})
}

func slicesRepeat(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(x header, count int) header {
		all := header{len: len(slices.Repeat(x.ghost(), count))}
		if e.size > 0 && uintptr(all.len) > most/e.size {
			_ = make([]uint64, all.len|math.MaxInt) // fails as too much does
		}
		v := reflect.MakeSlice(e.slice, all.len, all.len)
		all.p, all.cap = v.UnsafePointer(), all.len
		for n := e.copy(all, x); n < all.len; {
			n += e.copy(e.sub(all, n, all.len), e.sub(all, 0, n))
		}
		return all
	})
}

// most is more bytes than there can be.
const most = uintptr(math.MaxInt >> 16)

func slicesReverse(r request) reflect.Value {
	e := elemOf(r.targs[1])
	return r.as(func(s header) {
		swap := reflect.Swapper(viewSlice(e.slice, &s).Interface())
		for i, j := 0, s.len-1; i < j; i, j = i+1, j-1 {
			swap(i, j)
		}
	})
}
