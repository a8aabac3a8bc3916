package frame

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// missing is how a table shows a missing value: floating-point numbers as NaN.
func missing(d Dtype) string {
	if d == Float64 {
		return "NaN"
	}
	return "<NA>"
}

// cells are the values of a column as a table shows them: the numbers of a column with the
// same count of decimals, times without a clock where all are at midnight.
func cells(c column.Column) []string {
	out := make([]string, c.Len())
	format := formatOf(c)
	for row := range out {
		if c.IsMissing(row) {
			out[row] = missing(c.Dtype())
		} else {
			out[row] = format(row)
		}
	}
	return out
}

func formatOf(c column.Column) func(row int) string {
	switch c := c.(type) {
	case column.Floats:
		return formatFloats(c.Values)
	case column.Times:
		layout := timeLayout(c)
		return func(row int) string { return column.Time(c.Values[row]).Format(layout) }
	}
	return func(row int) string { return fmt.Sprint(c.Value(row)) }
}

func timeLayout(c column.Times) string {
	const day = int64(24 * time.Hour)
	layout := time.DateOnly
	for row, ns := range c.Values {
		switch {
		case c.IsMissing(row):
		case ns%int64(time.Second) != 0:
			return "2006-01-02 15:04:05.999999999"
		case ns%day != 0:
			layout = time.DateTime
		}
	}
	return layout
}

// decimals is how many decimals numbers are shown with at most.
const decimals = 6

// formatFloats shows numbers with as many decimals as the one with most needs, at most 6,
// and with an exponent where some are so large or so small that this would hide them.
func formatFloats(values []float64) func(row int) string {
	need, exponent := 1, false
	for _, x := range values {
		a := math.Abs(x)
		if x != x || math.IsInf(x, 0) || a == 0 {
			continue
		}
		if a >= 1e15 || a < 1e-4 {
			exponent = true
		}
		text := strconv.FormatFloat(a, 'f', decimals, 64)
		text = strings.TrimRight(text, "0")
		need = max(need, len(text)-strings.IndexByte(text, '.')-1)
	}
	return func(row int) string {
		switch x := values[row]; {
		case math.IsInf(x, 1):
			return "inf"
		case math.IsInf(x, -1):
			return "-inf"
		case exponent:
			return strconv.FormatFloat(x, 'e', decimals, 64)
		default:
			return strconv.FormatFloat(x, 'f', need, 64)
		}
	}
}

// single is one value as a table shows it, without others beside it.
func single(v any) string {
	switch v := v.(type) {
	case nil:
		return "<NA>"
	case float64:
		if math.IsNaN(v) {
			return "NaN"
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}
