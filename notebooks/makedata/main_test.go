package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

// tables are the sets without the simulation, which takes a second.
func tables(s size) []set { return s.sets()[1:] }

func made(t *testing.T, s size) string {
	dir := t.TempDir()
	for _, set := range tables(s) {
		if err := set.replace(dir); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sums are the checksums of all files below a directory.
func sums(t *testing.T, dir string) map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = fmt.Sprintf("%.8x", sha256.Sum256(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSame: two runs, and all machines, give the same bytes. The sums change where the
// world is changed with intent.
func TestSame(t *testing.T) {
	first, second := sums(t, made(t, sizes["small"])), sums(t, made(t, sizes["small"]))
	if len(first) != 10+1+4+1 {
		t.Errorf("%d files", len(first))
	}
	for name, sum := range first {
		if second[name] != sum {
			t.Errorf("%s differs from run to run", name)
		}
	}
	for name, want := range map[string]string{"nycflights/1990.csv": "dd0f2eb653f71332", "nycflights/1999.csv": "bef21d44929e806a", "daily-stock/brik.json": "aa6aa635a452a620"} {
		if first[name] != want {
			t.Errorf("%s has the sum %s, not %s: it is not what other machines make", name, first[name], want)
		}
	}
}

// TestArchives: they hold the files that are beside them, with the same times.
func TestArchives(t *testing.T) {
	dir := made(t, sizes["small"])
	for _, set := range tables(sizes["small"]) {
		f, err := os.Open(filepath.Join(dir, set.archive))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for r := tar.NewReader(z); ; count++ {
			h, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			inside, _ := io.ReadAll(r)
			beside, err := os.ReadFile(filepath.Join(dir, h.Name))
			if err != nil || !bytes.Equal(inside, beside) {
				t.Errorf("%s: %s is not the file beside it: %v", set.archive, h.Name, err)
			}
			if info, err := os.Stat(filepath.Join(dir, h.Name)); err != nil || !info.ModTime().Equal(h.ModTime) {
				t.Errorf("%s: %s has other times: %v", set.archive, h.Name, err)
			}
		}
		if count != set.files {
			t.Errorf("%s has %d files", set.archive, count)
		}
		if !set.complete(dir) {
			t.Errorf("%s is made again where it is there", set.name)
		}
	}
	if full := sizes["full"].sets()[1]; full.complete(dir) {
		t.Error("a small set counts as a full one")
	}
}

// table is a CSV by columns.
type table map[string][]string

func yearTable(t *testing.T, year, rows int) (table, int) {
	var text bytes.Buffer
	w := bufio.NewWriter(&text)
	yearOfFlights(w, year, rows)
	w.Flush()
	size := text.Len()
	lines, err := csv.NewReader(&text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := table{}
	for i, name := range lines[0] {
		column := make([]string, len(lines)-1)
		for j, line := range lines[1:] {
			column[j] = line[i]
		}
		out[name] = column
	}
	return out, size
}

func (c table) missing(name string) float64 {
	n := 0
	for _, v := range c[name] {
		if v == "" {
			n++
		}
	}
	return float64(n) / float64(len(c[name]))
}

// TestSizes: the files of the full set are together as large as the lessons say. A tenth of
// the flights tells to within half a per cent.
func TestSizes(t *testing.T) {
	total, all := 0, 0
	for year := firstYear; year < firstYear+years; year++ {
		var text bytes.Buffer
		w := bufio.NewWriter(&text)
		yearOfFlights(w, year, flightsOfYear/10)
		w.Flush()
		rows := 10 * (bytes.Count(text.Bytes(), []byte("\n")) - 1)
		if math.Abs(float64(rows)/flightsOfYear-1) > 0.03 {
			t.Errorf("%d has %d rows", year, rows)
		}
		total, all = total+10*text.Len(), all+rows
	}
	t.Logf("%d rows, %d bytes", all, total)
	for _, want := range []float64{233e6, 233 << 20} { // whichever a megabyte is
		if math.Abs(float64(total)/want-1) > 0.03 {
			t.Errorf("%d bytes", total)
		}
	}
}

// TestMissing: what is missing where, and how often, in a year before and one after more was
// noted down.
func TestMissing(t *testing.T) {
	detail := []string{"TailNum", "AirTime", "TaxiIn", "TaxiOut"}
	for _, year := range []int{1990, 1997} {
		c, _ := yearTable(t, year, 50_000)
		if len(c) != 23 {
			t.Errorf("%d columns", len(c))
		}
		want := map[string][2]float64{
			"DepTime": {0.004, 0.02}, "DepDelay": {0.004, 0.02}, "ArrTime": {0.006, 0.025}, "ArrDelay": {0.006, 0.025},
			"ActualElapsedTime": {0.006, 0.025}, "Distance": {0.0003, 0.002},
		}
		for _, name := range detail {
			want[name] = [2]float64{0.004, 0.025}
			if year < detailed {
				want[name] = [2]float64{1, 1}
			}
		}
		for name := range c {
			if share := c.missing(name); share < want[name][0] || share > want[name][1] {
				t.Errorf("%d: %.2f %% of %s is missing", year, 100*share, name)
			}
		}
		for name, bounds := range want {
			for _, v := range c[name] {
				if v != "" && name != "TailNum" && !strings.HasSuffix(v, ".0") || bounds[0] == 1 && v != "" {
					t.Fatalf("%d: %s has %q", year, name, v)
				}
			}
		}
	}
}

// TestSnow: a file starts with hundreds of rows without delays, so that a reader that looks at
// the first of them only takes the column for text.
func TestSnow(t *testing.T) {
	c, _ := yearTable(t, snowYear, flightsOfYear)
	first := 0
	for c["DepDelay"][first] == "" {
		first++
	}
	if first < 200 || first > 900 || c["Month"][first] != "1" || c["DayofMonth"][first] != "1" {
		t.Errorf("%d rows have no delay, until %s/%s", first, c["DayofMonth"][first], c["Month"][first])
	}
	small, _ := yearTable(t, snowYear, sizes["small"].flights)
	if small["DepDelay"][0] != "" || math.Abs(float64(len(small["Year"]))/1000-1) > 0.1 {
		t.Errorf("the small file has %d rows, the first delay is %q", len(small["Year"]), small["DepDelay"][0])
	}
}

// TestSense: times, delays and distances belong together.
func TestSense(t *testing.T) {
	zones, miles := map[string]int{}, map[string][3]int{}
	for _, a := range airports {
		zones[a.code], miles[a.code] = a.zone, a.miles
	}
	c, _ := yearTable(t, 1998, 20_000)
	at := func(name string, row int) int {
		v, err := strconv.ParseFloat(c[name][row], 64)
		if err != nil {
			t.Fatalf("row %d: %s: %v", row, name, err)
		}
		return int(v)
	}
	minutes := func(name string, row int) int { return at(name, row)/100*60 + at(name, row)%100 }
	day := func(n int) int { return ((n % 1440) + 1440) % 1440 }
	sums, counts := map[string]int{}, map[string]int{}
	for i := range c["Year"] {
		date := time.Date(at("Year", i), time.Month(at("Month", i)), at("DayofMonth", i), 0, 0, 0, 0, time.UTC)
		if int(date.Weekday()) != at("DayOfWeek", i)%7 {
			t.Fatalf("row %d: %v is no day %d", i, date, at("DayOfWeek", i))
		}
		if c["Cancelled"][i] == "1" {
			if c["DepTime"][i]+c["DepDelay"][i]+c["ArrTime"][i]+c["TailNum"][i] != "" {
				t.Fatalf("row %d: cancelled, and left", i)
			}
			continue
		}
		sums[c["Origin"][i]] += at("DepDelay", i)
		counts[c["Origin"][i]]++
		if day(minutes("CRSDepTime", i)+at("DepDelay", i)) != day(minutes("DepTime", i)) {
			t.Fatalf("row %d: the delay is not that of the times", i)
		}
		if c["Diverted"][i] == "1" {
			if c["ArrTime"][i]+c["ArrDelay"][i] != "" {
				t.Fatalf("row %d: diverted, and arrived", i)
			}
			continue
		}
		zone := zones[c["Dest"][i]]
		switch elapsed := at("ActualElapsedTime", i); {
		case elapsed != at("TaxiOut", i)+at("AirTime", i)+at("TaxiIn", i),
			at("ArrDelay", i) != at("DepDelay", i)+elapsed-at("CRSElapsedTime", i),
			day(minutes("ArrTime", i)) != day(minutes("DepTime", i)+elapsed+zone),
			day(minutes("CRSArrTime", i)) != day(minutes("CRSDepTime", i)+at("CRSElapsedTime", i)+zone):
			t.Fatalf("row %d: the times do not fit each other", i)
		}
		for o, code := range origins {
			if c["Origin"][i] == code && c["Distance"][i] != "" && at("Distance", i) != miles[c["Dest"][i]][o] {
				t.Fatalf("row %d: %s to %s is not %s miles", i, code, c["Dest"][i], c["Distance"][i])
			}
		}
	}
	mean := func(o int) float64 { return float64(sums[origins[o]]) / float64(counts[origins[o]]) }
	if e, j, l := mean(newark), mean(kennedy), mean(laGuardia); len(counts) != 3 || e < j+0.5 || j < l+0.5 || l < 4 || e > 16 {
		t.Errorf("means of delays: %v %v %v", e, j, l)
	}
}

// TestStocks: every line is a record, prices lie between the low and the high, and each minute
// starts where the last one ended.
func TestStocks(t *testing.T) {
	dir := t.TempDir()
	if err := tradedStocks(dir, companies); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) != companies {
		t.Errorf("%d files", len(files))
	}
	for _, path := range files[:4] {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
		if len(lines) != tradedRows {
			t.Errorf("%s has %d rows", path, len(lines))
		}
		checkTrades(t, path, lines)
	}
}

func checkTrades(t *testing.T, path string, lines [][]byte) {
	var last struct {
		Timestamp              time.Time
		Open, High, Low, Close float64
		Volume                 int
	}
	for i, line := range lines {
		now := last
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&now); err != nil {
			t.Fatalf("%s:%d: %v", path, i+1, err)
		}
		if !now.Timestamp.After(last.Timestamp) || now.Low <= 0 || now.Low > min(now.Open, now.Close) || now.High < max(now.Open, now.Close) || now.Volume < 0 {
			t.Fatalf("%s:%d: %+v after %+v", path, i+1, now, last)
		}
		if now.Timestamp.Sub(last.Timestamp) == time.Minute && now.Open != last.Close {
			t.Fatalf("%s:%d: opens at %v after %v", path, i+1, now.Open, last.Close)
		}
		last = now
	}
}

// TestSource: the distributions have the means and deviations that they are told.
func TestSource(t *testing.T) {
	const n = 200_000
	s := seeded(1, 2, 3)
	var sum, squares, waits float64
	for range n {
		x := float64(s.normal()) / one
		sum, squares, waits = sum+x, squares+x*x, waits+float64(s.exponential(100))
	}
	if math.Abs(sum/n) > 0.02 || math.Abs(squares/n-1) > 0.03 || math.Abs(waits/n-100) > 2 {
		t.Errorf("mean %v, variance %v, exponential %v", sum/n, squares/n, waits/n)
	}
}
