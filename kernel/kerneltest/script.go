package kerneltest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/dagbook/dagbook/kernel"
)

// Script is a session: cells that are run in order, and what each should give.
type Script struct {
	Name  string // of its file, without directory and extension
	NoGo  string // why it cannot become a Go program; empty: it can, or nobody has said so
	Cells []ScriptCell

	path    string
	archive *txtar.Archive
}

// ScriptCell is one cell of a script.
type ScriptCell struct {
	Number int // its place in the script, from 1
	Code   string
	Want   Outcome
}

// Outcome is what a cell gives. Every text ends with a newline unless it is empty.
type Outcome struct {
	Out    string // stdout
	Stderr string
	Show   string // what is shown and the cell's value, as text/plain, one after the other
	Err    string // "Name: value" and the traceback; empty: the cell did not fail
}

// parts are the extensions of an outcome's files, in the order in which they are written.
func (o *Outcome) parts() []struct {
	ext  string
	text *string
} {
	return []struct {
		ext  string
		text *string
	}{{"out", &o.Out}, {"stderr", &o.Stderr}, {"show", &o.Show}, {"err", &o.Err}}
}

// ReadScript reads a script, a txtar archive:
//
//	what this is about
//	nogo: why compiled Go differs here (only where it does)
//	-- 1.go --
//	fmt.Println("hello")
//	6 * 7
//	-- 1.out --
//	hello
//	-- 1.show --
//	42
//	-- 2.go --
//	nonsense
//	-- 2.err --
//	undefined: nonsense
//
// The cells are N.go (or cellN.go), from 1 without a gap. N.out, N.stderr and N.show are
// what the cell prints and shows, to the letter but for a newline at the end; where one is
// missing the cell must print or show nothing. N.err is a part of the error's text, or
// between slashes a regular expression for it; where it is missing the cell must not fail.
func ReadScript(path string) (*Script, error) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		return nil, err
	}
	s := &Script{Name: strings.TrimSuffix(filepath.Base(path), ".txtar"), path: path, archive: archive}
	for line := range strings.Lines(string(archive.Comment)) {
		if reason, ok := strings.CutPrefix(line, "nogo:"); ok {
			s.NoGo = strings.TrimSpace(reason)
		}
	}
	for _, f := range archive.Files {
		if err := s.add(f); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	if len(s.Cells) == 0 {
		return nil, fmt.Errorf("%s has no cells: files named 1.go, 2.go ...", path)
	}
	return s, nil
}

// add takes one file of the archive.
func (s *Script) add(f txtar.File) error {
	name, ext, _ := strings.Cut(f.Name, ".")
	number, err := strconv.Atoi(strings.TrimPrefix(name, "cell"))
	if err != nil {
		return fmt.Errorf("the file %s is not named like 1.go or 1.out", f.Name)
	}
	if ext == "go" {
		if number != len(s.Cells)+1 {
			return fmt.Errorf("the cell %s should be number %d", f.Name, len(s.Cells)+1)
		}
		s.Cells = append(s.Cells, ScriptCell{Number: number, Code: strings.TrimSuffix(string(f.Data), "\n")})
		return nil
	}
	if number != len(s.Cells) {
		return fmt.Errorf("the file %s does not follow the cell %d.go", f.Name, number)
	}
	for _, p := range s.Cells[number-1].Want.parts() {
		if p.ext == ext {
			*p.text = string(f.Data)
			return nil
		}
	}
	return fmt.Errorf("the file %s is of no known kind", f.Name)
}

// readScripts reads the scripts that a glob finds; the test fails when there are none.
func readScripts(t testing.TB, glob string) []*Script {
	t.Helper()
	paths, err := filepath.Glob(glob)
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no cell scripts %s (%v)", glob, err)
	}
	var scripts []*Script
	for _, path := range paths {
		s, err := ReadScript(path)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, s)
	}
	return scripts
}

// RunScripts runs every script that the glob finds as a subtest, each in a kernel with an
// evaluator of its own. With update, the scripts are rewritten to expect what came; read
// what changed before you commit it. Regular expressions that fit stay.
func RunScripts(t *testing.T, glob string, newEvaluator func(testing.TB) kernel.Evaluator, update bool) {
	t.Helper()
	for _, s := range readScripts(t, glob) {
		t.Run(s.Name, func(t *testing.T) {
			front := Start(t, newEvaluator(t), kernel.Options{})
			for i := range s.Cells {
				s.Cells[i].run(t, front, update)
			}
			if update {
				if err := s.write(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// run runs a cell and compares what it gives.
func (c *ScriptCell) run(t *testing.T, front *FrontEnd, update bool) {
	t.Helper()
	got := outcome(front.Execute(c.Code))
	if !update {
		for _, problem := range c.Want.differences(got) {
			t.Errorf("cell %d: %s\n--- the cell\n%s", c.Number, problem, c.Code)
		}
		return
	}
	if c.Want.Err != "" && errorFits(c.Want.Err, got.Err) {
		got.Err = c.Want.Err
	}
	c.Want = got
}

// outcome is what a cell gave.
func outcome(x *Exchange) Outcome {
	o := Outcome{Out: lines(x.Stdout()), Stderr: lines(x.Stderr())}
	for _, shown := range x.Shown() {
		o.Show += shown + "\n"
	}
	if f := x.Failure(); f != nil {
		o.Err = lines(f.EName + ": " + f.EValue + "\n" + strings.Join(f.Traceback, "\n"))
	}
	return o
}

// lines gives text the newline at its end without which txtar cannot write it.
func lines(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// differences says in what an outcome is not the one that is wanted.
func (o Outcome) differences(got Outcome) []string {
	var problems []string
	wanted, given := o.parts(), got.parts()
	for i, p := range wanted {
		text := *given[i].text
		if p.ext == "err" {
			continue
		}
		if diff := cmp.Diff(*p.text, text); diff != "" {
			problems = append(problems, fmt.Sprintf("%s differs (-want +got):\n%s", p.ext, diff))
		}
	}
	switch {
	case o.Err == "" && got.Err != "":
		problems = append(problems, "it failed:\n"+got.Err)
	case o.Err != "" && got.Err == "":
		problems = append(problems, "it did not fail; wanted: "+o.Err)
	case o.Err != "" && !errorFits(o.Err, got.Err):
		problems = append(problems, fmt.Sprintf("it failed with\n%swanted: %s", got.Err, o.Err))
	}
	return problems
}

// errorFits reports whether an error's text is the one that is wanted: it contains it, or
// fits the regular expression between slashes.
func errorFits(want, got string) bool {
	want = strings.TrimSpace(want)
	if len(want) > 2 && want[0] == '/' && want[len(want)-1] == '/' {
		re, err := regexp.Compile(want[1 : len(want)-1])
		return err == nil && re.MatchString(got)
	}
	return strings.Contains(got, want)
}

// write writes the script with what its cells want now.
func (s *Script) write() error {
	a := &txtar.Archive{Comment: s.archive.Comment}
	for i := range s.Cells {
		c := &s.Cells[i]
		name := strconv.Itoa(c.Number)
		a.Files = append(a.Files, txtar.File{Name: name + ".go", Data: []byte(c.Code + "\n")})
		for _, p := range c.Want.parts() {
			if *p.text != "" {
				a.Files = append(a.Files, txtar.File{Name: name + "." + p.ext, Data: []byte(*p.text)})
			}
		}
	}
	data := txtar.Format(a)
	if old, err := os.ReadFile(s.path); err == nil && slices.Equal(old, data) {
		return nil
	}
	return os.WriteFile(s.path, data, 0o644)
}
