package frame

import (
	"fmt"
	"math"
	"strings"
)

// orderQuestions are about the order of rows, and about values that are there once or more.
func orderQuestions() []question {
	var all []question
	add := func(pandas string, ours func(df, other *DataFrame) any) {
		all = append(all, question{pandas: pandas, ours: ours})
	}
	for _, c := range []string{"k", "g", "m", "f", "o", "b", "t", "s", "u"} {
		add(fmt.Sprintf("df.sort_values('%s', kind='stable')", c), func(df, _ *DataFrame) any { return df.Sort(c) })
		add(fmt.Sprintf("df.sort_values('%s', ascending=False, kind='stable')", c), func(df, _ *DataFrame) any { return df.Sort(Desc(c)) })
		add(fmt.Sprintf("df.%s.sort_values(kind='stable')", c), func(df, _ *DataFrame) any { return df.Col(c).Sort() })
		add(fmt.Sprintf("df.%s.sort_values(ascending=False, kind='stable')", c), func(df, _ *DataFrame) any { return df.Col(c).SortDesc() })
		add(fmt.Sprintf("df.%s.unique()", c), func(df, _ *DataFrame) any { return df.Col(c).Unique() })
		add(fmt.Sprintf("df.%s.nunique()", c), func(df, _ *DataFrame) any { return df.Col(c).NUnique() })
		add(fmt.Sprintf("df.%s.value_counts()", c), func(df, _ *DataFrame) any { return df.Col(c).ValueCounts() })
		add(fmt.Sprintf("df.%s.mode()", c), func(df, _ *DataFrame) any { return df.Col(c).Mode() })
		add(fmt.Sprintf("df.%s.duplicated()", c), func(df, _ *DataFrame) any { return df.Col(c).Duplicated() })
		add(fmt.Sprintf("df.drop_duplicates(['%s', 'b'])", c), func(df, _ *DataFrame) any { return df.DropDuplicates(c, "b") })
		add(fmt.Sprintf("df.%s.shift(2)", c), func(df, _ *DataFrame) any { return df.Col(c).Shift(2) })
		if c != "b" {
			add(fmt.Sprintf("df.%s.rank()", c), func(df, _ *DataFrame) any { return df.Col(c).Rank() })
			add(fmt.Sprintf("df.%s.isin(df.%s.iloc[::4])", c, c), func(df, _ *DataFrame) any { return df.Col(c).IsIn(df.Col(c).Slice(nil, nil, 4)) })
		}
	}
	add("df.sort_values(['k', 'g', 'f'], ascending=[True, False, True])", func(df, _ *DataFrame) any { return df.Sort("k", Desc("g"), "f") })
	add("df.sort_values(['b', 't'], ascending=[False, False])", func(df, _ *DataFrame) any { return df.Sort(Desc("b"), Desc("t")) })
	add("df.set_index('k').sort_index(kind='stable').f", func(df, _ *DataFrame) any { return df.SetIndex("k").SortIndex().Col("f") })
	add("df.drop_duplicates()", func(df, _ *DataFrame) any { return df.DropDuplicates() })
	add("df.drop(columns='u').duplicated()", func(df, _ *DataFrame) any { return df.Drop("u").Duplicated() })
	add("df.k.isin(['a', 'c', 'zz'])", func(df, _ *DataFrame) any { return df.Col("k").IsIn("a", "c", "zz", 7) })
	add("df.m.isin([1, 2.0, 2.5])", func(df, _ *DataFrame) any { return df.Col("m").IsIn(1, 2.0, 2.5) })
	add("df.f.nlargest(5)", func(df, _ *DataFrame) any { return df.Col("f").NLargest(5) })
	add("df.nsmallest(5, 'u')", func(df, _ *DataFrame) any { return df.NSmallest(5, "u") })
	add("df.set_index('u').f.idxmax() if df.f.count() else None", func(df, _ *DataFrame) any { return df.SetIndex("u").Col("f").IdxMax() })
	add("df.nunique()", func(df, _ *DataFrame) any { return df.NUnique() })
	return all
}

