package csv_test

import (
	"bytes"
	encoding "encoding/csv"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

// FuzzRead: nothing panics; a table does not depend on how the file is cut; and where
// encoding/csv takes a file whose fields are all texts, the fields are the same.
func FuzzRead(f *testing.F) {
	for _, tc := range right {
		f.Add([]byte(tc.text), uint8(len(tc.text)/2))
	}
	for _, tc := range wrong {
		if len(tc.text) < 1000 {
			f.Add([]byte(tc.text), uint8(7))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, chunk uint8) {
		whole, err := csv.ReadFrom(t.Context(), bytes.NewReader(text), "f.csv", csv.Options{Workers: 1})
		parts, err2 := csv.ReadFrom(t.Context(), bytes.NewReader(text), "f.csv", csv.Options{Chunk: int(chunk)})
		if (err == nil) != (err2 == nil) {
			t.Fatalf("in one piece: %v; in pieces: %v", err, err2)
		}
		if err != nil {
			return
		}
		if a, b := spelled(whole), spelled(parts); a != b {
			t.Fatalf("in one piece: %s\nin pieces: %s", a, b)
		}
		sameFields(t, text)
	})
}

// sameFields compares with encoding/csv, for files that mean the same to both: that one
// drops '\r' before '\n' within quotes, takes no quote within a bare field and nothing behind
// a quoted one, and has no lines of spaces; what begins with a BOM or is packed is another
// matter.
func sameFields(t *testing.T, text []byte) {
	if bytes.ContainsAny(text, "\r\x00") || !utf8.Valid(text) || bytes.HasPrefix(text, []byte("\uFEFF")) || bytes.HasPrefix(text, []byte("BZh")) {
		return
	}
	r := encoding.NewReader(bytes.NewReader(text))
	names, err := r.Read()
	if err != nil || len(names) == 1 {
		return
	}
	var rows [][]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return
		}
		rows = append(rows, row)
	}
	o := csv.Options{Types: map[string]column.Dtype{}}
	for i := range names {
		o.Names = append(o.Names, strings.Repeat("c", i+1))
		o.Types[o.Names[i]] = column.String
	}
	got, err := csv.ReadFrom(t.Context(), bytes.NewReader(text), "f.csv", o)
	if err != nil {
		t.Fatalf("encoding/csv takes %q, here: %v", text, err)
	}
	if got.Len() != len(rows) {
		t.Fatalf("%d rows, encoding/csv has %d", got.Len(), len(rows))
	}
	for i, c := range got.Columns {
		for row := range rows {
			if v, ok := c.Value(row).(string); ok && v != rows[row][i] {
				t.Fatalf("row %d, column %d is %q, encoding/csv has %q", row, i, v, rows[row][i])
			}
		}
	}
}

// FuzzWrite: texts come back as they were, but for those that stand for missing values.
func FuzzWrite(f *testing.F) {
	f.Add("a", "b,c", "say \"x\"", ",")
	f.Add("two\nlines", "\r", "", ";")
	f.Add("NA", " x ", "ü", "\t")
	f.Fuzz(func(t *testing.T, a, b, c, comma string) {
		if len(comma) != 1 || !utf8.ValidString(a) || !utf8.ValidString(b) || !utf8.ValidString(c) || strings.IndexByte(a+b+c, 0) >= 0 {
			return
		}
		table := &csv.Table{Names: []string{"x", "y"}, Columns: []column.Column{
			column.NewStrings([]string{a, b, c}, nil), column.NewStrings([]string{c, a, b}, nil)}}
		var out bytes.Buffer
		if csv.Write(&out, table, csv.WriteOptions{Comma: comma[0]}) != nil {
			return
		}
		got, err := csv.ReadFrom(t.Context(), &out, "f.csv", csv.Options{Comma: comma[0], Types: map[string]column.Dtype{"x": column.String, "y": column.String}})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range got.Columns {
			for row := range 3 {
				want := table.Columns[i].Value(row)
				if v := c.Value(row); v != nil && v != want || v == nil && len(want.(string)) > 9 {
					t.Fatalf("%q came back as %v", want, v)
				}
			}
		}
	})
}
