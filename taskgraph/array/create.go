package array

import (
	"fmt"
	"image"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/hdf5"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// Noder is what stands for a node: a *taskgraph.Node, a Task, a Future, an [Array].
type Noder interface{ AsNode() *taskgraph.Node }

// FromDelayed returns an array of one block, the value of a node: an *ndarray.Array, or what
// ndarray.FromSlice and FromImage take. Nothing is computed to know its type and shape, so
// they are given; the task fails when the value has others.
func FromDelayed(node Noder, dtype ndarray.Dtype, shape ...int) *Array {
	return standard.FromDelayed(node, dtype, shape...)
}

// FromDelayed is the function FromDelayed.
func (m Maker) FromDelayed(node Noder, dtype ndarray.Dtype, shape ...int) *Array {
	g := newGrid("FromDelayed", dtype, shape, whole(shape))
	return m.make("from-delayed", dtype, g, func([]int) *taskgraph.Node {
		return m.call("from-delayed", checked)(node.AsNode(), dtype, append([]int{}, shape...))
	})
}

// checked is a value as an array of what was promised.
func checked(v any, dtype ndarray.Dtype, shape []int) (x *ndarray.Array, err error) {
	defer func() {
		if e, ok := recover().(*ndarray.Error); ok && e != nil {
			err = e
		}
	}()
	x = asArray(v)
	if x.Dtype() != dtype || tuple(x.Shape()) != tuple(shape) {
		return nil, fmt.Errorf("FromDelayed was told of an array of shape %s and type %v, but the value has shape %s and type %v", tuple(shape), dtype, tuple(x.Shape()), x.Dtype())
	}
	return x, nil
}

// FromArray cuts an array that is in memory into blocks of the given lengths, one for each
// axis; -1 is the whole axis, and without lengths blocks are of about 16 MiB. The blocks are
// views: setting elements of x later shows.
func FromArray(x *ndarray.Array, chunks ...int) *Array { return standard.FromArray(x, chunks...) }

// FromArray is the function FromArray.
func (m Maker) FromArray(x *ndarray.Array, chunks ...int) *Array {
	g := newGrid("FromArray", x.Dtype(), x.Shape(), chunks)
	value := m.runner.Value(x, taskgraph.Name("array"))
	one := m.make("array", x.Dtype(), newGrid("FromArray", x.Dtype(), x.Shape(), whole(x.Shape())), func([]int) *taskgraph.Node { return value })
	return one.regrid("array", g)
}

// whole are lengths of blocks that are whole axes.
func whole(shape []int) []int {
	lengths := make([]int, len(shape))
	for i := range lengths {
		lengths[i] = -1
	}
	return lengths
}

// FromHDF5 returns an array over a dataset of an HDF5 file, of which each task reads its
// block. Without lengths of blocks they are of about 16 MiB. The error is that of opening the
// file, or of a type of elements that arrays do not have.
func FromHDF5(path, dataset string, chunks ...int) (*Array, error) {
	return standard.FromHDF5(path, dataset, chunks...)
}

// FromHDF5 is the function FromHDF5.
func (m Maker) FromHDF5(path, dataset string, chunks ...int) (*Array, error) {
	dtype, shape, err := describeHDF5(path, dataset)
	if err != nil {
		return nil, err
	}
	g := newGrid("FromHDF5", dtype, shape, chunks)
	read := m.call("read-hdf5", readHDF5)
	starts := make([][]int, len(g))
	for axis := range g {
		starts[axis] = g.starts(axis)
	}
	return m.make("read-hdf5", dtype, g, func(at []int) *taskgraph.Node {
		start := make([]int, len(at))
		for axis, i := range at {
			start[axis] = starts[axis][i]
		}
		return read(path, dataset, start, g.lengths(at))
	}), nil
}

func describeHDF5(path, dataset string) (ndarray.Dtype, []int, error) {
	f, err := hdf5.OpenFile(path, hdf5.F_ACC_RDONLY)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	d, err := f.OpenDataset(dataset)
	if err != nil {
		return 0, nil, err
	}
	defer d.Close()
	shape := d.Dims()
	v, err := d.ReadHyperslab(make([]int, len(shape)), make([]int, len(shape)), nil) // nothing, in the right type
	if err != nil {
		return 0, nil, err
	}
	empty, err := arrayOf(v, make([]int, len(shape)))
	if err != nil {
		typ, _ := d.Datatype()
		return 0, nil, fmt.Errorf("the dataset %s of %s is of the type %v, and an array is of numbers: hdf5.ReadDataset(%q, %q) reads it", d.Name(), path, typ, path, d.Name())
	}
	return empty.Dtype(), shape, nil
}

// readHDF5 reads a block.
func readHDF5(path, dataset string, start, count []int) (*ndarray.Array, error) {
	f, err := hdf5.OpenFile(path, hdf5.F_ACC_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := f.OpenDataset(dataset)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	v, err := d.ReadHyperslab(start, count, nil)
	if err != nil {
		return nil, err
	}
	return arrayOf(v, count)
}

// arrayOf makes an array of a slice of numbers without copying.
func arrayOf(slice any, shape []int) (x *ndarray.Array, err error) {
	defer func() {
		if e, ok := recover().(*ndarray.Error); ok && e != nil {
			err = e
		}
	}()
	if bools, ok := slice.([]bool); ok {
		return ndarray.FromSlice(bools, shape...), nil
	}
	return ndarray.FromBuffer(slice, shape...), nil
}

// asArray is a value of a task as an array; it panics with an *ndarray.Error.
func asArray(v any) *ndarray.Array {
	if x, ok := v.(*ndarray.Array); ok && x != nil {
		return x
	}
	return fromOther(v)
}

// Zeros returns an array of zeros. chunks are the lengths of the blocks along each axis, as
// for [FromArray].
func Zeros(dtype ndarray.Dtype, shape []int, chunks ...int) *Array {
	return standard.Zeros(dtype, shape, chunks...)
}

// Ones returns an array of ones.
func Ones(dtype ndarray.Dtype, shape []int, chunks ...int) *Array {
	return standard.Ones(dtype, shape, chunks...)
}

// Full returns an array of one value, which is a number.
func Full(value any, dtype ndarray.Dtype, shape []int, chunks ...int) *Array {
	return standard.Full(value, dtype, shape, chunks...)
}

// Zeros is the function Zeros.
func (m Maker) Zeros(dtype ndarray.Dtype, shape []int, chunks ...int) *Array {
	return m.full("Zeros", 0, dtype, shape, chunks)
}

// Ones is the function Ones.
func (m Maker) Ones(dtype ndarray.Dtype, shape []int, chunks ...int) *Array {
	return m.full("Ones", 1, dtype, shape, chunks)
}

// Full is the function Full.
func (m Maker) Full(value any, dtype ndarray.Dtype, shape []int, chunks ...int) *Array {
	return m.full("Full", value, dtype, shape, chunks)
}

func (m Maker) full(op string, value any, dtype ndarray.Dtype, shape, chunks []int) *Array {
	ndarray.Full(value, dtype) // panics now, not in a task
	make := m.call("full", full)
	g := newGrid(op, dtype, shape, chunks)
	return m.make("full", dtype, g, func(at []int) *taskgraph.Node { return make(value, dtype, g.lengths(at)) })
}

func full(value any, dtype ndarray.Dtype, shape []int) *ndarray.Array {
	return ndarray.Full(value, dtype, shape...)
}

// Arange returns the whole numbers from start to before stop as Int64, in blocks of chunk;
// without chunk they are of about 16 MiB.
func Arange(start, stop int, chunk ...int) *Array { return standard.Arange(start, stop, chunk...) }

// Arange is the function Arange.
func (m Maker) Arange(start, stop int, chunk ...int) *Array {
	g := newGrid("Arange", ndarray.Int64, []int{max(stop-start, 0)}, chunk)
	starts := g.starts(0)
	make := m.call("arange", arange)
	return m.make("arange", ndarray.Int64, g, func(at []int) *taskgraph.Node {
		return make(start+starts[at[0]], start+starts[at[0]+1])
	})
}

func arange(start, stop int) *ndarray.Array { return ndarray.Arange(start, stop) }

// Random makes arrays of random numbers: the same for the same seed and chunks, whatever runs
// first.
type Random struct {
	maker Maker
	seed  uint64
	calls uint64 // so that two arrays differ
}

// NewRandom returns a source of random arrays.
func NewRandom(seed uint64) *Random { return standard.NewRandom(seed) }

// NewRandom is the function NewRandom.
func (m Maker) NewRandom(seed uint64) *Random { return &Random{maker: m, seed: seed} }

// Uniform returns an array of numbers from low to before high, all equally likely.
func (r *Random) Uniform(low, high float64, shape []int, chunks ...int) *Array {
	return r.make("uniform", ndarray.Float64, low, high, shape, chunks)
}

// Normal returns an array of normally distributed numbers.
func (r *Random) Normal(mean, std float64, shape []int, chunks ...int) *Array {
	return r.make("normal", ndarray.Float64, mean, std, shape, chunks)
}

// Integers returns an array of whole numbers from low to before high.
func (r *Random) Integers(low, high int, shape []int, chunks ...int) *Array {
	return r.make("integers", ndarray.Int64, float64(low), float64(high), shape, chunks)
}

func (r *Random) make(kind string, dtype ndarray.Dtype, a, b float64, shape, chunks []int) *Array {
	g := newGrid("Random", dtype, shape, chunks)
	random := r.maker.call(kind, randomBlock)
	r.calls++
	seed := mix(r.seed + r.calls*0x9e3779b97f4a7c15)
	block := uint64(0)
	return r.maker.make(kind, dtype, g, func(at []int) *taskgraph.Node {
		block++
		return random(kind, mix(seed+block), a, b, g.lengths(at))
	})
}

// mix is the last step of splitmix64, which makes seeds that are near far apart
// (S. Vigna, prng.di.unimi.it/splitmix64.c).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func randomBlock(kind string, seed uint64, a, b float64, shape []int) *ndarray.Array {
	r := ndarray.NewRandom(seed)
	switch kind {
	case "uniform":
		return r.Uniform(a, b, shape...)
	case "normal":
		return r.Normal(a, b, shape...)
	}
	return r.Integers(int(a), int(b), shape...)
}

// fromOther makes an array of what is no array: an image, or what ndarray.FromSlice takes.
func fromOther(v any) *ndarray.Array {
	if img, ok := v.(image.Image); ok {
		return ndarray.FromImage(img)
	}
	return ndarray.FromSlice(v)
}
