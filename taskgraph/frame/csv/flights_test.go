package csv_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
)

// flights is a table of n rows in the shape of the on-time statistics of US airlines: 23
// columns, of which some are empty in early years and all delays of cancelled flights are.
func flights(n int, early bool) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	carriers := []string{"UA", "AA", "DL", "US", "CO", "NW", "TW"}
	airports := []string{"EWR", "LGA", "JFK", "ORD", "BOS", "ATL", "SFO", "LAX", "MIA", "DEN", "DFW"}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	fmt.Fprintln(w, "Year,Month,DayofMonth,DayOfWeek,DepTime,CRSDepTime,ArrTime,CRSArrTime,UniqueCarrier,FlightNum,TailNum,ActualElapsedTime,CRSElapsedTime,AirTime,ArrDelay,DepDelay,Origin,Dest,Distance,TaxiIn,TaxiOut,Cancelled,Diverted")
	clock := func() int { return r.IntN(24)*100 + r.IntN(60) }
	for i := range n {
		cancelled := r.IntN(50) == 0
		f := func(x int) string {
			if cancelled {
				return ""
			}
			return fmt.Sprintf("%d.0", x)
		}
		late := func(s string) string {
			if early {
				return ""
			}
			return s
		}
		planned := 40 + r.IntN(300)
		delay := r.IntN(70) - 12
		c := 0
		if cancelled {
			c = 1
		}
		fmt.Fprintf(w, "1999,%d,%d,%d,%s,%d,%s,%d,%s,%d,%s,%s,%d,%s,%s,%s,%s,%s,%d.0,%s,%s,%d,0\n",
			1+i*12/n, 1+r.IntN(28), 1+r.IntN(7), f(clock()), clock(), f(clock()), clock(), carriers[r.IntN(len(carriers))], r.IntN(2000),
			late(fmt.Sprintf("N%dUA", 100+r.IntN(900))), f(planned+r.IntN(20)), planned, late(f(planned-20)), f(delay+r.IntN(9)), f(delay),
			airports[r.IntN(3)], airports[r.IntN(len(airports))], 100+r.IntN(2400), late(f(r.IntN(20))), late(f(r.IntN(40))), c)
	}
	w.Flush()
	return b.Bytes()
}
