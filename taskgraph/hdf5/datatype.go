package hdf5

import (
	"fmt"
	"slices"
)

// TypeClass is the family of a datatype.
type TypeClass int

// The families, numbered as in files.
const (
	T_NO_CLASS  TypeClass = -1
	T_INTEGER   TypeClass = 0
	T_FLOAT     TypeClass = 1
	T_TIME      TypeClass = 2
	T_STRING    TypeClass = 3
	T_BITFIELD  TypeClass = 4
	T_OPAQUE    TypeClass = 5
	T_COMPOUND  TypeClass = 6
	T_REFERENCE TypeClass = 7
	T_ENUM      TypeClass = 8
	T_VLEN      TypeClass = 9
	T_ARRAY     TypeClass = 10
	T_NCLASSES  TypeClass = 11
)

// String is the family's name: "integer", "float", "compound".
func (c TypeClass) String() string {
	names := []string{"integer", "float", "time", "string", "bitfield", "opaque", "compound", "reference", "enum", "variable-length", "array", "complex"}
	if c < 0 || int(c) >= len(names) {
		return fmt.Sprintf("class %d", int(c))
	}
	return names[c]
}

// The paddings of strings of fixed length.
const (
	padNullTerm = 0
	padNull     = 1
	padSpace    = 2
)

// Datatype says what one element of a dataset or attribute is. Its methods may be
// called from many goroutines; SetSize, SetTag and Insert may not.
type Datatype struct {
	class     TypeClass
	size      int
	big       bool // the most significant byte comes first
	signed    bool
	padding   byte
	utf8      bool
	varString bool      // a T_VLEN of characters
	base      *Datatype // of arrays, enums and sequences
	dims      []int     // of arrays
	members   []member  // of compounds
	names     []string  // of an enum's values
	values    []int64
	tag       string // of opaque bytes
	raw       []byte // as in the file that it comes from
	odd       string // why values of this type cannot be read, or ""
}

// member is a field of a compound.
type member struct {
	name   string
	offset int
	typ    *Datatype
}

// Native types: what a Go value of the name's type is in a file. Files are written
// with the least significant byte first on every machine.
var (
	T_NATIVE_INT8   = integer(1, true)
	T_NATIVE_INT16  = integer(2, true)
	T_NATIVE_INT32  = integer(4, true)
	T_NATIVE_INT64  = integer(8, true)
	T_NATIVE_UINT8  = integer(1, false)
	T_NATIVE_UINT16 = integer(2, false)
	T_NATIVE_UINT32 = integer(4, false)
	T_NATIVE_UINT64 = integer(8, false)
	T_NATIVE_FLOAT  = float(4)
	T_NATIVE_DOUBLE = float(8)

	// The names of C's types, as on a 64-bit Unix; T_NATIVE_INT is 32 bits wide, so
	// it goes with Go's int32. Go's own int is T_NATIVE_INT64.
	T_NATIVE_CHAR   = T_NATIVE_INT8
	T_NATIVE_SCHAR  = T_NATIVE_INT8
	T_NATIVE_UCHAR  = T_NATIVE_UINT8
	T_NATIVE_SHORT  = T_NATIVE_INT16
	T_NATIVE_USHORT = T_NATIVE_UINT16
	T_NATIVE_INT    = T_NATIVE_INT32
	T_NATIVE_UINT   = T_NATIVE_UINT32
	T_NATIVE_LONG   = T_NATIVE_INT64
	T_NATIVE_ULONG  = T_NATIVE_UINT64
	T_NATIVE_LLONG  = T_NATIVE_INT64
	T_NATIVE_ULLONG = T_NATIVE_UINT64

	// T_NATIVE_HBOOL is h5py's bool: an enumeration of FALSE and TRUE in one byte.
	T_NATIVE_HBOOL = &Datatype{class: T_ENUM, size: 1, base: integer(1, true), names: []string{"FALSE", "TRUE"}, values: []int64{0, 1}}

	T_STD_I8LE   = T_NATIVE_INT8
	T_STD_I16LE  = T_NATIVE_INT16
	T_STD_I32LE  = T_NATIVE_INT32
	T_STD_I64LE  = T_NATIVE_INT64
	T_STD_U8LE   = T_NATIVE_UINT8
	T_STD_U16LE  = T_NATIVE_UINT16
	T_STD_U32LE  = T_NATIVE_UINT32
	T_STD_U64LE  = T_NATIVE_UINT64
	T_STD_I8BE   = reversed(T_NATIVE_INT8)
	T_STD_I16BE  = reversed(T_NATIVE_INT16)
	T_STD_I32BE  = reversed(T_NATIVE_INT32)
	T_STD_I64BE  = reversed(T_NATIVE_INT64)
	T_STD_U8BE   = reversed(T_NATIVE_UINT8)
	T_STD_U16BE  = reversed(T_NATIVE_UINT16)
	T_STD_U32BE  = reversed(T_NATIVE_UINT32)
	T_STD_U64BE  = reversed(T_NATIVE_UINT64)
	T_IEEE_F32LE = T_NATIVE_FLOAT
	T_IEEE_F64LE = T_NATIVE_DOUBLE
	T_IEEE_F32BE = reversed(T_NATIVE_FLOAT)
	T_IEEE_F64BE = reversed(T_NATIVE_DOUBLE)

	// T_GO_STRING is Go's string: UTF-8 of any length.
	T_GO_STRING = &Datatype{class: T_VLEN, size: 16, varString: true, utf8: true, base: integer(1, false)}
	// T_C_S1 is a string of one byte; Copy it and SetSize for others.
	T_C_S1 = &Datatype{class: T_STRING, size: 1, padding: padNullTerm}
)

