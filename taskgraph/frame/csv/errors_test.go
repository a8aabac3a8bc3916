package csv_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func types(name string, d column.Dtype) csv.Options {
	return csv.Options{Types: map[string]column.Dtype{name: d}}
}

// wrong are files that cannot be read, and what the error says besides the name of the file.
var wrong = []struct {
	name, text string
	o          csv.Options
	want       string // parts of the error, between *
}{
	{"too few fields", "a,b,c\n1,2,3\n4,5\n", csv.Options{}, ", line 3: *2 fields*header has 3"},
	{"too many fields", "a,b\n1,2\n1,2,3\n", csv.Options{}, ", line 3: *3 fields*header has 2*quotes"},
	{"too few, others read", "a,b,c\n1,2\n", csv.Options{Columns: []string{"a"}}, ", line 2: *2 fields*3"},
	{"too many, others read", "a,b,c\n1,2,3,4\n", csv.Options{Columns: []string{"a"}}, ", line 2: *4 fields*3"},
	{"too few before those read", "a,b,c,d\n1\n2,3,4,5\n", csv.Options{Columns: []string{"d"}}, ", line 2: *1 field,*4"},
	{"too few with quotes", "a,b,c\n\"1\",2\n", csv.Options{}, ", line 2: *2 fields*quote"},
	{"too many behind many lines", "a,b\n" + strings.Repeat("1,2\n", 9000) + "1,2,3\n" + strings.Repeat("1,2\n", 9000), csv.Options{Chunk: 999}, ", line 9002: *3 fields"},
	{"line behind quoted ends of lines", "a,b\n\"x\ny\nz\",1\n1\n", csv.Options{}, ", line 5: "},
	{"line behind blank lines and comments", "#\na,b\n\n#c\n1\n", csv.Options{Comment: '#'}, ", line 5: "},
	{"line behind skipped ones", "made by hand\n\na,b\n1\n", csv.Options{Skip: 2}, ", line 4: "},
	{"comma at the end", "a,b\n1,2,\n3,4,\n", csv.Options{}, ", line 2: *3 fields*comma at the end"},
	{"no comma at the end", "a,b,\n1,2\n", csv.Options{}, ", line 2: *2 fields*3"},
	{"CRLF", "a,b\r\n1,2\r\n1\r\n", csv.Options{}, ", line 3: *1 field"},
	{"bare CR", "a,b\r1,2\r1\r", csv.Options{}, ", line 3: *1 field"},
	{"open quote", "a,b\n1,2\n\"x,3\n4,5\n", csv.Options{}, ", line 3: *quote*not closed"},
	{"open quote at the end", "a,b\n1,\"", csv.Options{}, ", line 2: *quote"},
	{"open quote in the header", "a,\"b\n1,2\n", csv.Options{}, ", line 1: *quote"},
	{"open quote far in front", "a,b\n1,\"x\n" + strings.Repeat("1,2\n", 3000), csv.Options{Chunk: 500}, ", line 2: *quote"},
	{"UTF-16", "\xFF\xFEa\x00,\x00b\x00\n\x00", csv.Options{}, " *UTF-16*save it as UTF-8"},
	{"UTF-16, the other", "\xFE\xFF\x00a\x00,\x00b\x00\n", csv.Options{}, " *UTF-16"},
	{"UTF-16 without a mark", "a\x00,\x00b\x00\n\x001\x00,\x002\x00\n\x00", csv.Options{}, " *UTF-16"},
	{"NUL", "a,b\nx\x00y,2\n" + strings.Repeat("x,1\n", 30), csv.Options{}, ", line 2, column a: *zero"},
	{"Windows-1252", "name,n\nM\xfcnchen,1\n", csv.Options{}, ", line 2, column name: *not UTF-8*WINDOWS-1252"},
	{"Windows-1252 in a long text", "name,n\nx,1\nLandeshauptstadt M\xfcnchen,1\n", csv.Options{}, ", line 3, column name: *not UTF-8"},
	{"Windows-1252 in the header", "gr\xf6\xdfe,n\n1,1\n", csv.Options{}, ", line 1: *not UTF-8"},
	{"empty", "", csv.Options{}, " is empty"},
	{"blank lines only", "\n\n  \n", csv.Options{}, " is empty"},
	{"BOM only", "\xEF\xBB\xBF", csv.Options{}, " is empty"},
	{"too few lines to skip", "a\n", csv.Options{Skip: 3}, " has only 1 lines"},
	{"unknown column", "Origin,Dest\nx,y\n", csv.Options{Columns: []string{"origin"}}, ": *no column \"origin\"*did you mean \"Origin\"?*Origin, Dest"},
	{"column twice in Columns", "a,b\n1,2\n", csv.Options{Columns: []string{"a", "a"}}, ": *twice"},
	{"unknown type's column", "a,b\n1,2\n", types("c", column.Int64), ": *no column \"c\"*Types"},
	{"no type", "a,b\n1,2\n", types("a", 3), ": *unknown type"},
	{"text for an int", "a,b\n1,2\nx,2\n", types("a", column.Int64), ", line 3, column a: \"x\" is no int64*Types"},
	{"float for an int", "a,b\n1.5,2\n", types("a", column.Int64), ", line 2, column a: \"1.5\"*column.Float64"},
	{"int too large", "a,b\n9223372036854775808,2\n", types("a", column.Int64), ", line 2, column a: *64 bits"},
	{"long text for a float", "a,b\n" + strings.Repeat("x", 300) + ",2\n", types("a", column.Float64), ", line 2, column a: \"" + strings.Repeat("x", 40) + "...\" is no float64"},
	{"number for a bool", "a,b\ntrue,2\n2,2\n", types("a", column.Bool), ", line 3, column a: \"2\" is no bool"},
	{"day that is not", "a,b\n2026-02-29,2\n", types("a", column.Timestamp), ", line 2, column a: \"2026-02-29\" is no timestamp"},
	{"HDF5", "\x89HDF\r\n\x1a\n\x00\x00", csv.Options{}, " is an HDF5 file"},
	{"zip", "PK\x03\x04\x14\x00", csv.Options{}, " is a zip archive"},
	{"Parquet", "PAR1\x15\x04", csv.Options{}, " is a Parquet file"},
	{"gzip, cut", packed(strings.Repeat("a,b\n1,2\n", 100))[:20], csv.Options{}, ": *cannot be unpacked*cut short"},
	{"gzip of a wrong file", packed("a,b\n1\n"), csv.Options{}, ", line 2: "},
	{"other separator", "a;b\n1,5;2\n", csv.Options{}, ", line 2: *2 fields*';'*Comma"},
	{"other separator and a name", "a;b\n1;2\n", csv.Options{Columns: []string{"b"}}, ": *no column \"b\"*Comma: ';'"},
	{"too many columns", strings.Repeat("a,", 100_000) + "a\n", csv.Options{}, ", line 1: *100001 columns"},
	{"too few Names", "1,2\n", csv.Options{NoHeader: true, Names: []string{"a"}}, ", line 1: *1 names*2 columns"},
	{"quote as a separator", "a,b\n", csv.Options{Comma: '"'}, ": *Comma"},
	{"comma and comment", "a,b\n", csv.Options{Comment: ','}, ": *both"},
	{"negative rows", "a,b\n", csv.Options{Rows: -1}, ": *negative"},
	{"quote behind a quote", "a,b\n\"x\" \"y,z\n", csv.Options{Types: map[string]column.Dtype{"b": column.Int64}}, ", line 2, column b: \"z\""},
}

