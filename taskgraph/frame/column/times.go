package column

import (
	"fmt"
	"math"
)

// TimesOf are points in time that are counted in other units since 1970: perSecond of them in
// a second, up to 1e9, or days where it is 0. valid as that of NewInts. Times that 64 bits do
// not hold in nanoseconds, outside of the years 1678 to 2262, are an error.
func TimesOf(values []int64, valid []bool, perSecond int64) (Times, error) {
	unit := int64(24 * 3600 * 1e9)
	if perSecond > 0 {
		unit = 1e9 / perSecond
	}
	out := Times{make([]int64, len(values)), NewValid(valid)}
	for row, x := range values {
		if !out.Valid.Has(row) {
			continue
		}
		if x > math.MaxInt64/unit || x < math.MinInt64/unit {
			return Times{}, fmt.Errorf("row %d: the time is outside of the years 1678 to 2262, which a timestamp holds", row)
		}
		out.Values[row] = x * unit
	}
	return out, nil
}
