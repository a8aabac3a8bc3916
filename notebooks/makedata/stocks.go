package main

import (
	"bufio"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// stock is an invented company. Prices walk at random: from each minute to the next they
// change by a share of themselves (M. Osborne, "Brownian motion in the stock market",
// Operations Research 7, 1959).
type stock struct {
	name   string
	price  int64 // at the start, in units
	swings int64 // the standard deviation of a minute's change, in millionths of the price
	volume int   // the mean of a minute
}

const (
	unit       = 10_000 // of a dollar
	minutes    = 390    // that a day's trade takes
	companies  = 16
	tradedRows = 30_000
	fewRows    = 500 // where there are only few companies
)

var stocks = [companies]stock{
	{"brik", 18 * unit, 900, 4_000}, {"cobo", 42 * unit, 700, 12_000}, {"dorn", 77 * unit, 620, 9_000}, {"elmo", 23 * unit, 1_100, 2_500},
	{"fenn", 95 * unit, 540, 21_000}, {"grav", 61 * unit, 800, 7_000}, {"helo", 12 * unit, 1_400, 1_800}, {"ivor", 130 * unit, 480, 30_000},
	{"junk", 7 * unit, 1_900, 5_200}, {"kelp", 54 * unit, 760, 8_400}, {"lumo", 34 * unit, 980, 6_100}, {"mirr", 88 * unit, 590, 15_000},
	{"nock", 29 * unit, 870, 3_300}, {"opal", 112 * unit, 520, 18_500}, {"pyre", 16 * unit, 1_250, 2_900}, {"quon", 48 * unit, 830, 10_400},
}

// tradedStocks writes a file for each of so many companies.
func tradedStocks(dir string, count int) error {
	rows := tradedRows
	if count < companies {
		rows = fewRows
	}
	failed := make([]error, count)
	var wait sync.WaitGroup
	for i := range failed {
		wait.Go(func() {
			failed[i] = writeLines(filepath.Join(dir, stocks[i].name+".json"), func(w *bufio.Writer) { trade(w, i, rows) })
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}

// trade writes a line for every minute of trade, from 14:30 to 21:00 in UTC on weekdays.
func trade(w *bufio.Writer, company, rows int) {
	s, of := seeded(company), stocks[company]
	minute := time.Date(2000, 1, 3, 14, 30, 0, 0, time.UTC)
	price, floor := of.price, of.price/20
	var line []byte
	for row := range rows {
		if row > 0 && row%minutes == 0 {
			minute = nextOpening(minute)
			price = max(price+change(s, price, of.swings*12), floor) // what the night's news did
		}
		last := price
		price = max(price+change(s, price, of.swings), floor)
		high := max(last, price) + abs(change(s, price, of.swings/2))
		low := max(min(last, price)-abs(change(s, price, of.swings/2)), floor/2)
		busy := 1 + abs(row%minutes-minutes/2)/65 // most is traded first and last
		line = appendTrade(line[:0], minute, [4]int64{last, high, low, price}, s.exponential(of.volume*busy/2))
		w.Write(line)
		minute = minute.Add(time.Minute)
	}
}

func nextOpening(closed time.Time) time.Time {
	closed = closed.Add(24*time.Hour - minutes*time.Minute)
	for closed.Weekday() == time.Saturday || closed.Weekday() == time.Sunday {
		closed = closed.Add(24 * time.Hour)
	}
	return closed
}

// change is by how much a price changes that swings by so many millionths.
func change(s *source, price, swings int64) int64 {
	return price * swings / 1000 * int64(s.normal()) / one / 1000
}

func abs[N int | int64](n N) N { return max(n, -n) }

func appendTrade(b []byte, minute time.Time, prices [4]int64, volume int) []byte {
	b = append(b, `{"timestamp": "`...)
	b = minute.AppendFormat(b, time.RFC3339)
	b = append(b, '"')
	for i, name := range [...]string{"open", "high", "low", "close"} {
		cents := prices[i] * 100 / unit
		b = fmt.Appendf(b, `, "%s": %d.%02d`, name, cents/100, cents%100)
	}
	b = append(b, `, "volume": `...)
	return append(strconv.AppendInt(b, int64(volume), 10), "}\n"...)
}
