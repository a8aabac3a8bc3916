package jsonlines_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/jsonlines"
)

// spelled is a table in a line: names, types and values; a missing one is _.
func spelled(t *jsonlines.Table) string {
	var out []string
	for i, c := range t.Columns {
		s := fmt.Sprintf("%s %v:", t.Names[i], c.Dtype())
		for row := range c.Len() {
			switch v := c.Value(row).(type) {
			case nil:
				s += " _"
			case string:
				s += fmt.Sprintf(" %q", v)
			default:
				s += fmt.Sprintf(" %v", v)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func asked(key string, d column.Dtype) jsonlines.Options {
	return jsonlines.Options{Types: map[string]column.Dtype{key: d}}
}

var right = []struct {
	name, text string
	o          jsonlines.Options
	want       string
}{
	{"types", `{"i":1,"f":1.5,"b":true,"s":"x","t":"2026-01-02"}` + "\n" + `{"i":-2,"f":1e3,"b":false,"s":"y","t":"2026-01-03"}`, jsonlines.Options{}, `i int64: 1 -2; f float64: 1.5 1000; b bool: true false; s string: "x" "y"; t timestamp: 2026-01-02 00:00:00 +0000 UTC 2026-01-03 00:00:00 +0000 UTC`},
	{"missing", "{\"a\":null,\"b\":1}\n{}\n{\"c\":\"x\",\"a\":2}\n{\"d\":null}\n", jsonlines.Options{}, `a int64: _ _ 2 _; b int64: 1 _ _ _; c string: _ _ "x" _; d float64: _ _ _ _`},
	{"order and spaces", " { \"b\" : 1 , \"a\" : 2 } \r\n\n\t\n{\"a\":3,\"b\":4}\n", jsonlines.Options{}, "b int64: 1 4; a int64: 2 3"},
	{"ints and floats", "{\"a\":1}\n{\"a\":null}\n{\"a\":2.5}\n", jsonlines.Options{}, "a float64: 1 _ 2.5"},
	{"beyond int64", "{\"a\":1}\n{\"a\":9223372036854775808}\n", jsonlines.Options{}, "a float64: 1 9.223372036854776e+18"},
	{"begins beyond int64", "{\"a\":9223372036854775808}\n{\"a\":1}\n", jsonlines.Options{}, "a float64: 9.223372036854776e+18 1"},
	{"escapes", `{"a\u0041":"x\n\"\u00fc\ud83d\ude00"}`, jsonlines.Options{}, `aA string: "x\n\"ü😀"`},
	{"empty text", `{"a":""}`, jsonlines.Options{}, `a string: ""`},
	{"times and texts", "{\"a\":\"2026-01-02\"}\n{}\n{\"a\":\"x\"}\n{\"a\":\"2026-01-03\"}\n{\"a\":\"2026-01-03 10:00\"}\n", jsonlines.Options{}, `a string: "2026-01-02" _ "x" "2026-01-03" "2026-01-03 10:00"`},
	{"forms of times", "{}\n{\"a\":\"2026-01-02\"}\n{\"a\":\"2026-01-02T10:00Z\"}\n", asked("a", column.Timestamp), "a timestamp: _ 2026-01-02 00:00:00 +0000 UTC 2026-01-02 10:00:00 +0000 UTC"},
	{"texts asked for", "{\"a\":1.50}\n{\"a\":\"x\"}\n{\"a\":true}\n", asked("a", column.String), `a string: "1.50" "x" "true"`},
	{"floats asked for", "{\"a\":1}\n", asked("a", column.Float64), "a float64: 1"},
	{"columns", "{\"a\":1,\"b\":2,\"c\":3}\n", jsonlines.Options{Columns: []string{"c", "a"}}, "c int64: 3; a int64: 1"},
	{"rows", "{\"a\":1}\n\n{\"a\":2}\nx\n", jsonlines.Options{Rows: 2}, "a int64: 1 2"},
	{"BOM", "\xEF\xBB\xBF{\"a\":1}\n", jsonlines.Options{}, "a int64: 1"},
	{"empty", "", jsonlines.Options{}, ""},
}

// TestRead reads in one piece, and in pieces of every small length.
func TestRead(t *testing.T) {
	for _, tc := range right {
		for chunk := range 60 {
			tc.o.Chunk = chunk
			got, err := jsonlines.ReadFrom(t.Context(), strings.NewReader(tc.text), "f.json", tc.o)
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

var wrong = []struct {
	name, text string
	o          jsonlines.Options
	want       string
}{
	{"list in a line", "{\"a\":1}\n{\"a\":[1,2]}\n", jsonlines.Options{}, ", line 2: key \"a\" has a list or an object"},
	{"object in a line", "{\"a\":{\"b\":1}}\n", jsonlines.Options{}, ", line 1: key \"a\" has a list or an object"},
	{"list for a file", "[{\"a\":1},\n{\"a\":2}]\n", jsonlines.Options{}, ", line 1: here is a list"},
	{"object over lines", "{\n\"a\":1\n}\n", jsonlines.Options{}, ", line 1: the line ends*must be on one line"},
	{"text over lines", "{\"a\":\"x\ny\"}\n", jsonlines.Options{}, ", line 1: *no quote at its end"},
	{"two objects", "{\"a\":1}{\"a\":2}\n", jsonlines.Options{}, ", line 1: byte 8: there should be the end of the line"},
	{"comma at the end", "{\"a\":1,}\n", jsonlines.Options{}, ", line 1: byte 8: there should be a key"},
	{"no colon", "{\"a\" 1}\n", jsonlines.Options{}, ", line 1: *colon"},
	{"no quotes", "\n{a:1}\n", jsonlines.Options{}, ", line 2: *key in quotes"},
	{"NaN", "{\"a\":NaN}\n", jsonlines.Options{}, ", line 1: byte 6: there should be a value, but there is \"NaN}"},
	{"leading zero", "{\"a\":01}\n", jsonlines.Options{}, ", line 1: *comma"},
	{"no digit", "{\"a\":-}\n", jsonlines.Options{}, ", line 1: *digit"},
	{"point without digits", "{\"a\":1.}\n", jsonlines.Options{}, ", line 1: *digit after the point"},
	{"exponent without digits", "{\"a\":1e}\n", jsonlines.Options{}, ", line 1: *exponent"},
	{"cut word", "{\"a\":tru}\n", jsonlines.Options{}, ", line 1: *value"},
	{"key twice", "{\"a\":1,\"a\":2}\n", jsonlines.Options{}, ", line 1: key \"a\" is there twice"},
	{"types mixed", "{\"a\":1}\n{\"a\":\"x\"}\n", jsonlines.Options{}, ", line 2: key \"a\" has *text*number in line 1*column.String"},
	{"no UTF-8", "{\"a\":\"M\xfcnchen\"}\n", jsonlines.Options{}, ", line 1: *not UTF-8"},
	{"no UTF-8 beside an escape", "{\"a\":\"M\xfcn\\n\"}\n", jsonlines.Options{}, ", line 1: *not UTF-8"},
	{"wrong escape", "{\"a\":\"\\x\"}\n", jsonlines.Options{}, ", line 1: *no JSON"},
	{"control character", "{\"a\":\"\x01\"}\n", jsonlines.Options{}, ", line 1: *no JSON"},
	{"int asked for", "{\"a\":1}\n{\"a\":1.5}\n", asked("a", column.Int64), ", line 2: \"1.5\" of key \"a\" is no int64"},
	{"time asked for", "{\"a\":\"x\"}\n", asked("a", column.Timestamp), ", line 1: \"x\" of key \"a\" is no timestamp"},
	{"unknown key", "{\"a\":1}\n", jsonlines.Options{Columns: []string{"b"}}, ": no line has the key \"b\""},
	{"unknown key in Types", "{\"a\":1}\n", asked("b", column.Int64), ": no line has the key \"b\""},
	{"gzip", "\x1f\x8b\x08", jsonlines.Options{}, " is packed with gzip"},
}

func TestWrongLines(t *testing.T) {
	for _, tc := range wrong {
		for _, chunk := range []int{0, 3} {
			tc.o.Chunk = chunk
			_, err := jsonlines.ReadFrom(t.Context(), strings.NewReader(tc.text), "f.json", tc.o)
			if err == nil {
				t.Errorf("%s: no error", tc.name)
				continue
			}
			rest := err.Error()
			for _, part := range strings.Split("f.json"+tc.want, "*") {
				_, after, found := strings.Cut(rest, part)
				if !found {
					t.Errorf("%s: the error is %q, want %q", tc.name, err, tc.want)
					break
				}
				rest = after
			}
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := jsonlines.ReadFrom(ctx, strings.NewReader("{}"), "f.json", jsonlines.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

// TestWrite reads back what was written, in small pieces, with each type and missing values.
func TestWrite(t *testing.T) {
	times := column.Times{Values: []int64{0, 1_500_000_000, -5, 86400e9}, Valid: column.NewValid([]bool{true, true, true, false})}
	table := &jsonlines.Table{
		Names: []string{"i", `say "x"`, "b", "s", "t"},
		Columns: []column.Column{
			column.NewInts([]int64{1, math.MinInt64, 0, math.MaxInt64}, []bool{true, true, false, true}),
			column.NewFloats([]float64{0.1, math.NaN(), 1e300, 710}),
			column.NewBools([]bool{true, false, false, true}, []bool{true, true, false, true}),
			column.NewStrings([]string{"", "NA", "ü\n\"", "<&>"}, nil),
			times,
		},
	}
	path := filepath.Join(t.TempDir(), "t.json")
	if err := jsonlines.WriteFile(path, table); err != nil {
		t.Fatal(err)
	}
	got, err := jsonlines.Read(t.Context(), path, jsonlines.Options{Chunk: 40})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := spelled(got), spelled(table); a != b {
		t.Errorf("read:    %s\nwritten: %s", a, b)
	}
	table.Columns[1] = column.NewFloats([]float64{1, 2, math.Inf(1), 3})
	if err := jsonlines.WriteFile(path, table); err == nil || !strings.Contains(err.Error(), "row 2, column say") {
		t.Errorf("an infinite number: %v", err)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if again, err := jsonlines.Read(t.Context(), path, jsonlines.Options{}); err != nil || spelled(again) != spelled(got) || len(left) != 1 {
		t.Errorf("after an error the file is not as it was, or %v are left behind: %v", left, err)
	}
}

// FuzzRead: one line is taken where encoding/json takes it as a flat object, and the values
// are the same.
func FuzzRead(f *testing.F) {
	for _, tc := range right {
		f.Add([]byte(tc.text))
	}
	for _, tc := range wrong {
		f.Add([]byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := jsonlines.ReadFrom(t.Context(), bytes.NewReader(text), "f.json", jsonlines.Options{Workers: 1})
		if _, err2 := jsonlines.ReadFrom(t.Context(), bytes.NewReader(text), "f.json", jsonlines.Options{Chunk: 5}); (err == nil) != (err2 == nil) && !bytes.HasPrefix(text, []byte("PK\x03\x04")) && !bytes.HasPrefix(text, []byte("\x89HDF")) && !bytes.HasPrefix(text, []byte("\x1f\x8b")) && !bytes.HasPrefix(text, []byte("\xFF\xFE")) && !bytes.HasPrefix(text, []byte("\xFE\xFF")) {
			t.Fatalf("in one piece: %v; in pieces: %v", err, err2)
		}
		if bytes.Count(bytes.TrimSpace(text), []byte("\n")) > 0 || bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")) {
			return
		}
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var want map[string]any
		if (d.Decode(&want) != nil || d.More() || !json.Valid(text)) != (err != nil) && (err == nil && len(got.Names) > 0) {
			t.Fatalf("%q is read, encoding/json does not take it", text)
		}
		if err != nil || len(want) == 0 {
			return
		}
		for i, name := range got.Names {
			v := got.Columns[i].Value(0)
			switch w := want[name].(type) {
			case nil:
				if v != nil {
					t.Errorf("%s is %v, not null", name, v)
				}
			case json.Number:
				if x, err := w.Float64(); err == nil && fmt.Sprint(v) != w.String() && v != any(x) {
					t.Errorf("%s is %v, not %v", name, v, w)
				}
			case string:
				if got.Columns[i].Dtype() == column.String && v != any(w) {
					t.Errorf("%s is %v, not %q", name, v, w)
				}
			case bool:
				if v != any(w) {
					t.Errorf("%s is %v, not %v", name, v, w)
				}
			}
		}
	})
}
