package jsonlines

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// parser goes through the lines of a block.
type parser struct {
	b     []byte // of the line
	at    int
	cells []*cell // in the order of first appearance
	byKey map[string]*cell
	only  map[string]bool // keys to read; nil means all
	row   int
	line  int
	types map[string]column.Dtype // that keys must have
	hint  int                     // how many rows the block has at most
	next  int                     // the cell whose key is expected
}

// object parses a line with one object.
func (p *parser) object() error {
	p.at, p.next = 0, 0
	if p.space(); p.at == len(p.b) || p.b[p.at] != '{' {
		return p.notObject()
	}
	p.at++
	if p.space(); p.peek() == '}' {
		p.at++
		return p.end()
	}
	for {
		if err := p.pair(); err != nil {
			return err
		}
		p.space()
		switch c := p.peek(); c {
		case ',':
			p.at++
		case '}':
			p.at++
			return p.end()
		default:
			return p.expected("a comma or }")
		}
	}
}

func (p *parser) notObject() error {
	if p.peek() == '[' {
		return errors.New("here is a list, and JSON lines have an object { } on each line: write each item on a line of its own")
	}
	return p.expected("an object, which begins with {")
}

// end makes sure that nothing follows.
func (p *parser) end() error {
	if p.space(); p.at < len(p.b) {
		return p.expected("the end of the line after the object")
	}
	return nil
}

func (p *parser) space() {
	for p.at < len(p.b) {
		switch p.b[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.at < len(p.b) {
		return p.b[p.at]
	}
	return 0
}

func (p *parser) expected(what string) error {
	if p.at >= len(p.b) {
		return fmt.Errorf("the line ends where %s should be: an object must be on one line", what)
	}
	rest := []rune(string(p.b[p.at:min(len(p.b), p.at+100)]))
	return fmt.Errorf("byte %d: there should be %s, but there is %q", p.at+1, what, string(rest[:min(len(rest), 20)]))
}

// pair parses a key and its value.
func (p *parser) pair() error {
	p.space()
	if p.peek() != '"' {
		return p.expected("a key in quotes")
	}
	key, err := p.text()
	if err != nil {
		return err
	}
	c := p.cellOf(key)
	if p.space(); p.peek() != ':' {
		return p.expected("a colon after the key")
	}
	p.at++
	p.space()
	t, err := p.value(key)
	if err != nil || c == nil {
		return err
	}
	if c.rows > p.row {
		return fmt.Errorf("key %q is there twice", c.name)
	}
	return c.add(p.row, p.line, t)
}

// cellOf is the cell of a key, nil if it is not to be read. Keys come in the same order on
// most lines, so that one comparison finds it.
func (p *parser) cellOf(key []byte) *cell {
	if p.next < len(p.cells) && p.cells[p.next].name == string(key) {
		p.next++
		return p.cells[p.next-1]
	}
	if c, ok := p.byKey[string(key)]; ok {
		return c
	}
	if p.only != nil && !p.only[string(key)] {
		return nil
	}
	c := &cell{name: string(key), asked: p.types[string(key)], hint: p.hint}
	p.byKey[c.name] = c
	p.cells = append(p.cells, c)
	return c
}

// value parses a value that is no list and no object.
func (p *parser) value(key []byte) (token, error) {
	switch c := p.peek(); {
	case c == '"':
		raw, err := p.text()
		return token{text, raw}, err
	case c == '-' || c-'0' <= 9:
		return p.number()
	case c == 't':
		return p.word("true", truth)
	case c == 'f':
		return p.word("false", truth)
	case c == 'n':
		return p.word("null", nothing)
	case c == '{' || c == '[':
		return token{}, fmt.Errorf("key %q has a list or an object, and only numbers, texts, true, false and null are read into columns: take it apart with encoding/json", key)
	}
	return token{}, p.expected("a value")
}

func (p *parser) word(w string, mode kind) (token, error) {
	if len(p.b)-p.at < len(w) || string(p.b[p.at:p.at+len(w)]) != w {
		return token{}, p.expected("a value")
	}
	p.at += len(w)
	return token{mode, p.b[p.at-len(w) : p.at]}, nil
}

// number passes over a number of RFC 8259: no leading zeros, digits on both sides of a point.
func (p *parser) number() (token, error) {
	from, mode := p.at, whole
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else if !p.digits() {
		return token{}, p.expected("a digit")
	}
	if p.peek() == '.' {
		mode = float
		p.at++
		if !p.digits() {
			return token{}, p.expected("a digit after the point")
		}
	}
	if p.peek()|0x20 == 'e' {
		mode = float
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if !p.digits() {
			return token{}, p.expected("a digit of the exponent")
		}
	}
	return token{mode, p.b[from:p.at]}, nil
}

func (p *parser) digits() bool {
	from, b := p.at, p.b
	at := from
	for at < len(b) && b[at]-'0' <= 9 {
		at++
	}
	p.at = at
	return at > from
}

// text is what stands between the quotes, without escapes.
func (p *parser) text() ([]byte, error) {
	from := p.at + 1
	n := bytes.IndexByte(p.b[from:], '"')
	if n < 0 {
		return nil, errors.New("a text has no quote at its end: an object must be on one line")
	}
	raw, ascii := p.b[from:from+n], true
	for _, c := range raw {
		if c == '\\' || c < 0x20 {
			return p.escaped()
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	p.at = from + n + 1
	if !ascii && !utf8.Valid(raw) {
		return nil, fmt.Errorf("byte %d: the text %.40q is not UTF-8: save the file as UTF-8", from+1, raw)
	}
	return raw, nil
}

// escaped leaves a text with escapes to encoding/json.
func (p *parser) escaped() ([]byte, error) {
	from, to := p.at, p.at+1
	for ; to < len(p.b) && p.b[to] != '"'; to++ {
		if p.b[to] == '\\' {
			to++
		}
	}
	if to >= len(p.b) {
		return nil, errors.New("a text has no quote at its end: an object must be on one line")
	}
	raw := p.b[from : to+1]
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("byte %d: the text %.40q is not UTF-8: save the file as UTF-8", from+1, raw)
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("byte %d: the text %.40q is no JSON: %w", from+1, raw, err)
	}
	p.at = to + 1
	return []byte(s), nil
}
