package frame

import "math/rand/v2"

// Sample is n rows picked at random, none twice, in random order; all of them in random order
// where there are fewer. The same seed picks the same rows.
func (df *DataFrame) Sample(n int, seed uint64) *DataFrame {
	return df.take(picked("Sample", df.Len(), n, seed))
}

// Sample is n values picked at random, as the frame's Sample is.
func (s *Series) Sample(n int, seed uint64) *Series {
	return s.take(picked("Sample", s.Len(), n, seed))
}

// picked are the first steps of a shuffle (Knuth, The Art of Computer Programming 2, 3.4.2,
// algorithm P).
func picked(op string, rows, n int, seed uint64) []int {
	if n < 0 {
		panic(errorf(op, "%d rows cannot be picked", n))
	}
	r := rand.New(rand.NewPCG(seed, 0))
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	n = min(n, rows)
	for i := range n {
		j := i + r.IntN(rows-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:n]
}
