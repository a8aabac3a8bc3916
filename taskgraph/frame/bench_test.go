package frame

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// delays are a frame in the shape of flights: a Dict key, a key of whole numbers, delays with
// missing values, distances.
func delays(n int) *DataFrame {
	r := rand.New(rand.NewPCG(1, 2))
	origin, dest, month, tail, delay, distance := make([]string, n), make([]string, n), make([]int64, n), make([]int64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		origin[i], dest[i] = []string{"EWR", "JFK", "LGA"}[r.IntN(3)], fmt.Sprintf("D%02d", r.IntN(100))
		month[i], tail[i], distance[i] = int64(1+r.IntN(12)), int64(r.IntN(4000))*1_000_003, 100+2400*r.Float64()
		if delay[i] = float64(r.IntN(200) - 12); r.IntN(40) == 0 {
			delay[i] = math.NaN()
		}
	}
	return FromColumns("origin", origin, "dest", dest, "month", month, "tail", tail, "delay", delay, "distance", distance)
}

func BenchmarkGroupBy(b *testing.B) {
	for _, n := range []int{260_000, 2_600_000} {
		df := delays(n)
		for name, keys := range map[string][]any{"dict": {"origin"}, "int": {"month"}, "wide": {"tail"}, "two": {"origin", "month"}} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					df.GroupBy(keys...).Col("delay").Mean()
				}
			})
		}
	}
}

func BenchmarkRows(b *testing.B) {
	df := delays(260_000)
	carriers := df.Select("tail", "month").DropDuplicates("tail")
	for name, do := range map[string]func(){
		"filter":      func() { df.Filter(df.Col("delay").Gt(15).And(df.Col("origin").Eq("JFK"))) },
		"sort/delay":  func() { df.Sort("delay") },
		"sort/float":  func() { df.Sort("distance") },
		"sort/two":    func() { df.Sort("dest", Desc("delay")) },
		"counts/dict": func() { df.Col("dest").ValueCounts() },
		"counts/wide": func() { df.Col("tail").ValueCounts() },
		"join":        func() { df.Join(carriers, Left, "tail") },
		"describe":    func() { df.Describe() },
		"rolling":     func() { df.Col("distance").Rolling(7).Mean() },
		"add":         func() { df.Col("delay").Add(df.Col("distance")) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				do()
			}
		})
	}
}
