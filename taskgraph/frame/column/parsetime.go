package column

import "math"

// TimeForm is how a text writes a point in time.
type TimeForm uint8

// The forms of points in time.
const (
	NoTime   TimeForm = iota
	DateOnly          // 2026-11-23
	Clock             // 2026-11-23 11:20, 2026-11-23T11:20:25.5: no zone, taken as UTC
	Zoned             // 2026-11-23T11:20:25Z, 2026-11-23 11:20:25+01:00
)

// ParseTime is the point in time that a text writes in a form of ISO 8601 (the profile of
// RFC 3339, with a space or T between date and time, seconds and zone where they are there,
// and up to 9 digits of a second's parts), in nanoseconds since 1970 UTC. The form is NoTime
// where the text is none, has a day or hour that there is not, or is outside of what 64 bits
// hold, 1677-09-21 to 2262-04-11. A time without a zone is taken as UTC.
func ParseTime(b []byte) (nanoseconds int64, form TimeForm) {
	days, ok := date(b)
	if !ok {
		return 0, NoTime
	}
	seconds := days * 86400
	if len(b) == 10 {
		return joinTime(seconds, 0, DateOnly)
	}
	if b[10] != 'T' && b[10] != ' ' {
		return 0, NoTime
	}
	clock, nanos, rest, ok := clockTime(b[11:])
	if !ok {
		return 0, NoTime
	}
	offset, form := zone(rest)
	return joinTime(seconds+clock-offset, nanos, form)
}

// joinTime checks the range.
func joinTime(seconds, nanos int64, form TimeForm) (int64, TimeForm) {
	const limit = math.MaxInt64/1_000_000_000 - 1
	if seconds > limit || seconds < -limit || form == NoTime {
		return 0, NoTime
	}
	return seconds*1e9 + nanos, form
}

// date is the days since 1970 of yyyy-mm-dd at the beginning of b.
func date(b []byte) (days int64, ok bool) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' {
		return 0, false
	}
	century, ok1 := pair(b)
	year, ok2 := pair(b[2:])
	month, ok3 := pair(b[5:])
	day, ok4 := pair(b[8:])
	year += 100 * century
	if !(ok1 && ok2 && ok3 && ok4) || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	// Years begin in March, so that the leap day is their last: 153 days in five months, 146097
	// in 400 years (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400) + (153*(month-3)+2)/5 + day - 1 - 719468, true
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

func daysIn(year, month int64) int64 {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return int64([...]uint8{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1])
}

// pair is a number of two digits.
func pair(b []byte) (int64, bool) {
	if len(b) < 2 {
		return 0, false
	}
	x, y := b[0]-'0', b[1]-'0'
	return int64(x)*10 + int64(y), x <= 9 && y <= 9
}

// clockTime reads hh:mm[:ss[.fraction]] and gives what follows.
func clockTime(b []byte) (seconds, nanos int64, rest []byte, ok bool) {
	hour, ok1 := pair(b)
	if !ok1 || len(b) < 5 || b[2] != ':' {
		return 0, 0, nil, false
	}
	minute, ok2 := pair(b[3:])
	seconds, rest = hour*3600+minute*60, b[5:]
	if !ok2 || hour > 23 || minute > 59 {
		return 0, 0, nil, false
	}
	if len(rest) == 0 || rest[0] != ':' {
		return seconds, 0, rest, true
	}
	second, ok3 := pair(rest[1:])
	if !ok3 || second > 59 {
		return 0, 0, nil, false
	}
	nanos, rest, ok = fraction(rest[3:])
	return seconds + second, nanos, rest, ok
}

// fraction reads the parts of a second, if there are any.
func fraction(b []byte) (nanos int64, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '.' {
		return 0, b, true
	}
	unit, i := int64(1e9), 1
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		if unit /= 10; unit == 0 {
			return 0, nil, false
		}
		nanos += int64(b[i]-'0') * unit
	}
	return nanos, b[i:], i > 1
}

// zone reads Z, +hh:mm, +hhmm or +hh as seconds east of UTC.
func zone(b []byte) (offset int64, form TimeForm) {
	switch {
	case len(b) == 0:
		return 0, Clock
	case len(b) == 1 && b[0] == 'Z':
		return 0, Zoned
	case b[0] != '+' && b[0] != '-':
		return 0, NoTime
	}
	hour, ok := pair(b[1:])
	minute := int64(0)
	switch rest := b[1:]; {
	case len(rest) == 5 && rest[2] == ':':
		var right bool
		minute, right = pair(rest[3:])
		ok = ok && right
	case len(rest) == 4:
		var right bool
		minute, right = pair(rest[2:])
		ok = ok && right
	case len(rest) != 2:
		return 0, NoTime
	}
	if !ok || hour > 23 || minute > 59 {
		return 0, NoTime
	}
	offset = hour*3600 + minute*60
	if b[0] == '-' {
		offset = -offset
	}
	return offset, Zoned
}
