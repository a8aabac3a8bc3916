package display

import (
	"encoding/xml"
	"html"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"plain text\twith\nspace é 日", "plain text\twith\nspace é 日"},
		{"<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"},
		{`"a" 'b' & c`, "&#34;a&#34; &#39;b&#39; &amp; c"},
		{"]]>", "]]&gt;"},
		{"a\x00b\x1b[1mc\x7fd\u0085e", "a\ufffdb\ufffd[1mc\ufffdd\ufffde"},
		{"bad \xff\xfe utf-8 \xc3", "bad \ufffd\ufffd utf-8 \ufffd"},
		{"\ufffe\uffff", "\ufffd\ufffd"},
	}
	for _, tt := range tests {
		if got := Escape(tt.in); got != tt.want {
			t.Errorf("Escape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// FuzzEscape checks that whatever is escaped is text and nothing else to an XML and to an
// HTML reader.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a<b", `"'`, "]]>", "\x00\xff", "&amp;", "<!--", "\ufffe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Escape(s)
		if strings.ContainsAny(got, `<>"'`) || !utf8.ValidString(got) {
			t.Fatalf("Escape(%q) = %q", s, got)
		}
		d := xml.NewDecoder(strings.NewReader(`<a b="` + got + `">` + got + "</a>"))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("Escape(%q) = %q: %v", s, got, err)
			}
		}
		if clean := strings.ToValidUTF8(s, ""); clean == s && !strings.Contains(got, "\ufffd") && html.UnescapeString(got) != s {
			t.Fatalf("Escape(%q) = %q means %q", s, got, html.UnescapeString(got))
		}
	})
}
