package display

import (
	"strings"
	"unicode/utf8"
)

// Escape returns text that stands for s in HTML, SVG and other XML, between tags and in
// attributes of either quote. What XML has no room for, control characters and bytes
// that are no UTF-8, becomes U+FFFD.
func Escape(s string) string {
	i := harmlessPrefix(s)
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/4 + 16)
	for s != "" {
		b.WriteString(s[:i])
		if s = s[i:]; s == "" {
			break
		}
		r, size := utf8.DecodeRuneInString(s) // U+FFFD for an invalid byte
		escapeRune(&b, r)
		s = s[size:]
		i = harmlessPrefix(s)
	}
	return b.String()
}

func harmlessPrefix(s string) int {
	for i := range len(s) {
		if !harmless(s[i]) {
			return i
		}
	}
	return len(s)
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
