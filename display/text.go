package display

import (
	"cmp"
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a value its text shows.
const (
	mostElems = 100  // of a slice, an array or a map
	mostDepth = 5    // of values within values
	mostRunes = 1000 // of a string within another value
	mostBytes = 64   // of a []byte that is no text
)

// printer writes one value as text. limit ends it whatever the value's shape: an array
// of arrays of arrays passes every other bound.
type printer struct {
	b     []byte
	limit int
	depth int
	path  []visit // the pointers, maps and slices that are being written, for cycles
}

// visit is a pointer, map or slice. A struct and its first field share an address, hence
// the type; a slice and its beginning, hence the length.
type visit struct {
	p   uintptr
	n   int
	typ reflect.Type
}

func (p *printer) String() string { return string(p.b) }

func (p *printer) add(s string) { p.b = append(p.b, s...) }

func (p *printer) full() bool { return len(p.b) >= p.limit }

// top writes a value that stands on its own: its nil carries its type.
func (p *printer) top(v reflect.Value, t types.Type) {
	if !v.IsValid() || !isNil(v) {
		p.value(v, t)
		return
	}
	name := typeName(t, v.Type())
	if strings.IndexAny(name, "* (") >= 0 {
		name = "(" + name + ")"
	}
	p.add(name + "(nil)")
}

// value writes a value within another one.
func (p *printer) value(v reflect.Value, t types.Type) {
	v, t = concrete(v, t)
	switch {
	case isNil(v):
		p.add("nil")
	case p.own(v):
	case p.full() || p.depth > mostDepth:
		p.add("…")
	default:
		p.depth++
		p.kind(v, t)
		p.depth--
	}
}

// own writes what a String or Error method says.
func (p *printer) own(v reflect.Value) bool {
	if v.Type().NumMethod() == 0 || !v.CanInterface() {
		return false
	}
	text, ok := ownText(v.Interface())
	if ok {
		p.add(cutString(strings.ToValidUTF8(text, "\ufffd")))
	}
	return ok
}

func (p *printer) kind(v reflect.Value, t types.Type) {
	switch v.Kind() {
	case reflect.Struct:
		p.structure(v, t)
	case reflect.Slice, reflect.Array:
		p.list(v, t)
	case reflect.Map:
		p.mapping(v, t)
	case reflect.Pointer:
		p.pointer(v, t)
	case reflect.Func:
		p.add(typeName(t, v.Type()))
	case reflect.Chan:
		p.add(typeName(t, v.Type()))
		if v.Cap() > 0 {
			p.add(fmt.Sprintf(" (%d of %d waiting)", v.Len(), v.Cap()))
		}
	default:
		p.scalar(v)
	}
}

func (p *printer) scalar(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		p.b = strconv.AppendBool(p.b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		p.b = strconv.AppendInt(p.b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		p.b = strconv.AppendUint(p.b, v.Uint(), 10)
	case reflect.Float32:
		p.b = strconv.AppendFloat(p.b, v.Float(), 'g', -1, 32)
	case reflect.Float64:
		p.b = strconv.AppendFloat(p.b, v.Float(), 'g', -1, 64)
	case reflect.Complex64:
		p.b = fmt.Append(p.b, complex64(v.Complex()))
	case reflect.Complex128:
		p.b = fmt.Append(p.b, v.Complex())
	case reflect.String:
		p.quoted(v.String())
	case reflect.UnsafePointer:
		p.b = fmt.Appendf(p.b, "%#x", v.Pointer())
	}
}

// quoted writes a string as Go source, its end cut off.
func (p *printer) quoted(s string) {
	end, more := runePrefix(s, mostRunes)
	p.b = strconv.AppendQuote(p.b, s[:end])
	if more > 0 {
		p.add(fmt.Sprintf("… %d more", more))
	}
}

// cutString is the start of a text that a method gave.
func cutString(s string) string {
	end, more := runePrefix(s, mostRunes)
	if more == 0 {
		return s
	}
	return s[:end] + fmt.Sprintf("… %d more", more)
}

// runePrefix is the length of the first n runes and how many there are behind them.
func runePrefix(s string, n int) (end, more int) {
	if len(s) <= n {
		return len(s), 0
	}
	for end < len(s) && n > 0 {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
		n--
	}
	return end, utf8.RuneCountInString(s[end:])
}

func (p *printer) structure(v reflect.Value, t types.Type) {
	rt := v.Type()
	s := structType(t, rt)
	if name := structName(t, rt); name != "" {
		p.add(name)
	}
	p.add("{")
	for i := range rt.NumField() {
		if i > 0 {
			p.add(", ")
		}
		name, ft := field(s, rt, i)
		p.add(name + ": ")
		p.value(v.Field(i), ft)
		if p.full() && i+1 < rt.NumField() {
			p.add(fmt.Sprintf(", … %d more", rt.NumField()-i-1))
			break
		}
	}
	p.add("}")
}

// structName is the name of a struct's type; empty when it has none, as the fields say it all.
func structName(t types.Type, rt reflect.Type) string {
	if t != nil {
		if _, bare := types.Unalias(t).(*types.Struct); bare {
			return ""
		}
	} else if rt.Name() == "" {
		return ""
	}
	return typeName(t, rt)
}

func (p *printer) list(v reflect.Value, t types.Type) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 && v.Type().Elem().PkgPath() == "" {
		p.bytes(v.Bytes(), v.Type().Name() == "" && (t == nil || !isNamed(t)))
		return
	}
	if v.Kind() == reflect.Slice && !p.enter(v) {
		return
	}
	et := elemType(t)
	p.add("[")
	n := v.Len()
	for i := range n {
		if i > 0 {
			p.add(" ")
		}
		if i == mostElems || p.full() {
			p.more(n - i)
			break
		}
		p.value(v.Index(i), et)
	}
	p.add("]")
	if v.Kind() == reflect.Slice {
		p.leave()
	}
}

func isNamed(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Named)
	return ok
}

