package hdf5

import (
	"encoding/binary"
	"slices"
)

// largestAttribute is what fits into a header of version 1 with room for the name and
// the type.
const largestAttribute = 60000

// encoder writes one structure of a file.
type encoder struct{ b []byte }

func (e *encoder) u8(v ...byte)       { e.b = append(e.b, v...) }
func (e *encoder) u16(v int)          { e.b = binary.LittleEndian.AppendUint16(e.b, uint16(v)) }
func (e *encoder) u32(v int)          { e.b = binary.LittleEndian.AppendUint32(e.b, uint32(v)) }
func (e *encoder) u64(v uint64)       { e.b = binary.LittleEndian.AppendUint64(e.b, v) }
func (e *encoder) zeros(n int)        { e.b = append(e.b, make([]byte, n)...) }
func (e *encoder) signature(s string) { e.b = append(e.b, s...) }

// pad fills up to a multiple of 8 bytes from where a part began.
func (e *encoder) pad(from int) { e.zeros(-(len(e.b) - from) & 7) }

// name writes a name with its zero byte, filled up to a multiple of 8.
func (e *encoder) name(s string) {
	from := len(e.b)
	e.b = append(append(e.b, s...), 0)
	e.pad(from)
}

// datatype writes a datatype message in the oldest version that can say it.
func (e *encoder) datatype(t *Datatype) {
	if t.raw != nil {
		e.b = append(e.b, t.raw...)
		return
	}
	bits := 0
	if t.big {
		bits |= 1
	}
	version := 1
	switch t.class {
	case T_INTEGER:
		if t.signed {
			bits |= 8
		}
	case T_FLOAT:
		// The mantissa's first bit is implied; the sign is the last bit.
		bits |= 0x20 | (8*t.size-1)<<8
	case T_STRING:
		bits = int(t.padding) | flag(t.utf8)<<4
	case T_OPAQUE:
		bits = (len(t.tag) + 8) &^ 7
	case T_COMPOUND:
		version, bits = 2, len(t.members)
	case T_ENUM:
		bits = len(t.names)
	case T_VLEN:
		bits = flag(t.varString) | int(t.padding)<<4 | flag(t.utf8)<<8
	case T_ARRAY:
		version, bits = 2, 0
	}
	e.u8(byte(version<<4|int(t.class)), byte(bits), byte(bits>>8), byte(bits>>16))
	e.u32(t.size)
	e.properties(t)
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

func (e *encoder) properties(t *Datatype) {
	switch t.class {
	case T_INTEGER:
		e.u16(0)
		e.u16(8 * t.size)
	case T_FLOAT:
		e.u16(0)
		e.u16(8 * t.size)
		switch t.size {
		case 2:
			e.u8(10, 5, 0, 10)
			e.u32(15)
		case 4:
			e.u8(23, 8, 0, 23)
			e.u32(127)
		default:
			e.u8(52, 11, 0, 52)
			e.u32(1023)
		}
	case T_OPAQUE:
		e.name(t.tag)
	case T_COMPOUND:
		for _, m := range t.members {
			e.name(m.name)
			e.u32(m.offset)
			e.datatype(m.typ)
		}
	case T_ENUM:
		e.datatype(t.base)
		for _, name := range t.names {
			e.name(name)
		}
		for _, v := range t.values {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], uint64(v))
			if t.base.big {
				slices.Reverse(b[:t.size])
			}
			e.b = append(e.b, b[:t.size]...)
		}
	case T_VLEN:
		e.datatype(t.base)
	case T_ARRAY:
		e.u8(byte(len(t.dims)), 0, 0, 0)
		for _, d := range t.dims {
			e.u32(d)
		}
		e.zeros(4 * len(t.dims))
		e.datatype(t.base)
	}
}

// dataspace writes a dataspace message; version 1 has no word for nothing at all.
func (e *encoder) dataspace(s *Dataspace) {
	flags := byte(flag(s.maxDims != nil))
	if s.class == S_NULL {
		e.u8(2, 0, 0, 2)
		return
	}
	e.u8(1, byte(len(s.dims)), flags, 0)
	e.zeros(4)
	for _, d := range s.dims {
		e.u64(uint64(d))
	}
	for _, d := range s.maxDims {
		e.u64(uint64(int64(d))) // -1: all bits, without limit
	}
}

// fill writes a fill value message, version 2: elements get their place late (2) or
// chunk by chunk (3), and the value when they do, if it was set.
func (e *encoder) fill(d *stored) {
	when := byte(2)
	if d.layout.class == chunked {
		when = 3
	}
	if d.layout.class == compact {
		when = 1
	}
	e.u8(2, when, 2, 1)
	e.u32(len(d.fill))
	e.b = append(e.b, d.fill...)
}

// layout writes a layout message, version 3; tree is the index of chunks.
func (e *encoder) layout(d *stored, tree uint64) {
	e.u8(3, byte(d.layout.class))
	switch d.layout.class {
	case compact:
		e.u16(len(d.layout.data))
		e.b = append(e.b, d.layout.data...)
	case contiguous:
		e.u64(d.layout.addr)
		e.u64(d.layout.size)
	case chunked:
		e.u8(byte(len(d.layout.chunk) + 1))
		e.u64(tree)
		for _, c := range d.layout.chunk {
			e.u32(c)
		}
		e.u32(d.typ.size)
	}
}

// filters writes a filter pipeline message, version 1.
func (e *encoder) filters(filters []filter) {
	e.u8(1, byte(len(filters)))
	e.zeros(6)
	for _, f := range filters {
		e.u16(int(f.id))
		n := (len(f.name) + 8) &^ 7
		if f.name == "" {
			n = 0
		}
		e.u16(n)
		// Reading may go on without shuffle and deflate being known; a checksum may not.
		e.u16(flag(f.id != filterFletcher))
		e.u16(len(f.params))
		if n > 0 {
			e.name(f.name)
		}
		for _, p := range f.params {
			e.u32(int(p))
		}
		if len(f.params)%2 == 1 {
			e.u32(0)
		}
	}
}

// attribute writes an attribute message, version 1.
func (e *encoder) attribute(a *attr) {
	var typ, space encoder
	typ.datatype(a.typ)
	space.dataspace(a.space)
	e.u8(1, 0)
	e.u16(len(a.name) + 1)
	e.u16(len(typ.b))
	e.u16(len(space.b))
	e.name(a.name)
	for _, part := range [][]byte{typ.b, space.b} {
		from := len(e.b)
		e.b = append(e.b, part...)
		e.pad(from)
	}
	e.b = append(e.b, a.data...)
}

// headerBytes is an object header, version 1, of these messages.
func headerBytes(messages []message) []byte {
	var e encoder
	for _, m := range messages {
		e.u16(int(m.kind))
		e.u16((len(m.data) + 7) &^ 7)
		e.u8(m.flags, 0, 0, 0)
		e.b = append(e.b, m.data...)
		e.pad(0)
	}
	var head encoder
	head.u8(1, 0)
	head.u16(len(messages))
	head.u32(1)
	head.u32(len(e.b))
	head.u32(0)
	return append(head.b, e.b...)
}
