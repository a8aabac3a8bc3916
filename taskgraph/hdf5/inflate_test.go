package hdf5

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"
)

// samples are bytes of many kinds: nothing, noise, runs, texts, slow waves.
func samples(random *rand.Rand) [][]byte {
	var out [][]byte
	for _, n := range []int{0, 1, 7, 8, 100, 257, 5000, 70000} {
		noise, runs, few, wave := make([]byte, n), make([]byte, n), make([]byte, n), make([]byte, n)
		v := byte(0)
		for i := range n {
			noise[i] = byte(random.Uint32())
			if random.IntN(60) == 0 {
				v = byte(random.Uint32())
			}
			runs[i] = v
			few[i] = "abcab"[random.IntN(5)]
			wave[i] = byte(i * i >> 9)
		}
		out = append(out, noise, runs, few, wave, bytes.Repeat([]byte("to be or not to be "), n/19))
	}
	return out
}

// TestInflate undoes what compress/zlib did at all levels.
func TestInflate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, want := range samples(random) {
		for _, level := range []int{zlib.HuffmanOnly, 0, 1, 4, 6, 9} {
			var packed bytes.Buffer
			w, _ := zlib.NewWriterLevel(&packed, level)
			w.Write(want)
			w.Close()
			got, err := inflate(make([]byte, len(want)), packed.Bytes(), len(want))
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes at level %d: %v", len(want), level, err)
			}
			if len(want) > 0 {
				if _, err := inflate(make([]byte, len(want)-1), packed.Bytes(), len(want)-1); err == nil {
					t.Fatal("more than there is room for is no error")
				}
			}
		}
	}
}

// TestInflateDamaged compares with compress/zlib on streams with wrong bits: both must
// refuse them, or give the same.
func TestInflateDamaged(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	refused := 0
	for _, want := range samples(random) {
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		w.Write(want)
		w.Close()
		for range 40 {
			b := bytes.Clone(packed.Bytes())
			if len(b) > 8 && random.IntN(3) == 0 {
				b = b[:random.IntN(len(b))]
			} else {
				b[random.IntN(len(b))] ^= 1 << random.IntN(8)
			}
			got, err := inflate(make([]byte, len(want)+300), b, len(want)+300)
			var other []byte
			r, otherErr := zlib.NewReader(bytes.NewReader(b))
			if otherErr == nil {
				other, otherErr = io.ReadAll(r)
			}
			if err != nil {
				refused++
			}
			if (err == nil) != (otherErr == nil) && len(other) <= len(want)+300 || err == nil && !bytes.Equal(got, other) {
				t.Fatalf("%v, and compress/zlib says %v", err, otherErr)
			}
		}
	}
	if refused < 500 {
		t.Errorf("only %d damaged streams were refused", refused)
	}
}

// TestShuffle compares with the definition: byte j of element i goes to place j*n+i.
func TestShuffle(t *testing.T) {
	random := rand.NewChaCha8([32]byte{2})
	for size := 1; size < 20; size++ {
		for n := range 40 {
			src := make([]byte, n*size+n%3)
			random.Read(src)
			want := bytes.Clone(src)
			for i := range n {
				for j := range size {
					want[j*n+i] = src[i*size+j]
				}
			}
			if n < 2 {
				want = bytes.Clone(src)
			}
			if whole := len(src) / size; whole != n {
				continue // the rest makes another element
			}
			got, back := make([]byte, len(src)), make([]byte, len(src))
			shuffle(got, src, size)
			unshuffle(back, got, size)
			if !bytes.Equal(got, want) || !bytes.Equal(back, src) {
				t.Fatalf("%d elements of %d bytes: %v, want %v, back %v", n, size, got, want, back)
			}
		}
	}
}
