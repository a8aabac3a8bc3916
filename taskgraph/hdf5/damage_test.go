package hdf5

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// readEverything opens a file in memory and reads all that is in it, as a curious
// program would; errors are fine. Groups that contain each other end it.
// Without checks, wrong checksums do not end it early.
func readEverything(b []byte, unchecked bool) (objects, failures int) {
	s, err := openSourceAs(&source{r: bytes.NewReader(b), unchecked: unchecked}, int64(len(b)))
	if err != nil {
		return 0, 1
	}
	f := &File{name: "damaged", s: s, groups: map[uint64]*group{}, datasets: map[uint64]*stored{}}
	root, err := f.at(s.root, "/")
	g, ok := root.(*group)
	if err != nil || !ok {
		return 0, 1
	}
	f.CommonFG = CommonFG{f, g}
	count := func(err error) {
		objects++
		if err != nil {
			failures++
		}
	}
	var visit func(g *CommonFG, depth int)
	visit = func(g *CommonFG, depth int) {
		readAttributes(g.AttributeNames, g.OpenAttribute, count)
		names, err := g.Names()
		count(err)
		for _, name := range names {
			if objects > 2000 || depth > 5 {
				return
			}
			if d, err := g.OpenDataset(name); err == nil {
				readDataset(d, count)
			} else if sub, err := g.OpenGroup(name); err == nil {
				visit(&sub.CommonFG, depth+1)
			} else {
				count(err)
			}
		}
	}
	visit(&f.CommonFG, 0)
	return objects, failures
}

func readAttributes(names func() ([]string, error), open func(string) (*Attribute, error), count func(error)) {
	list, err := names()
	count(err)
	for _, name := range list {
		a, err := open(name)
		if err == nil {
			_, err = a.Value()
		}
		count(err)
	}
}

func readDataset(d *Dataset, count func(error)) {
	readAttributes(d.AttributeNames, d.OpenAttribute, count)
	_, err := d.ReadAll()
	count(err)
	if dims := d.Dims(); err != nil && len(dims) > 0 {
		count = func(error) {}
		one := make([]int, len(dims))
		for i := range one {
			one[i] = min(1, dims[i])
		}
		_, err = d.ReadHyperslab(nil, one, nil)
	}
	count(err)
}

func fixtures(t testing.TB) map[string][]byte {
	names, err := filepath.Glob("testdata/*.h5")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no files in testdata: run make.py there", err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = b
	}
	return out
}

// TestDamaged reads a thousand files that were cut short or in which some bits were
// turned: there must be no panic, no endless work, and no more memory than a file of
// their size may ask for.
func TestDamaged(t *testing.T) {
	var names []string
	files := fixtures(t)
	for name, b := range files {
		if len(b) < 200<<10 {
			names = append(names, name)
		}
	}
	if len(names) < 6 {
		t.Fatal("too few files")
	}
	each := (1000 + len(names) - 1) / len(names)
	if testing.Short() {
		each /= 10
	}
	failures := 0
	for _, name := range names {
		whole := files[name]
		random := rand.New(rand.NewPCG(uint64(len(whole)), 7))
		limit := allowanceOf(int64(len(whole)))
		for i := range each {
			b := damage(random, whole)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, failed := readEverything(b, i%2 == 0)
			runtime.ReadMemStats(&after)
			failures += failed
			// Every object may have its share, but no damage makes all of them large.
			if used := int64(after.TotalAlloc - before.TotalAlloc); used > 3*limit {
				t.Errorf("%s: reading %d damaged bytes allocated %d", name, len(b), used)
			}
		}
	}
	if failures < each {
		t.Errorf("only %d reads of damaged files failed: the damage is too small to tell anything", failures)
	}
}

// damage cuts a file short, turns bits, or overwrites numbers, mostly in its first half,
// where most of what describes it is.
func damage(random *rand.Rand, whole []byte) []byte {
	if random.IntN(5) == 0 {
		return whole[:random.IntN(len(whole))]
	}
	b := bytes.Clone(whole)
	for range 1 + random.IntN(8) {
		at := random.IntN(len(b))
		if random.IntN(2) == 0 {
			at /= 2
		}
		switch random.IntN(3) {
		case 0:
			b[at] ^= 1 << random.IntN(8)
		case 1:
			b[at] = byte(random.Uint32())
		case 2:
			for i := at; i < min(at+8, len(b)); i++ {
				b[i] = []byte{0, 0xff, 0x7f, 1}[random.IntN(4)]
			}
		}
	}
	return b
}

// TestShortReads cuts a file everywhere, and reads from a disk that fails.
func TestShortReads(t *testing.T) {
	b := fixtures(t)["testdata/plain_earliest.h5"]
	for n := 0; n < len(b); n += 97 {
		readEverything(b[:n], true)
	}
	if _, err := openSource(failing{}, 5000); err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("a failing disk gives %v", err)
	}
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk on fire") }

var _ io.ReaderAt = failing{}

// FuzzOpen looks for files that panic or hang.
func FuzzOpen(f *testing.F) {
	for _, b := range fixtures(f) {
		if len(b) < 32<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 1<<20 {
			readEverything(b, true)
		}
	})
}
