package hdf5

import (
	"errors"
	"fmt"
	"reflect"
)

// target is where a read goes: a slice for a sink, and what is still to do when it is
// full.
type target struct {
	slice  any
	commit func()
}

func nothing() {}

// newTarget prepares n elements of type t in what the user gave: a pointer to a slice
// (an empty one is given the right length, within its capacity if that is enough), a
// slice, a pointer to an array of any depth, or, for one element, a pointer to a value.
func newTarget(t *Datatype, n int, data any) (target, error) {
	if err := t.reason(); err != nil {
		return target{}, err
	}
	per := t.elements()
	switch d := data.(type) {
	case *[]float64:
		return sized(d, n*per)
	case *[]float32:
		return sized(d, n*per)
	case *[]uint8:
		return sized(d, n*per)
	case nil:
		return target{}, errors.New("there is nothing to read into: give a pointer to a slice")
	}
	v := reflect.ValueOf(data)
	if v.Kind() == reflect.Slice {
		return fromSlice(t, v, n)
	}
	if v.Kind() == reflect.Map && t.scalar().class == T_COMPOUND {
		return target{}, fmt.Errorf("a map cannot be read into; ReadAll returns one of columns")
	}
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return target{}, fmt.Errorf("a %T cannot be read into: give a pointer to a slice, an array or a value", data)
	}
	v = v.Elem()
	switch v.Kind() {
	case reflect.Slice:
		return fromSlicePointer(t, v, n)
	case reflect.Array:
		if t.class != T_ARRAY || n != 1 {
			return fromArray(t, v, n)
		}
	}
	return fromValue(v, n)
}

// sized is fromSlicePointer for common types.
func sized[T any](d *[]T, n int) (target, error) {
	switch {
	case len(*d) == 0 && cap(*d) >= n:
		*d = (*d)[:n]
	case len(*d) == 0:
		*d = make([]T, n)
	case len(*d) < n:
		return target{}, tooShort(n, len(*d))
	}
	return target{*d, nothing}, nil
}

func tooShort(n, have int) error {
	return fmt.Errorf("there are %d values, and the slice has room for %d: make it longer, or pass a pointer to an empty slice", n, have)
}

// perValue is how many elements of a Go slice one element of the file takes.
func perValue(t *Datatype, elem reflect.Type) int {
	if t.class == T_ARRAY && elem.Kind() != reflect.Array && elem.Kind() != reflect.Slice && elem.Kind() != reflect.Interface {
		return t.elements()
	}
	if s := t.scalar(); t.class == T_ARRAY && s.class == T_OPAQUE && elem == reflect.TypeFor[[]byte]() {
		return t.elements()
	}
	return 1
}

func fromSlice(t *Datatype, v reflect.Value, n int) (target, error) {
	if n *= perValue(t, v.Type().Elem()); v.Len() < n {
		return target{}, tooShort(n, v.Len())
	}
	return target{v.Interface(), nothing}, nil
}

func fromSlicePointer(t *Datatype, v reflect.Value, n int) (target, error) {
	n *= perValue(t, v.Type().Elem())
	switch {
	case v.Len() == 0 && v.Cap() >= n:
		v.SetLen(n)
	case v.Len() == 0:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	case v.Len() < n:
		return target{}, tooShort(n, v.Len())
	}
	return target{v.Interface(), nothing}, nil
}

// fromArray reads into a slice and copies from there: an array of arrays is one run of
// memory, but no slice can be had of all of it.
func fromArray(t *Datatype, v reflect.Value, n int) (target, error) {
	elem, length := v.Type(), 1
	for depth := len(t.dims); elem.Kind() == reflect.Array && (t.class != T_ARRAY || arrayDepth(elem) > depth); {
		length *= elem.Len()
		elem = elem.Elem()
	}
	if length < n {
		return target{}, fmt.Errorf("there are %d values, and the array %v has room for %d", n, v.Type(), length)
	}
	flat := reflect.MakeSlice(reflect.SliceOf(elem), length, length)
	copyOut := func() {
		i := 0
		spread(v, elem, func(x reflect.Value) {
			if i < n {
				x.Set(flat.Index(i))
			}
			i++
		})
	}
	return target{flat.Interface(), copyOut}, nil
}

func arrayDepth(g reflect.Type) int {
	depth := 0
	for ; g.Kind() == reflect.Array; g = g.Elem() {
		depth++
	}
	return depth
}

// spread visits the elements of an array of arrays in order.
func spread(v reflect.Value, elem reflect.Type, visit func(reflect.Value)) {
	if v.Type() == elem {
		visit(v)
		return
	}
	for i := range v.Len() {
		spread(v.Index(i), elem, visit)
	}
}

