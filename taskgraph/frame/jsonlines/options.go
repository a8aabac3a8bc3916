package jsonlines

import (
	"runtime"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

// Options say how a file is read. The zero value reads all of it, and finds the types of its
// columns by itself.
type Options struct {
	// Columns are the keys to read, in the order in which their columns shall come; nil means
	// all. The values of others are only checked for being JSON.
	Columns []string

	// Types are the types that columns must have, by key. A value that is not of the type is an
	// error with its line. Float64 takes any number, Timestamp any text that column.ParseTime
	// takes, String also numbers and truth values, as they are written.
	Types map[string]column.Dtype

	// Rows is how many lines with an object to read at most; 0 means all.
	Rows int

	// Workers is how many goroutines parse; 0 means as many as there are processors. A task of
	// a graph that reads many files at once is best off with 1.
	Workers int

	// Chunk is how many bytes a goroutine takes at a time; 0 means 256 KiB. Results do not
	// depend on it.
	Chunk int
}

// Table is what was read: that of package csv.
type Table = csv.Table

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}
