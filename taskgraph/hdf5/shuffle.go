package hdf5

import "encoding/binary"

// shuffle puts the first bytes of all elements of size bytes first, then all second
// bytes, and so on: like bytes side by side compress better. Bytes after the last whole
// element stay where they are. dst and src have the same length and no common memory.
func shuffle(dst, src []byte, size int) {
	n := len(src) / max(1, size)
	if size <= 1 || n <= 1 {
		copy(dst, src)
		return
	}
	done := 0
	if size == 8 {
		done = n &^ 7
		for i := 0; i < done; i += 8 {
			var w [8]uint64
			for k := range w {
				w[k] = binary.LittleEndian.Uint64(src[(i+k)*8:])
			}
			transpose8(&w)
			for k := range w {
				binary.LittleEndian.PutUint64(dst[k*n+i:], w[k])
			}
		}
	}
	for j := range size {
		plane := dst[j*n : (j+1)*n]
		for i := done; i < n; i++ {
			plane[i] = src[i*size+j]
		}
	}
	copy(dst[n*size:], src[n*size:])
}

// unshuffle undoes shuffle.
func unshuffle(dst, src []byte, size int) {
	n := len(src) / max(1, size)
	if size <= 1 || n <= 1 {
		copy(dst, src)
		return
	}
	switch size {
	case 2:
		unshuffle2(dst, src[:n], src[n:2*n])
	case 4:
		unshuffle4(dst, src, n)
	case 8:
		unshuffle8(dst, src, n)
	default:
		for j := range size {
			for i, b := range src[j*n : (j+1)*n] {
				dst[i*size+j] = b
			}
		}
	}
	copy(dst[n*size:], src[n*size:])
}

func unshuffle2(dst, lo, hi []byte) {
	for i, b := range lo {
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(b)|uint16(hi[i])<<8)
	}
}

func unshuffle4(dst, src []byte, n int) {
	a, b, c, d := src[:n], src[n:2*n], src[2*n:3*n], src[3*n:4*n]
	for i := range a {
		binary.LittleEndian.PutUint32(dst[4*i:], uint32(a[i])|uint32(b[i])<<8|uint32(c[i])<<16|uint32(d[i])<<24)
	}
}

// unshuffle8 takes eight elements at a time: as a matrix of 8 by 8 bytes they need
// only be transposed (see transpose8, which is written out here: it is most of the work).
func unshuffle8(dst, src []byte, n int) {
	const (
		m4 = 0x00000000ffffffff
		m2 = 0x0000ffff0000ffff
		m1 = 0x00ff00ff00ff00ff
	)
	done := n &^ 7
	for i := 0; i < done; i += 8 {
		a, b := binary.LittleEndian.Uint64(src[i:]), binary.LittleEndian.Uint64(src[n+i:])
		c, d := binary.LittleEndian.Uint64(src[2*n+i:]), binary.LittleEndian.Uint64(src[3*n+i:])
		e, f := binary.LittleEndian.Uint64(src[4*n+i:]), binary.LittleEndian.Uint64(src[5*n+i:])
		g, h := binary.LittleEndian.Uint64(src[6*n+i:]), binary.LittleEndian.Uint64(src[7*n+i:])

		a, e = a&m4|e<<32, a>>32|e&^m4
		b, f = b&m4|f<<32, b>>32|f&^m4
		c, g = c&m4|g<<32, c>>32|g&^m4
		d, h = d&m4|h<<32, d>>32|h&^m4

		a, c = a&m2|c&m2<<16, a>>16&m2|c&^m2
		b, d = b&m2|d&m2<<16, b>>16&m2|d&^m2
		e, g = e&m2|g&m2<<16, e>>16&m2|g&^m2
		f, h = f&m2|h&m2<<16, f>>16&m2|h&^m2

		out := dst[8*i : 8*i+64 : 8*i+64]
		binary.LittleEndian.PutUint64(out, a&m1|b&m1<<8)
		binary.LittleEndian.PutUint64(out[8:], a>>8&m1|b&^m1)
		binary.LittleEndian.PutUint64(out[16:], c&m1|d&m1<<8)
		binary.LittleEndian.PutUint64(out[24:], c>>8&m1|d&^m1)
		binary.LittleEndian.PutUint64(out[32:], e&m1|f&m1<<8)
		binary.LittleEndian.PutUint64(out[40:], e>>8&m1|f&^m1)
		binary.LittleEndian.PutUint64(out[48:], g&m1|h&m1<<8)
		binary.LittleEndian.PutUint64(out[56:], g>>8&m1|h&^m1)
	}
	for i := done; i < n; i++ {
		for j := range 8 {
			dst[8*i+j] = src[j*n+i]
		}
	}
}

// transpose8 transposes a matrix of 8 by 8 bytes: first the halves of 4 by 4, then
// 2 by 2, then single bytes (Hacker's Delight, section 7-3, for bytes).
func transpose8(w *[8]uint64) {
	for i := range 4 {
		t := (w[i]>>32 ^ w[i+4]) & 0x00000000ffffffff
		w[i+4] ^= t
		w[i] ^= t << 32
	}
	for _, i := range [4]int{0, 1, 4, 5} {
		t := (w[i]>>16 ^ w[i+2]) & 0x0000ffff0000ffff
		w[i+2] ^= t
		w[i] ^= t << 16
	}
	for _, i := range [4]int{0, 2, 4, 6} {
		t := (w[i]>>8 ^ w[i+1]) & 0x00ff00ff00ff00ff
		w[i+1] ^= t
		w[i] ^= t << 8
	}
}
