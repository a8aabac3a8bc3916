package csv_test

import (
	"bytes"
	encoding "encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

func benchFile(b *testing.B) (path string, text []byte) {
	text = flights(220_000, false)
	path = filepath.Join(b.TempDir(), "flights.csv")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	b.ResetTimer()
	return path, text
}

func benchRead(b *testing.B, o csv.Options) {
	path, _ := benchFile(b)
	for b.Loop() {
		if _, err := csv.Read(b.Context(), path, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadAll(b *testing.B) { benchRead(b, csv.Options{}) }

func BenchmarkReadAllOneWorker(b *testing.B) { benchRead(b, csv.Options{Workers: 1}) }

func BenchmarkReadTwoColumns(b *testing.B) {
	benchRead(b, csv.Options{Columns: []string{"Origin", "DepDelay"}})
}

func BenchmarkReadTwoColumnsOneWorker(b *testing.B) {
	benchRead(b, csv.Options{Columns: []string{"Origin", "DepDelay"}, Workers: 1})
}

// BenchmarkCount is what a reader cannot be faster than, if it looks at each byte by itself.
func BenchmarkCount(b *testing.B) {
	_, text := benchFile(b)
	fields := 0
	for b.Loop() {
		for _, c := range text {
			if c == ',' || c == '\n' {
				fields++
			}
		}
	}
	if fields == 0 {
		b.Error("there are no fields")
	}
}

func BenchmarkEncodingCSV(b *testing.B) {
	_, text := benchFile(b)
	for b.Loop() {
		r := encoding.NewReader(bytes.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err != nil {
				break
			}
		}
	}
}
