package ndarray

import "image"

// TODO: bodies follow.

func Arange(bounds ...any) *Array                       { panic("") }
func Linspace(start, stop float64, n int) *Array        { panic("") }
func Eye(dtype Dtype, n int) *Array                     { panic("") }
func Of(values ...float64) *Array                       { panic("") }
func FromSlice(slice any, shape ...int) *Array          { panic("") } // copies; also nested
func FromBuffer(slice any, shape ...int) *Array         { panic("") } // shares the memory of []T
func FromImage(img image.Image) *Array                  { panic("") }
func (a *Array) At(index ...int) *Array                 { panic("") } // view
func (a *Array) Get(index ...int) float64               { panic("") }
func (a *Array) Item(index ...int) any                  { panic("") }
func (a *Array) Set(value any, index ...any)            { panic("") }
func (a *Array) Slice(args ...any) *Array               { panic("") } // view, see ParseSlice
func (a *Array) Take(positions any, axis int) *Array    { panic("") }
func (a *Array) Mask(bools *Array) *Array               { panic("") }
func (a *Array) SetMask(bools *Array, value any)        { panic("") }
func (a *Array) Copy() *Array                           { panic("") }
func (a *Array) Reshape(shape ...int) *Array            { panic("") }
func (a *Array) Ravel() *Array                          { panic("") }
func (a *Array) Transpose(axes ...int) *Array           { panic("") }
func (a *Array) T() *Array                              { panic("") }
func (a *Array) SwapAxes(i, j int) *Array               { panic("") }
func (a *Array) Squeeze(axes ...int) *Array             { panic("") }
func (a *Array) ExpandDims(axis int) *Array             { panic("") }
func (a *Array) BroadcastTo(shape ...int) *Array        { panic("") }
func (a *Array) Flip(axes ...int) *Array                { panic("") }
func (a *Array) Roll(shift int, axis int) *Array        { panic("") }
func (a *Array) Repeat(n int, axis int) *Array          { panic("") }
func (a *Array) Tile(n ...int) *Array                   { panic("") }
func (a *Array) Pad(value any, widths ...[2]int) *Array { panic("") }
func (a *Array) Split(n int, axis int) []*Array         { panic("") }
func Concatenate(axis int, arrays ...*Array) *Array     { panic("") }
func Stack(axis int, arrays ...*Array) *Array           { panic("") }
func (a *Array) Dot(b *Array) *Array                    { panic("") }
func (a *Array) MatMul(b *Array) *Array                 { panic("") }
func (a *Array) Sort(axis int) *Array                   { panic("") }
func (a *Array) ArgSort(axis int) *Array                { panic("") }
func (a *Array) Unique() *Array                         { panic("") }
func (a *Array) Cumsum(axis int) *Array                 { panic("") }
func (a *Array) Diff(axis int) *Array                   { panic("") }
func (a *Array) Float64s() []float64                    { panic("") } // a copy, in order
func (a *Array) Values() any                            { panic("") } // []uint8 …; shares memory if contiguous
func (a *Array) Image() image.Image                     { panic("") }
func (a *Array) ColorMap(name string) image.Image       { panic("") }
func (a *Array) String() string                         { panic("") }
func (a *Array) Token() string                          { panic("") }
func (a *Array) MarshalBinary() ([]byte, error)         { panic("") }
func (a *Array) UnmarshalBinary(data []byte) error      { panic("") }
func ArrayEqual(a, b *Array) bool                       { panic("") }
func AllClose(a, b *Array, rtol, atol float64) bool     { panic("") }

type Random struct{ seed uint64 }

func NewRandom(seed uint64) *Random                              { panic("") }
func (r *Random) Uniform(low, high float64, shape ...int) *Array { panic("") }
func (r *Random) Normal(mean, std float64, shape ...int) *Array  { panic("") }
func (r *Random) Integers(low, high int, shape ...int) *Array    { panic("") }

func newArray(op string, dtype Dtype, shape []int) *Array        { panic("") }
func binary(op string, a, b any) *Array                          { panic("") }
func unary(op string, a *Array) *Array                           { panic("") }
func round(a *Array, decimals []int) *Array                      { panic("") }
func where(cond *Array, a, b any) *Array                         { panic("") }
func mapped(a *Array, f func(float64) float64) *Array            { panic("") }
func asType(a *Array, d Dtype) *Array                            { panic("") }
func elementwise(name string, operands []any) *Array             { panic("") }
func elementwiseType(name string, operands []any) (Dtype, error) { panic("") }
func scalar(v any) (*Array, bool)                                { panic("") }
func brief(v any) string                                         { panic("") }
func (r Reduction) reduce(name string) *Array                    { panic("") }
func (r Reduction) mean() *Array                                 { panic("") }
func (r Reduction) variance() *Array                             { panic("") }
func (r Reduction) median() *Array                               { panic("") }
func (r Reduction) position(name string) *Array                  { panic("") }

const (
	opAdd      = "Add"
	opSub      = "Sub"
	opMul      = "Mul"
	opDiv      = "Div"
	opFloorDiv = "FloorDiv"
	opMod      = "Mod"
	opPow      = "Pow"
	opMaximum  = "Maximum"
	opMinimum  = "Minimum"
	opHypot    = "Hypot"
	opArctan2  = "Arctan2"
	opAnd      = "And"
	opOr       = "Or"
	opXor      = "Xor"
	opEq       = "Eq"
	opNe       = "Ne"
	opLt       = "Lt"
	opLe       = "Le"
	opGt       = "Gt"
	opGe       = "Ge"
	opNot      = "Not"
	opNeg      = "Neg"
	opAbs      = "Abs"
	opSign     = "Sign"
	opSquare   = "Square"
	opSqrt     = "Sqrt"
	opCbrt     = "Cbrt"
	opExp      = "Exp"
	opExp2     = "Exp2"
	opExpm1    = "Expm1"
	opLog      = "Log"
	opLog2     = "Log2"
	opLog10    = "Log10"
	opLog1p    = "Log1p"
	opSin      = "Sin"
	opCos      = "Cos"
	opTan      = "Tan"
	opArcsin   = "Arcsin"
	opArccos   = "Arccos"
	opArctan   = "Arctan"
	opSinh     = "Sinh"
	opCosh     = "Cosh"
	opTanh     = "Tanh"
	opFloor    = "Floor"
	opCeil     = "Ceil"
	opTrunc    = "Trunc"
	opIsNaN    = "IsNaN"
	opIsInf    = "IsInf"
	opIsFinite = "IsFinite"
)
