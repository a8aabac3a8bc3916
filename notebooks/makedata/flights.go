package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// The flights: a world that looks like the records of departures from New York in the
// 1990s, with invented airplanes and weather. Seasons, hours, airlines, airports and the day's
// weather make delays; most flights are on time and some are hours late.
const (
	firstYear, years = 1990, 10
	flightsOfYear    = 260_000 // nearly
	detailed         = 1995    // from then on tail numbers, times in the air and on the ground are known
)

const flightColumns = "Year,Month,DayofMonth,DayOfWeek,DepTime,CRSDepTime,ArrTime,CRSArrTime,UniqueCarrier,FlightNum,TailNum,ActualElapsedTime,CRSElapsedTime,AirTime,ArrDelay,DepDelay,Origin,Dest,Distance,TaxiIn,TaxiOut,Cancelled,Diverted\n"

// planned is how many flights are in the schedule of each year.
var planned = [years]int{742, 734, 720, 724, 733, 738, 727, 740, 736, 748}

// A snowstorm closes the airports on a first of January, so that the file of that year
// starts with some hundreds of rows without delays.
const (
	snowYear = 1996
	snowEnds = 15 * 60 // minutes after midnight
)

// season is how late flights are in each month, in per cent of the mean.
var season = [...]int{114, 104, 98, 90, 92, 122, 126, 110, 78, 82, 84, 122}

// place is how late they are from each of the origins.
var place = [...]int{newark: 122, kennedy: 104, laGuardia: 82}

// yearlyFlights writes ten files. Each has about rows rows: those of all flights, or of a sample.
func yearlyFlights(dir string, rows int) error {
	failed := make([]error, years)
	var wait sync.WaitGroup
	for i := range failed {
		wait.Go(func() {
			path := filepath.Join(dir, strconv.Itoa(firstYear+i)+".csv")
			failed[i] = writeLines(path, func(w *bufio.Writer) { yearOfFlights(w, firstYear+i, rows) })
		})
	}
	wait.Wait()
	return errors.Join(failed...)
}

// writeLines creates a file. What goes wrong on the way is found when the last of it is written.
func writeLines(path string, lines func(w *bufio.Writer)) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<18)
	lines(w)
	return w.Flush()
}

func yearOfFlights(w *bufio.Writer, year, rows int) {
	w.WriteString(flightColumns)
	plan := schedule(year, planned[year-firstYear])
	var line []byte
	for day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
		weather := weatherOf(day)
		for i := range plan {
			s := seeded(year, day.YearDay(), i)
			if plan[i].idle[day.Weekday()] || s.below(flightsOfYear) >= rows {
				continue
			}
			d := departure{flight: &plan[i], day: day}
			d.fly(s, weather[plan[i].origin])
			line = d.append(line[:0])
			w.Write(line)
		}
	}
}

// weatherOf is how bad the weather of a day is at each of the origins, in per cent of the
// mean. Most days are better than that.
func weatherOf(day time.Time) (bad [len(origins)]int) {
	s := seeded(day.Year(), day.YearDay(), -1)
	region := s.exponential(70)
	for i := range bad {
		bad[i] = 20 + region + s.exponential(10)
	}
	return bad
}

// departure is a flight on a day: a row.
type departure struct {
	*flight
	day                 time.Time
	cancelled, diverted bool
	late                int // minutes, negative when early
	out, up, in         int // minutes rolling, in the air, and rolling again
	tail                string
	unmeasured          bool // nobody noted the distance
}

// fly decides what becomes of a flight.
func (d *departure) fly(s *source, weather int) {
	bad := weather * season[d.day.Month()-1] / 100
	hour := d.departs / 60
	d.unmeasured = s.chance(800)
	snow := d.day.Year() == snowYear && d.day.YearDay() == 1 && d.departs < snowEnds
	if d.cancelled = snow || s.chance(6_000+40*max(bad-120, 0)); d.cancelled {
		return
	}
	d.diverted = s.chance(1_000 + 8*bad)
	effect := bad * place[d.origin] / 100 * airlines[d.airline].late / 100 * (40 + 5*hour) / 100
	d.late = s.below(8) - 5
	if s.chance(min(150_000+1_600*effect, 900_000)) {
		d.late += 3 + s.exponential(14+effect/8)
	}
	d.out = taxi[d.origin] - 6 + s.exponential(5+bad/40)
	d.up = max(d.air+s.normal()*(3+d.air/60)/one, 12)
	d.in = 3 + s.exponential(3)
	d.tail = tailNumber(s, d.airline)
}

// tailNumber is one of an airline's airplanes.
func tailNumber(s *source, airline int) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ" // I and O look like numbers
	number := 100 + s.below(260)
	of := seeded(airline, number)
	return fmt.Sprintf("N%d%c%c", number, letters[of.below(len(letters))], airlines[airline].code[0])
}

// append writes a row. Columns in which values may be missing have numbers as floats.
func (d *departure) append(b []byte) []byte {
	year, known := d.day.Year(), d.day.Year() >= detailed
	left, landed := !d.cancelled, !d.cancelled && !d.diverted
	elapsed := d.out + d.up + d.in
	b = whole(b, year, int(d.day.Month()), d.day.Day(), (int(d.day.Weekday())+6)%7+1)
	b = float(b, clock(d.departs+d.late), left)
	b = whole(b, clock(d.departs))
	b = float(b, clock(d.departs+d.late+elapsed+d.dest.zone), landed)
	b = whole(b, clock(d.departs+d.elapsed+d.dest.zone))
	b = append(append(b, airlines[d.airline].code...), ',')
	b = whole(b, d.number)
	if left && known {
		b = append(b, d.tail...)
	}
	b = float(append(b, ','), elapsed, landed)
	b = whole(b, d.elapsed)
	b = float(b, d.up, landed && known)
	b = float(b, d.late+elapsed-d.elapsed, landed)
	b = float(b, d.late, left)
	b = append(append(b, origins[d.origin]...), ',')
	b = append(append(b, d.dest.code...), ',')
	b = float(b, d.dest.miles[d.origin], !d.unmeasured)
	b = float(b, d.in, landed && known)
	b = float(b, d.out, left && known)
	b = whole(b, oneIf(d.cancelled), oneIf(d.diverted))
	b[len(b)-1] = '\n'
	return b
}

func whole(b []byte, numbers ...int) []byte {
	for _, n := range numbers {
		b = append(strconv.AppendInt(b, int64(n), 10), ',')
	}
	return b
}

func float(b []byte, n int, known bool) []byte {
	if known {
		b = append(strconv.AppendInt(b, int64(n), 10), ".0"...)
	}
	return append(b, ',')
}

// clock is minutes after midnight as such files write it: 1540, and 2400 for midnight.
func clock(minutes int) int {
	const day = 24 * 60
	if minutes = (minutes%day + day) % day; minutes == 0 {
		minutes = day
	}
	return minutes/60*100 + minutes%60
}

func oneIf(is bool) int {
	if is {
		return 1
	}
	return 0
}
