package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

var when = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

// tarOf packs headers; a file's content is in its Linkname.
func tarOf(headers ...tar.Header) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		content := ""
		if h.Typeflag == 0 {
			h.Typeflag, content, h.Linkname = tar.TypeReg, h.Linkname, ""
			h.Size = int64(len(content))
		}
		h.Mode, h.ModTime = max(h.Mode, 0o644), when
		if err := w.WriteHeader(&h); err != nil {
			panic(err)
		}
		io.WriteString(w, content)
	}
	w.Close()
	return b.Bytes()
}

func text(name, content string) tar.Header { return tar.Header{Name: name, Linkname: content} }

func link(name, target string) tar.Header {
	return tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target}
}

func special(kind byte, name, target string) tar.Header {
	return tar.Header{Typeflag: kind, Name: name, Linkname: target}
}

func gz(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func zst(b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(b, nil)
}

// zipOf packs entries, which change makes bad.
func zipOf(change func(h *zip.FileHeader), names ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		name, target, _ := strings.Cut(name, ">") // of a link
		h := &zip.FileHeader{Name: name, Method: zip.Store, Modified: when}
		h.SetMode(0o644)
		content := []byte(cmp.Or(target, "content of "+name))
		if strings.HasSuffix(name, "/") {
			h.SetMode(fs.ModeDir | 0o755)
			content = nil
		}
		h.CompressedSize64, h.UncompressedSize64 = uint64(len(content)), uint64(len(content))
		h.CRC32 = 0
		if change != nil {
			change(h)
		}
		var f io.Writer
		var err error
		if change == nil {
			f, err = w.CreateHeader(h)
		} else {
			f, err = w.CreateRaw(h)
		}
		if err != nil {
			panic(err)
		}
		f.Write(content)
	}
	w.Close()
	return b.Bytes()
}

func ok(name string) tar.Header { return text(name, "fine") }

// bad are archives that are refused; the error has all the words.
var bad = []struct {
	name    string
	archive []byte
	words   string // separated by |
	options []Option
}{
	{"parent", tarOf(ok("first"), ok("../out")), `"../out"|leads out`, nil},
	{"parent below", tarOf(ok("a/../../out")), `"a/../../out"|leads out`, nil},
	{"parent with backslashes", tarOf(ok(`a\..\..\out`)), `out"|leads out`, nil},
	{"parent in zip", zipOf(nil, "first", "../out"), `"../out"|leads out`, nil},
	{"backslashes in zip", zipOf(nil, `..\out`), `out"|leads out`, nil},
	{"absolute", tarOf(ok("/tmp/out")), `"/tmp/out"|absolute`, nil},
	{"drive", zipOf(nil, `C:/out`), `"C:/out"|absolute`, nil},
	{"link out", tarOf(link("a/l", "../../out")), `"a/l"|leads out`, nil},
	{"absolute link", tarOf(link("l", "/etc")), `"l"|"/etc"|absolute`, nil},
	{"link through a link", tarOf(link("a/b/d", "../.."), link("x", "a/b/d/../out")), `"x"|leads out`, nil},
	{"link through a later link", tarOf(link("x", "a/p/../../y"), link("a/p", "..")), `"x"|leads out`, nil},
	{"circle", tarOf(link("a", "b"), link("b", "a")), `"a"|circle`, nil},
	{"link in zip", zipOf(func(h *zip.FileHeader) { h.SetMode(fs.ModeSymlink | 0o777) }, "a/l>../../out"), `"a/l"|leads out`, nil},
	{"file behind a link", tarOf(link("l", "d"), ok("l/out")), `"l/out"|behind`, nil},
	{"file over a link", tarOf(link("l", "d"), ok("l")), `"l"|twice`, nil},
	{"file behind a file", tarOf(ok("a"), ok("a/b")), `"a/b"|behind`, nil},
	{"file over a folder", tarOf(ok("a/b"), ok("a")), `"a"|twice`, nil},
	{"hard link out", tarOf(special(tar.TypeLink, "h", "../out")), `"h"|leads out`, nil},
	{"hard link to nothing", tarOf(special(tar.TypeLink, "h", "other")), `"h"|no file`, nil},
	{"hard link to a link", tarOf(link("l", "f"), special(tar.TypeLink, "h", "l")), `"h"|no file`, nil},
	{"character device", tarOf(special(tar.TypeChar, "null", "")), `"null"|device`, nil},
	{"block device", tarOf(special(tar.TypeBlock, "disk", "")), `"disk"|device`, nil},
	{"pipe", tarOf(ok("first"), special(tar.TypeFifo, "pipe", "")), `"pipe"|pipe`, nil},
	{"unknown kind", tarOf(special('M', "more", "")), `"more"|not known`, nil},
	{"long name", tarOf(ok(strings.Repeat("x", 300))), `xxx|300 bytes`, nil},
	{"deep name", tarOf(ok(strings.Repeat("d/", 100) + "f")), `d/|101 folders deep`, nil},
	{"zero byte", zipOf(nil, "a\x00b"), `a\x00b|zero byte`, nil},
	{"place of the folder", tarOf(ok(".")), `"."|place of the folder`, nil},
	{"too many", tarOf(ok("a"), ok("b"), ok("c")), `"c"|MaxEntries`, []Option{MaxEntries(2)}},
	{"too much", gz(tarOf(ok("a"), text("big", strings.Repeat("0", 99_999)))), `"big"|MaxBytes`, []Option{MaxBytes(50_000)}},
	{"too much after the end", gz(append(tarOf(ok("a")), make([]byte, 99_999)...)), `"a"|MaxBytes`, []Option{MaxBytes(50_000)}},
	{"ratio", zipOf(func(h *zip.FileHeader) { h.UncompressedSize64 = 300 << 20 }, "zeros"), `"zeros"|MaxRatio`, nil},
	{"sparse lie", sparseLie(), `"lie"|MaxBytes`, nil},
	{"encrypted", zipOf(func(h *zip.FileHeader) { h.Flags |= 1 }, "secret"), `"secret"|encrypted`, nil},
	{"unknown method", zipOf(func(h *zip.FileHeader) { h.Method = 97 }, "odd"), `"odd"|method 97`, nil},
	{"bad checksum in zip", zipOf(func(h *zip.FileHeader) { h.CRC32 = 7 }, "wrong"), `"wrong"|damaged`, nil},
	{"cut in a file", tarOf(text("whole", "w"), text("half", strings.Repeat("h", 2000)))[:3000], `"half"|cut off`, nil},
	{"cut between files", tarOf(ok("one"), ok("two"))[:1024], `"one"|cut off`, nil},
	{"cut gzip", cut(gz(tarOf(ok("one"))), 4), `"one"|cut off`, nil},
	{"cut zip", cut(zipOf(nil, "one"), 4), `cut off`, nil},
	{"bad checksum in gzip", flip(gz(tarOf(ok("one"))), -6), `"one"|damaged`, nil},
	{"bad header", flip(tarOf(ok("one"), ok("two")), 1024+3), `"one"|damaged`, nil},
	{"no archive", []byte(strings.Repeat("timestamp,open\n", 100)), `no archive`, nil},
	{"no tar", gz([]byte(strings.Repeat("timestamp,open\n", 100))), `no tar`, nil},
	{"xz", []byte("\xfd7zXZ\x00more"), `packed with xz`, nil},
	{"empty", nil, `empty file`, nil},
	{"limit", tarOf(), `MaxEntries(0)|at least 1`, []Option{MaxEntries(0)}},
}

