package frame

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Str is the texts of a series, with methods for each of them. Missing texts stay missing, and
// no question about them is answered with true.
type Str struct {
	s     *Series
	texts column.Texts
}

// Str is the texts of the series; other types panic:
//
//	df.Filter(df.Col("TailNum").Str().HasPrefix("N"))
func (s *Series) Str() Str {
	texts, ok := s.values.(column.Texts)
	if !ok {
		panic(errorf("Str", "the column %q has values of type %v, not texts: AsType(frame.String) makes texts of them", s.name, s.Dtype()))
	}
	return Str{s, texts}
}

func (t Str) where(is func(string) bool) *Series {
	return t.s.with(column.Bools{Values: textsWhere(t.texts, is)})
}

func (t Str) other(fn func(string) string) *Series { return t.s.with(mapTexts(t.texts, fn)) }

// Contains says which texts have a part in them.
func (t Str) Contains(part string) *Series {
	return t.where(func(s string) bool { return strings.Contains(s, part) })
}

// Matches says which texts a regular expression of package regexp finds something in. One that
// is not well formed panics.
func (t Str) Matches(expression string) *Series {
	re, err := regexp.Compile(expression)
	if err != nil {
		panic(errorf("Matches", "%v", err))
	}
	return t.where(re.MatchString)
}

// HasPrefix says which texts begin with a part.
func (t Str) HasPrefix(part string) *Series {
	return t.where(func(s string) bool { return strings.HasPrefix(s, part) })
}

// HasSuffix says which texts end with a part.
func (t Str) HasSuffix(part string) *Series {
	return t.where(func(s string) bool { return strings.HasSuffix(s, part) })
}

// Lower is the texts in small letters.
func (t Str) Lower() *Series { return t.other(strings.ToLower) }

// Upper is the texts in capital letters.
func (t Str) Upper() *Series { return t.other(strings.ToUpper) }

// Trim is the texts without white space at both ends.
func (t Str) Trim() *Series { return t.other(strings.TrimSpace) }

// Replace is the texts with another part in every place of one.
func (t Str) Replace(old, new string) *Series {
	return t.other(func(s string) string { return strings.ReplaceAll(s, old, new) })
}

// Slice is the characters from number from to before number to; negative numbers count from
// the end, and what lies outside is cut.
func (t Str) Slice(from, to int) *Series {
	return t.other(func(s string) string {
		letters := []rune(s)
		low, high := bounds(from, to, len(letters))
		return string(letters[low:high])
	})
}

// Part is the part of number n, from 0, of texts that are cut at a separator; missing where
// there are fewer.
func (t Str) Part(separator string, n int) *Series {
	if separator == "" || n < 0 {
		panic(errorf("Part", "it takes a separator and the number of a part from 0 on, not %q and %d", separator, n))
	}
	out := column.NewText(t.texts.Len())
	for row := range t.texts.Len() {
		parts := strings.Split(t.texts.Text(row), separator)
		if t.texts.IsMissing(row) || n >= len(parts) {
			out.AppendMissing()
		} else {
			out.Append(parts[n])
		}
	}
	return t.s.with(column.Compact(out.Column()))
}

// Len is how many characters the texts have.
func (t Str) Len() *Series {
	out := make([]int64, t.texts.Len())
	for row := range out {
		out[row] = int64(utf8.RuneCountInString(t.texts.Text(row)))
	}
	return t.s.with(column.Ints{Values: out, Valid: t.s.valid()})
}
