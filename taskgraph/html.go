package taskgraph

import (
	"fmt"
	"html"
	"reflect"
	"strings"
	"unicode/utf8"
)

// HTML is how a notebook shows the node: its key, the type of its value and
// how many tasks compute it.
func (n *Node) HTML() string {
	if n == nil {
		return "<code>nil</code>"
	}
	return card("Delayed", [][2]string{{"key", n.Key()}, {"type", valueType(n.Type())}, {"tasks", fmt.Sprint(n.Tasks())}})
}

// Tasks is how many tasks compute the node, its own included.
func (n *Node) Tasks() int {
	g, _ := gather([]*Node{n})
	return g.Len()
}

// HTML is how a notebook shows the future: its key, the type of its value,
// how far it is, and its error.
func (f *Future) HTML() string {
	if f == nil {
		return "<code>nil</code>"
	}
	status := f.Status()
	rows := [][2]string{{"key", f.Key()}, {"type", valueType(f.node.Type())}, {"status", status}}
	if status == "error" {
		rows = append(rows, [2]string{"error", f.err.Error()})
	}
	return card("Future", rows)
}

func valueType(t reflect.Type) string {
	if t == nil {
		return "none"
	}
	return typeName(t)
}

// card is a name and a small table.
func card(name string, rows [][2]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<table><thead><tr><th colspan="2" style="text-align:left">%s</th></tr></thead><tbody>`, escape(name))
	for _, row := range rows {
		fmt.Fprintf(&b, `<tr><td style="text-align:left">%s</td><td style="text-align:left"><code>%s</code></td></tr>`, escape(row[0]), escape(row[1]))
	}
	b.WriteString("</tbody></table>")
	return b.String()
}

// escape makes text of s in HTML; what XML has no room for becomes U+FFFD.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff {
			return utf8.RuneError
		}
		return r
	}, s))
}