func integer(size int, signed bool) *Datatype {
	return &Datatype{class: T_INTEGER, size: size, signed: signed}
}

func float(size int) *Datatype { return &Datatype{class: T_FLOAT, size: size, signed: true} }

func reversed(t *Datatype) *Datatype {
	r := *t
	r.big = true
	return &r
}

// CreateDatatype makes a type of size bytes of class T_STRING (UTF-8 of fixed length,
// filled up with zero bytes), T_OPAQUE or T_COMPOUND (without fields: see
// CompoundType).
func CreateDatatype(class TypeClass, size int) (*Datatype, error) {
	if size <= 0 {
		return nil, fmt.Errorf("hdf5: a datatype of %d bytes: the size must be positive", size)
	}
	switch class {
	case T_STRING:
		return &Datatype{class: T_STRING, size: size, padding: padNull, utf8: true}, nil
	case T_OPAQUE, T_COMPOUND:
		return &Datatype{class: class, size: size}, nil
	}
	return nil, fmt.Errorf("hdf5: CreateDatatype makes strings, opaque and compound types, not %s; numbers are T_NATIVE_INT32 and the like", class)
}

// Class is the family of the type; strings of variable length are T_STRING, as in
// the C library.
func (t *Datatype) Class() TypeClass {
	if t.varString {
		return T_STRING
	}
	return t.class
}

// Size is the number of bytes of an element in the file; what varies in length takes
// 16 bytes there and lies elsewhere.
func (t *Datatype) Size() uint { return uint(t.size) }

// Signed reports whether numbers of the type may be negative.
func (t *Datatype) Signed() bool {
	if t.class == T_ENUM {
		return t.base.signed
	}
	return t.signed
}

// BigEndian reports whether numbers have their most significant byte first in the file.
func (t *Datatype) BigEndian() bool { return t.big }

// IsBool reports whether the type is h5py's bool: an enumeration of FALSE and TRUE.
func (t *Datatype) IsBool() bool {
	if t.class != T_ENUM || t.size != 1 || len(t.names) != 2 || len(t.values) != 2 {
		return false
	}
	no, yes := slices.Index(t.names, "FALSE"), slices.Index(t.names, "TRUE")
	return no >= 0 && yes >= 0 && t.values[no] == 0 && t.values[yes] == 1
}

// IsVariableStr reports whether values are strings of any length.
func (t *Datatype) IsVariableStr() bool { return t.varString }

// Close does nothing; it is here for programs written for the C library.
func (t *Datatype) Close() error { return nil }

// Copy returns a type that may be changed on its own.
func (t *Datatype) Copy() (*Datatype, error) {
	c := *t
	c.members = slices.Clone(t.members)
	return &c, nil
}

// SetSize changes the length of a string or opaque type in bytes. T_C_S1, T_GO_STRING
// and the numbers must be copied first; they cannot be changed.
func (t *Datatype) SetSize(size int) error {
	if t == T_C_S1 || t.class != T_STRING && t.class != T_OPAQUE || size <= 0 {
		return fmt.Errorf("hdf5: cannot set the size of this %s type to %d bytes: copies of T_C_S1 and types of CreateDatatype can have any positive size", t.Class(), size)
	}
	t.size, t.raw = size, nil
	return nil
}

