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
// only be transposed.
func unshuffle8(dst, src []byte, n int) {
	done := n &^ 7
	for i := 0; i < done; i += 8 {
		w := [8]uint64{
			binary.LittleEndian.Uint64(src[i:]), binary.LittleEndian.Uint64(src[n+i:]),
			binary.LittleEndian.Uint64(src[2*n+i:]), binary.LittleEndian.Uint64(src[3*n+i:]),
			binary.LittleEndian.Uint64(src[4*n+i:]), binary.LittleEndian.Uint64(src[5*n+i:]),
			binary.LittleEndian.Uint64(src[6*n+i:]), binary.LittleEndian.Uint64(src[7*n+i:]),
		}
		transpose8(&w)
		out := dst[8*i : 8*i+64]
		for k := range w {
			binary.LittleEndian.PutUint64(out[8*k:], w[k])
		}
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
