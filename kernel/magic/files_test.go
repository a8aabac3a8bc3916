package magic

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLs(t *testing.T) {
	files(t, map[string]string{"b.h5": "12345", "a.h5": "", ".hidden": "", "data/x.csv": "1", "data/y z.csv": "22", "empty/": ""})
	if err := os.Symlink("b.h5", "link"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod("a.h5", 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ code, want string }{
		{"%ls", "a.h5*   b.h5    data/   empty/  link@\n"},
		{"%ls -a", ".hidden  a.h5*    b.h5     data/    empty/   link@\n"},
		{"%ls -1 *.h5", "a.h5*\nb.h5\n"},
		{"%ls data", "x.csv    y z.csv\n"},
		{`%ls "data/y z.csv"`, "data/y z.csv\n"},
		{"%ls b.h5 data empty", "b.h5\n\ndata:\nx.csv    y z.csv\n\nempty:\n"},
		{"%ls empty", ""},
		{"%ls data/*.csv", "data/x.csv    data/y z.csv\n"},
	}
	for _, tt := range tests {
		if got := mustRun(t, tt.code); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.code, got, tt.want)
		}
	}
	long := mustRun(t, "%ls -l")
	for _, want := range []string{"       5 B  ", "  b.h5\n", "link -> b.h5\n", "  data/\n"} {
		if !strings.Contains(long, want) {
			t.Errorf("%%ls -l has no %q:\n%s", want, long)
		}
	}
	wantError(t, "%ls *.csv", "%ls: nothing matches *.csv in ")
	wantError(t, "%ls nothing", "%ls: nothing: no such file or directory")
	wantError(t, "%ls [a", "a [ without its ]")
}

