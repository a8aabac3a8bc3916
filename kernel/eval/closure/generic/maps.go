package generic

import "reflect"

// table is what the functions over memory know of a map type.
type table struct {
	t, key, elem reflect.Type
}

// tableOf returns the table of the map type t. A named t may be one that reflect cannot
// show as a map; then key and elem make it.
func tableOf(t, key, elem reflect.Type) table {
	if t.Kind() != reflect.Map {
		t = reflect.MapOf(key, elem)
	}
	return table{t, key, elem}
}

// each calls f with the addresses of a key and its element, copies that change with the
// next turn, until f returns false.
func (t table) each(m addr, f func(k, v addr) bool) {
	key, elem := reflect.New(t.key), reflect.New(t.elem)
	k, v := key.Elem(), elem.Elem()
	for it := viewWord(t.t, &m).MapRange(); it.Next(); {
		k.SetIterKey(it)
		v.SetIterValue(it)
		if !f(key.UnsafePointer(), elem.UnsafePointer()) {
			return
		}
	}
}

// eachKey is each for the keys alone.
func (t table) eachKey(m addr, f func(k addr) bool) {
	key := reflect.New(t.key)
	k, p := key.Elem(), key.UnsafePointer()
	for it := viewWord(t.t, &m).MapRange(); it.Next(); {
		if k.SetIterKey(it); !f(p) {
			return
		}
	}
}

// eachElem is each for the elements alone.
func (t table) eachElem(m addr, f func(v addr) bool) {
	elem := reflect.New(t.elem)
	v, p := elem.Elem(), elem.UnsafePointer()
	for it := viewWord(t.t, &m).MapRange(); it.Next(); {
		if v.SetIterValue(it); !f(p) {
			return
		}
	}
}

func (t table) set(m, k, v addr) {
	viewWord(t.t, &m).SetMapIndex(view(t.key, k), view(t.elem, v))
}

func (t table) len(m addr) int { return viewWord(t.t, &m).Len() }

// get returns the address of a copy of m[k], nil when m has no k.
func (t table) get(m, k addr) addr {
	v := viewWord(t.t, &m).MapIndex(view(t.key, k))
	if !v.IsValid() {
		return nil
	}
	return box(v)
}

func (t table) make(n int) addr {
	return wordOf(reflect.MakeMapWithSize(t.t, n))
}

func mapsAll(r request) reflect.Value {
	t, yield := tableOf(r.targs[0], r.targs[1], r.targs[2]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(m addr) func(addr) {
		return func(f addr) {
			yield := yield.on(f)
			defer yield.end()
			t.each(m, yield.test)
		}
	})
}

func mapsKeys(r request) reflect.Value {
	t, yield := tableOf(r.targs[0], r.targs[1], r.targs[2]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(m addr) func(addr) {
		return func(f addr) {
			yield := yield.on(f)
			defer yield.end()
			t.eachKey(m, func(k addr) bool { return yield.test(k, nil) })
		}
	})
}

func mapsValues(r request) reflect.Value {
	t, yield := tableOf(r.targs[0], r.targs[1], r.targs[2]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(m addr) func(addr) {
		return func(f addr) {
			yield := yield.on(f)
			defer yield.end()
			t.eachElem(m, func(v addr) bool { return yield.test(v, nil) })
		}
	})
}

func mapsClone(r request) reflect.Value {
	t := tableOf(r.targs[0], r.targs[1], r.targs[2])
	return r.as(func(m addr) addr {
		if m == nil {
			return nil
		}
		c := t.make(t.len(m))
		t.each(m, func(k, v addr) bool { t.set(c, k, v); return true })
		return c
	})
}

func mapsCopy(r request) reflect.Value {
	t := tableOf(r.targs[1], r.targs[2], r.targs[3])
	return r.as(func(dst, src addr) {
		t.each(src, func(k, v addr) bool { t.set(dst, k, v); return true })
	})
}

func mapsCollect(r request) reflect.Value {
	t := tableOf(r.sig.Out(0), r.targs[0], r.targs[1])
	insert := t.insert(r.sig.In(0))
	return r.as(func(seq addr) addr {
		m := t.make(0)
		insert(m, seq)
		return m
	})
}

func mapsInsert(r request) reflect.Value {
	t := tableOf(r.targs[0], r.targs[1], r.targs[2])
	return r.as(t.insert(r.sig.In(1)))
}

// insert returns what puts the pairs of a func of type seq into a map.
func (t table) insert(seq reflect.Type) func(m, seq addr) {
	types := []reflect.Type{t.key, t.elem}
	offsets, _ := tuple(types)
	values := sequence(seq, types...)
	return func(m, seq addr) {
		for p := range values(seq) {
			t.set(m, p, offset(p, offsets[1]))
		}
	}
}

func mapsDeleteFunc(r request) reflect.Value {
	t, del := tableOf(r.targs[0], r.targs[1], r.targs[2]), r.caller(r.sig.In(1))
	return r.as(func(m, f addr) {
		del := del.on(f)
		defer del.end()
		t.each(m, func(k, v addr) bool {
			if del.test(k, v) {
				viewWord(t.t, &m).SetMapIndex(view(t.key, k), reflect.Value{})
			}
			return true
		})
	})
}

func mapsEqual(r request) reflect.Value {
	a, b := tableOf(r.targs[0], r.targs[2], r.targs[3]), tableOf(r.targs[1], r.targs[2], r.targs[3])
	equal := equality(r.targs[3])
	return r.as(func(m, n addr) bool { return equalTables(a, b, m, n, equal) })
}

func mapsEqualFunc(r request) reflect.Value {
	a, b := tableOf(r.targs[0], r.targs[2], r.targs[3]), tableOf(r.targs[1], r.targs[2], r.targs[4])
	equal := r.caller(r.sig.In(2))
	return r.as(func(m, n, f addr) bool {
		equal := equal.on(f)
		defer equal.end()
		return equalTables(a, b, m, n, equal.test)
	})
}

func equalTables(a, b table, m, n addr, equal func(v, w addr) bool) bool {
	if a.len(m) != b.len(n) {
		return false
	}
	all := true
	a.each(m, func(k, v addr) bool {
		w := b.get(n, k)
		all = w != nil && equal(v, w)
		return all
	})
	return all
}
