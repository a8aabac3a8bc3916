package display

import (
	"encoding/xml"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

type Stock struct {
	Name  string
	Close float64
	When  time.Duration
	note  *string
}

func TestTableText(t *testing.T) {
	rows := []Stock{{"aet", 34.5, time.Second, nil}, {"two\nlines", 1000, 0, nil}}
	want := `   Name       Close  When
0  aet         34.5    1s
1  two lines   1000    0s`
	if got := text(Of(rows)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := text(Of([]*Stock{&rows[0], nil})); got != "   Name  Close  When\n0  aet    34.5    1s\n1  nil" {
		t.Errorf("of pointers: got\n%s", got)
	}
	if got := text(Of(map[string]Stock{"b": rows[0], "a": rows[1]})); got != "key  Name       Close  When\na    two lines   1000    0s\nb    aet         34.5    1s" {
		t.Errorf("of a map: got\n%s", got)
	}
}

func TestTableIsCut(t *testing.T) {
	b := Of(make([]Stock, 1000))
	if got := text(b); !strings.HasSuffix(got, "\n… 950 more rows") || strings.Count(got, "\n") != 51 {
		t.Errorf("text is\n%s", got)
	}
	if got := b.Data[MIMEHTML].(string); !strings.HasSuffix(got, "<p>… 950 more rows</p>") || strings.Count(got, "<tr>") != 51 {
		t.Errorf("HTML is\n%s", got)
	}
	var fields []reflect.StructField
	for i := range 25 {
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: reflect.TypeFor[int]()})
	}
	wide := text(Typed(reflect.MakeSlice(reflect.SliceOf(reflect.StructOf(fields)), 1, 1), nil))
	if !strings.HasSuffix(wide, "\n… 5 more columns") || strings.Contains(wide, "F20") {
		t.Errorf("25 columns:\n%s", wide)
	}
	long := text(Of([]Stock{{Name: strings.Repeat("é", 60)}}))
	if !strings.Contains(long, "  "+strings.Repeat("é", 40)+"…  ") {
		t.Errorf("a long cell:\n%s", long)
	}
}

func TestWhatIsNoTable(t *testing.T) {
	for _, x := range []any{[]Stock{}, []int{1}, []time.Time{{}}, []everything{{}}, []*everything{{}}, []opaque{{}}, []struct{}{{}}, []any{Stock{}}, Stock{}} {
		if b := Of(x); b.Data[MIMEHTML] != nil {
			t.Errorf("%T is a table: %s", x, b.Data[MIMEHTML])
		}
	}
}

const attack = `<img src=x onerror="alert('1')">]]>` + "\x00\xff"

// Nothing in a value gets into HTML as HTML: names of columns and types too.
func TestTableEscapes(t *testing.T) {
	type row struct {
		A string
		B []string
		C struct {
			F string `json:"<script>"` // a part of the type's name
		}
	}
	v := reflect.ValueOf(map[string]row{attack: {A: attack, B: []string{attack}}})
	tab, ok := tableOf(v, nil)
	if !ok {
		t.Fatal("no table")
	}
	tab.columns[0].name, tab.columns[0].typ, tab.corner, tab.more = attack, attack, attack, attack
	elements := map[string]int{}
	d := xml.NewDecoder(strings.NewReader("<div>" + tab.html() + "</div>"))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, tab.html())
		}
		if e, ok := tok.(xml.StartElement); ok {
			elements[e.Name.Local]++
			for _, a := range e.Attr {
				elements["@"+a.Name.Local]++
			}
		}
	}
	for name := range elements {
		switch name {
		case "div", "table", "thead", "tbody", "tr", "th", "td", "p", "@class", "@title", "@style":
		default:
			t.Errorf("there is a %s in\n%s", name, tab.html())
		}
	}
}
