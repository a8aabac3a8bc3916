package hdf5

import (
	"encoding/binary"
	"math/bits"
	"sync"
)

// This file undoes deflate (RFC 1951) as zlib wraps it (RFC 1950). A chunk and its size
// are known as a whole, so that, other than in compress/flate, bits are taken eight bytes
// at a time, output needs no window of its own, and matches are copied in place. It is
// where most of the time goes when a compressed file is read.

const (
	litBits  = 11 // codes up to here are found at once, longer ones in a second table
	distBits = 8
	preBits  = 7
	maxCode  = 15
)

// What a symbol's entry in a table says beside the length of its code (the lowest 8
// bits): a literal, a place to go on at, the end of a block; else how many extra bits
// follow. The upper half is the literal, the base of a length or distance, or the place.
// An entry of zero is a code that is not in use.
const (
	isLiteral = 0x8000
	isSpecial = 0x4000
	isEnd     = 0x2000
	extraMask = 31
)

// inflater has the tables of a block. Its tables have room for the case that each symbol
// has a second table of its own.
type inflater struct {
	src  []byte // with at least 8 bytes behind its end
	end  int    // of what counts of src
	pos  int    // next byte to load
	hold uint64 // bits that were loaded
	n    uint   // how many of them are valid

	lit  [1<<litBits + 288<<(maxCode-litBits)]uint32
	dist [1<<distBits + 32<<(maxCode-distBits)]uint32
	pre  [1 << preBits]uint32
	lens [288 + 32 + 138]uint8
	copy []byte // of a source without room behind it
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// symbols of lengths and distances: base and extra bits; RFC 1951, section 3.2.5.
var lengthSymbols, distSymbols, literalSymbols = symbolTables()

func symbolTables() (lengths, dists, all []uint32) {
	base := uint32(3)
	for i := range 29 {
		extra := uint32(max(0, i/4-1))
		lengths = append(lengths, base<<16|extra<<8)
		base += 1 << extra
	}
	lengths[28] = 258 << 16 // the longest has a symbol of its own
	base = 1
	for i := range 30 {
		extra := uint32(max(0, i/2-1))
		dists = append(dists, base<<16|extra<<8)
		base += 1 << extra
	}
	for i := range uint32(256) {
		all = append(all, i<<16|isLiteral)
	}
	all = append(all, isSpecial|isEnd)
	return lengths, dists, append(all, lengths...)
}

var preSymbols = func() (out []uint32) {
	for i := range uint32(19) {
		out = append(out, i<<16|isLiteral)
	}
	return out
}()

// inflate decompresses src into dst[:want] and returns what there was, which is want
// bytes at most; more are an error.
func inflate(dst, src []byte, want int) ([]byte, error) {
	if len(src) < 6 || src[0]&15 != 8 || (int(src[0])<<8|int(src[1]))%31 != 0 || src[1]&0x20 != 0 {
		return nil, damaged("a chunk (gzip) does not begin as compressed data does")
	}
	z := inflaters.Get().(*inflater)
	defer inflaters.Put(z)
	z.begin(src)
	out, err := z.run(dst[:want])
	z.src = nil
	if err != nil {
		return nil, err
	}
	at := z.pos - int(z.n/8)
	if at+4 > len(src) {
		return nil, damaged("a chunk (gzip) is cut short")
	}
	if adler32(out) != binary.BigEndian.Uint32(src[at:]) {
		return nil, damaged("the checksum of a chunk (gzip) is wrong")
	}
	return out, nil
}

// begin makes sure that eight bytes can be loaded at any place of the source.
func (z *inflater) begin(src []byte) {
	z.end, z.pos, z.hold, z.n = len(src), 2, 0, 0
	if cap(src) >= len(src)+8 {
		z.src = src[:len(src)+8]
		clear(z.src[len(src):])
		return
	}
	z.copy = append(append(z.copy[:0], src...), 0, 0, 0, 0, 0, 0, 0, 0)
	z.src = z.copy
}

// refill loads bits until there are 56 at least. Behind the end there are zeros; more
// than a few of them mean that the source was cut short.
func (z *inflater) refill() bool {
	if z.pos <= z.end {
		z.hold |= binary.LittleEndian.Uint64(z.src[z.pos:]) << z.n
	} else if z.pos > z.end+64 {
		return false
	}
	z.pos += int((63 - z.n) >> 3)
	z.n |= 56
	return true
}

// take removes k bits, of which there must be enough.
func (z *inflater) take(k uint) uint {
	v := uint(z.hold & (1<<k - 1))
	z.hold >>= k
	z.n -= k
	return v
}

// run undoes block after block.
func (z *inflater) run(dst []byte) ([]byte, error) {
	at := 0
	for {
		if !z.refill() {
			return nil, damaged("a chunk (gzip) is cut short")
		}
		last, kind := z.take(1), z.take(2)
		var err error
		switch kind {
		case 0:
			at, err = z.stored(dst, at)
		case 1:
			z.fixed()
			at, err = z.block(dst, at)
		case 2:
			if err = z.dynamic(); err == nil {
				at, err = z.block(dst, at)
			}
		default:
			err = damaged("a chunk (gzip) has a block of no known kind")
		}
		if err != nil {
			return nil, err
		}
		if last == 1 {
			return dst[:at], nil
		}
	}
}

// stored copies a block that was not compressed.
func (z *inflater) stored(dst []byte, at int) (int, error) {
	z.take(z.n & 7)
	from := z.pos - int(z.n/8)
	if from+4 > z.end {
		return at, damaged("a chunk (gzip) is cut short")
	}
	n := int(binary.LittleEndian.Uint16(z.src[from:]))
	if n^0xffff != int(binary.LittleEndian.Uint16(z.src[from+2:])) {
		return at, damaged("a chunk (gzip) has a block of wrong length")
	}
	if from += 4; from+n > z.end || n > len(dst)-at {
		return at, damaged("a chunk (gzip) has a block of %d bytes that does not fit", n)
	}
	copy(dst[at:], z.src[from:from+n])
	z.pos, z.hold, z.n = from+n, 0, 0
	return at + n, nil
}

// fixed makes the tables of the code that needs no description.
func (z *inflater) fixed() {
	for i := range 288 {
		switch {
		case i < 144:
			z.lens[i] = 8
		case i < 256:
			z.lens[i] = 9
		case i < 280:
			z.lens[i] = 7
		default:
			z.lens[i] = 8
		}
	}
	z.build(z.lit[:], z.lens[:288], literalSymbols, litBits)
	for i := range 32 {
		z.lens[i] = 5
	}
	z.build(z.dist[:], z.lens[:32], distSymbols, distBits)
}

var preOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads the description of a block's codes: RFC 1951, section 3.2.7.
func (z *inflater) dynamic() error {
	if !z.refill() {
		return damaged("a chunk (gzip) is cut short")
	}
	literals, dists, pres := int(z.take(5))+257, int(z.take(5))+1, int(z.take(4))+4
	if literals > 286 {
		return damaged("a chunk (gzip) has a block with %d symbols", literals)
	}
	var pre [19]uint8
	for i := range pres {
		if i%16 == 0 && !z.refill() {
			return damaged("a chunk (gzip) is cut short")
		}
		pre[preOrder[i]] = uint8(z.take(3))
	}
	if !z.build(z.pre[:], pre[:], preSymbols, preBits) {
		return damaged("a chunk (gzip) has a block whose code makes no sense")
	}
	for i := 0; i < literals+dists; {
		if !z.refill() {
			return damaged("a chunk (gzip) is cut short")
		}
		e := z.pre[z.hold&(1<<preBits-1)]
		if e == 0 {
			return damaged("a chunk (gzip) has a block whose code makes no sense")
		}
		z.take(uint(e & 255))
		symbol, n, v := uint8(e>>16), 1, uint8(0)
		switch {
		case symbol < 16:
			v = symbol
		case symbol == 16 && i == 0:
			return damaged("a chunk (gzip) has a block whose code makes no sense")
		case symbol == 16:
			v, n = z.lens[i-1], int(z.take(2))+3
		case symbol == 17:
			n = int(z.take(3)) + 3
		default:
			n = int(z.take(7)) + 11
		}
		for range n {
			z.lens[i] = v
			i++
		}
		if i > literals+dists {
			return damaged("a chunk (gzip) has a block whose code makes no sense")
		}
	}
	if z.lens[256] == 0 || !z.build(z.lit[:], z.lens[:literals], literalSymbols, litBits) || !z.build(z.dist[:], z.lens[literals:literals+dists], distSymbols, distBits) {
		return damaged("a chunk (gzip) has a block whose code makes no sense")
	}
	return nil
}

// build fills a table for a canonical code given by the lengths of its symbols' codes.
// Symbols that mean nothing get the entry of an unused code. It reports whether the
// lengths make a code; one with a single symbol need not be complete.
func (z *inflater) build(table []uint32, lens []uint8, symbols []uint32, primary int) bool {
	var count, next [maxCode + 2]int
	longest, used := 0, 0
	for _, l := range lens {
		count[l]++
		if l > 0 {
			longest = max(longest, int(l))
			used++
		}
	}
	count[0] = 0
	code := 0
	for l := 1; l <= maxCode; l++ {
		code = (code + count[l-1]) << 1
		next[l] = code
		if code+count[l] > 1<<l {
			return false
		}
	}
	if complete := next[maxCode]+count[maxCode] == 1<<maxCode; !complete && used > 1 {
		return false
	}
	clear(table[:1<<primary])
	free := 1 << primary
	for symbol, l8 := range lens {
		l := int(l8)
		if l == 0 {
			continue
		}
		reversed := int(bits.Reverse16(uint16(next[l])) >> (16 - l))
		next[l]++
		if symbol >= len(symbols) {
			continue
		}
		entry := symbols[symbol]
		if l <= primary {
			for i := reversed; i < 1<<primary; i += 1 << l {
				table[i] = entry | uint32(l)
			}
			continue
		}
		// Codes longer than that share their first bits, which lead to a second table.
		wide := longest - primary
		first := reversed & (1<<primary - 1)
		if table[first] == 0 {
			clear(table[free : free+1<<wide])
			table[first] = uint32(free)<<16 | isSpecial | uint32(wide)<<8 | uint32(primary)
			free += 1 << wide
		}
		start := int(table[first] >> 16)
		for i := reversed >> primary; i < 1<<wide; i += 1 << (l - primary) {
			table[start+i] = entry | uint32(l-primary)
		}
	}
	return true
}

// block decodes symbols up to the end of a block. What is used over and over is in
// variables of its own.
func (z *inflater) block(dst []byte, at int) (int, error) {
	src, pos, end := z.src, z.pos, z.end
	hold, n := z.hold, z.n
	lit, dist := &z.lit, &z.dist
	for {
		if pos <= end {
			hold |= binary.LittleEndian.Uint64(src[pos:]) << (n & 63)
		} else if pos > end+64 {
			return at, damaged("a chunk (gzip) is cut short")
		}
		pos += int((63 - n) >> 3)
		n |= 56
		e := lit[hold&(1<<litBits-1)]
		// Three literals that are found at once and the symbol of a length with its extra
		// hold need 53 of 56 hold at most.
		if e&isLiteral != 0 {
			if at >= len(dst) {
				return at, tooLong
			}
			dst[at] = byte(e >> 16)
			at++
			hold >>= e & 63
			n -= uint(e & 255)
			if e = lit[hold&(1<<litBits-1)]; e&isLiteral != 0 {
				if at >= len(dst) {
					return at, tooLong
				}
				dst[at] = byte(e >> 16)
				at++
				hold >>= e & 63
				n -= uint(e & 255)
				if e = lit[hold&(1<<litBits-1)]; e&isLiteral != 0 {
					if at >= len(dst) {
						return at, tooLong
					}
					dst[at] = byte(e >> 16)
					at++
					hold >>= e & 63
					n -= uint(e & 255)
					continue
				}
			}
		}
		if e&(isSpecial|isEnd) == isSpecial {
			hold >>= e & 63
			n -= uint(e & 255)
			e = lit[e>>16+uint32(hold&(1<<(e>>8&extraMask)-1))]
			if e&isLiteral != 0 {
				if at >= len(dst) {
					return at, tooLong
				}
				hold >>= e & 63
				n -= uint(e & 255)
				dst[at] = byte(e >> 16)
				at++
				continue
			}
		}
		if e == 0 {
			return at, damaged("a chunk (gzip) has a code without a meaning")
		}
		hold >>= e & 63
		n -= uint(e & 255)
		if e&isEnd != 0 {
			z.pos, z.hold, z.n = pos, hold, n
			return at, nil
		}
		extra := uint(e >> 8 & extraMask)
		length := int(e>>16) + int(hold&(1<<(extra&31)-1))
		hold >>= extra
		n -= extra
		// A distance needs 28 hold.
		if n < 32 {
			if pos <= end {
				hold |= binary.LittleEndian.Uint64(src[pos:]) << (n & 63)
			}
			pos += int((63 - n) >> 3)
			n |= 56
		}
		e = dist[hold&(1<<distBits-1)]
		if e&isSpecial != 0 {
			hold >>= e & 63
			n -= uint(e & 255)
			e = dist[e>>16+uint32(hold&(1<<(e>>8&extraMask)-1))]
		}
		hold >>= e & 63
		n -= uint(e & 255)
		extra = uint(e >> 8 & extraMask)
		distance := int(e>>16) + int(hold&(1<<(extra&31)-1))
		hold >>= extra
		n -= extra
		if e == 0 || distance > at {
			return at, damaged("a chunk (gzip) refers to what is not there")
		}
		if length > len(dst)-at {
			return at, tooLong
		}
		repeat(dst, at, distance, length)
		at += length
	}
}

var tooLong = damaged("a chunk (gzip) is longer than it should be")

// repeat copies length bytes to at from distance bytes before; they may overlap.
func repeat(dst []byte, at, distance, length int) {
	switch {
	case distance >= 8 && at+length+16 <= len(dst):
		// Eight bytes at a time; what is written too much is overwritten later.
		from, to := dst[at-distance:], dst[at:]
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(to[i:], binary.LittleEndian.Uint64(from[i:]))
		}
	case distance == 1 && at+length+8 <= len(dst):
		word := uint64(dst[at-1]) * 0x0101010101010101
		to := dst[at:]
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(to[i:], word)
		}
	default:
		for k := 0; k < length; {
			k += copy(dst[at+k:at+length], dst[at-distance:at+k])
		}
	}
}

