package frame

import (
	"fmt"
	"time"
)

// partQuestions are about texts, times and what groups give to each of their rows.
func partQuestions() []question {
	var all []question
	add := func(pandas string, ours func(df, other *DataFrame) any) {
		all = append(all, question{pandas: pandas, ours: ours})
	}
	for name, of := range map[string]func(Str) *Series{
		"upper()": Str.Upper, "lower()": Str.Lower, "strip()": Str.Trim, "len()": Str.Len,
		"contains('b', regex=False)": func(t Str) *Series { return t.Contains("b") },
		"contains('^.{3}$')":         func(t Str) *Series { return t.Matches("^.{3}$") },
		"startswith('a')":            func(t Str) *Series { return t.HasPrefix("a") },
		"endswith('x')":              func(t Str) *Series { return t.HasSuffix("x") },
		"replace('b', '--')":         func(t Str) *Series { return t.Replace("b", "--") },
		"slice(-3, 3)":               func(t Str) *Series { return t.Slice(-3, 3) },
	} {
		add("df.s.str."+name, func(df, _ *DataFrame) any { return of(df.Col("s").Str()) })
	}
	add("df.s.map(lambda x: x.split('-')[1] if isinstance(x, str) and '-' in x else None)", func(df, _ *DataFrame) any { return df.Col("s").Str().Part("-", 1) })
	for name, of := range map[string]func(Dt) *Series{
		"year": Dt.Year, "month": Dt.Month, "day": Dt.Day, "dayofyear": Dt.YearDay, "hour": Dt.Hour, "minute": Dt.Minute, "second": Dt.Second, "weekday": Dt.Weekday,
		"normalize()": Dt.Date, "floor('h')": func(d Dt) *Series { return d.Floor(time.Hour) },
		"strftime('%Y-%m/%d')":             func(d Dt) *Series { return d.Format("2006-01/02") },
		"to_period('M').dt.to_timestamp()": Dt.StartOfMonth,
	} {
		add("df.t.dt."+name, func(df, _ *DataFrame) any { return of(df.Col("t").Dt()) })
	}
	for theirs, period := range map[string]any{"YS": "Y", "MS": "M", "D": "D", "6h": 6 * time.Hour} {
		for name, of := range map[string]func(*SeriesGroups) *Series{"mean": (*SeriesGroups).Mean, "count": (*SeriesGroups).Count, "max": (*SeriesGroups).Max} {
			add(fmt.Sprintf("df[df.t.notna()].set_index('t').f.resample('%s').%s()", theirs, name), func(df, _ *DataFrame) any {
				return of(df.DropNull("t").SetIndex("t").Col("f").Resample(period))
			})
		}
	}
	for _, key := range []string{"k", "g"} {
		for _, c := range []string{"i", "m", "f"} {
			g := func(df *DataFrame) *SeriesGroups { return df.GroupBy(key).Col(c) }
			add(fmt.Sprintf("df.groupby('%s').%s.cumsum()", key, c), func(df, _ *DataFrame) any { return g(df).CumSum() })
			add(fmt.Sprintf("df.groupby('%s').%s.cumcount().where(df.%s.notna())", key, c, key), func(df, _ *DataFrame) any { return g(df).CumCount() })
			add(fmt.Sprintf("df.groupby('%s').%s.transform('mean')", key, c), func(df, _ *DataFrame) any { return g(df).Transform("mean") })
			add(fmt.Sprintf("df.groupby('%s').%s.apply(lambda x: x.max() - x.min()).astype(float)", key, c), func(df, _ *DataFrame) any {
				return g(df).Apply(func(s *Series) any { return s.Max() - s.Min() })
			})
		}
		add(fmt.Sprintf("df.groupby('%s').head(2).drop(columns='%s')", key, key), func(df, _ *DataFrame) any { return df.GroupBy(key).Head(2) })
		add(fmt.Sprintf("df.groupby('%s').nunique()", key), func(df, _ *DataFrame) any { return df.GroupBy(key).NUnique() })
		add(fmt.Sprintf("df[['%s', 'i', 'f']].groupby('%s').quantile(0.2)", key, key), func(df, _ *DataFrame) any {
			return df.GroupBy(key).Select("i", "f").Quantile(0.2)
		})
	}
	return all
}