func TestWrongFiles(t *testing.T) {
	for _, tc := range wrong {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "wrong.csv")
			if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := csv.Read(t.Context(), path, tc.o)
			says(t, err, path+tc.want)
			tc.o.Workers, tc.o.Chunk = 1, 7
			_, err = csv.ReadFrom(t.Context(), strings.NewReader(tc.text), "stream.csv", tc.o)
			says(t, err, "stream.csv"+tc.want)
		})
	}
}

// says checks that an error has parts of a sentence, between *, in order.
func says(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %q", want)
		return
	}
	rest := err.Error()
	for _, part := range strings.Split(want, "*") {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("the error is %q, want %q", err, want)
			return
		}
		rest = after
	}
}

func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := csv.Read(t.Context(), filepath.Join(dir, "none.csv"), csv.Options{})
	says(t, err, "no file *none.csv")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is no fs.ErrNotExist", err)
	}
	_, err = csv.Read(t.Context(), dir, csv.Options{})
	says(t, err, dir+" is a folder")
}

// A file of which less is there than its size said is an error, and not a shorter table.
func TestFileThatShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, flights(3000, false), 0o600); err != nil {
		t.Fatal(err)
	}
	for tab, err := range csv.Chunks(t.Context(), path, csv.Options{Chunk: 10_000}, 100) {
		if err != nil {
			says(t, err, path+" has become shorter while it was read")
			return
		}
		if tab.Len() != 100 {
			t.Fatalf("a table has %d rows", tab.Len())
		}
		if err := os.Truncate(path, 20_000); err != nil {
			t.Fatal(err)
		}
	}
	t.Error("a file that became shorter is read to its end")
}

func TestLineTooLong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some 200 MB")
	}
	_, err := csv.ReadFrom(t.Context(), strings.NewReader("a,b\n1,2\n"+strings.Repeat("x", 65<<20)+"\n"+strings.Repeat("1,2\n", 1<<20)), "long.csv", csv.Options{})
	says(t, err, "long.csv, line 3: *64 MB")
}

// endless is a file without an end, which only its reader's context stops.
type endless struct{ cancel context.CancelFunc }

func (e endless) Read(p []byte) (int, error) {
	e.cancel()
	return copy(p, "1,2\n"), nil
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	_, err := csv.ReadFrom(ctx, endless{func() { cancel(why) }}, "endless.csv", csv.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, flights(1000, false), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := csv.Read(ctx, path, csv.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	if _, _, err := csv.Schema(late, path, csv.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
}
