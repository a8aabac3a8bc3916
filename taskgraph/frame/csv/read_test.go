package csv_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

// spelled is a table in a line: names, types and values; a missing one is _.
func spelled(t *csv.Table) string {
	var out []string
	for i, c := range t.Columns {
		s := fmt.Sprintf("%s %v:", t.Names[i], c.Dtype())
		for row := range c.Len() {
			switch v := c.Value(row).(type) {
			case nil:
				s += " _"
			case string:
				s += fmt.Sprintf(" %q", v)
			case float64:
				s += fmt.Sprintf(" %g", v)
			default:
				s += fmt.Sprintf(" %v", v)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// right are files and the tables in them.
var right = []struct {
	name, text string
	o          csv.Options
	want       string
}{
	{"types", "i,f,b,s,t\n1,1.5,true,x,2026-01-02\n-2,1e3,False,y,2026-01-03\n", csv.Options{}, `i int64: 1 -2; f float64: 1.5 1000; b bool: true false; s string: "x" "y"; t timestamp: 2026-01-02 00:00:00 +0000 UTC 2026-01-03 00:00:00 +0000 UTC`},
	{"missing", "i,f,b,s,t\n,,,,\n1,2.5,true,x,2026-01-02T03:04Z\nNA,nan,NULL,<NA>,None\n", csv.Options{}, `i int64: _ 1 _; f float64: _ 2.5 _; b bool: _ true _; s string: _ "x" _; t timestamp: _ 2026-01-02 03:04:00 +0000 UTC _`},
	{"all missing", "a,b\n,\nNA,\n", csv.Options{}, "a float64: _ _; b float64: _ _"},
	{"own markers", "a,b\n-,9999\n1,-\n", csv.Options{Missing: []string{"-", "9999"}}, "a int64: _ 1; b float64: _ _"},
	{"leading zeros and signs", "a,b\n007,+5\n-0,12\n", csv.Options{}, "a int64: 7 0; b int64: 5 12"},
	{"beyond int64", "a,b\n9223372036854775807,9223372036854775808\n-9223372036854775808,1\n", csv.Options{}, "a int64: 9223372036854775807 -9223372036854775808; b float64: 9.223372036854776e+18 1"},
	{"ints become floats", "a\n1\n\n2\n2.5\n", csv.Options{}, "a float64: 1 2 2.5"},
	{"numbers become texts", "a\n1\n2.50\ntrue\n", csv.Options{}, `a string: "1" "2.50" "true"`},
	{"forms of times mixed", "a\n2026-01-02\n2026-01-02 10:00\n", csv.Options{}, `a string: "2026-01-02" "2026-01-02 10:00"`},
	{"forms mixed, asked for", "a\n2026-01-02\n2026-01-02 10:00\n", types("a", column.Timestamp), "a timestamp: 2026-01-02 00:00:00 +0000 UTC 2026-01-02 10:00:00 +0000 UTC"},
	{"zones", "a\n2026-01-02T00:30:00.25+01:00\n", csv.Options{}, "a timestamp: 2026-01-01 23:30:00.25 +0000 UTC"},
	{"spaces around numbers", "a,b\n 1, x\n2 ,y\n", csv.Options{}, `a int64: 1 2; b string: " x" "y"`},
	{"infinite", "a\ninf\n-Infinity\n", csv.Options{}, "a float64: +Inf -Inf"},
	{"hexadecimal is text", "a,b\n0x10,1_000\n", csv.Options{}, `a string: "0x10"; b string: "1_000"`},
	{"quotes", "a,b\n\"x,\"\"y\"\"\n\",\"1\"\n\"\",\"2\"\n", csv.Options{}, "a string: \"x,\\\"y\\\"\\n\" _; b int64: 1 2"},
	{"quote within a bare field", "a,b\n5\" pipe,x\"y\"z\n", csv.Options{}, `a string: "5\" pipe"; b string: "x\"y\"z"`},
	{"text behind a quoted one", "a,b\n\"x\"y,1\n", csv.Options{}, `a string: "xy"; b int64: 1`},
	{"CRLF", "a,b\r\n1,x\r\n\r\n2,y\r\n", csv.Options{}, `a int64: 1 2; b string: "x" "y"`},
	{"bare CR", "a,b\r1,x\r2,y", csv.Options{}, `a int64: 1 2; b string: "x" "y"`},
	{"no end of line", "a,b\n1,x", csv.Options{}, `a int64: 1; b string: "x"`},
	{"BOM", "\xEF\xBB\xBFa,b\n1,2\n", csv.Options{}, "a int64: 1; b int64: 2"},
	{"BOM and a quote", "\xEF\xBB\xBF\"a\",b\n1,2\n", csv.Options{}, "a int64: 1; b int64: 2"},
	{"header only", "a,b\n", csv.Options{}, "a float64:; b float64:"},
	{"same names", "x,x,,x.1,x\n1,2,3,4,5\n", csv.Options{}, "x int64: 1; x.2 int64: 2; Unnamed: 2 int64: 3; x.1 int64: 4; x.3 int64: 5"},
	{"columns in another order", "a,b,c\n1,2,3\n4,5,6\n", csv.Options{Columns: []string{"c", "a"}}, "c int64: 3 6; a int64: 1 4"},
	{"columns among quotes", "a,b,c\n\"1,\"\"\n\",2,\"3\"\n4,\"5\",6\n", csv.Options{Columns: []string{"c"}}, "c int64: 3 6"},
	{"no header", "1,x\n2,y\n", csv.Options{NoHeader: true}, `0 int64: 1 2; 1 string: "x" "y"`},
	{"no header, names", "1,x\n", csv.Options{NoHeader: true, Names: []string{"n", "s"}}, `n int64: 1; s string: "x"`},
	{"names in place of the header", "a,b\n1,x\n", csv.Options{Names: []string{"n", "s"}}, `n int64: 1; s string: "x"`},
	{"rows", "a\n1\n\n2\nx\n", csv.Options{Rows: 2}, "a int64: 1 2"},
	{"skip and comment", "by \"hand\na;b\n# 1\"\n1;2\n", csv.Options{Skip: 1, Comment: '#', Comma: ';'}, "a int64: 1; b int64: 2"},
	{"tabs", "a\tb\n\t1\n", csv.Options{Comma: '\t'}, "a float64: _; b int64: 1"},
	{"spaces on a line", "a,b\n1,2\n  \n3,4\n", csv.Options{}, "a int64: 1 3; b int64: 2 4"},
	{"types asked for", "a,b,c,d\n1,2,1,007\n", csv.Options{Types: map[string]column.Dtype{"a": column.Float64, "b": column.String, "c": column.Bool, "d": column.String}}, `a float64: 1; b string: "2"; c bool: true; d string: "007"`},
	{"asked for and missing", "a,b\n,\n", csv.Options{Types: map[string]column.Dtype{"a": column.Int64, "b": column.String}}, "a int64: _; b string: _"},
	{"packed", packed("a,b\n1,2\n"), csv.Options{}, "a int64: 1; b int64: 2"},
	{"one column of quoted nothing", "a\n\"\"\nx\n", csv.Options{}, `a string: _ "x"`},
}

// TestRead reads in one piece, and in pieces of every small length.
func TestRead(t *testing.T) {
	for _, tc := range right {
		for chunk := range 60 {
			tc.o.Chunk = chunk
			got, err := csv.ReadFrom(t.Context(), strings.NewReader(tc.text), "f.csv", tc.o)
			if err != nil {
				t.Errorf("%s, blocks of %d: %v", tc.name, chunk, err)
				break
			}
			if s := spelled(got); s != tc.want {
				t.Errorf("%s, blocks of %d:\n got %s\nwant %s", tc.name, chunk, s, tc.want)
				break
			}
		}
	}
}

// TestBlocks checks that the table of a file does not depend on who reads which piece, and
// that projections, chunks and the schema agree with it.
func TestBlocks(t *testing.T) {
	text := flights(2000, true)
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := csv.Read(t.Context(), path, csv.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if whole.Len() != 2000 || len(whole.Names) != 23 {
		t.Fatalf("%d rows, %d columns", whole.Len(), len(whole.Names))
	}
	want := spelled(whole)
	for _, o := range []csv.Options{{Chunk: 300}, {Chunk: 5000, Workers: 4}, {Columns: whole.Names}} {
		got, err := csv.Read(t.Context(), path, o)
		if err != nil {
			t.Fatal(err)
		}
		if spelled(got) != want || !reflect.DeepEqual(got.Columns[16], whole.Columns[16]) {
			t.Errorf("with %+v the table is another one", o)
		}
	}
	some, err := csv.Read(t.Context(), path, csv.Options{Columns: []string{"Origin", "DepDelay"}, Chunk: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if spelled(some) != spelled(&csv.Table{Names: []string{"Origin", "DepDelay"}, Columns: []column.Column{whole.Columns[16], whole.Columns[15]}}) {
		t.Error("two columns are not those of the whole")
	}
	var parts *csv.Table
	for part, err := range csv.Chunks(t.Context(), path, csv.Options{Chunk: 4000}, 150) {
		if err != nil {
			t.Fatal(err)
		}
		if part.Len() > 150 || parts != nil && parts.Len()%150 != 0 {
			t.Fatalf("a table of %d rows behind %d", part.Len(), parts.Len())
		}
		if parts == nil {
			parts = part
			continue
		}
		joined := &csv.Table{Names: part.Names}
		for i := range part.Columns {
			c, err := column.Concat(parts.Columns[i], part.Columns[i])
			if err != nil {
				t.Fatal(err)
			}
			joined.Columns = append(joined.Columns, c)
		}
		parts = joined
	}
	if spelled(parts) != want {
		t.Error("the chunks are not the whole")
	}
	names, dtypes, err := csv.Schema(t.Context(), path, csv.Options{})
	for i, c := range whole.Columns {
		if err != nil || names[i] != whole.Names[i] || dtypes[i] != c.Dtype() {
			t.Errorf("the schema has %v %v, not %s %v: %v", names[i], dtypes[i], whole.Names[i], c.Dtype(), err)
		}
	}
}

// TestWordsBecomePlain reads a column of which the first rows are few words, and the rest are
// all different.
func TestWordsBecomePlain(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b\n")
	for i := range 30_000 {
		word := "few"
		if i > 3000 {
			word = fmt.Sprint("word", i*7919)
		}
		if i%10 == 3 {
			word = ""
		}
		fmt.Fprintf(&b, "%s,%d\n", word, i)
	}
	got, err := csv.ReadFrom(t.Context(), strings.NewReader(b.String()), "f.csv", csv.Options{Chunk: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	c, ok := got.Columns[0].(column.Strings)
	if !ok || c.Len() != 30_000 || c.Missing() != 3000 {
		t.Fatalf("the column is a %T with %d rows, of which %d are missing", got.Columns[0], c.Len(), c.Missing())
	}
	for row := range 30_000 {
		want := "few"
		if row > 3000 {
			want = fmt.Sprint("word", row*7919)
		}
		if row%10 == 3 {
			want = ""
		}
		if c.Text(row) != want {
			t.Fatalf("row %d is %q, not %q", row, c.Text(row), want)
		}
	}
}
