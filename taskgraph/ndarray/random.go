package ndarray

import "math/rand/v2"

// Random makes random numbers from a seed: the same seed and the same calls
// give the same numbers, on every machine. One goroutine uses it at a time.
type Random struct {
	source *rand.Rand
}

// NewRandom is a Random; it uses PCG-DXSM of package math/rand/v2.
func NewRandom(seed uint64) *Random {
	return &Random{rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
}

// Uniform is numbers of Float64 from low to before high, evenly distributed.
func (r *Random) Uniform(low, high float64, shape ...int) *Array {
	return r.fill("Uniform", shape, func() float64 { return low + float64((high-low)*r.source.Float64()) })
}

// Normal is numbers of Float64 of the normal distribution.
func (r *Random) Normal(mean, std float64, shape ...int) *Array {
	return r.fill("Normal", shape, func() float64 { return mean + float64(std*r.source.NormFloat64()) })
}

// Exponential is numbers of Float64 of the exponential distribution with a
// mean.
func (r *Random) Exponential(mean float64, shape ...int) *Array {
	return r.fill("Exponential", shape, func() float64 { return mean * r.source.ExpFloat64() })
}

func (r *Random) fill(op string, shape []int, next func() float64) *Array {
	a := newArray(op, Float64, shape)
	data := a.elements().([]float64)
	for i := range data {
		data[i] = next()
	}
	return a
}

// Integers is numbers of Int64 from low to before high. It panics where there
// are none.
func (r *Random) Integers(low, high int, shape ...int) *Array {
	if high <= low {
		panic(errorf("Integers", "there is no number from %d to before %d", low, high))
	}
	a := newArray("Integers", Int64, shape)
	data := a.elements().([]int64)
	for i := range data {
		data[i] = int64(low) + int64(r.source.Uint64N(uint64(high)-uint64(low)))
	}
	return a
}

// Permutation is the numbers from 0 to before n in random order, of Int64:
// x.Take(r.Permutation(x.Len()), 0) shuffles x.
func (r *Random) Permutation(n int) *Array {
	a := newArray("Permutation", Int64, []int{n})
	for i, p := range r.source.Perm(n) {
		a.elements().([]int64)[i] = int64(p)
	}
	return a
}
