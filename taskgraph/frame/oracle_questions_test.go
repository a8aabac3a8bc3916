package frame

import (
	"fmt"
	"slices"
)

// Where this package differs from pandas on purpose, and what the questions do about it:
//   - Whole numbers stay whole with missing values; in pandas they become floating-point
//     numbers. The answers are compared as numbers.
//   - Labels that are there twice cannot be aligned; pandas multiplies them out. Series that
//     are put together have unique labels here.
//   - Concat numbers rows anew (ignore_index=True).
//   - An outer Join puts rows whose key is missing last; pandas puts missing times first.
//   - Whole numbers to a negative power are fractions; pandas says that this is an error.

// arithmeticQuestions are about one column, or two, and rows that are picked by them.
func arithmeticQuestions() []question {
	var all []question
	add := func(pandas string, ours func(df, other *DataFrame) any) {
		all = append(all, question{pandas: pandas, ours: ours})
	}
	type operation struct {
		sign string
		of   func(s *Series, other any) *Series
	}
	calculations := []operation{
		{"+", (*Series).Add}, {"-", (*Series).Sub}, {"*", (*Series).Mul}, {"/", (*Series).Div}, {"%", (*Series).Mod},
	}
	comparisons := []operation{
		{"==", (*Series).Eq}, {"!=", (*Series).Ne}, {"<", (*Series).Lt}, {"<=", (*Series).Le}, {">", (*Series).Gt}, {">=", (*Series).Ge},
	}
	for _, o := range append(calculations, comparisons...) {
		for _, a := range []string{"i", "m", "f", "o"} {
			for _, b := range []string{"i", "m", "f", "o"} {
				add(fmt.Sprintf("df.%s %s df.%s", a, o.sign, b), func(df, _ *DataFrame) any { return o.of(df.Col(a), df.Col(b)) })
			}
			add(fmt.Sprintf("df.%s %s 3", a, o.sign), func(df, _ *DataFrame) any { return o.of(df.Col(a), 3) })
			add(fmt.Sprintf("df.%s %s -2.5", a, o.sign), func(df, _ *DataFrame) any { return o.of(df.Col(a), -2.5) })
		}
	}
	for _, o := range calculations {
		add(fmt.Sprintf("df.set_index('u').f %s other.set_index('u').i", o.sign), func(df, other *DataFrame) any {
			return o.of(df.SetIndex("u").Col("f"), other.SetIndex("u").Col("i"))
		})
		add(fmt.Sprintf("df.i %s df.o[df.f > 0]", o.sign), func(df, _ *DataFrame) any {
			return o.of(df.Col("i"), df.Col("o").Filter(df.Col("f").Gt(0)))
		})
	}
	for _, o := range comparisons {
		add("df.s "+o.sign+" 'ABC'", func(df, _ *DataFrame) any { return o.of(df.Col("s"), "ABC") })
		add("df.s "+o.sign+" df.k", func(df, _ *DataFrame) any { return o.of(df.Col("s"), df.Col("k")) })
		add("df.t "+o.sign+" pd.Timestamp('2013-06-15')", func(df, _ *DataFrame) any { return o.of(df.Col("t"), "2013-06-15") })
		add("df.t "+o.sign+" df.t[::-1].reset_index(drop=True)", func(df, _ *DataFrame) any {
			return o.of(df.Col("t"), df.Col("t").Slice(nil, nil, -1).DropIndex())
		})
	}
	add("df.k + df.s", func(df, _ *DataFrame) any { return df.Col("k").Add(df.Col("s")) })
	add("df.k + '!'", func(df, _ *DataFrame) any { return df.Col("k").Add("!") })
	add("df.t - pd.Timestamp('2013-01-01')", func(df, _ *DataFrame) any { return df.Col("t").Sub("2013-01-01") })
	add("df.i ** 3", func(df, _ *DataFrame) any { return df.Col("i").Pow(3) })
	add("df.f ** 2", func(df, _ *DataFrame) any { return df.Col("f").Pow(2) })
	add("2.0 ** df.m", func(df, _ *DataFrame) any { return df.Col("m").RPow(2.0) })
	add("10 - df.m", func(df, _ *DataFrame) any { return df.Col("m").RSub(10) })
	add("10 / df.f", func(df, _ *DataFrame) any { return df.Col("f").RDiv(10) })
	add("10 % df.o", func(df, _ *DataFrame) any { return df.Col("o").RMod(10) })
	add("-df.m", func(df, _ *DataFrame) any { return df.Col("m").Neg() })
	add("~df.b & (df.f > 0) | (df.i == 1)", func(df, _ *DataFrame) any {
		return df.Col("b").Not().And(df.Col("f").Gt(0)).Or(df.Col("i").Eq(1))
	})
	add("df[df.f > 0]", func(df, _ *DataFrame) any { return df.Filter(df.Col("f").Gt(0)) })
	add("df[df.k == 'a'].s", func(df, _ *DataFrame) any { return df.Filter(df.Col("k").Eq("a")).Col("s") })
	add("df.dropna()", func(df, _ *DataFrame) any { return df.DropNull() })
	add("df.dropna(subset=['k', 't'])", func(df, _ *DataFrame) any { return df.DropNull("k", "t") })
	add("df.m.fillna(0.5)", func(df, _ *DataFrame) any { return df.Col("m").FillNull(0.5) })
	add("df.k.fillna('none')", func(df, _ *DataFrame) any { return df.Col("k").FillNull("none") })
	add("df.isna()", func(df, _ *DataFrame) any { return df.IsNull() })
	add("df.head(-3)", func(df, _ *DataFrame) any { return df.Head(-3) })
	add("df.tail(4)", func(df, _ *DataFrame) any { return df.Tail(4) })
	add("df.iloc[::-3]", func(df, _ *DataFrame) any { return df.Slice(nil, nil, -3) })
	add("pd.concat([df, other], ignore_index=True)", func(df, other *DataFrame) any { return Concat(df, other) })
	add("pd.concat([df[['k', 'i']], other[['f', 'i', 't']]], ignore_index=True)", func(df, other *DataFrame) any {
		return Concat(df.Select("k", "i"), other.Select("f", "i", "t"))
	})
	for _, c := range []string{"i", "m", "f", "o", "b"} {
		for name, of := range map[string]func(*Series) any{
			"sum":    func(s *Series) any { return s.Sum() },
			"mean":   func(s *Series) any { return s.Mean() },
			"std":    func(s *Series) any { return s.Std() },
			"var":    func(s *Series) any { return s.Var() },
			"min":    func(s *Series) any { return s.Min() },
			"max":    func(s *Series) any { return s.Max() },
			"median": func(s *Series) any { return s.Median() },
			"count":  func(s *Series) any { return s.Count() },
		} {
			if c == "b" && (name == "std" || name == "var") {
				continue
			}
			add(fmt.Sprintf("df.%s.%s()", c, name), func(df, _ *DataFrame) any { return of(df.Col(c)) })
		}
	}
	for _, q := range []float64{0, 0.1, 0.25, 0.77, 1} {
		add(fmt.Sprintf("df.f.quantile(%v)", q), func(df, _ *DataFrame) any { return df.Col("f").Quantile(q) })
	}
	return all
}

