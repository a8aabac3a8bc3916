package main

import (
	"math"
	"sort"
	"strconv"
	"strings"
)

// The programs that BenchmarkPrograms measures. It compiles this file into the test, and
// gives its text to the engines as a cell; testdata/bench/programs.py has the same in Python.

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func loops(n int) int {
	s := 0
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			s += i ^ j
		}
	}
	return s
}

func matmul(n int) int {
	a, b, c := make([][]float64, n), make([][]float64, n), make([][]float64, n)
	for i := range n {
		a[i], b[i], c[i] = make([]float64, n), make([]float64, n), make([]float64, n)
		for j := range n {
			a[i][j] = float64(i + j)
			b[i][j] = float64(i - j)
		}
	}
	for i := range n {
		for j := range n {
			s := 0.0
			for k := range n {
				s += a[i][k] * b[k][j]
			}
			c[i][j] = s
		}
	}
	return int(c[3][4])
}

func sieve(n int) int {
	crossed := make([]bool, n+1)
	c := 0
	for i := 2; i <= n; i++ {
		if !crossed[i] {
			c++
			for j := i + i; j <= n; j += i {
				crossed[j] = true
			}
		}
	}
	return c
}

func build(n int) int {
	var b strings.Builder
	for range n {
		b.WriteString("ab")
	}
	return b.Len()
}

func count(n int) int {
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = strconv.Itoa(i)
	}
	m := map[string]int{}
	for i := range n {
		m[keys[i%1000]]++
	}
	return m["77"] + len(m)
}

func lookup(n int) int {
	m := map[int]int{}
	for i := range n {
		m[i] = i * 2
	}
	s := 0
	for i := range n {
		s += m[i]
	}
	return s
}

func sortBy(n int) int {
	x := make([]int, n)
	r := 1
	for i := range x {
		r = (r*1103515245 + 12345) % 2147483648
		x[i] = r
	}
	sort.Slice(x, func(i, j int) bool { return x[i] < x[j] })
	return x[0] + x[n/2]
}

type pt struct{ x, y int }

func (p pt) sum() int   { return p.x + p.y }
func (p *pt) add(d int) { p.x += d; p.y-- }

func methods(n int) int {
	var p pt
	s := 0
	for i := range n {
		p.add(i)
		s += p.sum()
	}
	return s
}

type areaer interface{ area() int }
type square struct{ a int }
type rect struct{ a, b int }

func (q *square) area() int { return q.a * q.a }
func (q *rect) area() int   { return q.a * q.b }

func interfaces(n int) int {
	xs := []areaer{&square{3}, &rect{2, 5}}
	s := 0
	for i := range n {
		s += xs[i%2].area()
	}
	return s
}

func counter(n int) int {
	c := 0
	inc := func() int { c++; return c }
	for range n {
		inc()
	}
	return c
}

func roots(n int) int {
	s := 0.0
	for i := range n {
		s += math.Sqrt(float64(i))
	}
	return int(s)
}

func pingpong(n int) int {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v + 1
		}
	}()
	v := 0
	for range n {
		there <- v
		v = <-back
	}
	close(there)
	return v
}
