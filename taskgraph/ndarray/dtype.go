package ndarray

import (
	"fmt"
	"strings"
)

// Dtype is the type of an array's elements.
type Dtype uint32

// The types, with NumPy's names. A Bool takes one byte. Their values are none
// that a length of an axis has, so that Zeros(3, 4), where the type was
// forgotten, is found out.
const (
	Bool Dtype = iota + noDtype + 1
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

// noDtype is below all types; its last four bits are 0, see kinds.
const noDtype = 0x6e640000

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

// dtypeError is the error of what is no type. Who comes from NumPy gives the
// shape first.
func dtypeError(op string, d Dtype, shape []int) error {
	if d.valid() {
		return nil
	}
	advice := "it is one of ndarray.Bool to ndarray.Float64"
	lengths := fmt.Sprint(uint32(d))
	for _, n := range shape {
		lengths += fmt.Sprint(", ", n)
	}
	switch op {
	case "Zeros", "Ones", "Empty":
		advice = "write ndarray." + op + "(ndarray.Float64, " + lengths + ")"
	case "Full":
		advice = "write ndarray.Full(value, ndarray.Float64, " + lengths + ")"
	case "AsType":
		advice = "write x.AsType(ndarray.Float64)"
	}
	return errorf(op, "%d is no type of elements: %s", uint32(d), advice)
}