// sparseLie is a sparse file of which the header says that it has a petabyte of holes.
func sparseLie() []byte {
	b := tarOf(tar.Header{Typeflag: tar.TypeReg, Name: "lie", Format: tar.FormatGNU})
	b[156] = tar.TypeGNUSparse
	copy(b[257:], "ustar  \x00")
	for i := range 512 - 345 {
		b[345+i] = 0
	}
	copy(b[386:], "00000000000\x0000000000000\x00")
	size := append([]byte{0x80}, make([]byte, 11)...) // base 256
	size[5] = 4
	copy(b[483:], size)
	return sum(b)
}

// sum mends the checksum of the first header.
func sum(b []byte) []byte {
	copy(b[148:156], "        ")
	n := 0
	for _, c := range b[:512] {
		n += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", n))
	return b
}

func cut(b []byte, n int) []byte { return b[:len(b)-n] }

func flip(b []byte, at int) []byte {
	b[(at+len(b))%len(b)] ^= 0x55
	return b
}

// saved writes an archive next to a folder that it has no business in.
func saved(t testing.TB, content []byte) (dir, path string) {
	dir = t.TempDir()
	path = filepath.Join(dir, "x")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

// tree lists what is below a folder, with contents and times.
func tree(t testing.TB, dir string) map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		info, err := d.Info()
		if err != nil {
			return err
		}
		what := "folder"
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			what, _ = os.Readlink(path)
		case !d.IsDir():
			content, _ := os.ReadFile(path)
			what = fmt.Sprint(string(content), info.ModTime().UnixNano())
		}
		out[filepath.ToSlash(name)] = what
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, got, want map[string]string, what string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: there is %q, not %q", what, got, want)
	}
}

