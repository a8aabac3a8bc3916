package frame

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// How much of a frame is shown, as pandas does: all of its rows up to 60 and otherwise the
// first and last 5; all of its columns up to 20 and otherwise the first and last 10.
const (
	allRows    = 60
	endRows    = 5
	allColumns = 20
	endColumns = 10
	widestCell = 50 // characters of a text
)

// table is what is shown of a frame: cells as text, labels first.
type table struct {
	head    []string   // names of columns
	corner  []string   // names of the levels of labels
	labels  [][]string // a line for each row, a text for each level
	rows    [][]string
	right   []bool // columns of numbers stand to the right
	cutRow  int    // before which row rows are left out; -1 for nowhere
	cutCol  int
	note    string
	numbers bool // labels are numbers
}

// ends are what is shown of n things, and where something is left out.
func ends(n, all, end int) (shown []int, cut int) {
	if n <= all {
		for i := range n {
			shown = append(shown, i)
		}
		return shown, -1
	}
	for i := range end {
		shown = append(shown, i)
	}
	for i := n - end; i < n; i++ {
		shown = append(shown, i)
	}
	return shown, end
}

func (df *DataFrame) table() *table {
	rows, cutRow := ends(df.Len(), allRows, endRows)
	columns, cutCol := ends(len(df.names), allColumns, endColumns)
	t := &table{cutRow: cutRow, cutCol: cutCol, numbers: df.index.isRange()}
	shown := df.index.take(rows)
	names, levels := shown.columns()
	t.corner = clean(names)
	t.labels, t.rows = make([][]string, len(rows)), make([][]string, len(rows))
	for _, level := range levels {
		for i, text := range texts(level) {
			t.labels[i] = append(t.labels[i], text)
		}
	}
	for _, at := range columns {
		c := df.columns[at].Take(rows)
		t.head = append(t.head, cleanText(df.names[at]))
		t.right = append(t.right, c.Dtype() != String)
		for i, text := range texts(c) {
			t.rows[i] = append(t.rows[i], text)
		}
	}
	t.note = fmt.Sprintf("%d rows × %d columns", df.Len(), len(df.names))
	return t
}

// texts are the cells of a column without control characters, and not too long.
func texts(c column.Column) []string { return clean(cells(c)) }

func clean(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = cleanText(text)
	}
	return out
}

// cleanText is a text on one line, cut where it is too long.
func cleanText(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > widestCell {
			b.WriteString("...")
			break
		}
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case unicode.IsControl(r) || r == utf8.RuneError:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// HTML is how a notebook shows the frame: a table of the first and last rows and columns,
// with a note of how many there are. Texts are escaped.
func (df *DataFrame) HTML() string { return df.table().html() }

// String is the frame as a table of text, as HTML shows it.
func (df *DataFrame) String() string { return df.table().text() }

// HTML is how a notebook shows the series: its labels and values, its name and type.
func (s *Series) HTML() string { return s.table().html() }

// String is the series as text, as HTML shows it.
func (s *Series) String() string { return s.table().text() }

func (s *Series) table() *table {
	t := s.Frame().table()
	t.note = fmt.Sprintf("Length: %d, dtype: %v", s.Len(), s.Dtype())
	if s.name != "" {
		t.note = fmt.Sprintf("Name: %s, %s", cleanText(s.name), t.note)
	}
	return t
}

const (
	dotsRow = "..."
	dotsCol = "..."
)

func (t *table) html() string {
	var b strings.Builder
	b.WriteString("<div>\n<table class=\"dataframe\">\n<thead>\n<tr>")
	for range t.corner {
		b.WriteString("<th></th>")
	}
	t.line(&b, "th", t.head, nil)
	b.WriteString("</tr>\n")
	if strings.Join(t.corner, "") != "" {
		b.WriteString("<tr>")
		for _, name := range t.corner {
			cell(&b, "th", name, false)
		}
		t.line(&b, "th", make([]string, len(t.head)), nil)
		b.WriteString("</tr>\n")
	}
	b.WriteString("</thead>\n<tbody>\n")
	for i, row := range t.rows {
		if i == t.cutRow {
			t.htmlRow(&b, repeated(dotsRow, len(t.corner)), repeated(dotsRow, len(t.head)))
		}
		t.htmlRow(&b, t.labels[i], row)
	}
	b.WriteString("</tbody>\n</table>\n<p>" + html.EscapeString(t.note) + "</p>\n</div>")
	return b.String()
}

func repeated(text string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = text
	}
	return out
}

func (t *table) htmlRow(b *strings.Builder, labels, row []string) {
	b.WriteString("<tr>")
	for _, label := range labels {
		cell(b, "th", label, false)
	}
	t.line(b, "td", row, t.right)
	b.WriteString("</tr>\n")
}

// line writes cells, and dots where columns are left out.
func (t *table) line(b *strings.Builder, tag string, row []string, right []bool) {
	for i, text := range row {
		if i == t.cutCol {
			cell(b, tag, dotsCol, false)
		}
		cell(b, tag, text, right != nil && !right[i])
	}
}

func cell(b *strings.Builder, tag, text string, left bool) {
	b.WriteString("<" + tag)
	if left {
		b.WriteString(` style="text-align: left"`)
	}
	b.WriteString(">" + html.EscapeString(text) + "</" + tag + ">")
}

func (t *table) text() string {
	head := append(append([]string{}, t.corner...), t.head...)
	lines := [][]string{head}
	for i, row := range t.rows {
		if i == t.cutRow {
			lines = append(lines, repeated(dotsRow, len(head)))
		}
		lines = append(lines, append(append([]string{}, t.labels[i]...), row...))
	}
	if t.cutCol >= 0 {
		for i, line := range lines {
			at := len(t.corner) + t.cutCol
			lines[i] = append(append(append([]string{}, line[:at]...), dotsCol), line[at:]...)
		}
	}
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var l strings.Builder
		for i, text := range line {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			switch {
			case i == 0:
				l.WriteString(text + pad)
			case i < len(t.corner):
				l.WriteString("  " + text + pad)
			default:
				l.WriteString("  " + pad + text)
			}
		}
		if line := strings.TrimRight(l.String(), " "); line != "" { // columns and labels without names have no head
			b.WriteString(line + "\n")
		}
	}
	return b.String() + t.note
}

// String is the row as text: a line for each column.
func (r Row) String() string { return r.series().String() }

// HTML is the row as a table with a line for each column.
func (r Row) HTML() string { return r.series().HTML() }

// series is the row as texts, labelled by the columns; its name is the label of the row.
func (r Row) series() *Series {
	values := make([]string, len(r.df.columns))
	for i, c := range r.df.columns {
		values[i] = cells(c.Slice(r.at, r.at+1))[0]
	}
	return &Series{single(r.Label()), column.NewStrings(values, nil), labels("", r.df.names)}
}
