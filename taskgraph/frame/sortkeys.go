package frame

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// sortKeys are numbers in the order of a column's values, from 0 to most. Rows whose value is
// missing are left to the end whatever their number.
type sortKeys struct {
	keys    []uint64
	most    uint64
	missing func(row int) bool // nil if none is
}

// turn is the opposite order.
func (k *sortKeys) turn() {
	for i, key := range k.keys {
		k.keys[i] = k.most - key
	}
}

// orderKeys are those of a column, in a new slice.
func orderKeys(c column.Column) sortKeys {
	var k sortKeys
	switch c := c.(type) {
	case column.Ints:
		k = wholeKeys(c.Values, c.Valid)
	case column.Times:
		k = wholeKeys(c.Values, c.Valid)
	case column.Floats:
		k = floatKeys(c.Values)
	case column.Bools:
		k.keys, k.most = make([]uint64, len(c.Values)), 1
		for i, b := range c.Values {
			k.keys[i] = uint64(zeroOne(b))
		}
	case column.Dict:
		k = wordKeys(c)
	case column.Strings:
		k = textKeys(c)
	}
	if c.Missing() > 0 {
		k.missing = c.IsMissing
	}
	return k
}

// wholeKeys are distances from the smallest number, which have fewer digits.
func wholeKeys(values []int64, valid column.Bitmap) sortKeys {
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for i, x := range values {
		if valid.Has(i) {
			low, high = min(low, x), max(high, x)
		}
	}
	k := sortKeys{keys: make([]uint64, len(values))}
	if low > high {
		return k
	}
	k.most = uint64(high) - uint64(low)
	for i, x := range values {
		if valid.Has(i) {
			k.keys[i] = uint64(x) - uint64(low)
		}
	}
	return k
}

// floatKeys are those of whole numbers where all numbers are whole, as delays in minutes are,
// and otherwise their bits, of which those of negative numbers are turned around.
func floatKeys(values []float64) sortKeys {
	const exact = 1 << 53
	whole, valid := make([]int64, len(values)), column.NewBitmap(len(values))
	for i, x := range values {
		if x != x {
			valid.Clear(i)
			continue
		}
		if !(x > -exact && x < exact) || x != math.Trunc(x) {
			return bitKeys(values)
		}
		whole[i] = int64(x)
	}
	return wholeKeys(whole, valid)
}

func bitKeys(values []float64) sortKeys {
	k := sortKeys{make([]uint64, len(values)), math.MaxUint64, nil}
	for i, x := range values {
		b := math.Float64bits(x + 0) // -0 is 0
		if b>>63 == 1 {
			b = ^b
		} else {
			b |= 1 << 63
		}
		k.keys[i] = b
	}
	return k
}

func wordKeys(c column.Dict) sortKeys {
	ranks := rankWords(c.Words)
	k := sortKeys{make([]uint64, len(c.Codes)), uint64(max(0, len(c.Words)-1)), nil}
	for i, code := range c.Codes {
		if code >= 0 {
			k.keys[i] = uint64(ranks[code])
		}
	}
	return k
}

// textKeys are the places of texts among the sorted ones, where equal ones have one place.
// Most texts differ in their first eight bytes, which are compared as one number.
func textKeys(c column.Strings) sortKeys {
	type start struct {
		head uint64
		row  int
	}
	text := func(row int) []byte { return c.Bytes[c.Offsets[row]:c.Offsets[row+1]] }
	order := make([]start, c.Len())
	for row := range order {
		var head [8]byte
		copy(head[:], text(row))
		order[row] = start{binary.BigEndian.Uint64(head[:]), row}
	}
	compare := func(a, b start) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return bytes.Compare(text(a.row), text(b.row))
	}
	slices.SortFunc(order, compare)
	k := sortKeys{keys: make([]uint64, len(order))}
	for i, at := range order {
		if i > 0 && compare(order[i-1], at) != 0 {
			k.most++
		}
		k.keys[at.row] = k.most
	}
	return k
}

// keyed is a row with its number in the order.
type keyed struct {
	key uint64
	row int
}

const digit = 11 // bits of a digit of the radix sort: the counts stay in the processor's cache

// radix sorts rows by keys and keeps the order of equal ones. It gives back both slices, the
// sorted one first.
func radix(order, spare []keyed, k sortKeys) (sorted, rest []keyed) {
	there := order
	if k.missing != nil {
		order, spare = partition(order, spare, k.missing)
		there = order[:len(order)-countMissing(order, k.missing)]
	}
	for i := range there {
		there[i].key = k.keys[there[i].row]
	}
	if len(there) < 64 {
		slices.SortStableFunc(there, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
		return order, spare
	}
	from, to := there, spare[:len(there)]
	for shift := 0; shift < bits.Len64(k.most); shift += digit {
		if byDigit(to, from, shift) {
			from, to = to, from
		}
	}
	if &from[0] != &order[0] {
		copy(spare[len(there):], order[len(there):])
		return spare, order
	}
	return order, spare
}

// byDigit sorts by one digit; false, and nothing done, if it is the same in all.
func byDigit(to, from []keyed, shift int) bool {
	var starts [1 << digit]int
	for _, x := range from {
		starts[x.key>>shift&(1<<digit-1)]++
	}
	if starts[from[0].key>>shift&(1<<digit-1)] == len(from) {
		return false
	}
	sum := 0
	for i, n := range starts {
		starts[i] = sum
		sum += n
	}
	for _, x := range from {
		at := &starts[x.key>>shift&(1<<digit-1)]
		to[*at] = x
		*at++
	}
	return true
}

// partition puts the rows that are missing last, and keeps the order otherwise.
func partition(order, spare []keyed, missing func(row int) bool) (parted, rest []keyed) {
	at, end := 0, len(order)-countMissing(order, missing)
	for _, x := range order {
		if missing(x.row) {
			spare[end] = x
			end++
		} else {
			spare[at] = x
			at++
		}
	}
	return spare, order
}

func countMissing(order []keyed, missing func(row int) bool) int {
	n := 0
	for _, x := range order {
		n += zeroOne(missing(x.row))
	}
	return n
}

// sortFloats sorts numbers, none of which is NaN, by their bits.
func sortFloats(numbers []float64) {
	if len(numbers) < 1000 {
		slices.Sort(numbers)
		return
	}
	order := bitKeys(numbers).keys
	var every, common uint64 = 0, math.MaxUint64
	for _, key := range order {
		every, common = every|key, common&key
	}
	spare := make([]uint64, len(order))
	for shift := 0; shift < 64; shift += digit {
		if (every^common)>>shift&(1<<digit-1) == 0 {
			continue // all have the same digit
		}
		floatsByDigit(spare, order, shift)
		order, spare = spare, order
	}
	for i, key := range order {
		if key>>63 == 1 {
			key &^= 1 << 63
		} else {
			key = ^key
		}
		numbers[i] = math.Float64frombits(key)
	}
}

func floatsByDigit(to, from []uint64, shift int) {
	var starts [1 << digit]int
	for _, key := range from {
		starts[key>>shift&(1<<digit-1)]++
	}
	sum := 0
	for i, n := range starts {
		starts[i] = sum
		sum += n
	}
	for _, key := range from {
		at := &starts[key>>shift&(1<<digit-1)]
		to[*at] = key
		*at++
	}
}
