package csv

import (
	"runtime"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Options say how a file is read. The zero value reads all of a file with commas and a
// header, and finds the types of its columns by itself.
type Options struct {
	// Columns are the names of the columns to read, in the order in which they shall come; nil
	// means all. The text of the others is only counted, which is several times as fast.
	Columns []string

	// Types are the types that columns must have, by name. A value that is not of the type is
	// an error with its line. Other columns get a type that all their values have: int64,
	// float64, bool, timestamp or else string. Int64 takes whole numbers, Float64 any number,
	// Bool also 0 and 1, Timestamp any form of column.ParseTime, String everything as it is.
	Types map[string]column.Dtype

	// Comma stands between fields: ';' or '\t', say. 0 means ','.
	Comma byte

	// NoHeader says that the first line has values and no names. The columns are then called
	// 0, 1, 2 ... or as in Names.
	NoHeader bool

	// Names are the names of all columns, in place of the header's.
	Names []string

	// Missing are texts that stand for a missing value besides those that do so anyway: the
	// empty one, NA, N/A, n/a, NaN, nan, -NaN, -nan, NULL, null, None, #N/A, #N/A N/A, #NA,
	// <NA>, 1.#IND, 1.#QNAN, -1.#IND, -1.#QNAN. Quotes around them do not count.
	Missing []string

	// Rows is how many rows to read at most; 0 means all. The types are those of these rows.
	Rows int

	// Skip is how many lines there are before the header, which are passed over.
	Skip int

	// Comment begins a line that is passed over: '#', say. 0 means that there are none. Behind
	// the values of a row it has no meaning.
	Comment byte

	// Workers is how many goroutines read the file; 0 means as many as there are processors.
	// A task of a graph that reads many files at once is best off with 1.
	Workers int

	// Chunk is how many bytes a goroutine takes at a time; 0 means 256 KiB, more for very wide
	// files. Results do not depend on it.
	Chunk int
}

// Table is what was read: columns of the same length, with their names. It is not changed
// after it was made.
type Table struct {
	Names   []string
	Columns []column.Column
}

// Len is how many rows the table has.
func (t *Table) Len() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return t.Columns[0].Len()
}

func (o Options) comma() byte {
	if o.Comma == 0 {
		return ','
	}
	return o.Comma
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// markers are the texts of missing values that pandas.read_csv knows.
var markers = []string{"", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "#N/A", "#N/A N/A", "#NA", "<NA>", "1.#IND", "1.#QNAN", "-1.#IND", "-1.#QNAN"}

// missing finds out whether a text is a marker, which most are not by their first byte and
// their length.
type missing struct {
	lengths [256]uint32 // by the first byte, a bit for each length that a marker has
	texts   map[string]bool
}

func newMissing(more []string) *missing {
	m := &missing{texts: make(map[string]bool)}
	for _, texts := range [][]string{markers, more} {
		for _, t := range texts {
			m.texts[t] = true
			if t != "" {
				m.lengths[t[0]] |= 1 << min(len(t), 31)
			}
		}
	}
	return m
}

// mayBe reports whether a text of n bytes that begins with a byte can be a marker.
func (m *missing) mayBe(first byte, n int) bool { return m.lengths[first]>>min(n, 31)&1 != 0 }

func (m *missing) is(field []byte) bool {
	return len(field) == 0 || m.mayBe(field[0], len(field)) && m.texts[string(field)]
}
