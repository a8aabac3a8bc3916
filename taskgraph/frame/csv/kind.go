package csv

import (
	"bytes"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// kind is what the values of a column have been so far.
type kind uint8

const (
	nothing kind = iota // all missing
	whole
	float
	truth
	date   // timestamps that are all written as dates
	clock  // timestamps with a time of day
	zoned  // timestamps with a zone
	moment // timestamps of any form, where Options.Types asks for them
	text
)

// join is the kind that has the values of both: the least of a small lattice, with nothing
// below and text above all.
func join(a, b kind) kind {
	switch {
	case a == b || b == nothing:
		return a
	case a == nothing:
		return b
	case a == whole && b == float || a == float && b == whole:
		return float
	}
	return text
}

func (k kind) dtype() column.Dtype {
	switch k {
	case whole:
		return column.Int64
	case truth:
		return column.Bool
	case date, clock, zoned, moment:
		return column.Timestamp
	case text:
		return column.String
	}
	return column.Float64 // nothing as well, as pandas has it
}

func (k kind) isTime() bool { return k >= date && k <= moment }

func kindOf(d column.Dtype) kind {
	switch d {
	case column.Int64:
		return whole
	case column.Float64:
		return float
	case column.Bool:
		return truth
	case column.Timestamp:
		return moment
	}
	return text
}

// classify is the kind of one value that is not missing.
func classify(field []byte) kind {
	trimmed := bytes.TrimSpace(field)
	if len(trimmed) == 0 {
		return text
	}
	if c := trimmed[0]; c-'0' <= 9 || c == '-' || c == '+' || c == '.' || c|0x20 == 'i' {
		if _, ok := column.ParseInt(trimmed); ok {
			return whole
		}
		if _, ok := column.ParseFloat(trimmed); ok {
			return float
		}
		switch _, form := column.ParseTime(trimmed); form {
		case column.DateOnly:
			return date
		case column.Clock:
			return clock
		case column.Zoned:
			return zoned
		}
		return text
	}
	if _, ok := column.ParseBool(field); ok {
		return truth
	}
	return text
}
