package frame

import (
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Dt is the times of a series, with methods for the parts of each of them, in UTC. Missing
// times stay missing.
type Dt struct {
	s     *Series
	times column.Times
}

// Dt is the times of the series; other types panic:
//
//	df.GroupBy(df.Col("timestamp").Dt().Month())
func (s *Series) Dt() Dt {
	times, ok := s.values.(column.Times)
	if !ok {
		panic(errorf("Dt", "the column %q has values of type %v, not times: AsType(frame.Timestamp) makes times of texts", s.name, s.Dtype()))
	}
	return Dt{s, times}
}

func (d Dt) number(of func(time.Time) int) *Series {
	out := make([]int64, len(d.times.Values))
	for row, ns := range d.times.Values {
		if !d.times.IsMissing(row) {
			out[row] = int64(of(column.Time(ns)))
		}
	}
	return d.s.with(column.Ints{Values: out, Valid: d.times.Valid})
}

// Year is the year.
func (d Dt) Year() *Series { return d.number(time.Time.Year) }

// Month is the month, 1 to 12.
func (d Dt) Month() *Series { return d.number(func(t time.Time) int { return int(t.Month()) }) }

// Day is the day of the month, 1 to 31.
func (d Dt) Day() *Series { return d.number(time.Time.Day) }

// YearDay is the day of the year, 1 to 366.
func (d Dt) YearDay() *Series { return d.number(time.Time.YearDay) }

// Hour is the hour, 0 to 23.
func (d Dt) Hour() *Series { return d.number(time.Time.Hour) }

// Minute is the minute, 0 to 59.
func (d Dt) Minute() *Series { return d.number(time.Time.Minute) }

// Second is the second, 0 to 59.
func (d Dt) Second() *Series { return d.number(time.Time.Second) }

// Weekday is the day of the week, 0 for Monday to 6 for Sunday, as pandas counts and Go's
// package time does not.
func (d Dt) Weekday() *Series {
	return d.number(func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 })
}

// Date is midnight of the day.
func (d Dt) Date() *Series { return d.Floor(24 * time.Hour) }

// Floor is the last multiple of a duration since 1970 that is not later: Floor(time.Hour) is
// the full hour.
func (d Dt) Floor(unit time.Duration) *Series {
	if unit <= 0 {
		panic(errorf("Floor", "the duration %v is not positive", unit))
	}
	out := make([]int64, len(d.times.Values))
	for row, ns := range d.times.Values {
		if d.times.IsMissing(row) {
			continue
		}
		over := ns % int64(unit)
		if over < 0 {
			over += int64(unit)
		}
		out[row] = ns - over
	}
	return d.s.with(column.Times{Values: out, Valid: d.times.Valid})
}

// StartOfMonth is midnight of the first day of the month.
func (d Dt) StartOfMonth() *Series {
	return d.s.with(d.startOf(func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }))
}

func (d Dt) startOf(of func(time.Time) time.Time) column.Times {
	out := make([]int64, len(d.times.Values))
	for row, ns := range d.times.Values {
		if !d.times.IsMissing(row) {
			out[row] = of(column.Time(ns)).UnixNano()
		}
	}
	return column.Times{Values: out, Valid: d.times.Valid}
}

// Format is the times as texts in a layout of package time: Format("2006-01").
func (d Dt) Format(layout string) *Series {
	out := column.NewText(len(d.times.Values))
	for row, ns := range d.times.Values {
		if d.times.IsMissing(row) {
			out.AppendMissing()
		} else {
			out.Append(column.Time(ns).Format(layout))
		}
	}
	return d.s.with(column.Compact(out.Column()))
}
