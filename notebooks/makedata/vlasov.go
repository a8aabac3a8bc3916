package main

import (
	"fmt"
	"math"
	"path/filepath"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// The simulation: two streams of electrons through each other, which is unstable. Their
// density f(v, x) in the space of speed and place obeys the equations of Vlasov and Poisson,
//
//	df/dt + v df/dx - E df/dv = 0,   dE/dx = 1 - (sum of f over v),
//
// solved as in C. Cheng, G. Knorr, "The integration of the Vlasov equation in configuration
// space" (J. Comput. Phys. 22, 1976): half a step along x, one along v, half a step along x,
// each of which shifts rows or columns by cubic interpolation.
const (
	points    = 257 // along either axis; the last one along x is the first again
	cells     = points - 1
	fastest   = 6.0 // the speeds go from -fastest to fastest
	waves     = 0.5 // the wave number of the disturbance
	amplitude = 0.05
	timeStep  = 0.05
	grain     = 1 << 14 // values are rounded to 1/grain, as an instrument would; it makes files small when compressed
)

// frames writes a simulation's states to files.
func frames(dir string, count int) error {
	s := newStreams()
	every := 1000 / count // less frames show the same film
	for i := range count {
		if err := hdf5.WriteDataset(filepath.Join(dir, fmt.Sprintf("f%04d.h5", i)), "values", s.values(), points, points); err != nil {
			return err
		}
		for range every {
			s.step()
		}
	}
	return nil
}

// streams is the state: f[i][j] is the density at speed i and place j.
type streams struct {
	f     [points][cells]float64
	row   [cells]float64
	col   [points]float64
	field [cells]float64
}

func speed(i int) float64 { return -fastest + 2*fastest*float64(i)/float64(points-1) }

func newStreams() *streams {
	s := &streams{}
	length := 2 * math.Pi / waves
	for i := range s.f {
		v := speed(i)
		for j := range s.f[i] {
			x := length * float64(j) / cells
			s.f[i][j] = v * v * math.Exp(-v*v/2) / math.Sqrt(2*math.Pi) * (1 + amplitude*math.Cos(waves*x))
		}
	}
	return s
}

// values is the state as a file has it.
func (s *streams) values() []float64 {
	out := make([]float64, 0, points*points)
	for i := range s.f {
		for j := range points {
			out = append(out, math.Round(s.f[i][j%cells]*grain)/grain)
		}
	}
	return out
}

func (s *streams) step() {
	s.alongX(timeStep / 2)
	s.alongV(timeStep)
	s.alongX(timeStep / 2)
}

func (s *streams) alongX(dt float64) {
	dx := 2 * math.Pi / waves / cells
	for i := range s.f {
		whole, w := weights(-speed(i) * dt / dx)
		for j := range s.row {
			at := j + whole + cells*8
			s.row[j] = w[0]*s.f[i][(at-1)%cells] + w[1]*s.f[i][at%cells] + w[2]*s.f[i][(at+1)%cells] + w[3]*s.f[i][(at+2)%cells]
		}
		s.f[i] = s.row
	}
}

func (s *streams) alongV(dt float64) {
	s.solveField()
	dv := 2 * fastest / float64(points-1)
	at := func(i, j int) float64 { // nothing is as fast as the ends
		if i < 0 || i >= points {
			return 0
		}
		return s.f[i][j]
	}
	for j := range s.field {
		whole, w := weights(s.field[j] * dt / dv)
		for i := range s.col {
			k := i + whole
			s.col[i] = w[0]*at(k-1, j) + w[1]*at(k, j) + w[2]*at(k+1, j) + w[3]*at(k+2, j)
		}
		for i := range s.col {
			s.f[i][j] = s.col[i]
		}
	}
}

// solveField sums up the charge, and makes the mean of the field zero.
func (s *streams) solveField() {
	dx, dv := 2*math.Pi/waves/cells, 2*fastest/float64(points-1)
	sum, mean := 0.0, 0.0
	for j := range s.field {
		charge := 1.0
		for i := range s.f {
			charge -= s.f[i][j] * dv
		}
		sum += charge * dx
		s.field[j] = sum
		mean += sum / cells
	}
	for j := range s.field {
		s.field[j] -= mean
	}
}

// weights are those of the four points around a shift, for Lagrange's cubic through them.
func weights(shift float64) (whole int, w [4]float64) {
	floor := math.Floor(shift)
	t := shift - floor
	return int(floor), [4]float64{
		-t * (t - 1) * (t - 2) / 6,
		(t + 1) * (t - 1) * (t - 2) / 2,
		-(t + 1) * t * (t - 2) / 2,
		(t + 1) * t * (t - 1) / 6,
	}
}
