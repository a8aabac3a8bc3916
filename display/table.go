package display

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
	"unicode/utf8"
)

// How much of a table is shown.
const (
	mostRows    = 50
	mostColumns = 20
	mostCell    = 100 // runes of a cell in HTML
	mostTextual = 40  // runes of a cell in text, where it makes its column wide
)

// table is a slice or map of structs, cut to what is shown.
type table struct {
	corner  string // above the row names
	columns []column
	names   []string   // of the rows: indices or keys
	cells   [][]string // rows, then columns
	more    string     // a sentence about what is left out; may be empty
}

type column struct {
	name, typ string
	number    bool // right-aligned
}

// tableOf reads a table out of v; false when v is none.
func tableOf(v reflect.Value, t types.Type) (*table, bool) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map:
	default:
		return nil, false
	}
	if v.Len() == 0 {
		return nil, false
	}
	row, rt := rowType(elemType(t), v.Type().Elem())
	if rt == nil {
		return nil, false
	}
	shown := shownFields(row, rt)
	if len(shown) == 0 {
		return nil, false
	}
	b := tableBuilder{struc: row, rt: rt, shown: shown[:min(len(shown), mostColumns)]}
	b.columns()
	if v.Kind() == reflect.Map {
		b.corner = "key"
		for _, e := range firstEntries(v, mostRows) {
			b.row(cellText(e.key, keyType(t)), e.value)
		}
	} else {
		for i := range min(v.Len(), mostRows) {
			b.row(fmt.Sprint(i), v.Index(i))
		}
	}
	b.more = leftOut(v.Len(), len(shown))
	return &b.table, true
}

// rowType is the struct that a table's rows are, or point to; nil when they are none, or
// have a look of their own.
func rowType(t types.Type, rt reflect.Type) (*types.Struct, reflect.Type) {
	if hasLook(rt) {
		return nil, nil
	}
	if rt.Kind() == reflect.Pointer {
		t, rt = elemType(t), rt.Elem()
	}
	if rt.Kind() != reflect.Struct || hasLook(rt) || hasLook(reflect.PointerTo(rt)) {
		return nil, nil
	}
	return structType(t, rt), rt
}

// hasLook reports whether values of a type show themselves.
func hasLook(rt reflect.Type) bool {
	for i := range rt.NumMethod() {
		switch rt.Method(i).Name {
		case "String", "Error", "MIMEBundle", "HTML", "Markdown", "Latex", "SVG", "PNG", "JPEG", "JSON", "ColorModel":
			return true
		}
	}
	return rt.Name() == "valueInterface" // yaegi's: see boxed
}

// shownFields are the exported fields, and the others of the user's own types.
func shownFields(s *types.Struct, rt reflect.Type) []int {
	var shown []int
	for i := range rt.NumField() {
		exported, pkg := rt.Field(i).IsExported(), rt.Field(i).PkgPath
		if s != nil {
			exported, pkg = s.Field(i).Exported(), s.Field(i).Pkg().Path()
		}
		if exported || pkg == mainPath {
			shown = append(shown, i)
		}
	}
	return shown
}

// leftOut says how much of a table of so many rows and columns is not shown.
func leftOut(rows, columns int) string {
	var parts []string
	if n := rows - mostRows; n > 0 {
		parts = append(parts, fmt.Sprintf("%d more rows", n))
	}
	if n := columns - mostColumns; n > 0 {
		parts = append(parts, fmt.Sprintf("%d more columns", n))
	}
	if parts == nil {
		return ""
	}
	return "… " + strings.Join(parts, ", ")
}

// tableBuilder collects a table's rows.
type tableBuilder struct {
	table
	struc *types.Struct
	rt    reflect.Type
	shown []int
}

func (b *tableBuilder) columns() {
	for _, i := range b.shown {
		name, t := field(b.struc, b.rt, i)
		c := column{name: name, typ: typeName(t, b.rt.Field(i).Type)}
		switch b.rt.Field(i).Type.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16,
			reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
			c.number = true
		}
		b.table.columns = append(b.table.columns, c)
	}
}

func (b *tableBuilder) row(name string, v reflect.Value) {
	cells := make([]string, len(b.shown))
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() {
		cells[0] = "nil"
	} else {
		for k, i := range b.shown {
			_, t := field(b.struc, b.rt, i)
			cells[k] = cellText(v.Field(i), t)
		}
	}
	b.names = append(b.names, name)
	b.cells = append(b.cells, cells)
}

// cellText is a value in a table's cell: as within another value, but strings as they are.
func cellText(v reflect.Value, t types.Type) string {
	v, t = concrete(v, t)
	if v.Kind() == reflect.String && v.Type().NumMethod() == 0 {
		return cutRunes(v.String(), mostCell)
	}
	p := printer{limit: 4 * mostCell, depth: mostDepth - 2}
	p.value(v, t)
	return cutRunes(p.String(), mostCell)
}

func cutRunes(s string, n int) string {
	end, more := runePrefix(s, n)
	if more == 0 {
		return s
	}
	return s[:end] + "…"
}

// html writes the table in the classes that JupyterLab styles.
func (t *table) html() string {
	var b strings.Builder
	b.WriteString("<table class=\"dataframe\">\n<thead><tr><th>" + Escape(t.corner) + "</th>")
	for _, c := range t.columns {
		fmt.Fprintf(&b, `<th title="%s"%s>%s</th>`, Escape(c.typ), c.align(), Escape(c.name))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for i, row := range t.cells {
		b.WriteString("<tr><th>" + Escape(t.names[i]) + "</th>")
		for k, cell := range row {
			b.WriteString("<td" + t.columns[k].align() + ">" + Escape(cell) + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody>\n</table>")
	if t.more != "" {
		b.WriteString("\n<p>" + Escape(t.more) + "</p>")
	}
	return b.String()
}

func (c column) align() string {
	if c.number {
		return ` style="text-align: right"`
	}
	return ` style="text-align: left"`
}

// text writes the table in aligned columns.
func (t *table) text() string {
	grid := [][]string{{t.corner}}
	for _, c := range t.columns {
		grid[0] = append(grid[0], oneLine(c.name))
	}
	for i, row := range t.cells {
		line := []string{oneLine(t.names[i])}
		for _, cell := range row {
			line = append(line, oneLine(cell))
		}
		grid = append(grid, line)
	}
	width := make([]int, len(grid[0]))
	for _, line := range grid {
		for k, cell := range line {
			width[k] = max(width[k], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, line := range grid {
		b.WriteString(strings.TrimRight(t.line(line, width), " ") + "\n")
	}
	b.WriteString(t.more)
	return strings.TrimSuffix(b.String(), "\n")
}

func (t *table) line(cells []string, width []int) string {
	var b strings.Builder
	for k, cell := range cells {
		space := strings.Repeat(" ", width[k]-utf8.RuneCountInString(cell))
		if k > 0 {
			b.WriteString("  ")
		}
		if k > 0 && t.columns[k-1].number {
			b.WriteString(space + cell)
		} else {
			b.WriteString(cell + space)
		}
	}
	return b.String()
}

// oneLine makes a cell of text fit into its line.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return cutRunes(s, mostTextual)
}
