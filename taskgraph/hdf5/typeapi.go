package hdf5

import (
	"fmt"
	"reflect"
	"slices"
)

// NewDatatypeFromValue is the type of a Go value in a file: numbers of their size (int
// and uint have 64 bits), bool as h5py has it, string as UTF-8 of any length, arrays and
// structs of such, and slices as sequences of any length. Fields of structs that are not
// exported or tagged `hdf5:"-"` are left out; a tag `hdf5:"name"` gives a name,
// `hdf5:"name,size=8"` makes a string field one of 8 bytes.
func NewDatatypeFromValue(v any) (*Datatype, error) {
	if v == nil {
		return nil, fmt.Errorf("hdf5: nil has no datatype")
	}
	return NewDataTypeFromType(reflect.TypeOf(v))
}

// NewDataTypeFromType is NewDatatypeFromValue for values of type g.
func NewDataTypeFromType(g reflect.Type) (*Datatype, error) {
	t, err := typeOf(g, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	return t, nil
}

func typeOf(g reflect.Type, textSize, depth int) (*Datatype, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("the type %v is nested more than %d times", g, maxNesting)
	}
	numbers := map[reflect.Kind]*Datatype{
		reflect.Int8: T_NATIVE_INT8, reflect.Int16: T_NATIVE_INT16, reflect.Int32: T_NATIVE_INT32,
		reflect.Int64: T_NATIVE_INT64, reflect.Int: T_NATIVE_INT64,
		reflect.Uint8: T_NATIVE_UINT8, reflect.Uint16: T_NATIVE_UINT16, reflect.Uint32: T_NATIVE_UINT32,
		reflect.Uint64: T_NATIVE_UINT64, reflect.Uint: T_NATIVE_UINT64,
		reflect.Float32: T_NATIVE_FLOAT, reflect.Float64: T_NATIVE_DOUBLE, reflect.Bool: T_NATIVE_HBOOL,
	}
	if t := numbers[g.Kind()]; t != nil {
		return t, nil
	}
	switch g.Kind() {
	case reflect.String:
		if textSize > 0 {
			return CreateDatatype(T_STRING, textSize)
		}
		return T_GO_STRING, nil
	case reflect.Pointer:
		return typeOf(g.Elem(), textSize, depth+1)
	case reflect.Array:
		return arrayType(g, depth)
	case reflect.Slice:
		base, err := typeOf(g.Elem(), 0, depth+1)
		return &Datatype{class: T_VLEN, size: 16, base: base}, err
	case reflect.Struct:
		return structType(g, depth)
	}
	return nil, fmt.Errorf("values of the type %v cannot be in a file: use numbers, bool, strings, arrays, slices and structs of them", g)
}

func arrayType(g reflect.Type, depth int) (*Datatype, error) {
	var dims []int
	for ; g.Kind() == reflect.Array; g = g.Elem() {
		dims = append(dims, g.Len())
	}
	base, err := typeOf(g, 0, depth+1)
	if err != nil {
		return nil, err
	}
	return newArray(base, dims)
}

func newArray(base *Datatype, dims []int) (*Datatype, error) {
	n, ok := volume(append(slices.Clone(dims), base.size))
	if !ok || n <= 0 || n > 1<<31-1 || len(dims) > maxRank {
		return nil, fmt.Errorf("an array of %v elements of %d bytes: it must have 1 byte at least and less than 2 GB", dims, base.size)
	}
	return &Datatype{class: T_ARRAY, size: n, base: base, dims: slices.Clone(dims)}, nil
}

// structType puts fields one behind the other, without gaps.
func structType(g reflect.Type, depth int) (*Datatype, error) {
	t := &Datatype{class: T_COMPOUND}
	for _, f := range structFields(g) {
		typ, err := typeOf(g.Field(f.index).Type, f.size, depth+1)
		if err != nil {
			return nil, fmt.Errorf("field %s of %v: %w", g.Field(f.index).Name, g, err)
		}
		t.members = append(t.members, member{f.name, t.size, typ})
		t.size += typ.size
	}
	if t.size == 0 {
		return nil, fmt.Errorf("the struct %v has no exported fields; only those go into a file", g)
	}
	return t, nil
}

// ArrayType is the type of an array.
type ArrayType struct{ Datatype }

// NewArrayType makes the type of an array of these extents.
func NewArrayType(base *Datatype, dims []int) (*ArrayType, error) {
	t, err := newArray(base, dims)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	return &ArrayType{*t}, nil
}

// NDims is the number of dimensions.
func (t *ArrayType) NDims() int { return len(t.dims) }

// VarLenType is the type of a sequence of any length.
type VarLenType struct{ Datatype }

// NewVarLenType makes the type of a sequence of any length.
func NewVarLenType(base *Datatype) (*VarLenType, error) {
	if err := base.writable(); err != nil {
		return nil, fmt.Errorf("hdf5: a sequence of %v: %w", base, err)
	}
	return &VarLenType{Datatype{class: T_VLEN, size: 16, base: base}}, nil
}

// CompoundType is the type of a record with named fields.
type CompoundType struct{ Datatype }

// NewCompoundType makes a type of size bytes without fields; Insert adds them.
func NewCompoundType(size int) (*CompoundType, error) {
	t, err := CreateDatatype(T_COMPOUND, size)
	if err != nil {
		return nil, err
	}
	return &CompoundType{*t}, nil
}

// Insert adds a field, offset bytes from the beginning of a record.
func (t *CompoundType) Insert(name string, offset int, field *Datatype) error {
	switch {
	case name == "" || t.MemberIndex(name) >= 0:
		return fmt.Errorf("hdf5: cannot add a field %q: names must be there and differ", name)
	case offset < 0 || offset > t.size-field.size:
		return fmt.Errorf("hdf5: cannot add the field %q: its %d bytes at %d are beyond the type's %d", name, field.size, offset, t.size)
	}
	for _, m := range t.members {
		if offset < m.offset+m.typ.size && m.offset < offset+field.size {
			return fmt.Errorf("hdf5: cannot add the field %q: it lies on %q", name, m.name)
		}
	}
	t.members = append(t.members, member{name, offset, field})
	t.raw = nil
	return nil
}

// Pack puts the fields one behind the other, without gaps.
func (t *CompoundType) Pack() error {
	at := 0
	for i := range t.members {
		t.members[i].offset = at
		at += t.members[i].typ.size
	}
	t.size, t.raw = at, nil
	return nil
}

// NMembers is the number of fields.
func (t *CompoundType) NMembers() int { return len(t.members) }

// MemberName is the name of field i, counted from 0.
func (t *CompoundType) MemberName(i int) string { return t.members[i].name }

// MemberOffset is where field i begins in a record, in bytes.
func (t *CompoundType) MemberOffset(i int) int { return t.members[i].offset }

// MemberClass is the family of field i's type.
func (t *CompoundType) MemberClass(i int) TypeClass { return t.members[i].typ.Class() }

// MemberType is the type of field i.
func (t *CompoundType) MemberType(i int) (*Datatype, error) {
	if i < 0 || i >= len(t.members) {
		return nil, fmt.Errorf("hdf5: there is no field %d; the type has %d, counted from 0", i, len(t.members))
	}
	return t.members[i].typ, nil
}

// MemberIndex is the number of the field of this name, or -1.
func (t *CompoundType) MemberIndex(name string) int {
	return slices.IndexFunc(t.members, func(m member) bool { return m.name == name })
}
