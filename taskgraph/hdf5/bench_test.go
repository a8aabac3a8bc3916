package hdf5_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// frames writes n frames of 257 by 257 numbers as a smooth simulation has them.
func frames(b *testing.B, n int, p *hdf5.PropList) []string {
	dir := b.TempDir()
	s, _ := hdf5.CreateSimpleDataspace([]uint{257, 257}, nil)
	x := make([]float64, 257*257)
	names := make([]string, n)
	for k := range names {
		for i := range x {
			x[i] = math.Sin(float64(i%257)/30+float64(k)/5) * math.Cos(float64(i/257)/40)
			if p != nil {
				x[i] = math.Round(x[i] * 1000)
			}
		}
		names[k] = filepath.Join(dir, fmt.Sprintf("frame%04d.h5", k))
		f, err := hdf5.CreateFile(names[k], hdf5.F_ACC_TRUNC)
		if err != nil {
			b.Fatal(err)
		}
		d, err := f.CreateDatasetWith("values", hdf5.T_NATIVE_DOUBLE, s, p)
		if err == nil {
			err = d.Write(x)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(257 * 257 * 8)
	b.ResetTimer()
	return names
}

func readFrame(b *testing.B, name string, dst *[]float64) {
	f, err := hdf5.OpenFile(name, hdf5.F_ACC_RDONLY)
	if err != nil {
		b.Fatal(err)
	}
	d, err := f.OpenDataset("values")
	if err == nil {
		err = d.Read(dst)
	}
	if err != nil {
		b.Fatal(err)
	}
	f.Close()
}

// BenchmarkRead reads one file of a thousand in each iteration; bytes is what reading
// the same file as bytes takes.
func BenchmarkRead(b *testing.B) {
	b.Run("contiguous", func(b *testing.B) {
		names := frames(b, 1000, nil)
		dst := make([]float64, 257*257)
		for i := range b.N {
			readFrame(b, names[i%len(names)], &dst)
		}
	})
	b.Run("bytes", func(b *testing.B) {
		names := frames(b, 1000, nil)
		for i := range b.N {
			if _, err := os.ReadFile(names[i%len(names)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, chunk := range map[string][]uint{"gzip/one": {257, 257}, "gzip/many": {65, 65}} {
		b.Run(name, func(b *testing.B) {
			names := frames(b, 100, properties(b, chunk, 4, true, false))
			dst := make([]float64, 257*257)
			for i := range b.N {
				readFrame(b, names[i%len(names)], &dst)
			}
		})
	}
	b.Run("rows", func(b *testing.B) {
		names := frames(b, 1, nil)
		f := open(b, names[0])
		d := must(f.OpenDataset("values"))(b)
		dst := make([]float64, 0, 257*257)
		for i := range b.N {
			dst = dst[:0]
			if err := d.ReadHyperslabInto(&dst, []int{i % 200, 10}, []int{50, 100}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