// bytes writes text as a conversion from a string when it is printable, numbers in
// hexadecimal otherwise.
func (p *printer) bytes(b []byte, plain bool) {
	head := b[:min(len(b), mostRunes)]
	if plain && len(b) > 0 && isPrintable(head) {
		p.add("[]byte(")
		p.quoted(string(b))
		p.add(")")
		return
	}
	p.add("[")
	for i, c := range b {
		if i > 0 {
			p.add(" ")
		}
		if i == mostBytes {
			p.more(len(b) - i)
			break
		}
		p.b = fmt.Appendf(p.b, "%#02x", c)
	}
	p.add("]")
}

// isPrintable reports whether b, the start of some bytes, looks like text; its last rune
// may be cut.
func isPrintable(b []byte) bool {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			return len(b) < utf8.UTFMax && !utf8.FullRune(b)
		}
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return false
		}
		b = b[size:]
	}
	return true
}

func (p *printer) more(n int) { p.add(fmt.Sprintf("… %d more", n)) }

func (p *printer) mapping(v reflect.Value, t types.Type) {
	if !p.enter(v) {
		return
	}
	kt, et := keyType(t), elemType(t)
	p.add("map[")
	n := v.Len()
	for i, e := range firstEntries(v, mostElems) {
		if i > 0 {
			p.add(" ")
		}
		p.value(e.key, kt)
		p.add(":")
		p.value(e.value, et)
		n--
		if p.full() {
			break
		}
	}
	if n > 0 {
		p.add(" ")
		p.more(n)
	}
	p.add("]")
	p.leave()
}

func (p *printer) pointer(v reflect.Value, t types.Type) {
	if !p.enter(v) {
		return
	}
	p.add("&")
	switch v.Elem().Kind() {
	case reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		p.depth-- // with what it points to it is one level
		p.value(v.Elem(), elemType(t))
		p.depth++
	default:
		p.value(v.Elem(), elemType(t))
	}
	p.leave()
}

// enter notes that v is being written; false when it is already, inside itself.
func (p *printer) enter(v reflect.Value) bool {
	x := visit{p: v.Pointer(), typ: v.Type()}
	if v.Kind() == reflect.Slice {
		x.n = v.Len()
	}
	if slices.Contains(p.path, x) && !(v.Kind() == reflect.Slice && x.n == 0) {
		p.add("(itself)")
		return false
	}
	p.path = append(p.path, x)
	return true
}

func (p *printer) leave() { p.path = p.path[:len(p.path)-1] }

// entry is a key of a map and what it stands for.
type entry struct{ key, value reflect.Value }

// firstEntries returns the n entries with the smallest keys, in order. A map may have
// millions: once n are found, a key that is no smaller than all of them costs a
// comparison, and the others are sorted in a batch at a time.
func firstEntries(m reflect.Value, n int) []entry {
	var batch []entry
	key := reflect.New(m.Type().Key()).Elem()
	copied := m.CanInterface() // what an unexported field holds cannot be copied into key
	sorted := false            // batch[n-1] is the largest that is kept
	for iter := m.MapRange(); iter.Next(); {
		if copied {
			key.SetIterKey(iter)
			if sorted && compareKeys(key, batch[n-1].key) >= 0 {
				continue
			}
		}
		batch = append(batch, entry{iter.Key(), iter.Value()})
		if len(batch) == 4*n {
			slices.SortFunc(batch, compareEntries)
			batch, sorted = batch[:n], true
		}
	}
	slices.SortFunc(batch, compareEntries)
	return batch[:min(n, len(batch))]
}

func compareEntries(a, b entry) int { return compareKeys(a.key, b.key) }

// compareKeys orders keys by value, and keys without an order of their own by their text.
func compareKeys(a, b reflect.Value) int {
	a, _ = concrete(a, nil)
	b, _ = concrete(b, nil)
	if a.Kind() != b.Kind() {
		return cmp.Compare(a.Kind(), b.Kind())
	}
	switch {
	case a.Kind() == reflect.String:
		return strings.Compare(a.String(), b.String())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.Bool:
		return strings.Compare(strconv.FormatBool(a.Bool()), strconv.FormatBool(b.Bool()))
	}
	return strings.Compare(keyText(a), keyText(b))
}

func keyText(v reflect.Value) string {
	p := printer{limit: 1000}
	p.value(v, nil)
	return p.String()
}