// SetTag names what opaque bytes mean.
func (t *Datatype) SetTag(tag string) error {
	if t.class != T_OPAQUE {
		return fmt.Errorf("hdf5: only opaque types have a tag, not %s", t)
	}
	t.tag, t.raw = tag, nil
	return nil
}

// Tag is what opaque bytes mean.
func (t *Datatype) Tag() string { return t.tag }

// Names are the names of an enumeration's values, in the file's order; else nil.
func (t *Datatype) Names() []string { return slices.Clone(t.names) }

// Values are the numbers of an enumeration, as Names; else nil.
func (t *Datatype) Values() []int64 { return slices.Clone(t.values) }

// ArrayDims are the extents of an array type; else nil.
func (t *Datatype) ArrayDims() []int { return slices.Clone(t.dims) }

// Base is the type of what arrays, enumerations and sequences consist of; else nil.
func (t *Datatype) Base() *Datatype { return t.base }

// Members are the names of a compound's fields, in the file's order; else nil.
func (t *Datatype) Members() []string {
	var names []string
	for _, m := range t.members {
		names = append(names, m.name)
	}
	return names
}

// Member returns the type of a compound's field, or nil when there is none of the name.
func (t *Datatype) Member(name string) *Datatype {
	for _, m := range t.members {
		if m.name == name {
			return m.typ
		}
	}
	return nil
}

// String says what the type is: "float64", "string of 8 bytes", "compound (x int32, y
// float64)".
func (t *Datatype) String() string {
	order := ""
	if t.big && t.size > 1 {
		order = "big-endian "
	}
	switch {
	case t.varString:
		return "string"
	case t.class == T_INTEGER && t.signed:
		return fmt.Sprintf("%sint%d", order, 8*t.size)
	case t.class == T_INTEGER:
		return fmt.Sprintf("%suint%d", order, 8*t.size)
	case t.class == T_FLOAT:
		return fmt.Sprintf("%sfloat%d", order, 8*t.size)
	case t.IsBool():
		return "bool"
	case t.class == T_ENUM:
		return fmt.Sprintf("enum of %s", t.base)
	case t.class == T_VLEN:
		return fmt.Sprintf("sequence of %s", t.base)
	case t.class == T_ARRAY:
		return fmt.Sprintf("array %v of %s", t.dims, t.base)
	case t.class == T_COMPOUND:
		return t.compoundString()
	}
	return fmt.Sprintf("%s of %d bytes", t.class, t.size)
}

func (t *Datatype) compoundString() string {
	text := "compound ("
	for i, m := range t.members {
		if i > 0 {
			text += ", "
		}
		if i == 8 {
			text += fmt.Sprintf("and %d more", len(t.members)-i)
			break
		}
		text += m.name + " " + m.typ.String()
	}
	return text + ")"
}

// Equal reports whether both types have the same form in a file.
func (t *Datatype) Equal(o *Datatype) bool {
	if t == o {
		return true
	}
	same := t.class == o.class && t.size == o.size && (t.big == o.big || t.size == 1) && t.signed == o.signed &&
		t.padding == o.padding && t.utf8 == o.utf8 && t.varString == o.varString && t.tag == o.tag &&
		slices.Equal(t.dims, o.dims) && slices.Equal(t.names, o.names) && slices.Equal(t.values, o.values) && (t.base == nil) == (o.base == nil)
	if !same || t.base != nil && !t.base.Equal(o.base) {
		return false
	}
	return slices.EqualFunc(t.members, o.members, func(a, b member) bool {
		return a.name == b.name && a.offset == b.offset && a.typ.Equal(b.typ)
	})
}

// elements is how many numbers, strings or so an element holds: more than one for arrays.
func (t *Datatype) elements() int {
	n := 1
	for t.class == T_ARRAY {
		n *= product(t.dims)
		t = t.base
	}
	return n
}

// scalar is what arrays of arrays finally consist of.
func (t *Datatype) scalar() *Datatype {
	for t.class == T_ARRAY {
		t = t.base
	}
	return t
}

// reason is why values of the type cannot be read or written, or nil.
func (t *Datatype) reason() error {
	if t.odd != "" {
		return unsupported("%s", t.odd)
	}
	if t.base != nil {
		return t.base.reason()
	}
	return nil
}