// adler32 is the checksum of RFC 1950. The sums of eight columns of bytes are kept side
// by side in two words, each in 16 bits, which 23 rows cannot overflow.
func adler32(b []byte) uint32 {
	const (
		mod  = 65521
		rows = 23
		even = 0x00ff00ff00ff00ff
	)
	lo, hi := uint32(1), uint32(0)
	for len(b) >= 8*rows {
		var e, o, e2, o2 uint64 // sums of bytes, and sums of these sums
		part := b[:8*rows]
		for len(part) >= 8 {
			w := binary.LittleEndian.Uint64(part)
			part = part[8:]
			e2 += e
			o2 += o
			e += w & even
			o += w >> 8 & even
		}
		b = b[8*rows:]
		// Byte k of a row counts 8-k times, and 8 times for each row after its own.
		hi += 8*rows*lo + 8*(lanes(e2)+lanes(o2))
		for k := range uint32(4) {
			hi += (8-2*k)*uint32(e>>(16*k)&0xffff) + (7-2*k)*uint32(o>>(16*k)&0xffff)
		}
		lo += lanes(e) + lanes(o)
		lo, hi = lo%mod, hi%mod
	}
	for _, c := range b {
		lo += uint32(c)
		hi += lo
	}
	return hi%mod<<16 | lo%mod
}

func lanes(w uint64) uint32 {
	return uint32(w&0xffff + w>>16&0xffff + w>>32&0xffff + w>>48)
}
