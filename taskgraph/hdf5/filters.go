package hdf5

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
)

// Filters as registered with the HDF Group.
const (
	filterDeflate   = 1
	filterShuffle   = 2
	filterFletcher  = 3
	filterLZF       = 32000
	maxFilters      = 32
	fletcherBytes   = 4
	deflateAtMost   = 1032 // deflate's largest ratio of compression
	defaultDeflate  = 6
	shuffleMaxBytes = 1 << 16
)

// filter is a step that chunks went through on their way into the file.
type filter struct {
	id     uint16
	name   string
	params []uint32
}

// foreign names filters that other programs use and this package does without.
var foreign = map[uint16]string{
	4: "szip", 5: "nbit", 6: "scaleoffset", 307: "bzip2", 32001: "blosc", 32004: "lz4",
	32008: "bitshuffle", 32013: "zfp", 32015: "zstd", 32026: "blosc2",
}

// filters reads the message of a filter pipeline: specification, section IV.A.2.l.
func (c *cursor) filters() ([]filter, error) {
	version, n := c.u8(), int(c.u8())
	switch {
	case n > maxFilters:
		return nil, damaged("chunks with %d filters", n)
	case version == 1:
		c.skip(6)
	case version != 2:
		return nil, unsupported("version %d of filters", version)
	}
	var out []filter
	for range n {
		f := filter{id: c.u16()}
		nameLen := 0
		if version == 1 || f.id >= 256 {
			nameLen = int(c.u16())
		}
		c.skip(2)
		params := int(c.u16())
		if version == 1 {
			nameLen = (nameLen + 7) &^ 7
		}
		f.name = zeroTerminated(c.take(nameLen))
		for range params {
			if f.params = append(f.params, c.u32()); c.short {
				break
			}
		}
		if version == 1 && params%2 == 1 {
			c.skip(4)
		}
		out = append(out, f)
	}
	return out, c.err("a list of filters")
}

// known reports whether all filters can be undone; the error names the first that cannot.
func known(filters []filter) error {
	for _, f := range filters {
		switch f.id {
		case filterDeflate, filterShuffle, filterFletcher, filterLZF:
			continue
		}
		name := foreign[f.id]
		if name == "" {
			name = f.name
		}
		return unsupported("it was written with the filter %s (number %d), and only gzip, shuffle, fletcher32 and lzf can be read; rewrite the file, for example with h5repack -f GZIP=4",
			name, f.id)
	}
	return nil
}

// unfilter undoes filters on a chunk as stored; mask has a bit for each that was left
// out. The chunk has size bytes in the end. It may use b and spare as memory; the
// result is one of them, or new.
func unfilter(filters []filter, mask uint32, b []byte, size int, spare []byte) ([]byte, error) {
	for i, f := range slices.Backward(filters) {
		if mask>>i&1 != 0 {
			continue
		}
		// What is before this filter may be longer than the chunk by a checksum.
		want := size
		for _, earlier := range filters[:i] {
			if earlier.id == filterFletcher {
				want += fletcherBytes
			}
		}
		out := b
		var err error
		switch f.id {
		case filterDeflate:
			out, err = inflate(room(spare, want), b, want)
		case filterLZF:
			out, err = unLZF(room(spare, want), b)
		case filterShuffle:
			if out = room(spare, len(b)); len(f.params) == 0 || f.params[0] > shuffleMaxBytes {
				return nil, damaged("shuffle does not say how long elements are")
			}
			unshuffle(out, b, int(f.params[0]))
		case filterFletcher:
			b, err = checkFletcher(b)
			out = b
		}
		if err != nil {
			return nil, err
		}
		if len(out) > 0 && len(b) > 0 && &out[0] != &b[0] {
			spare = b[:cap(b)]
		}
		b = out
	}
	if len(b) != size {
		return nil, damaged("a chunk has %d bytes instead of %d", len(b), size)
	}
	return b, nil
}

// room is memory of n bytes, spare's if there is enough.
func room(spare []byte, n int) []byte {
	if cap(spare) >= n {
		return spare[:n]
	}
	return make([]byte, n)
}

// checkFletcher removes the checksum at the end of b, which must fit. Files of old
// versions on little-endian machines have the bytes of each half swapped.
func checkFletcher(b []byte) ([]byte, error) {
	if len(b) < fletcherBytes {
		return nil, damaged("a chunk is too short for its checksum")
	}
	body := b[:len(b)-fletcherBytes]
	stored := binary.LittleEndian.Uint32(b[len(body):])
	sum := fletcher32(body)
	if sum != stored && bits.ReverseBytes32(bits.RotateLeft32(sum, 16)) != stored {
		return nil, damaged("the checksum (fletcher32) of a chunk is wrong")
	}
	return body, nil
}

// fletcher32 is the checksum of that name over words of two bytes, the more significant
// byte first, an odd last byte alone in the upper half.
func fletcher32(b []byte) uint32 {
	var lo, hi uint32
	for len(b) > 1 {
		// As many words as fit into the sums before they must be folded.
		part := b[:min(len(b)&^1, 2*360)]
		b = b[len(part):]
		for ; len(part) > 1; part = part[2:] {
			lo += uint32(binary.BigEndian.Uint16(part))
			hi += lo
		}
		lo, hi = lo&0xffff+lo>>16, hi&0xffff+hi>>16
	}
	if len(b) == 1 {
		lo += uint32(b[0]) << 8
		hi += lo
	}
	for range 2 {
		lo, hi = lo&0xffff+lo>>16, hi&0xffff+hi>>16
	}
	return hi<<16 | lo
}

// unLZF undoes Marc Lehmann's LZF into dst: a control byte below 32 is followed by as
// many bytes and one more; another holds a length and the upper bits of a distance.
func unLZF(dst, src []byte) ([]byte, error) {
	n := 0
	for len(src) > 0 {
		control := int(src[0])
		src = src[1:]
		if control < 32 {
			if k := control + 1; k > len(src) || k > len(dst)-n {
				return nil, damaged("a chunk (lzf) is cut short")
			} else {
				n += copy(dst[n:], src[:k])
				src = src[k:]
			}
			continue
		}
		length := control >> 5
		if length == 7 && len(src) > 0 {
			length += int(src[0])
			src = src[1:]
		}
		length += 2
		if len(src) == 0 {
			return nil, damaged("a chunk (lzf) is cut short")
		}
		from := n - (control&31<<8 | int(src[0])) - 1
		src = src[1:]
		if from < 0 || length > len(dst)-n {
			return nil, damaged("a chunk (lzf) refers to what is not there")
		}
		for end := n + length; n < end; n++ {
			dst[n] = dst[from]
			from++
		}
	}
	return dst[:n], nil
}

// describe is a filter as people call it.
func (f filter) describe() string {
	switch f.id {
	case filterDeflate:
		return "gzip"
	case filterShuffle:
		return "shuffle"
	case filterFletcher:
		return "fletcher32"
	case filterLZF:
		return "lzf"
	}
	return fmt.Sprintf("filter %d", f.id)
}