func fromValue(v reflect.Value, n int) (target, error) {
	if n != 1 {
		return target{}, fmt.Errorf("there are %d values, which do not fit into one %v: give a pointer to a slice", n, v.Type())
	}
	one := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
	one.Index(0).Set(v)
	return target{one.Interface(), func() { v.Set(one.Index(0)) }}, nil
}

// first is the only element of what flat made.
func first(dst any) any {
	if columns, ok := dst.(map[string]any); ok {
		out := map[string]any{}
		for name, col := range columns {
			if out[name] = col; reflect.ValueOf(col).Len() == 1 {
				out[name] = first(col)
			}
		}
		return out
	}
	if v := reflect.ValueOf(dst); v.Kind() == reflect.Slice && v.Len() == 1 {
		return v.Index(0).Interface()
	}
	return dst
}

// Read copies the whole dataset into what data points to: a slice, an array (of arrays),
// or, for a single value, a value. Elements follow one another with the last index
// fastest, and must be of the dataset's type: a float64 for a 64-bit float, a struct with
// fields of the compound's names, or tags `hdf5:"name"`, for a compound.
//
// A pointer to an empty slice is given the length it needs, in place when its capacity
// is enough; a slice with a length that is too short is an error, and of a longer one
// the rest is left alone.
func (s *Dataset) Read(data any) error { return s.ReadSubset(data, nil, nil) }

// ReadSubset reads what filespace selects of the dataset to what memspace selects of
// data; nil selects everything. See Read for data.
func (s *Dataset) ReadSubset(data any, memspace, filespace *Dataspace) error {
	if err := s.readSubset(data, memspace, filespace); err != nil {
		return s.d.failed("read", err)
	}
	return nil
}

func (s *Dataset) readSubset(data any, memspace, filespace *Dataspace) error {
	sel, err := s.d.selected(filespace)
	if err != nil {
		return err
	}
	n := product(sel.dims())
	if memspace != nil && memspace.SelectNPoints() != n {
		return fmt.Errorf("%d elements are selected in the file and %d in memory", n, memspace.SelectNPoints())
	}
	if memspace != nil && memspace.sel != nil {
		return s.readScattered(data, memspace, sel)
	}
	if filespace == nil || filespace.sel == nil {
		if err := s.d.affordable(); err != nil {
			return err
		}
	}
	if err := s.d.inMemory(sel.dims()); err != nil {
		return err
	}
	t, err := newTarget(s.d.typ, n, data)
	if err != nil {
		return err
	}
	if err := s.d.readInto(sel, t.slice); err != nil {
		return err
	}
	t.commit()
	return nil
}

// selected checks that a selection was made in a space like the dataset's.
func (d *stored) selected(space *Dataspace) (selection, error) {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	if d.f.closed {
		return nil, errClosed
	}
	if d.space.class == S_NULL {
		return selection{{0, 1, 0, 1}}, nil
	}
	if space == nil || space.sel == nil {
		return everything(d.space.dims), nil
	}
	if len(space.sel) != len(d.space.dims) {
		return nil, fmt.Errorf("the selection has %d dimensions and the dataset %d", len(space.sel), len(d.space.dims))
	}
	for i, p := range space.sel {
		if last := p.start + (p.n-1)*p.stride + p.block; p.n > 0 && last > d.space.dims[i] {
			return nil, fmt.Errorf("the selection goes to %d in dimension %d, which is %d long", last, i, d.space.dims[i])
		}
	}
	return space.sel, nil
}

func (d *stored) readInto(sel selection, dst any) error {
	out, err := newSink(d.typ, dst, d.s.newHeaps())
	if err != nil {
		return err
	}
	if product(sel.dims()) == 0 {
		return d.readable()
	}
	return d.read(sel, out)
}

// affordable refuses to read a whole dataset that is far larger than its file: a damaged
// one, or one of which little was ever written.
func (d *stored) affordable() error {
	size := d.typ.size
	if d.typ.Class() == T_STRING || d.typ.class == T_OPAQUE {
		size = max(size, 24) // a Go string or slice, without its text
	}
	if n := d.space.SimpleExtentNPoints(); int64(n) > d.s.allowance()/int64(size) {
		return fmt.Errorf("its %v elements of %d bytes are far more than the whole file of %d bytes can hold: it is damaged or almost empty; read a part of it with ReadHyperslab", d.space.dims, d.typ.size, d.s.size())
	}
	return nil
}

// readScattered reads to a selection in memory: into a slice first, and from there
// element by element.
func (s *Dataset) readScattered(data any, memspace *Dataspace, sel selection) error {
	t, err := newTarget(s.d.typ, product(memspace.dims), data)
	if err != nil {
		return err
	}
	dst := reflect.ValueOf(t.slice)
	n := product(sel.dims())
	per := perValue(s.d.typ, dst.Type().Elem())
	dense := reflect.MakeSlice(dst.Type(), n*per, n*per)
	if err := s.d.readInto(sel, dense.Interface()); err != nil {
		return err
	}
	err = eachRun(memspace, func(at, from, count int) {
		reflect.Copy(dst.Slice(at*per, (at+count)*per), dense.Slice(from*per, (from+count)*per))
	})
	t.commit()
	return err
}