func TestColumns(t *testing.T) {
	var names []string
	for range 100 {
		names = append(names, "frame0001.h5")
	}
	for _, line := range strings.Split(columns(names), "\n") {
		if len(line) > 80 {
			t.Errorf("a line of %d characters", len(line))
		}
	}
	if got, want := columns([]string{"a", "b", "é"}), "a  b  é\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := columns([]string{strings.Repeat("x", 100), "y"}); strings.Count(got, "\n") != 2 {
		t.Errorf("long names: %q", got)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 1 << 40: "1.1 TB"} {
		if got := size(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestCat(t *testing.T) {
	files(t, map[string]string{"a.txt": "one\n", "b.txt": "two\n", "bad": "x\x00y", "long": strings.Repeat("é", mostPrinted/2+50), "d/": ""})
	if got := mustRun(t, "%cat *.txt"); got != "one\ntwo\n" {
		t.Errorf("got %q", got)
	}
	if got := mustRun(t, "%cat long"); !strings.HasSuffix(got, "éé\n… 100 B more in long\n") {
		t.Errorf("a long file ends as %q", got[len(got)-40:])
	}
	wantError(t, "%cat", "the name of a file is missing")
	wantError(t, "%cat nothing", "%cat: nothing: no such file")
	wantError(t, "%cat bad", "%cat: bad: this is no text")
	wantError(t, "%cat d", "%cat: d: this is a directory")
}

func TestMkdir(t *testing.T) {
	files(t, nil)
	mustRun(t, "%mkdir a 'b c'")
	mustRun(t, "%mkdir -p x/y/z x/y")
	for _, dir := range []string{"a", "b c", "x/y/z"} {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			t.Errorf("%s: %v", dir, err)
		}
	}
	wantError(t, "%mkdir a", "%mkdir: a: file exists")
	wantError(t, "%mkdir no/such", "%mkdir: no/such: no such file or directory")
	wantError(t, "%mkdir", "the name of a directory is missing")
}

func TestRm(t *testing.T) {
	dir := files(t, map[string]string{"a.h5": "", "b.h5": "", ".c.h5": "", "keep": "", "d/x": "", "e/x": "", "home/me/x": ""})
	if err := os.Symlink("d", "link"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", filepath.Join(dir, "home/me"))
	up := files(t, map[string]string{"wd/in/": "", "wd/x": ""})
	t.Chdir("wd/in")
	wantError(t, "%rm -rf "+up+"/wd", "the working directory or above it")
	t.Chdir(dir)
	refused := []struct{ code, want string }{
		{"%rm", "the name of a file is missing"},
		{"%rm d", "%rm: d is a directory; -r removes it"},
		{"%rm keep d", "d is a directory"},
		{"%rm -rf .", "never removed"},
		{"%rm -rf ..", "never removed"},
		{"%rm -rf d/..", "never removed"},
		{"%rm -rf " + dir, "never removed"},
		{"%rm -rf ~", "your home directory or above it"},
		{"%rm -rf home", "your home directory or above it"},
		{"%rm nothing", "%rm: nothing: no such file"},
		{"%rm *.csv", "nothing matches *.csv"},
	}
	// Not through %rm: were this wrong, the test would remove everything.
	if err := (&Call{Name: "rm"}).removable("/", true, true); err == nil || !strings.Contains(err.Error(), "never removed") {
		t.Errorf("/ may be removed: %v", err)
	}
	for _, tt := range refused {
		wantError(t, tt.code, tt.want)
	}
	if !exists("keep") || !exists("d/x") || !exists("home/me/x") {
		t.Fatal("a refused command removed something")
	}
	mustRun(t, "%rm *.h5")
	mustRun(t, "%rm -r link/ e")
	mustRun(t, "%rm -f nothing *.csv")
	for path, want := range map[string]bool{"a.h5": false, "b.h5": false, ".c.h5": true, "link": false, "d/x": true, "e": false, "keep": true} {
		if exists(path) != want {
			t.Errorf("%s is there: %t", path, !want)
		}
	}
}

func TestWritefile(t *testing.T) {
	files(t, nil)
	steps := []struct{ code, out, content string }{
		{"%%writefile 'a b.txt'\none", "Writing a b.txt\n", "one\n"},
		{"%%writefile 'a b.txt'\ntwo\n\n", "Overwriting a b.txt\n", "two\n\n"},
		{"%%writefile -a 'a b.txt'\n%%three", "Appending to a b.txt\n", "two\n\n%%three\n"},
		{"%%writefile 'a b.txt'", "Overwriting a b.txt\n", ""},
	}
	for _, s := range steps {
		if got := mustRun(t, s.code); got != s.out {
			t.Errorf("%s: printed %q", s.code, got)
		}
		if got := read(t, "a b.txt"); got != s.content {
			t.Errorf("%s: the file is %q", s.code, got)
		}
	}
	wantError(t, "%%writefile\nx", "the name of one file")
	wantError(t, "%%writefile no/such\nx", "%%writefile: no/such: no such file or directory")
}

func TestLoad(t *testing.T) {
	files(t, map[string]string{"cell.go": "x := 1\n", "long.go": strings.Repeat("x", mostPrinted+1)})
	n := &notebook{}
	if _, err := run(t, n, "%load cell.go"); err != nil {
		t.Fatal(err)
	}
	if want := "next true // %load cell.go\nx := 1\n"; len(n.log) != 1 || n.log[0] != want {
		t.Errorf("got %q", n.log)
	}
	wantError(t, "%load nothing.go", "%load: nothing.go: no such file")
	wantError(t, "%load *.go", "it takes one file, not 2")
	wantError(t, "%load long.go", "long.go is too long for a cell: 1.0 MB")
}

func TestCd(t *testing.T) {
	dir := files(t, map[string]string{"a b/": "", "f": ""})
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", filepath.Join(dir, "a b"))
	t.Setenv("PWD", dir)
	t.Setenv("OLDPWD", "")
	wantError(t, "%cd -", "there is no directory before this one")
	wantError(t, "%cd f", "%cd: f: not a directory (the working directory is ")
	wantError(t, "%cd a b", "it takes one directory")
	steps := []struct{ code, want string }{
		{"%cd 'a b'", filepath.Join(real, "a b")},
		{"%pwd", filepath.Join(real, "a b")},
		{"%cd -", real},
		{"%cd", filepath.Join(real, "a b")},
		{"%cd ..", real},
		{"!pwd", real},
	}
	for _, s := range steps {
		got, err := filepath.EvalSymlinks(strings.TrimSuffix(mustRun(t, s.code), "\n"))
		if err != nil || got != s.want {
			t.Errorf("%s: got %s, want %s (%v)", s.code, got, s.want, err)
		}
	}
}

func TestEnv(t *testing.T) {
	t.Setenv("DAGBOOK_A", "")
	t.Setenv("DAGBOOK_TOKEN", "123")
	steps := []struct{ code, out, value string }{
		{"%env DAGBOOK_A=1 2", "env: DAGBOOK_A=1 2\n", "1 2"},
		{"%env DAGBOOK_A", "1 2\n", "1 2"},
		{"%env DAGBOOK_A x=y", "env: DAGBOOK_A=x=y\n", "x=y"},
		{"%env DAGBOOK_A = z", "env: DAGBOOK_A=z\n", "z"},
		{"%env DAGBOOK_A=", "env: DAGBOOK_A=\n", ""},
	}
	for _, s := range steps {
		if got := mustRun(t, s.code); got != s.out || os.Getenv("DAGBOOK_A") != s.value {
			t.Errorf("%s: printed %q, the variable is %q", s.code, got, os.Getenv("DAGBOOK_A"))
		}
	}
	all := mustRun(t, "%env")
	if !strings.Contains(all, "DAGBOOK_A=\n") || !strings.Contains(all, "DAGBOOK_TOKEN=<hidden>\n") {
		t.Errorf("the list is\n%s", all)
	}
	wantError(t, "%env DAGBOOK_NONE", "there is no environment variable DAGBOOK_NONE; %env DAGBOOK_NONE=value sets it")
	wantError(t, "%env =x", `"" cannot be the name`)
}

func TestWhyHidesSystemCalls(t *testing.T) {
	_, err := os.Open("/no/such/file")
	if got := why(err); got != "no such file or directory" {
		t.Errorf("got %q", got)
	}
	if got := why(errors.New("other")); got != "other" {
		t.Errorf("got %q", got)
	}
}
