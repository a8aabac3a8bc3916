package csv

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// WriteOptions say how a table is written. The zero value writes a header, commas between
// fields, and nothing for a missing value.
type WriteOptions struct {
	// Comma stands between fields; 0 means ','.
	Comma byte

	// NoHeader leaves the line with the names out.
	NoHeader bool

	// Missing is the text of a missing value.
	Missing string
}

// Write writes a table as lines that Read, pandas.read_csv and encoding/csv read: fields are
// quoted where they must be, floating-point numbers have the fewest digits that give the same
// number again and a point (710.0), so that they stay such; times are written as dates if all
// of a column are, or as 2006-01-02 15:04:05 in UTC with as many digits of a second's parts
// as the column needs. An empty text is written as "", and texts such as NA as they are: who
// reads the file takes them for missing values. Columns of unlike lengths are an error.
func Write(w io.Writer, t *Table, o WriteOptions) error {
	p, err := newPrinter(t, o)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if !o.NoHeader {
		if _, err := out.Write(p.header(t.Names)); err != nil {
			return err
		}
	}
	for row := range t.Len() {
		if _, err := out.Write(p.line(row)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// WriteFile writes a table to a file, which is there as a whole or, after an error, as it was
// before. It is packed if the path ends with .gz.
func WriteFile(path string, t *Table, o WriteOptions) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("%s is not written: %w", path, err)
		}
	}()
	if err := writePacked(f, t, o, strings.HasSuffix(path, ".gz")); err != nil {
		return err
	}
	if err := f.Chmod(modeOf(path)); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// modeOf are the permissions of a file that there is, or those of a new one.
func modeOf(path string) os.FileMode {
	if info, err := os.Stat(path); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

func writePacked(f *os.File, t *Table, o WriteOptions, packed bool) error {
	if !packed {
		return Write(f, t, o)
	}
	z := gzip.NewWriter(f)
	if err := Write(z, t, o); err != nil {
		return err
	}
	return z.Close()
}

// printer writes lines into memory that it keeps.
type printer struct {
	comma   byte
	missing string
	fields  []func(to []byte, row int) []byte
	columns []column.Column
	b       []byte
}

func newPrinter(t *Table, o WriteOptions) (*printer, error) {
	p := &printer{comma: Options{Comma: o.Comma}.comma(), columns: t.Columns}
	if err := (Options{Comma: o.Comma}).check(); err != nil {
		return nil, err
	}
	if len(t.Names) != len(t.Columns) {
		return nil, fmt.Errorf("the table has %d names for %d columns", len(t.Names), len(t.Columns))
	}
	if o.Missing != "" || len(t.Columns) == 1 { // an empty line is no row
		p.missing = string(p.quoted(nil, o.Missing))
	}
	for i, c := range t.Columns {
		if c.Len() != t.Len() {
			return nil, fmt.Errorf("column %s has %d rows, but column %s has %d", t.Names[i], c.Len(), t.Names[0], t.Len())
		}
		p.fields = append(p.fields, p.field(c))
	}
	return p, nil
}

func (p *printer) header(names []string) []byte {
	p.b = p.b[:0]
	for i, n := range names {
		if i > 0 {
			p.b = append(p.b, p.comma)
		}
		p.b = p.quoted(p.b, n)
	}
	p.b = append(p.b, '\n')
	return p.b
}

func (p *printer) line(row int) []byte {
	p.b = p.b[:0]
	for i, field := range p.fields {
		if i > 0 {
			p.b = append(p.b, p.comma)
		}
		if p.columns[i].IsMissing(row) {
			p.b = append(p.b, p.missing...)
		} else {
			p.b = field(p.b, row)
		}
	}
	p.b = append(p.b, '\n')
	return p.b
}

// field appends the value of a row that is not missing.
func (p *printer) field(c column.Column) func(to []byte, row int) []byte {
	switch c := c.(type) {
	case column.Ints:
		return func(to []byte, row int) []byte { return strconv.AppendInt(to, c.Values[row], 10) }
	case column.Floats:
		return func(to []byte, row int) []byte { return appendFloat(to, c.Values[row]) }
	case column.Bools:
		return func(to []byte, row int) []byte { return strconv.AppendBool(to, c.Values[row]) }
	case column.Times:
		layout := layoutOf(c)
		return func(to []byte, row int) []byte { return column.Time(c.Values[row]).AppendFormat(to, layout) }
	case column.Texts:
		return func(to []byte, row int) []byte { return p.quoted(to, c.Text(row)) }
	}
	return func(to []byte, row int) []byte { return p.quoted(to, fmt.Sprint(c.Value(row))) }
}

// appendFloat writes a number as Python's repr does: without an exponent from 1e-4 to 1e16,
// and with a point.
func appendFloat(to []byte, x float64) []byte {
	switch abs := math.Abs(x); {
	case math.IsInf(x, 1):
		return append(to, "inf"...)
	case math.IsInf(x, -1):
		return append(to, "-inf"...)
	case abs != 0 && (abs < 1e-4 || abs >= 1e16):
		return strconv.AppendFloat(to, x, 'e', -1, 64)
	case x == math.Trunc(x):
		return append(strconv.AppendFloat(to, x, 'f', -1, 64), ".0"...)
	}
	return strconv.AppendFloat(to, x, 'f', -1, 64)
}

// layoutOf is the shortest form that has all of the times of a column.
func layoutOf(c column.Times) string {
	const day = int64(24 * time.Hour)
	layout := "2006-01-02"
	for row, ns := range c.Values {
		if !c.Valid.Has(row) || ns%day == 0 && layout == "2006-01-02" {
			continue
		}
		for _, part := range []struct {
			unit   time.Duration
			layout string
		}{{time.Second, "2006-01-02 15:04:05"}, {time.Millisecond, "2006-01-02 15:04:05.000"}, {time.Microsecond, "2006-01-02 15:04:05.000000"}, {time.Nanosecond, "2006-01-02 15:04:05.000000000"}} {
			if ns%int64(part.unit) == 0 {
				layout = max(layout, part.layout) // a longer one begins with the shorter
				break
			}
		}
	}
	return layout
}

// quoted appends a text, in quotes where it has to be.
func (p *printer) quoted(to []byte, s string) []byte {
	if s != "" && strings.IndexByte(s, p.comma) < 0 && !strings.ContainsAny(s, "\"\r\n") {
		return append(to, s...)
	}
	to = append(to, '"')
	for {
		quote := strings.IndexByte(s, '"')
		if quote < 0 {
			return append(append(to, s...), '"')
		}
		to = append(append(to, s[:quote+1]...), '"')
		s = s[quote+1:]
	}
}
