package ndarray

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// travelVersion is the first byte of what MarshalBinary writes.
const travelVersion = 1

// MarshalBinary writes the type, the shape and the elements in order, so that
// arrays go to worker processes and to disk; of a view only its own elements.
func (a *Array) MarshalBinary() ([]byte, error) {
	b := a.inOrder()
	buf := a.header(make([]byte, 0, 32+8*len(a.shape)+a.NBytes()))
	return binary.Append(buf, binary.LittleEndian, a.dtype.loops().values(b.elements(), b.offset, a.Size()))
}

func (a *Array) header(buf []byte) []byte {
	buf = append(buf, travelVersion, byte(a.dtype-noDtype))
	buf = binary.AppendUvarint(buf, uint64(len(a.shape)))
	for _, length := range a.shape {
		buf = binary.AppendUvarint(buf, uint64(length))
	}
	return buf
}

// UnmarshalBinary makes a what MarshalBinary wrote. The error is an *Error.
func (a *Array) UnmarshalBinary(data []byte) error {
	broken := errorf("UnmarshalBinary", "these %d bytes are no array, or one of another version of the program", len(data))
	if len(data) < 2 || data[0] != travelVersion || !(noDtype + Dtype(data[1])).valid() {
		return broken
	}
	dtype, data := noDtype+Dtype(data[1]), data[2:]
	ndim, n := binary.Uvarint(data)
	if n <= 0 || ndim > uint64(len(data)) {
		return broken
	}
	data = data[n:]
	shape, size := make([]int, ndim), 1
	for i := range shape {
		length, n := binary.Uvarint(data)
		if n <= 0 || length > uint64(mostElements) {
			return broken
		}
		data, shape[i] = data[n:], int(length)
		if length > 0 && size > mostElements/int(length) {
			return broken
		}
		size *= max(int(length), 1)
	}
	if len(data)%dtype.Size() != 0 || count(shape) != len(data)/dtype.Size() {
		return broken
	}
	elements := dtype.loops().make("UnmarshalBinary", shape)
	if _, err := binary.Decode(data, binary.LittleEndian, elements); err != nil {
		return broken
	}
	*a = *wrap(dtype, elements, shape)
	return nil
}

// Token tells by its contents whether two arrays are the same, for the keys
// of pure tasks.
func (a *Array) Token() string {
	h := sha256.New()
	h.Write(a.header(nil))
	b := a.inOrder()
	for start := 0; start < a.Size(); start += 1 << 16 {
		n := min(1<<16, a.Size()-start)
		part, _ := binary.Append(nil, binary.LittleEndian, a.dtype.loops().values(b.elements(), b.offset+start, n))
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
