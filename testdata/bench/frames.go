//go:build ignore

// What reading and scaling a thousand files costs at least: the raw bytes, no HDF5, no
// arrays, as many goroutines as the lesson's cells have. e2e/bench_arrays.py measures them
// beside it.
//
//	frames OFFSET FILE...
//
// Each file holds 257 by 257 little-endian float64 from OFFSET on. For each line of its
// input the program reads and scales all files and prints the milliseconds that it took
// and the sum of all pixels.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"log"
	"math"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const pixels = 257 * 257

// scale makes grey values of numbers, as the lesson's function scale does.
func scale(dst []uint8, raw []byte, values []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for i := range values {
		v := math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
		values[i] = v
		low, high = min(low, v), max(high, v)
	}
	k := 255 / (high - low)
	for i, v := range values {
		dst[i] = uint8((v - low) * k)
	}
}

// film reads and scales all files into frames, which has room for them.
func film(frames []uint8, files []string, offset int) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			values := make([]float64, pixels)
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				file, err := os.ReadFile(files[i])
				if err != nil {
					log.Fatal(err)
				}
				scale(frames[i*pixels:][:pixels], file[offset:][:8*pixels], values)
			}
		})
	}
	workers.Wait()
}

func main() {
	offset, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	files := os.Args[2:]
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		start := time.Now()
		frames := make([]uint8, len(files)*pixels) // a new film each time, as in the cells
		film(frames, files, offset)
		took := time.Since(start)
		sum := 0
		for _, v := range frames {
			sum += int(v)
		}
		fmt.Println(took.Seconds()*1e3, sum)
	}
}
