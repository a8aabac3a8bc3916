package main

import "math/bits"

// source gives random numbers. It is splitmix64 (G. Steele, D. Lea, C. Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014), and all that is made of it are whole numbers:
// rounding differs between processors, and the data must not.
type source uint64

// seeded is a source that belongs to some numbers, such as a year, a day and a flight.
func seeded(numbers ...int) *source {
	var s source
	for _, n := range numbers {
		s = source(s.next()) ^ source(n)
	}
	s.next()
	return &s
}

func (s *source) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is one of 0 to n-1.
func (s *source) below(n int) int {
	high, _ := bits.Mul64(s.next(), uint64(n))
	return int(high)
}

// chance is true so many times in a million.
func (s *source) chance(millionths int) bool { return s.below(1_000_000) < millionths }

// exponential is a number from 0 up with nearly the exponential distribution of that mean.
// -log2 of a fraction is how many zeros it starts with and, nearly, how far what follows is
// from 2; the mean of that is 1.5.
func (s *source) exponential(mean int) int {
	x := s.next() | 1
	zeros := bits.LeadingZeros64(x)
	rest := int64(x << zeros << 1 >> 48)
	return int((int64(zeros)<<16 + 1<<16 - rest) * int64(mean) * 2 / 3 >> 16)
}

// one is the standard deviation of normal.
const one = 1 << 16

// normal is a number with nearly the normal distribution: the sum of twelve even ones.
func (s *source) normal() int {
	sum := -6 * one
	for range 12 {
		sum += s.below(one)
	}
	return sum
}

// pick is the place of one of the weights, each as often as it weighs.
func (s *source) pick(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := s.below(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	panic("weights have changed while they were added up")
}
