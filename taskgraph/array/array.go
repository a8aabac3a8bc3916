package array

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// Array is an array that is computed later, in blocks: a grid of nodes, each of which is an
// *ndarray.Array. It never changes and may be used by several goroutines at once.
type Array struct {
	maker  Maker
	name   string // of what made it, for pictures
	dtype  ndarray.Dtype
	shape  []int
	grid   grid
	blocks []*taskgraph.Node // in C order
}

// Maker makes arrays whose tasks run as its runner says. A notebook has one of its own; the
// package's functions use that of package taskgraph. Its methods are the functions of the
// package.
type Maker struct{ runner *taskgraph.Runner }

// New returns a Maker for a runner.
func New(r *taskgraph.Runner) Maker { return Maker{r} }

var standard = New(taskgraph.New())

// errorf is a mistake in a call, told by panicking like those of package ndarray.
func errorf(op, format string, args ...any) *ndarray.Error {
	return &ndarray.Error{Op: op, Msg: fmt.Sprintf(format, args...)}
}

// call makes the nodes of tasks that call fn under a name.
func (m Maker) call(name string, fn any) taskgraph.DelayedFunc {
	return m.runner.Delayed(fn, taskgraph.Name(name))
}

// make makes an array of a grid. block gives the node of each place.
func (m Maker) make(name string, dtype ndarray.Dtype, g grid, block func(at []int) *taskgraph.Node) *Array {
	a := &Array{maker: m, name: name, dtype: dtype, shape: g.shape(), grid: g, blocks: make([]*taskgraph.Node, 0, g.size())}
	for at := range g.places() {
		a.blocks = append(a.blocks, block(at))
	}
	return a
}

// block is the node at a place of the grid.
func (a *Array) block(at []int) *taskgraph.Node { return a.blocks[a.grid.flat(at)] }

// Shape is how many elements there are along each axis.
func (a *Array) Shape() []int { return slices.Clone(a.shape) }

// Ndim is how many axes there are.
func (a *Array) Ndim() int { return len(a.shape) }

// Dtype is the type of the elements.
func (a *Array) Dtype() ndarray.Dtype { return a.dtype }

// Size is how many elements there are.
func (a *Array) Size() int { return product(a.shape) }

// NBytes is how many bytes the elements take.
func (a *Array) NBytes() int { return a.Size() * a.dtype.Size() }

// Len is the length of the first axis; of an array without axes it panics.
func (a *Array) Len() int {
	if len(a.shape) == 0 {
		panic(errorf("Len", "this array is a single number: it has no axes"))
	}
	return a.shape[0]
}

// Chunks are the lengths of the blocks along each axis.
func (a *Array) Chunks() [][]int {
	all := make([][]int, len(a.grid))
	for i, lengths := range a.grid {
		all[i] = slices.Clone(lengths)
	}
	return all
}

// NumBlocks is how many blocks there are along each axis.
func (a *Array) NumBlocks() []int { return a.grid.counts() }

// Blocks are the nodes of the blocks in C order.
func (a *Array) Blocks() []*taskgraph.Node { return slices.Clone(a.blocks) }

// Block is the block at a place of the grid, as an array.
func (a *Array) Block(at ...int) *Array {
	if len(at) != len(a.grid) {
		panic(errorf("Block", "%d numbers do not say which of the blocks it is: there are %v along the axes", len(at), a.NumBlocks()))
	}
	one := make(grid, len(at))
	for axis, i := range at {
		if i < 0 || i >= len(a.grid[axis]) {
			panic(errorf("Block", "there is no block %v: there are %v along the axes", at, a.NumBlocks()))
		}
		one[axis] = []int{a.grid[axis][i]}
	}
	return a.maker.make(a.name, a.dtype, one, func([]int) *taskgraph.Node { return a.block(at) })
}

// Node is a node for the whole array, an *ndarray.Array.
func (a *Array) Node() *taskgraph.Node {
	if len(a.blocks) == 1 {
		return a.blocks[0]
	}
	whole := make(grid, len(a.shape))
	for axis, n := range a.shape {
		whole[axis] = []int{n}
	}
	return a.regrid("assemble", whole).blocks[0]
}

// AsNode is Node: an array is an argument of delayed functions, which get an *ndarray.Array.
func (a *Array) AsNode() *taskgraph.Node { return a.Node() }

// Compute computes the array. The error is that of the task that failed, or of a context that
// ended; an array that does not fit into memory is one before anything runs, see
// ndarray.CheckSize. Options are for this computation only.
func (a *Array) Compute(opts ...taskgraph.Option) (*ndarray.Array, error) {
	if a == nil {
		return nil, errorf("Compute", "the array is nil: was the variable ever set?")
	}
	all, err := a.maker.compute(opts, a)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Compute computes several arrays at once: what they share is computed once.
func Compute(arrays ...*Array) ([]*ndarray.Array, error) { return standard.Compute(arrays...) }

// Compute is the function Compute.
func (m Maker) Compute(arrays ...*Array) ([]*ndarray.Array, error) { return m.compute(nil, arrays...) }

func (m Maker) compute(opts []taskgraph.Option, arrays ...*Array) ([]*ndarray.Array, error) {
	nodes := make([]*taskgraph.Node, len(arrays))
	for i, a := range arrays {
		if a == nil {
			return nil, errorf("Compute", "array %d is nil: was the variable ever set?", i+1)
		}
		if err := ndarray.CheckSize(a.dtype, a.shape...); err != nil {
			return nil, errorf("Compute", "%s: reduce it first, or let Store write it to a file block by block", message(err))
		}
		nodes[i] = a.Node()
	}
	values, err := m.runner.With(opts...).Compute(nodes...)
	if err != nil {
		return nil, err
	}
	out := make([]*ndarray.Array, len(values))
	for i, v := range values {
		out[i] = v.(*ndarray.Array)
	}
	return out, nil
}

// Persist computes the blocks and returns an array that has them: what is built on it later
// does not compute them again.
func (a *Array) Persist(opts ...taskgraph.Option) (*Array, error) {
	nodes, err := a.maker.runner.With(opts...).Persist(a.blocks...)
	if err != nil {
		return nil, err
	}
	b := *a
	b.blocks = nodes
	return &b, nil
}

// Visualize draws the tasks of the array; the options are those of taskgraph.Visualize.
func (a *Array) Visualize(opts ...taskgraph.PictureOption) *taskgraph.Picture {
	return a.Node().Visualize(opts...)
}

// String is the array on a line, as Dask has it.
func (a *Array) String() string {
	if a == nil {
		return "array<nil>"
	}
	return fmt.Sprintf("array<%s, shape=%s, dtype=%v, chunks=%s>", a.name, tuple(a.shape), a.dtype, tuple(a.grid.largest()))
}

// tuple writes numbers as NumPy writes shapes.
func tuple(ns []int) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = fmt.Sprint(n)
	}
	if len(ns) == 1 {
		return "(" + parts[0] + ",)"
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
