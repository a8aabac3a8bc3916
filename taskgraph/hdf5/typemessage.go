package hdf5

import (
	"fmt"
	"math"
)

// maxNesting bounds how deep compounds and arrays may be within each other.
const maxNesting = 32

// datatype reads a datatype message: specification, section IV.A.2.d. A type that
// cannot be read is returned with its reason, so that other fields of a compound can.
func (c *cursor) datatype(depth int) (*Datatype, error) {
	if depth > maxNesting {
		return nil, damaged("a datatype is nested more than %d times", maxNesting)
	}
	whole := c.b
	head := c.u8()
	version, class := head>>4, TypeClass(head&15)
	bits := c.uint(3)
	size := c.u32()
	if err := c.err("a datatype"); err != nil {
		return nil, err
	}
	if version < 1 || version > 5 || size == 0 || size > math.MaxInt32 {
		return nil, damaged("a datatype has version %d and %d bytes", version, size)
	}
	t := &Datatype{class: class, size: int(size)}
	var err error
	switch class {
	case T_INTEGER, T_BITFIELD:
		c.integer(t, bits)
	case T_FLOAT:
		c.float(t, bits)
	case T_TIME:
		c.skip(2)
		t.odd = "values of the type time"
	case T_STRING:
		t.padding, t.utf8 = byte(bits&15), bits>>4&15 == 1
	case T_OPAQUE:
		t.tag = zeroTerminated(c.take(int(bits & 255)))
	case T_COMPOUND:
		err = c.compound(t, int(bits&0xffff), version, depth)
	case T_REFERENCE:
		t.odd = "references to objects or regions"
	case T_ENUM:
		err = c.enum(t, int(bits&0xffff), version, depth)
	case T_VLEN:
		t.varString, t.padding, t.utf8 = bits&15 == 1, byte(bits>>4&15), bits>>8&15 == 1
		t.base, err = c.datatype(depth + 1)
	case T_ARRAY:
		err = c.array(t, version, depth)
	default:
		t.odd = fmt.Sprintf("datatypes of the class %s", class)
	}
	if err == nil {
		err = c.err("a datatype")
	}
	t.raw = whole[:len(whole)-len(c.b)]
	return t, err
}

func (c *cursor) integer(t *Datatype, bits uint64) {
	t.big, t.signed = bits&1 != 0, bits&8 != 0
	offset, precision := c.u16(), c.u16()
	wide := t.size == 1 || t.size == 2 || t.size == 4 || t.size == 8
	if !wide || offset != 0 || int(precision) != 8*t.size {
		t.odd = fmt.Sprintf("integers of %d bits in %d bytes", precision, t.size)
	}
	if t.class == T_BITFIELD {
		t.class = T_INTEGER
	}
}

// float takes the IEEE formats of 2, 4 and 8 bytes; others of these sizes exist
// (bfloat16, VAX), so the fields are compared.
func (c *cursor) float(t *Datatype, bits uint64) {
	t.big, t.signed = bits&1 != 0, true
	offset, precision := c.u16(), c.u16()
	exponentAt, exponentBits, mantissaAt, mantissaBits := c.u8(), c.u8(), c.u8(), c.u8()
	bias := c.u32()
	got := [6]uint32{uint32(precision), uint32(exponentAt), uint32(exponentBits), uint32(mantissaBits), bias, uint32(bits >> 8 & 255)}
	ieee := map[int][6]uint32{2: {16, 10, 5, 10, 15, 15}, 4: {32, 23, 8, 23, 127, 31}, 8: {64, 52, 11, 52, 1023, 63}}
	if want, ok := ieee[t.size]; !ok || got != want || offset != 0 || mantissaAt != 0 || bits&0x40 != 0 {
		t.odd = fmt.Sprintf("floats of %d bits with %d bits of mantissa in %d bytes", precision, mantissaBits, t.size)
	}
}

func (c *cursor) compound(t *Datatype, n int, version byte, depth int) error {
	for range n {
		m := member{name: c.name(version < 3)}
		var dims []int
		switch {
		case version == 1:
			m.offset = int(c.u32())
			dims = c.oldArray()
		case version == 2:
			m.offset = int(c.u32())
		default:
			m.offset = int(c.uint(bytesFor(uint64(t.size))))
		}
		typ, err := c.datatype(depth + 1)
		if err != nil {
			return err
		}
		if m.typ = typ; dims != nil {
			m.typ = &Datatype{class: T_ARRAY, size: typ.size * product(dims), base: typ, dims: dims}
		}
		if m.offset < 0 || m.typ.size <= 0 || m.offset > t.size-m.typ.size {
			return damaged("the field %q lies outside its compound", m.name)
		}
		t.members = append(t.members, m)
	}
	if n == 0 {
		t.odd = "compounds without fields"
	}
	return nil
}

// oldArray reads the extents that a field of a compound of version 1 may have itself.
func (c *cursor) oldArray() []int {
	rank := int(c.u8())
	c.skip(3 + 4 + 4)
	var dims []int
	for i := range 4 {
		if n := int(c.u32() & math.MaxInt16); i < rank {
			dims = append(dims, n)
		}
	}
	return dims
}

func (c *cursor) enum(t *Datatype, n int, version byte, depth int) error {
	base, err := c.datatype(depth + 1)
	if err != nil {
		return err
	}
	if t.base = base; base.class != T_INTEGER || base.size != t.size {
		return damaged("an enumeration is not one of integers")
	}
	t.big = base.big
	for range n {
		t.names = append(t.names, c.name(version < 3))
		if c.short {
			break
		}
	}
	for range t.names {
		b := c.take(base.size)
		if b == nil {
			break
		}
		t.values = append(t.values, base.number(b))
	}
	return nil
}

func (c *cursor) array(t *Datatype, version byte, depth int) error {
	rank := int(c.u8())
	if version < 3 {
		c.skip(3)
	}
	for range rank {
		t.dims = append(t.dims, int(c.u32()&math.MaxInt32))
	}
	if version < 3 {
		c.skip(4 * rank) // the permutation, which is never used
	}
	base, err := c.datatype(depth + 1)
	if err != nil {
		return err
	}
	t.base = base
	if n, ok := volume(t.dims); !ok || n == 0 || n > t.size || n*base.size != t.size {
		return damaged("an array of %v elements of %d bytes does not have %d bytes", t.dims, base.size, t.size)
	}
	return nil
}

// bytesFor is how many bytes hold numbers up to n.
func bytesFor(n uint64) int {
	size := 1
	for n > 255 {
		n >>= 8
		size++
	}
	return size
}

// product is the number of elements of an array with these extents; 1 without any.
func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// volume is product, and false where it does not fit an int or an extent is negative.
func volume(dims []int) (int, bool) {
	n := 1
	empty := false
	for _, d := range dims {
		switch {
		case d < 0:
			return 0, false
		case d == 0:
			empty = true
		case n > math.MaxInt/d:
			return 0, false
		default:
			n *= d
		}
	}
	if empty {
		return 0, true
	}
	return n, true
}
