package ndarray

// Sum is the sum of all elements: exact for whole numbers as far as 64 bits
// and then a float64 go; Along().Sum() keeps whole numbers whole. Floats are
// added in an order that keeps errors small, which depends on the number of
// processors where there are many. It is 0 for no elements.
func (a *Array) Sum() float64 { return a.Along().Sum().Get() }

// Prod is the product of all elements, 1 for none.
func (a *Array) Prod() float64 { return a.Along().Prod().Get() }

// Min is the smallest element; NaN if one is NaN. No elements panic.
func (a *Array) Min() float64 { return a.remembered(leastOf) }

// Max is the largest element; NaN if one is NaN. No elements panic.
func (a *Array) Max() float64 { return a.remembered(greatestOf) }

// Mean is the mean of all elements, NaN for none.
func (a *Array) Mean() float64 { return a.Along().Mean().Get() }

// Var is the variance of all elements, the mean of the squared deviations
// from the mean; NaN for none.
func (a *Array) Var() float64 { return a.Along().Var().Get() }

// Std is the standard deviation, the square root of Var.
func (a *Array) Std() float64 { return a.Along().Std().Get() }

// Median is the middle element, or the mean of the two in the middle; NaN for
// none, and if one is NaN.
func (a *Array) Median() float64 { return a.Along().Median().Get() }

// ArgMin is the position of the first smallest element, or of the first NaN,
// in the elements as Ravel orders them. No elements panic.
func (a *Array) ArgMin() int { return int(a.Along().ArgMin().Get()) }

// ArgMax is the position of the first largest element, see ArgMin.
func (a *Array) ArgMax() int { return int(a.Along().ArgMax().Get()) }

// All tells whether no element is 0 or false.
func (a *Array) All() bool { return a.Along().All().Get() != 0 }

// Any tells whether an element is not 0 or false.
func (a *Array) Any() bool { return a.Along().Any().Get() != 0 }

// CountNonzero is how many elements are not 0 or false.
func (a *Array) CountNonzero() int { return int(a.Along().CountNonzero().Get()) }

// Reduction is an array with the axes that are to go: x.Along(0).Sum() sums
// over the first axis.
type Reduction struct {
	array *Array
	axes  []int // ascending
	all   bool  // no axes were named
	keep  bool
}

// Along names axes for a reduction; negative ones count from the end, none
// are all of them. Its methods are those of Array with arrays as results,
// whose types ReductionType tells. An axis that is not there panics.
func (a *Array) Along(axes ...int) Reduction {
	sorted, err := axesOf("Along", a.Ndim(), axes)
	must(err)
	return Reduction{array: a, axes: sorted, all: len(axes) == 0}
}

// Keep leaves the axes that go with length 1, so that the result goes
// together with the array: x.Sub(x.Along(1).Keep().Mean()).
func (r Reduction) Keep() Reduction {
	r.keep = true
	return r
}

// Sum is the sums along the axes, of Int64 or Uint64 for whole numbers.
func (r Reduction) Sum() *Array { return r.reduce("Sum") }

// Prod is the products along the axes.
func (r Reduction) Prod() *Array { return r.reduce("Prod") }

// Min is the smallest elements along the axes.
func (r Reduction) Min() *Array { return r.reduce("Min") }

// Max is the largest elements along the axes.
func (r Reduction) Max() *Array { return r.reduce("Max") }

// Mean is the means along the axes.
func (r Reduction) Mean() *Array { return r.mean() }

// Var is the variances along the axes.
func (r Reduction) Var() *Array { return r.variance() }

// Std is the standard deviations along the axes.
func (r Reduction) Std() *Array { return r.variance().Sqrt() }

// Median is the medians along the axes.
func (r Reduction) Median() *Array { return r.median() }

// ArgMin is the positions of the first smallest elements along one axis, or,
// when Along names none, in the elements as Ravel orders them. Several axes
// panic.
func (r Reduction) ArgMin() *Array { return r.position("ArgMin") }

// ArgMax is the positions of the first largest elements, see ArgMin.
func (r Reduction) ArgMax() *Array { return r.position("ArgMax") }

// All tells along the axes whether no element is 0 or false.
func (r Reduction) All() *Array { return r.reduce("All") }

// Any tells along the axes whether an element is not 0 or false.
func (r Reduction) Any() *Array { return r.reduce("Any") }

// CountNonzero is how many elements along the axes are not 0 or false.
func (r Reduction) CountNonzero() *Array { return r.reduce("CountNonzero") }