// summaryQuestions are about summaries of columns, and about rows one after the other.
func summaryQuestions() []question {
	var all []question
	add := func(pandas string, ours func(df, other *DataFrame) any) {
		all = append(all, question{pandas: pandas, ours: ours})
	}
	add("df.drop(columns=['o', 't']).describe()", func(df, _ *DataFrame) any { return df.Drop("o", "t").Describe() })
	add("df.f.describe()", func(df, _ *DataFrame) any { return df.Col("f").Describe() })
	add("df[['f', 'i']].quantile([0.1, 0.5, 0.9])", func(df, _ *DataFrame) any { return df.Select("f", "i").Quantile(0.1, 0.5, 0.9) })
	add("df.drop(columns='o').sum(numeric_only=True)", func(df, _ *DataFrame) any { return df.Drop("o").Sum() })
	add("df.mean(numeric_only=True)", func(df, _ *DataFrame) any { return df.Mean() })
	add("df.max(numeric_only=True)", func(df, _ *DataFrame) any { return df.Max() })
	add("df.count()", func(df, _ *DataFrame) any { return df.Count() })
	add("df[['i', 'm', 'f', 'u']].corr()", func(df, _ *DataFrame) any { return df.Select("i", "m", "f", "u").Corr() })
	for _, c := range []string{"i", "m", "f"} {
		for n := range 4 {
			add(fmt.Sprintf("df.%s.rolling(%d).mean()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Mean() })
			add(fmt.Sprintf("df.%s.rolling(%d).sum()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Sum() })
			add(fmt.Sprintf("df.%s.rolling(%d).min()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Min() })
			add(fmt.Sprintf("df.%s.rolling(%d).max()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Max() })
			add(fmt.Sprintf("df.%s.rolling(%d).median()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Median() })
			add(fmt.Sprintf("df.%s.rolling(%d).count()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Count() })
			add(fmt.Sprintf("df.%s.rolling(%d).std()", c, n+1), func(df, _ *DataFrame) any { return df.Col(c).Rolling(n + 1).Std() })
			all[len(all)-1].about = 1e-6 // pandas' windows slide, and keep what rounding lost
		}
		add(fmt.Sprintf("df.%s.cumsum()", c), func(df, _ *DataFrame) any { return df.Col(c).CumSum() })
		add(fmt.Sprintf("df.%s.cummax()", c), func(df, _ *DataFrame) any { return df.Col(c).CumMax() })
		add(fmt.Sprintf("df.%s.cummin()", c), func(df, _ *DataFrame) any { return df.Col(c).CumMin() })
		add(fmt.Sprintf("df.%s.head(9).cumprod()", c), func(df, _ *DataFrame) any { return df.Col(c).Head(9).CumProd() })
		add(fmt.Sprintf("df.%s.diff()", c), func(df, _ *DataFrame) any { return df.Col(c).Diff() })
		add(fmt.Sprintf("df.%s.diff(-2)", c), func(df, _ *DataFrame) any { return df.Col(c).Diff(-2) })
		add(fmt.Sprintf("df.%s.pct_change()", c), func(df, _ *DataFrame) any { return df.Col(c).PctChange() })
		add(fmt.Sprintf("df.%s.abs()", c), func(df, _ *DataFrame) any { return df.Col(c).Abs() })
		add(fmt.Sprintf("df.%s.clip(-2, 50)", c), func(df, _ *DataFrame) any { return df.Col(c).Clip(-2, 50) })
		add(fmt.Sprintf("df.%s.between(-1, 2.5)", c), func(df, _ *DataFrame) any { return df.Col(c).Between(-1, 2.5) })
		add(fmt.Sprintf("df.%s.round(1)", c), func(df, _ *DataFrame) any { return df.Col(c).Round(1) })
		add(fmt.Sprintf("df.%s.astype('float64')", c), func(df, _ *DataFrame) any { return df.Col(c).AsType(Float64) })
	}
	add("df.f.round(-1)", func(df, _ *DataFrame) any { return df.Col("f").Round(-1) })
	add("df.f.fillna(0).astype('int64')", func(df, _ *DataFrame) any { return df.Col("f").FillNull(0).AsType(Int64) })
	add("df.i.astype('str')", func(df, _ *DataFrame) any { return df.Col("i").AsType(String) })
	add("df.i.astype('str').astype('int64')", func(df, _ *DataFrame) any { return df.Col("i").AsType(String).AsType(Int64) })
	add("np.sqrt(df.f)", func(df, _ *DataFrame) any { return df.Col("f").Apply(math.Sqrt) })
	add("df.k.str.upper()", func(df, _ *DataFrame) any { return df.Col("k").Apply(strings.ToUpper) })
	add("df.k.map({'a': 1, 'b': 2.5})", func(df, _ *DataFrame) any { return df.Col("k").Map(map[string]float64{"a": 1, "b": 2.5}) })
	add("df.i.map(lambda x: x * 2 + 0.5)", func(df, _ *DataFrame) any {
		return df.Col("i").Apply(func(x int) float32 { return float32(x)*2 + 0.5 })
	})
	add("df.i + df.u", func(df, _ *DataFrame) any {
		return df.Apply(func(r Row) any { return r.Get("i").(int64) + r.Get("u").(int64) })
	})
	return all
}

// tableQuestions are about tables that are put together or turned around.
func tableQuestions() []question {
	var all []question
	add := func(pandas string, ours func(df, other *DataFrame) any) {
		all = append(all, question{pandas: pandas, ours: ours})
	}
	for name, how := range map[string]JoinKind{"inner": Inner, "left": Left, "right": Right, "outer": Outer} {
		for _, on := range [][]string{{"k"}, {"g", "b"}, {"m"}, {"t"}, {"u"}, {"k", "m", "s"}} {
			if how == Outer && on[0] == "t" {
				continue // see "differs on purpose": pandas puts missing times first
			}
			add(fmt.Sprintf("df.merge(other, on=['%s'], how='%s')", strings.Join(on, "', '"), name), func(df, other *DataFrame) any {
				return df.Join(other, how, on...)
			})
		}
		add(fmt.Sprintf("df[['g', 'k', 'f']].merge(other[['i', 'g']].drop_duplicates('g'), how='%s')", name), func(df, other *DataFrame) any {
			return df.Select("g", "k", "f").Join(other.Select("i", "g").DropDuplicates("g"), how)
		})
		add(fmt.Sprintf("df[['i', 'u']].merge(other[['f', 'u']].assign(u=other.u + 0.0), on='u', how='%s')", name), func(df, other *DataFrame) any {
			return df.Select("i", "u").Join(other.Select("f", "u").With("u", other.Col("u").Mul(1.0)), how, "u")
		})
	}
	for _, how := range []string{"mean", "sum", "count", "max"} {
		add(fmt.Sprintf("df.groupby(['k', 'g']).f.%s().unstack().sort_index(axis=1)", how), func(df, _ *DataFrame) any { return df.Pivot("k", "g", "f", how) })
	}
	add("df.groupby(['b', 's']).i.mean().unstack().sort_index(axis=1)", func(df, _ *DataFrame) any { return df.Pivot("b", "s", "i", "") })
	add("df[['u', 'k', 'i', 'f']].melt(['u', 'k'])", func(df, _ *DataFrame) any { return df.Select("u", "k", "i", "f").Melt("u", "k") })
	add("df[['u', 'i', 'f']].head(20).set_index('u').T", func(df, _ *DataFrame) any { return df.Select("u", "i", "f").Head(20).SetIndex("u").Transpose() })
	add("df.groupby('k').i.sum() + other.groupby('k').i.sum() + df.groupby('k').f.sum()", func(df, other *DataFrame) any {
		return Sum(df.GroupBy("k").Col("i").Sum(), other.GroupBy("k").Col("i").Sum(), df.GroupBy("k").Col("f").Sum())
	})
	return all
}
