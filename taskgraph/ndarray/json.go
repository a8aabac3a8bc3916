package ndarray

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// MarshalJSON writes the elements as lists in lists, as NumPy's tolist does,
// and an array of no axes as a number. Floats keep a point, 1.0, so that
// UnmarshalJSON knows them; NaN and the infinities, which JSON has not, are
// null.
func (a *Array) MarshalJSON() ([]byte, error) {
	if !a.dtype.valid() {
		return nil, errNotMade
	}
	b := a.inOrder()
	w := jsonWriter{loops: b.dtype.loops(), data: b.elements(), pos: b.offset}
	w.list(b.shape)
	return w.buf, nil
}

// jsonWriter writes elements that lie in order, from pos on.
type jsonWriter struct {
	loops typed
	data  any
	pos   int
	buf   []byte
}

func (w *jsonWriter) list(shape []int) {
	if len(shape) == 0 {
		w.buf = w.loops.appendJSON(w.buf, w.data, w.pos)
		w.pos++
		return
	}
	w.buf = append(w.buf, '[')
	for i := range shape[0] {
		if i > 0 {
			w.buf = append(w.buf, ',')
		}
		w.list(shape[1:])
	}
	w.buf = append(w.buf, ']')
}

func (k kind[T]) appendJSON(buf []byte, data any, pos int) []byte {
	switch x := data.([]T)[pos]; {
	case k.dtype == Bool:
		return strconv.AppendBool(buf, x != 0)
	case k.dtype.isSigned():
		return strconv.AppendInt(buf, int64(x), 10)
	case k.dtype.isUnsigned():
		return strconv.AppendUint(buf, uint64(x), 10)
	default:
		return appendFloat(buf, float64(x), k.dtype.Size()*8)
	}
}

func appendFloat(buf []byte, x float64, bits int) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(buf, "null"...)
	}
	start := len(buf)
	buf = strconv.AppendFloat(buf, x, 'g', -1, bits)
	if !bytes.ContainsAny(buf[start:], ".e") {
		buf = append(buf, ".0"...)
	}
	return buf
}

// UnmarshalJSON makes a the array that lists of numbers in lists are, all
// lists of one depth having the same length: of Int64 if all are whole
// numbers, written without point and exponent, of Float64 otherwise, also
// where one is beyond 64 bits, and of Bool for true and false. A null among
// them is NaN; null alone changes nothing, and an empty list is of Float64.
// The error is an *Error for other JSON.
func (a *Array) UnmarshalJSON(data []byte) error {
	if string(bytes.TrimSpace(data)) == "null" {
		return nil
	}
	// The decoder of tokens would take several values, one after the other.
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		return errorf("UnmarshalJSON", "this is no JSON: %v", err)
	}
	r := jsonReader{whole: true, depth: -1}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
		if err := r.token(token); err != nil {
			return err
		}
	}
	b, err := r.array()
	if err != nil {
		return err
	}
	*a = *b
	return nil
}

// jsonReader collects the elements of lists in lists.
type jsonReader struct {
	open   []int // how many elements the lists have so far that are open
	shape  []int // the lengths of the lists of every depth, -1 before one is closed
	depth  int   // in so many lists are the elements; -1 before the first
	whole  bool
	bools  bool
	floats []float64
	ints   []int64 // as long as whole
}

func (r *jsonReader) token(token json.Token) error {
	switch token := token.(type) {
	case json.Delim:
		switch token {
		case '[':
			return r.begin()
		case ']':
			return r.end()
		}
		return errorf("UnmarshalJSON", "an object with names is no array: it is numbers in lists")
	case json.Number:
		return r.number(token.String())
	case bool:
		if len(r.floats) > 0 && !r.bools {
			return errMixed
		}
		r.bools = true
		return r.element(float64(truth(token)))
	case nil:
		r.whole = false
		if r.bools {
			return errMixed
		}
		return r.element(math.NaN())
	}
	return errorf("UnmarshalJSON", "%q is no number", token)
}

var (
	errMixed     = errorf("UnmarshalJSON", "numbers and bools are in one array")
	errIrregular = errorf("UnmarshalJSON", "the lists have different lengths or depths: an array has rows of one length")
)

func (r *jsonReader) begin() error {
	r.count()
	r.open = append(r.open, 0)
	if r.depth >= 0 && len(r.open) > r.depth {
		return errIrregular
	}
	if len(r.open) > len(r.shape) {
		r.shape = append(r.shape, -1)
	}
	return nil
}

func (r *jsonReader) end() error {
	last := len(r.open) - 1
	n := r.open[last]
	r.open = r.open[:last]
	if r.shape[last] >= 0 && r.shape[last] != n {
		return errIrregular
	}
	r.shape[last] = n
	return nil
}

// count notes one more in the innermost list.
func (r *jsonReader) count() {
	if last := len(r.open) - 1; last >= 0 {
		r.open[last]++
	}
}

func (r *jsonReader) number(text string) error {
	if r.bools {
		return errMixed
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil && r.whole {
		r.ints = append(r.ints, i)
	} else {
		r.whole, r.ints = false, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return errorf("UnmarshalJSON", "%s is beyond the range of float64", text)
	}
	return r.element(x)
}

func (r *jsonReader) element(x float64) error {
	r.count()
	if r.depth < 0 {
		r.depth = len(r.open)
	}
	if r.depth != len(r.open) || r.depth != len(r.shape) {
		return errIrregular
	}
	r.floats = append(r.floats, x)
	return nil
}

func (r *jsonReader) array() (*Array, error) {
	if err := wellFormed("UnmarshalJSON", Float64, r.shape); err != nil {
		return nil, err
	}
	a := wrap(Float64, r.floats, r.shape)
	switch {
	case len(r.floats) == 0:
		a = newArray("UnmarshalJSON", Float64, r.shape)
	case r.bools:
		a = a.AsType(Bool)
	case r.whole:
		a = wrap(Int64, r.ints, r.shape)
	}
	return a, nil
}
