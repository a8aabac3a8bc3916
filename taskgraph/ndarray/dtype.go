package ndarray

import "strings"

// Dtype is the type of an array's elements.
type Dtype uint8

// The types, with NumPy's names. A Bool takes one byte.
const (
	Bool Dtype = iota + 1
	Int8
	Int16
	Int32
	Int64
	Uint8
	Uint16
	Uint32
	Uint64
	Float32
	Float64
)

// String is NumPy's name: "bool", "uint8", "float64".
func (d Dtype) String() string {
	if d.valid() {
		return [...]string{"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64"}[d-Bool]
	}
	return "no dtype"
}

// Size is how many bytes an element takes.
func (d Dtype) Size() int {
	if d.valid() {
		return [...]int{1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8}[d-Bool]
	}
	return 0
}

// IsFloat tells whether d is Float32 or Float64.
func (d Dtype) IsFloat() bool { return d == Float32 || d == Float64 }

// IsInteger tells whether d is one of the whole numbers, with or without sign.
func (d Dtype) IsInteger() bool { return d.isSigned() || d.isUnsigned() }

func (d Dtype) isSigned() bool   { return Int8 <= d && d <= Int64 }
func (d Dtype) isUnsigned() bool { return Uint8 <= d && d <= Uint64 }
func (d Dtype) valid() bool      { return Bool <= d && d <= Float64 }

// ParseDtype finds a type by NumPy's name, "float64", or by its code without
// or with a byte order of this machine's numbers, "f8", "|u1". "int" is
// int64, "float" and "double" are float64.
func ParseDtype(name string) (Dtype, error) {
	for d := Bool; d <= Float64; d++ {
		if d.String() == name {
			return d, nil
		}
	}
	codes := map[string]Dtype{
		"int": Int64, "float": Float64, "double": Float64, "single": Float32, "uint": Uint64, "?": Bool, "b1": Bool,
		"i1": Int8, "i2": Int16, "i4": Int32, "i8": Int64, "u1": Uint8, "u2": Uint16, "u4": Uint32, "u8": Uint64, "f4": Float32, "f8": Float64,
	}
	if d, ok := codes[strings.TrimLeft(name, "<|=")]; ok {
		return d, nil
	}
	return 0, errorf("ParseDtype", "there is no dtype %q: it is one of bool, int8 to int64, uint8 to uint64, float32 and float64", name)
}