// groupQuestions are about groups by one key or several.
func groupQuestions() []question {
	var all []question
	reductions := map[string]func(*SeriesGroups) *Series{
		"sum": (*SeriesGroups).Sum, "mean": (*SeriesGroups).Mean, "std": (*SeriesGroups).Std, "var": (*SeriesGroups).Var, "min": (*SeriesGroups).Min, "max": (*SeriesGroups).Max,
		"median": (*SeriesGroups).Median, "count": (*SeriesGroups).Count, "first": (*SeriesGroups).First, "last": (*SeriesGroups).Last, "nunique": (*SeriesGroups).NUnique, "size": (*SeriesGroups).Size,
	}
	keys := [][]any{{"k"}, {"g"}, {"m"}, {"b"}, {"t"}, {"o"}, {"k", "g"}, {"g", "m", "b"}}
	for _, key := range keys {
		names := ""
		for _, k := range key {
			names += fmt.Sprintf("'%v', ", k)
		}
		for name, reduce := range reductions {
			for _, c := range []string{"i", "m", "f", "o", "b", "s", "t"} {
				number := c != "s" && c != "t"
				switch name {
				case "sum", "mean", "median":
					if !number {
						continue
					}
				case "std", "var":
					if !number || c == "b" {
						continue
					}
				}
				if slices.Contains(key, any(c)) || c != "f" && c != "m" && key[0] != "k" {
					continue
				}
				all = append(all, question{
					pandas: fmt.Sprintf("df.groupby([%s])['%s'].%s()", names, c, name),
					ours:   func(df, _ *DataFrame) any { return reduce(df.GroupBy(key...).Col(c)) },
				})
			}
		}
		all = append(all, question{
			pandas: fmt.Sprintf("df.groupby([%s])['f'].quantile(0.3)", names),
			ours:   func(df, _ *DataFrame) any { return df.GroupBy(key...).Col("f").Quantile(0.3) },
		}, question{
			pandas: fmt.Sprintf("df.groupby([%s]).size()", names),
			ours:   func(df, _ *DataFrame) any { return df.GroupBy(key...).Size() },
		}, question{
			pandas: fmt.Sprintf("df.groupby([%s])[['i', 'f']].mean()", names),
			ours:   func(df, _ *DataFrame) any { return df.GroupBy(key...).Select("i", "f").Mean() },
		}, question{
			pandas: fmt.Sprintf("df.groupby([%s])['f'].agg(['mean', 'max', 'count'])", names),
			ours:   func(df, _ *DataFrame) any { return df.GroupBy(key...).Col("f").Agg("mean", "max", "count") },
		})
	}
	return all
}
