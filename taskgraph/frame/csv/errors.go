package csv

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

const advice = "save it as UTF-8, which iconv -f WINDOWS-1252 -t UTF-8 or the program that wrote it does"

// signatures are what files that are often taken for CSV begin with.
var signatures = []struct{ begin, is string }{
	{"\x89HDF\r\n\x1a\n", "is an HDF5 file: read it with hdf5.OpenFile"},
	{"PK\x03\x04", "is a zip archive or a spreadsheet (xlsx): unpack it, or save the sheet as CSV"},
	{"PAR1", "is a Parquet file: read it with frame.ReadParquet"},
	{"ARROW1", "is an Arrow file and no text"},
	{"\xFF\xFE", "is text in UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	{"\xFE\xFF", "is text in UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"},
	{"\x28\xB5\x2F\xFD", "is packed with zstd: unpack it (zstd -d)"},
	{"\xFD7zXZ\x00", "is packed with xz: unpack it (unxz)"},
	{"\x89PNG", "is an image"},
	{"\xD0\xCF\x11\xE0", "is a spreadsheet (xls): save the sheet as CSV"},
	{"%PDF", "is a PDF document"},
	{"SQLite format 3\x00", "is an SQLite database"},
}

// refuseOthers names files that are not text by what they begin with.
func refuseOthers(name string, head []byte) error {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.begin)) {
			return fmt.Errorf("%s %s", name, s.is)
		}
	}
	if n := bytes.Count(head, []byte{0}); n > 0 && 10*n > len(head) {
		return fmt.Errorf("%s is no text of UTF-8: it has many bytes that are zero, as binary files and text in UTF-16 have", name)
	}
	return nil
}

// unknown is the error of a name that no column has.
func (f *file) unknown(option, name string) error {
	hint := ""
	if like := nearest(name, f.names); like != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", like)
	}
	return fmt.Errorf("%s: there is no column %q, which %s asks for%s: there are %s%s", f.name, name, option, hint, listed(f.names), f.separatorHint())
}

// listed are the first names of a list.
func listed(names []string) string {
	const most = 12
	out := make([]string, 0, most)
	for _, n := range names[:min(len(names), most)] {
		if len(n) > 40 {
			n = strings.ToValidUTF8(n[:40], "") + "..."
		}
		out = append(out, n)
	}
	if more := len(names) - most; more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

// nearest is the name that is most like another one, "" if none is.
func nearest(name string, names []string) string {
	best, least := "", max(2, len(name)/3)+1
	for _, n := range names {
		if len(n)-len(name) >= least || len(name)-len(n) >= least {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(n)); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance is how many bytes are to be put in, taken out or changed between two words
// (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// separatorHint says which other separator a header of one column has.
func (f *file) separatorHint() string {
	if len(f.names) != 1 {
		return ""
	}
	for _, c := range []byte{';', '\t', '|', ','} {
		if c != f.comma && strings.IndexByte(f.names[0], c) > 0 {
			return fmt.Sprintf("; the header has %q between names: set Comma: %q", c, c)
		}
	}
	return ""
}

// ragged is the error of a row that has not as many fields as there are columns.
func (s *scan) ragged(at, end int) error {
	f, record := s.file, s.text[at:end]
	fields := f.fields(record)
	n, want := len(fields), len(f.names)
	source := "the header has"
	if f.opts.NoHeader {
		source = "the first line has"
	}
	if f.opts.Names != nil {
		source = "Names has"
	}
	hint := "put the missing commas in"
	switch {
	case n == want+1 && fields[n-1] == "":
		hint = "take the comma at the end of the line away, or put a name for it into the header"
	case n > want:
		hint = fmt.Sprintf("put fields that have a %q within in quotes", f.comma)
	case bytes.IndexByte(record, '"') >= 0:
		hint = "put the missing commas in, and look whether a quote stands where none should"
	}
	return fmt.Errorf("%s, line %d: the row has %s, but %s %d: %s%s", f.name, s.lineAt(at), fieldsOf(n), source, want, hint, f.separatorHint())
}

func fieldsOf(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}

// wrongType is the error of a value that is not of the type that was asked for.
func (s *scan) wrongType(c *cell, field []byte, at int) error {
	d := c.mode.dtype()
	hint := "leave the column out of Types to let its type be found"
	if d == column.Int64 && !bytes.ContainsAny(field, "eE.") && classify(field) == float {
		hint = "it is outside of 64 bits; ask for column.Float64 or column.String"
	} else if k := classify(field); d == column.Int64 && k == float {
		hint = "ask for column.Float64"
	}
	return fmt.Errorf("%s, line %d, column %s: %s is no %v, which Types asks for: %s; or put it into Missing if it stands for a missing value", s.file.name, s.lineAt(at), c.name, shown(field), d, hint)
}

// shown is a value as errors show it, cut to 40 characters.
func shown(field []byte) string {
	runes := []rune(string(field[:min(len(field), 200)]))
	if len(runes) > 40 || len(field) > 200 {
		return fmt.Sprintf("%q", string(runes[:min(len(runes), 40)])+"...")
	}
	return fmt.Sprintf("%q", field)
}

// checkText refuses what is no text.
func (s *scan) checkText(c *cell, field []byte, at int) error {
	if bytes.IndexByte(field, 0) >= 0 {
		return fmt.Errorf("%s, line %d, column %s: %s has a byte that is zero, which no text has: is it a binary file, or text in UTF-16?", s.file.name, s.lineAt(at), c.name, shown(field))
	}
	if !utf8.Valid(field) {
		return fmt.Errorf("%s, line %d, column %s: %s is not UTF-8: %s", s.file.name, s.lineAt(at), c.name, shown(field), advice)
	}
	return nil
}

// knownKind reports whether a type is one of the five.
func knownKind(d column.Dtype) bool {
	return slices.Contains([]column.Dtype{column.Int64, column.Float64, column.Bool, column.String, column.Timestamp}, d)
}
