package ndarray_test

import (
	"fmt"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

func Example() {
	m := ndarray.Arange(12).Reshape(3, 4)
	fmt.Println(m)
	fmt.Println(m.Along(0).Sum())
	fmt.Println(m.Slice(ndarray.All, ndarray.R(1, 3)))
	fmt.Println(m.Slice(nil, nil, 2))
	grey := m.Sub(m.Min()).Mul(255 / (m.Max() - m.Min())).AsType(ndarray.Uint8)
	fmt.Println(grey.At(2), grey.Dtype(), grey.Shape())
	// Output:
	// [[ 0  1  2  3]
	//  [ 4  5  6  7]
	//  [ 8  9 10 11]]
	// [12 15 18 21]
	// [[ 1  2]
	//  [ 5  6]
	//  [ 9 10]]
	// [[ 0  1  2  3]
	//  [ 8  9 10 11]]
	// [185 208 231 255] uint8 [3 4]
}

func ExampleArray_Set() {
	frames := ndarray.Empty(ndarray.Uint8, 3, 2, 2)
	for i, frame := range frames.Parts() {
		frame.Set(i) // a view: it is the same memory
	}
	frames.Set(9, 1, ndarray.All, -1)
	fmt.Println(frames.At(1))
	// Output:
	// [[1 9]
	//  [1 9]]
}

func ExampleReduction_Keep() {
	x := ndarray.Of(1, 2, 3, 10, 20, 60).Reshape(2, 3)
	fmt.Println(x.Sub(x.Along(1).Keep().Mean()))
	// Output:
	// [[ -1.   0.   1.]
	//  [-20. -10.  30.]]
}
