// Package ndarray is NumPy's array for Go: numbers of one type in a grid of
// any number of axes, and whole-array arithmetic instead of loops.
//
//	x := ndarray.Linspace(0, 1, 5)             // [0.   0.25 0.5  0.75 1.  ]
//	y := x.Mul(2).Add(1)                       // of every element
//	m := ndarray.Arange(12).Reshape(3, 4)      // 3 rows, 4 columns
//	m.Along(0).Sum()                           // [12 15 18 21], over the rows
//	m.Slice(ndarray.All, ndarray.R(1, 3))      // two columns of every row
//	grey := m.Sub(m.Min()).Mul(255 / (m.Max() - m.Min())).AsType(ndarray.Uint8)
//
// The types:
//
//   - Array is the numbers, their Dtype and their shape.
//   - Reduction, what Along gives, sums, averages and the like along axes.
//     The methods of the same names of Array take everything and give a Go
//     number.
//   - Range, made by R, All, NewAxis and Ellipsis are indices: see Slice.
//   - Random makes random numbers from a seed.
//   - Error is what does not go together, as a sentence.
//
// # Shapes and types
//
// Arrays of different shapes are stretched to one, see BroadcastShapes. Those
// of different types meet in ResultType. A plain Go number, an int or a
// float64 as constants are, takes the array's type: x.Add(1) of a Uint8 is a
// Uint8; only a float makes whole numbers Float64. An int that the type does
// not hold panics. A number of another Go type, uint8(1), counts as an array
// of it. These are the rules of NumPy 2 (NEP 50). Whole numbers wrap around,
// and floats follow IEEE 754: no operation on numbers fails.
//
// Where it differs from NumPy: there is no half precision, so that Sqrt and
// the like of small whole numbers are Float64; Min, Max and Sum of an array
// are float64, also of whole numbers (Along().Max() keeps the type); a number
// that a type does not hold panics in Where and Set too.
//
// Functions and methods panic with an *Error that names shapes and types when
// arguments do not go together, as those of gonum do, so that chains stay
// short. What reads files or bytes returns errors.
//
// # Views
//
// At, Slice, Transpose and most that only look at the elements differently
// give views: another array on the same memory. Setting elements of one shows
// in the other; Copy makes memory of its own. All arithmetic gives new
// arrays.
//
// # Chains
//
// x.Sub(low).Mul(factor).AsType(Uint8) goes over x once and makes no arrays
// in between: Add, Sub, Mul, Div, Clip, Neg, Abs, Square and Sqrt of a large
// array and plain numbers, and AsType, are computed when somebody looks at the
// elements, all in one go while a piece of the array is in the processor's
// cache, and then once. Nobody can tell otherwise: before x is written to,
// what was made of it is computed. Only where others know the memory, as
// after FromBuffer and Values, which cannot tell when they write, each
// operation is computed at once. So is what would keep much more memory than
// it needs, a part of a large array among it.
//
// Min and Max of all elements are remembered until something is written.
//
// An Array may be read by several goroutines at once; who sets elements must
// be alone with that memory. Large arrays are computed by several goroutines,
// which are gone when the method returns.
package ndarray