// TestBad: nothing is written, neither where the target is to be made nor where it has files.
func TestBad(t *testing.T) {
	for _, b := range bad {
		t.Run(b.name, func(t *testing.T) {
			dir, path := saved(t, b.archive)
			if err := os.MkdirAll(filepath.Join(dir, "full", "first"), 0o700); err != nil {
				t.Fatal(err)
			}
			os.WriteFile(filepath.Join(dir, "full", "mine"), []byte("mine"), 0o600)
			os.Remove(filepath.Join(dir, "full", "first"))
			before := tree(t, dir)
			for _, target := range []string{"new/deep", "full"} {
				err := Extract(path, filepath.Join(dir, target), b.options...)
				if err == nil {
					t.Fatal("no error")
				}
				for word := range strings.SplitSeq(b.words, "|") {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("no %s in: %v", word, err)
					}
				}
				same(t, tree(t, dir), before, target)
			}
		})
	}
}

// TestInTheWay: what the target has decides too.
func TestInTheWay(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(target string) error
		archive []byte
		words   string
	}{
		{"file over a folder", func(d string) error { return os.Mkdir(filepath.Join(d, "a"), 0o700) }, tarOf(ok("z"), ok("a")), `"a" would take the place of a folder`},
		{"folder over a file", func(d string) error { return os.WriteFile(filepath.Join(d, "a"), nil, 0o600) }, tarOf(special(tar.TypeDir, "a", "")), `"a" is a folder, where`},
		{"below a file", func(d string) error { return os.WriteFile(filepath.Join(d, "a"), nil, 0o600) }, tarOf(ok("a/b")), `"a/b" needs a folder "a"`},
		{"through a link", func(d string) error { return os.Symlink("..", filepath.Join(d, "a")) }, tarOf(ok("a/b")), `through the link "a"`},
		{"link through a link", func(d string) error { return os.Symlink("..", filepath.Join(d, "a")) }, tarOf(link("l", "a/b")), `"l" is a link that leads out`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, path := saved(t, c.archive)
			target := filepath.Join(dir, "target")
			if err := errors.Join(os.Mkdir(target, 0o700), c.prepare(target)); err != nil {
				t.Skip(err) // links need rights on Windows
			}
			before := tree(t, dir)
			if err := Extract(path, target); err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v", err)
			}
			same(t, tree(t, dir), before, c.name)
		})
	}
}

// TestFormats: all formats give the same files, and a second time nothing is touched.
func TestFormats(t *testing.T) {
	plain := tarOf(special(tar.TypeDir, "d/", ""), ok("d/one"), text("./two", strings.Repeat("2", 100_000)), text("empty", ""))
	stamp := fmt.Sprint(when.UnixNano())
	want := map[string]string{"d": "folder", "d/one": "fine" + stamp, "two": strings.Repeat("2", 100_000) + stamp, "empty": stamp}
	for name, content := range map[string][]byte{"tar": plain, "gzip": gz(plain), "two gzips": append(gz(plain[:700]), gz(plain[700:])...), "zstd": zst(plain)} {
		dir, path := saved(t, content)
		target := filepath.Join(dir, "made", "here")
		if err := Extract(path, target); err != nil {
			t.Fatal(name, err)
		}
		same(t, tree(t, target), want, name)
		old, _ := os.Stat(target)
		if err := Extract(path, target); err != nil {
			t.Fatal(name, err)
		}
		now, _ := os.Stat(target)
		if !now.ModTime().Equal(old.ModTime()) {
			t.Errorf("%s: the target was written to again", name)
		}
	}
}

// TestPython: what Python writes is read, and permissions are cut.
func TestPython(t *testing.T) {
	for _, name := range []string{"pax.tar.gz", "gnu.tar.bz2", "plain.tar", "deflate.zip"} {
		dir := t.TempDir()
		for range 2 {
			if err := Extract(filepath.Join("testdata", name), dir); err != nil {
				t.Fatal(err)
			}
		}
		got := tree(t, dir)
		stamp := fmt.Sprint(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())
		want := map[string]string{"data": "folder", "data/a.txt": strings.Repeat("alpha\n", 50) + stamp, "data/empty": "folder",
			"data/" + strings.Repeat("long", 40) + ".txt": "long" + stamp, "data/naïve 数据.txt": "named" + stamp}
		if name != "deflate.zip" {
			want["data/link"], want["data/same"] = "a.txt", want["data/a.txt"]
		}
		same(t, got, want, name)
		if info, err := os.Stat(filepath.Join(dir, "data", "a.txt")); err != nil || info.Mode()&^0o755 != 0 {
			t.Errorf("%s: mode %v %v", name, info.Mode(), err)
		}
	}
}

