package frame

import (
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// mostPeriods is how many periods a series is resampled to at most.
const mostPeriods = 10_000_000

// Resample puts the values of a series, whose labels are times, into periods of the same
// length, as GroupBy does with keys: every period from the first time to the last has a row,
// also where nothing falls into it. A period is a time.Duration, which is counted from 1970, or
// "Y", "M", "D", "h", "min" or "s" for a year, month, day, hour, minute or second; its label is
// its beginning.
//
//	df.SetIndex("timestamp").Col("close").Resample("M").Mean()
func (s *Series) Resample(period any) *SeriesGroups {
	if len(s.index.levels) != 1 || s.index.levels[0].Dtype() != Timestamp {
		panic(errorf("Resample", "the labels have to be times: SetIndex makes labels of a column"))
	}
	times := s.index.levels[0].(column.Times)
	starts, next := periodsOf(times, period)
	low, high, found := int64(0), int64(0), false
	for row, ns := range starts.Values {
		if starts.IsMissing(row) {
			continue
		}
		if !found || ns < low {
			low = ns
		}
		if !found || ns > high {
			high = ns
		}
		found = true
	}
	place := make(map[int64]int)
	var labels []int64
	for at := low; found && at <= high; at = next(at) {
		if len(labels) == mostPeriods {
			panic(errorf("Resample", "there are more than %d periods from %v to %v: take longer ones", mostPeriods, column.Time(low), column.Time(high)))
		}
		place[at] = len(labels)
		labels = append(labels, at)
	}
	codes := make([]int, s.Len())
	for row, ns := range starts.Values {
		if codes[row] = -1; !starts.IsMissing(row) {
			codes[row] = place[ns]
		}
	}
	index := newIndex(s.index.names, []column.Column{column.Times{Values: labels}})
	return &SeriesGroups{s, &Groups{s.Frame(), index, codes}}
}

// periodsOf are the beginnings of the periods in which times lie, and what the beginning after
// one is.
func periodsOf(times column.Times, period any) (starts column.Times, next func(int64) int64) {
	d := Dt{&Series{values: times}, times}
	months := func(n int) func(int64) int64 {
		return func(ns int64) int64 { return column.Time(ns).AddDate(0, n, 0).UnixNano() }
	}
	unit, isDuration := period.(time.Duration)
	switch period {
	case "Y":
		return d.startOf(func(t time.Time) time.Time { return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC) }), months(12)
	case "M":
		return d.StartOfMonth().values.(column.Times), months(1)
	case "D":
		unit = 24 * time.Hour
	case "h":
		unit = time.Hour
	case "min":
		unit = time.Minute
	case "s":
		unit = time.Second
	default:
		if !isDuration || unit <= 0 {
			panic(errorf("Resample", "%v is no period: \"Y\", \"M\", \"D\", \"h\", \"min\" and \"s\" are, and durations as 15*time.Minute", period))
		}
	}
	return d.Floor(unit).values.(column.Times), func(ns int64) int64 { return ns + int64(unit) }
}
