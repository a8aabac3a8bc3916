package main

import (
	"cmp"
	"slices"
)

// flight is a line of a year's schedule, flown on many days.
type flight struct {
	airline int // in airlines
	number  int
	origin  int // in origins
	dest    *airport
	departs int // minutes after midnight
	elapsed int // minutes from gate to gate, as planned
	air     int // minutes in the air, in calm weather
	idle    [7]bool
}

// hours are how many flights depart in each hour of the day, as weights.
var hours = []int{0, 0, 0, 0, 0, 0, 60, 84, 90, 70, 52, 50, 56, 58, 60, 70, 78, 88, 80, 62, 48, 26, 8, 1}

// taxi is how many minutes planes roll at each of the origins, before they fly.
var taxi = [...]int{newark: 18, kennedy: 20, laGuardia: 17}

// schedule is what the airlines plan for a year, by time of departure.
func schedule(year, flights int) []flight {
	s := seeded(year, -1)
	taken := map[[2]int]bool{}
	var out []flight
	for range flights {
		f := newFlight(s, year)
		for taken[[2]int{f.airline, f.number}] {
			f.number++
		}
		taken[[2]int{f.airline, f.number}] = true
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b flight) int {
		return cmp.Or(a.departs-b.departs, a.airline-b.airline, a.number-b.number)
	})
	return out
}

func newFlight(s *source, year int) flight {
	var weights []int
	for _, a := range airlines {
		for _, w := range a.share {
			if year < a.first || year > a.last {
				w = 0
			}
			weights = append(weights, w)
		}
	}
	from := s.pick(weights)
	f := flight{airline: from / len(origins), origin: from % len(origins)}
	f.number = 1 + s.below(1700)
	f.dest = destination(s, f.origin)
	f.departs = s.pick(hours)*60 + s.below(12)*5
	miles := f.dest.miles[f.origin]
	f.air = 16 + miles*60/480
	if f.dest.zone < 0 { // against the wind
		f.air += miles / 150
	}
	f.elapsed = f.air + taxi[f.origin] + 8 + s.below(8)
	f.idle[6], f.idle[0] = s.chance(200_000), s.chance(80_000) // Saturday and Sunday
	return f
}

func destination(s *source, origin int) *airport {
	weights := make([]int, len(airports))
	for i, a := range airports {
		if a.miles[origin] > 0 {
			weights[i] = a.crowd
		}
	}
	return &airports[s.pick(weights)]
}
