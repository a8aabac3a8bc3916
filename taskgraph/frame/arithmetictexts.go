package frame

import (
	"math"
	"strings"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// join puts texts after each other.
func join(a, b column.Texts) column.Column {
	out := column.NewText(a.Len())
	for i := range a.Len() {
		if a.IsMissing(i) || b.IsMissing(i) {
			out.AppendMissing()
		} else {
			out.Append(a.Text(i) + b.Text(i))
		}
	}
	return column.Compact(out.Column())
}

// seconds are the distances of times.
func seconds(a, b column.Times) column.Column {
	out := make([]float64, len(a.Values))
	for i, x := range a.Values {
		if out[i] = time.Duration(x - b.Values[i]).Seconds(); a.IsMissing(i) || b.IsMissing(i) {
			out[i] = math.NaN()
		}
	}
	return column.Floats{Values: out}
}

// asTime makes a time of one text beside a column of times: s.Gt("2013-01-31").
func asTime(name string, o operand) operand {
	text, ok := o.one.(string)
	if !ok {
		if o.dtype() != Timestamp {
			panic(errorf(name, "times go together with times, not with values of type %v", o.dtype()))
		}
		return o
	}
	ns, form := column.ParseTime([]byte(strings.TrimSpace(text)))
	if form == column.NoTime {
		panic(errorf(name, "%q is no time: 2013-01-31 is one, and 2013-01-31T12:30:00", text))
	}
	return operand{one: column.Time(ns)}
}
