package display

import (
	"strings"
	"unicode/utf8"
)

// Escape returns text that stands for s in HTML, SVG and other XML, between tags and in
// attributes of either quote. What XML has no room for, control characters and bytes
// that are no UTF-8, becomes U+FFFD.
func Escape(s string) string {
	i := 0
	for i < len(s) && harmless(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:i])
	for _, r := range s[i:] { // an invalid byte ranges as U+FFFD
		escapeRune(&b, r)
	}
	return b.String()
}

// harmless tells the bytes that need no look at what they are part of.
func harmless(c byte) bool {
	switch c {
	case '&', '<', '>', '"', '\'', 0x7f:
		return false
	case '\t', '\n', '\r':
		return true
	}
	return c >= ' ' && c < utf8.RuneSelf
}

func escapeRune(b *strings.Builder, r rune) {
	switch {
	case r == '&':
		b.WriteString("&amp;")
	case r == '<':
		b.WriteString("&lt;")
	case r == '>':
		b.WriteString("&gt;") // ]]> too
	case r == '"':
		b.WriteString("&#34;")
	case r == '\'':
		b.WriteString("&#39;")
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff:
		b.WriteRune(utf8.RuneError)
	default:
		b.WriteRune(r)
	}
}