// TestMerge: changed files are as the archive has them, others stay, later versions win.
func TestMerge(t *testing.T) {
	dir, path := saved(t, tarOf(text("d/a", "old"), text("d/b", "b"), text("d/a", "newer"), special(tar.TypeLink, "d/h", "d/a")))
	target := filepath.Join(dir, "t")
	if err := Extract(path, target); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(target, "d", "b"), []byte("changed"), 0o600)
	os.WriteFile(filepath.Join(target, "d", "mine.h5"), []byte("mine"), 0o600)
	os.Remove(filepath.Join(target, "d", "h"))
	if err := Extract(path, target); err != nil {
		t.Fatal(err)
	}
	got := tree(t, target)
	if len(got) != 5 || !strings.HasPrefix(got["d/a"], "newer") || got["d/h"] != got["d/a"] || !strings.HasPrefix(got["d/b"], "b9") || !strings.HasPrefix(got["d/mine.h5"], "mine") {
		t.Errorf("%q", got)
	}
}

// TestUndo: moving fails at the last file, and the first ones go back.
func TestUndo(t *testing.T) {
	dir, path := saved(t, tarOf(text("a", "new"), text("b/c", "new"), text("z", "new")))
	target := filepath.Join(dir, "t")
	os.Mkdir(target, 0o700)
	os.WriteFile(filepath.Join(target, "a"), []byte("old"), 0o600)
	before := tree(t, target)
	x := &extraction{ctx: t.Context(), limits: usual, path: path, packed: 1 << 20, seen: map[string]entry{}}
	if _, err := x.enter(target); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := x.unpack(f); err != nil {
		t.Fatal(err)
	}
	os.Mkdir(filepath.Join(target, "z"), 0o700) // another makes a folder meanwhile
	if err := x.settle(); err == nil || !strings.Contains(err.Error(), `"z" would take the place`) {
		t.Errorf("%v", err)
	}
	x.leave(false)
	os.Remove(filepath.Join(target, "z"))
	same(t, tree(t, target), before, "after going back")
}

func TestContext(t *testing.T) {
	dir, path := saved(t, gz(tarOf(ok("a"))))
	before := tree(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := ExtractContext(ctx, path, filepath.Join(dir, "t")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	same(t, tree(t, dir), before, "stopped")
	if err := Extract(filepath.Join(dir, "none"), dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// TestTogether: many extract the same at a time, over files of which some are old.
func TestTogether(t *testing.T) {
	var headers []tar.Header
	for i := range 40 {
		headers = append(headers, text(fmt.Sprintf("d%d/f%d", i%7, i), strings.Repeat("x", i*100)))
	}
	dir, path := saved(t, gz(tarOf(headers...)))
	target := filepath.Join(dir, "t")
	os.MkdirAll(filepath.Join(target, "d1"), 0o700)
	os.WriteFile(filepath.Join(target, "d1", "f1"), []byte("old"), 0o600)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := Extract(path, target); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := tree(t, target); len(got) != 47 || !strings.HasPrefix(got["d1/f1"], strings.Repeat("x", 100)) {
		t.Errorf("%d entries", len(got))
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		name    string
		windows bool
		want    string
	}{
		{"a//b/./c/", false, "a/b/c"}, {"./", false, "."}, {`a\b`, false, `a\b`}, {"ab:c", false, "ab:c"},
		{`a\b`, true, ""}, {"ab:c", true, ""}, {"c:b", false, ""}, {"a./b", true, ""}, {"a /b", true, ""}, {"a/..", false, ""}, {"", false, ""},
	} {
		if got, err := clean(c.name, c.windows); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("clean(%q, %v) = %q, %v", c.name, c.windows, got, err)
		}
	}
}

// FuzzExtract: whatever an archive is, only the target is written to, and only if all went well.
func FuzzExtract(f *testing.F) {
	for _, b := range bad {
		f.Add(b.archive)
	}
	f.Add(gz(tarOf(ok("a/b"), link("l", "a/b"), special(tar.TypeLink, "h", "a/b"))))
	f.Add(zipOf(nil, "a/", "a/b"))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir, path := saved(t, content)
		before := tree(t, dir)
		target := filepath.Join(dir, "target")
		err := Extract(path, target, MaxBytes(1<<20), MaxEntries(100))
		if err != nil {
			same(t, tree(t, dir), before, "refused")
			return
		}
		root, err := filepath.EvalSymlinks(target)
		if err != nil {
			t.Fatal(err)
		}
		for name := range tree(t, target) {
			if at, err := filepath.EvalSymlinks(filepath.Join(target, name)); err == nil && at != root && !strings.HasPrefix(at, root+string(filepath.Separator)) {
				t.Errorf("%q leads to %s", name, at)
			}
			if strings.HasPrefix(name, ".extract-") {
				t.Errorf("%q was left", name)
			}
		}
		os.RemoveAll(target)
		same(t, tree(t, dir), before, "outside")
	})
}
