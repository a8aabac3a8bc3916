package hdf5_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// A frame of numbers is written, and a part of it read back.
func Example() {
	dir, err := os.MkdirTemp("", "hdf5")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "frame.h5")
	frame := []float64{
		1, 2, 3,
		4, 5, 6,
	}
	if err := hdf5.WriteDataset(name, "values", frame, 2, 3); err != nil {
		log.Fatal(err)
	}

	f, err := hdf5.OpenFile(name, hdf5.F_ACC_RDONLY)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	d, err := f.OpenDataset("values")
	if err != nil {
		log.Fatal(err)
	}
	row, err := d.ReadHyperslab([]int{1, 0}, []int{1, 3}, nil)
	fmt.Println(d.Dims(), row, err)
	// Output: [2 3] [4 5 6] <nil>
}