// eachRun visits the selected elements of a space in order: where they are, which they
// are of the selected ones, and how many follow one another in both.
func eachRun(space *Dataspace, visit func(at, from, count int)) error {
	sel := space.selected()
	src, dst := strides(space.dims), strides(sel.dims())
	return sel.boxes(func(b box) error {
		var walk func(d, at, from int)
		walk = func(d, at, from int) {
			if d == len(b.count) {
				visit(at, from, 1)
				return
			}
			if d == len(b.count)-1 && b.step[d] == 1 {
				visit(at+b.start[d], from+b.to[d], b.count[d])
				return
			}
			for i := range b.count[d] {
				walk(d+1, at+(b.start[d]+i*b.step[d])*src[d], from+(b.to[d]+i)*dst[d])
			}
		}
		walk(0, 0, 0)
		return nil
	})
}

// ReadAll returns the whole dataset as a new flat slice, the last index fastest, of its
// elements' own type: []float64, []float32 (also for 16 bits), []int8 to []uint64,
// []bool, []string, [][]byte for opaque bytes, the numbers for other enumerations, and a
// slice of slices for sequences. Arrays within elements are flattened too. A compound
// gives a map[string]any with such a slice for every field that can be read; Read into a
// slice of structs gives rows. The extents are Dims. A null dataset gives an empty slice.
func (s *Dataset) ReadAll() (any, error) {
	dst, err := s.readAll(nil)
	if err != nil {
		return nil, s.d.failed("read", err)
	}
	return dst, nil
}

func (s *Dataset) readAll(sel selection) (any, error) {
	if sel == nil {
		all, err := s.d.selected(nil)
		if err == nil {
			err = s.d.affordable()
		}
		if err != nil {
			return nil, err
		}
		sel = all
	}
	if err := s.d.inMemory(sel.dims()); err != nil {
		return nil, err
	}
	dst, err := s.d.typ.flat(product(sel.dims()))
	if err != nil {
		return nil, err
	}
	return dst, s.d.readInto(sel, dst)
}

// ReadHyperslab returns a part of the dataset as ReadAll does: in each dimension count
// elements from start on, stride apart. A nil stride is 1 everywhere; a nil count is
// all from start on. Only the bytes or chunks that are needed are read.
func (s *Dataset) ReadHyperslab(start, count, stride []int) (any, error) {
	sel, err := s.hyperslab(start, count, stride)
	var dst any
	if err == nil {
		dst, err = s.readAll(sel)
	}
	if err != nil {
		return nil, s.d.failed("read a part of", err)
	}
	return dst, nil
}

// ReadHyperslabInto is ReadHyperslab into what dst points to; see Read.
func (s *Dataset) ReadHyperslabInto(dst any, start, count, stride []int) error {
	sel, err := s.hyperslab(start, count, stride)
	var t target
	if err == nil {
		t, err = newTarget(s.d.typ, product(sel.dims()), dst)
	}
	if err == nil {
		err = s.d.readInto(sel, t.slice)
	}
	if err != nil {
		return s.d.failed("read a part of", err)
	}
	t.commit()
	return nil
}

func (s *Dataset) hyperslab(start, count, stride []int) (selection, error) {
	sel, err := s.d.selected(nil)
	if err != nil || s.d.space.class == S_NULL {
		return sel, err
	}
	dims := sel.dims()
	numbers := func(v []int, otherwise func(i int) int) ([]uint, error) {
		out := make([]uint, len(dims))
		if v != nil && len(v) != len(dims) {
			return nil, fmt.Errorf("a hyperslab of %d dimensions, and the dataset has %d: give one number for each", len(v), len(dims))
		}
		for i := range out {
			n := otherwise(i)
			if v != nil {
				n = v[i]
			}
			if n < 0 {
				return nil, fmt.Errorf("dimension %d of a hyperslab: %d is negative; numbers count from 0", i, n)
			}
			out[i] = uint(n)
		}
		return out, nil
	}
	from, err := numbers(start, func(int) int { return 0 })
	if err != nil {
		return nil, err
	}
	step, err := numbers(stride, func(int) int { return 1 })
	if err != nil {
		return nil, err
	}
	n, err := numbers(count, func(i int) int {
		return ceilDiv(max(0, dims[i]-int(from[i])), max(1, int(step[i])))
	})
	if err != nil {
		return nil, err
	}
	return newSelection(dims, from, step, n, nil)
}
