package csv

import "bytes"

// form is what the bytes of a file mean.
type form struct {
	comma   byte
	eol     byte // '\n', or '\r' in a file that has no '\n'
	comment byte // 0: none
}

// A quote opens a field only as its first byte; "" is a quote within; behind the quote that
// closes, what follows up to the comma belongs to the field as it is. This is what pandas
// does, and RFC 4180 wherever that says something.

// closing is the place of the quote that closes a field whose text begins at; -1 if none does.
func closing(b []byte, at int) int {
	for {
		i := bytes.IndexByte(b[at:], '"')
		if i < 0 {
			return -1
		}
		at += i
		if at+1 >= len(b) || b[at+1] != '"' {
			return at
		}
		at += 2
	}
}

// opens reports whether the quote at a place is the first byte of a field.
func (f form) opens(b []byte, quote int) bool {
	return quote == 0 || b[quote-1] == f.comma || b[quote-1] == f.eol
}

// recordEnd is where the record after the one that begins at begins. If it has no end, it is
// -1, and open is the place of the quote that was not closed, or -1.
func (f form) recordEnd(b []byte, at int) (end, open int) {
	comment := f.comment != 0 && at < len(b) && b[at] == f.comment
	for from := at; ; {
		i := bytes.IndexByte(b[from:], f.eol)
		stop := from + i
		if i < 0 {
			stop = len(b)
		}
		quote := -1
		if !comment {
			quote = bytes.IndexByte(b[from:stop], '"')
		}
		switch {
		case quote < 0 && i < 0:
			return -1, -1
		case quote < 0:
			return stop + 1, -1
		}
		quote += from
		from = quote + 1
		if f.opens(b, quote) {
			close := closing(b, quote+1)
			if close < 0 {
				return -1, quote
			}
			from = close + 1
		}
	}
}

// lastEnd is the end of the last whole record in b, 0 if there is none, and the place of the
// quote that is open at the end of b, or -1. b begins with a record.
func (f form) lastEnd(b []byte, quoted bool) (end, open int) {
	if !quoted {
		return bytes.LastIndexByte(b, f.eol) + 1, -1
	}
	if f.comment != 0 {
		for {
			next, open := f.recordEnd(b, end)
			if next < 0 {
				return end, open
			}
			end = next
		}
	}
	for at := 0; ; {
		quote := bytes.IndexByte(b[at:], '"')
		stop := at + quote
		if quote < 0 {
			stop = len(b)
		}
		if last := bytes.LastIndexByte(b[at:stop], f.eol); last >= 0 {
			end = at + last + 1
		}
		if quote < 0 {
			return end, -1
		}
		quote = stop
		at = quote + 1
		if f.opens(b, quote) {
			close := closing(b, quote+1)
			if close < 0 {
				return end, quote
			}
			at = close + 1
		}
	}
}

// isBlank reports whether a record is passed over: an empty line, a comment, and, where there
// are several columns, a line of spaces.
func (f form) isBlank(record []byte, columns int) bool {
	record = f.line(record)
	if len(record) == 0 || f.comment != 0 && record[0] == f.comment {
		return true
	}
	if columns == 1 {
		return false
	}
	for _, c := range record {
		if c != ' ' && c != '\t' || c == f.comma {
			return false
		}
	}
	return true
}

// line is a record without its end.
func (f form) line(record []byte) []byte {
	if n := len(record); n > 0 && record[n-1] == f.eol {
		record = record[:n-1]
	}
	if n := len(record); n > 0 && record[n-1] == '\r' {
		record = record[:n-1]
	}
	return record
}

// fields are the texts of a record, for the header and for errors.
func (f form) fields(record []byte) []string {
	record = f.line(record)
	var out []string
	for at := 0; ; {
		var scratch []byte
		field, next := f.field(record, at, &scratch)
		out = append(out, string(field))
		if next >= len(record) {
			return out
		}
		at = next + 1
	}
}

// field is the text of the field that begins at, in scratch if it is not a part of b, and
// the place of the comma or end of line after it, or len(b).
func (f form) field(b []byte, at int, scratch *[]byte) (field []byte, next int) {
	if at < len(b) && b[at] == '"' {
		if close := closing(b, at+1); close >= 0 {
			return f.quotedField(b, at+1, close, scratch)
		}
	}
	end := f.bareEnd(b, at)
	return f.cut(b, at, end), end
}

// bareEnd is where a field without quotes ends, at the latest at the end of b.
func (f form) bareEnd(b []byte, at int) int {
	for ; at < len(b); at++ {
		if c := b[at]; c == f.comma || c == f.eol {
			return at
		}
	}
	return at
}

// cut is a field without the '\r' of its line.
func (f form) cut(b []byte, from, to int) []byte {
	if to > from && b[to-1] == '\r' && (to == len(b) || b[to] == f.eol) && f.eol == '\n' {
		to--
	}
	return b[from:to]
}

func (f form) quotedField(b []byte, from, close int, scratch *[]byte) (field []byte, next int) {
	next = f.bareEnd(b, close+1)
	rest := f.cut(b, close+1, next)
	inner := b[from:close]
	if len(rest) == 0 && bytes.IndexByte(inner, '"') < 0 {
		return inner, next
	}
	out := (*scratch)[:0]
	for quote := bytes.IndexByte(inner, '"'); quote >= 0; quote = bytes.IndexByte(inner, '"') {
		out = append(out, inner[:quote+1]...)
		inner = inner[quote+2:]
	}
	out = append(append(out, inner...), rest...)
	*scratch = out
	return out, next
}
