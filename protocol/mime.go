package protocol

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The messages that carry pictures and tables are encoded here, not by encoding/json: a
// result of 20 MB would be copied three times and scanned twice there. Here it is scanned
// once, into a buffer of about the right size.

func (d DisplayData) appendJSON(dst []byte) ([]byte, error) {
	return appendDisplay(dst, `{"data":`, d.Data, d.Metadata, d.Transient)
}

func (d UpdateDisplayData) appendJSON(dst []byte) ([]byte, error) {
	return appendDisplay(dst, `{"data":`, d.Data, d.Metadata, d.Transient)
}

func (r ExecuteResult) appendJSON(dst []byte) ([]byte, error) {
	start := `{"execution_count":` + strconv.Itoa(r.ExecutionCount) + `,"data":`
	return appendDisplay(dst, start, r.Data, r.Metadata, r.Transient)
}

func appendDisplay(dst []byte, start string, data MIMEData, metadata json.RawMessage, transient Transient) ([]byte, error) {
	dst = slices.Grow(dst, len(start)+data.sizeHint()+len(metadata)+128)
	dst = append(dst, start...)
	dst, err := data.appendJSON(dst)
	if err != nil {
		return nil, err
	}
	dst = append(dst, `,"metadata":`...)
	if len(metadata) == 0 {
		metadata = emptyObject()
	}
	if dst, err = appendRaw(dst, metadata); err != nil {
		return nil, err
	}
	dst = append(dst, `,"transient":{`...)
	if transient.DisplayID != "" {
		dst = append(dst, `"display_id":`...)
		dst = appendString(dst, transient.DisplayID)
	}
	return append(dst, "}}"...), nil
}

// sizeHint is the size of the JSON when hardly anything needs escaping.
func (d MIMEData) sizeHint() int {
	n := 2
	for k, v := range d {
		n += len(k) + 8
		switch v := v.(type) {
		case string:
			n += len(v) + len(v)/16
		case json.RawMessage:
			n += len(v)
		}
	}
	return n
}

func (d MIMEData) appendJSON(dst []byte) ([]byte, error) {
	dst = append(dst, '{')
	for i, k := range slices.Sorted(maps.Keys(d)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, k), ':')
		var err error
		if dst, err = appendValue(dst, d[k]); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

func appendValue(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendString(dst, v), nil
	case json.RawMessage:
		return appendRaw(dst, v)
	}
	raw, err := json.Marshal(v)
	return append(dst, raw...), err
}

func appendRaw(dst []byte, raw json.RawMessage) ([]byte, error) {
	if !json.Valid(raw) {
		return nil, errors.New("a value given as raw JSON is not JSON")
	}
	return append(dst, raw...), nil
}

// appendString appends s as a JSON string. Like encoding/json without HTML escapes: what is
// not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		if i += plainPrefix(s[i:]); i == len(s) {
			break
		}
		b, size := s[i], 1
		if b >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, b)
		i += size
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// plainPrefix counts the bytes at the start of s that stand for themselves in a JSON string.
// It looks at eight at a time: on base64 and tables, that is most of the work of a result.
func plainPrefix(s string) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		w := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		// The top bit of a byte comes out set when it is not ASCII, below ' ', or equal to
		// the quote or the backslash (and so zero after the xor, and below 1). A borrow can
		// also set it in the byte after such a one, which is then looked at for nothing.
		if (w|(w-ones*' ')|(quote-ones)|(slash-ones))&tops != 0 {
			break
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] != '"' && s[i] != '\\' && s[i] < utf8.RuneSelf {
		i++
	}
	return i
}

func appendEscape(dst []byte, b byte) []byte {
	const hex = "0123456789abcdef"
	switch {
	case b == '"' || b == '\\':
		return append(dst, '\\', b)
	case b == '\n':
		return append(dst, '\\', 'n')
	case b == '\t':
		return append(dst, '\\', 't')
	case b == '\r':
		return append(dst, '\\', 'r')
	case b < ' ':
		return append(dst, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
	default: // not UTF-8
		return append(dst, "\ufffd"...)
	}
}
