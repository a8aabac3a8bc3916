package jsonlines

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Write writes each row as a line with an object: missing values as null, times in the form
// of RFC 3339 in UTC, floating-point numbers with a point or an exponent, so that they stay
// such. Infinite numbers, which JSON does not have, are an error with row and column, and so
// are columns of unlike lengths.
func Write(w io.Writer, t *Table) error {
	if len(t.Names) != len(t.Columns) {
		return fmt.Errorf("the table has %d names for %d columns", len(t.Names), len(t.Columns))
	}
	keys := make([][]byte, len(t.Names))
	for i, n := range t.Names {
		if t.Columns[i].Len() != t.Len() {
			return fmt.Errorf("column %s has %d rows, but column %s has %d", n, t.Columns[i].Len(), t.Names[0], t.Len())
		}
		keys[i] = append(appendText([]byte(", "), n), ": "...)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	var b []byte
	for row := range t.Len() {
		b = append(b[:0], '{')
		for i, c := range t.Columns {
			key := keys[i]
			if i == 0 {
				key = key[2:]
			}
			var err error
			if b, err = appendValue(append(b, key...), c, row); err != nil {
				return fmt.Errorf("row %d, column %s: %w", row, t.Names[i], err)
			}
		}
		if _, err := out.Write(append(b, "}\n"...)); err != nil {
			return err
		}
	}
	return out.Flush()
}

// WriteFile writes a table to a file, which is there as a whole or, after an error, as it was
// before.
func WriteFile(path string, t *Table) (err error) {
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
	if err := Write(f, t); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func appendValue(b []byte, c column.Column, row int) ([]byte, error) {
	if c.IsMissing(row) {
		return append(b, "null"...), nil
	}
	switch c := c.(type) {
	case column.Ints:
		return strconv.AppendInt(b, c.Values[row], 10), nil
	case column.Floats:
		return appendFloat(b, c.Values[row])
	case column.Bools:
		return strconv.AppendBool(b, c.Values[row]), nil
	case column.Times:
		b = column.Time(c.Values[row]).AppendFormat(append(b, '"'), time.RFC3339Nano)
		return append(b, '"'), nil
	case column.Texts:
		return appendText(b, c.Text(row)), nil
	}
	return b, fmt.Errorf("a value of type %v has no form in JSON", c.Dtype())
}

func appendFloat(b []byte, x float64) ([]byte, error) {
	abs := math.Abs(x)
	switch {
	case math.IsInf(x, 0):
		return b, fmt.Errorf("JSON has no infinite number: fill or drop it before")
	case abs != 0 && (abs < 1e-4 || abs >= 1e16):
		return strconv.AppendFloat(b, x, 'e', -1, 64), nil
	case x == math.Trunc(x):
		return append(strconv.AppendFloat(b, x, 'f', -1, 64), ".0"...), nil
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64), nil
}

// appendText writes a text in quotes; one with anything but plain ASCII as encoding/json does.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7F || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string has no error
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
