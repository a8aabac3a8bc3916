package kerneltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// RunCompiled runs the scripts that a glob finds as compiled Go (see [Translate]) and
// compares each cell's stdout and shown values with what the script expects; an evaluator
// that passes the same scripts then does what Go does. Each script is a subtest; those
// that are left out are skipped with their reason, and counted in the log.
//
// The programs are built by one go command inside the module in whose directory the test
// runs, so they may import its packages; nothing is written there.
func RunCompiled(t *testing.T, glob string, imports Imports) {
	t.Helper()
	scripts := readScripts(t, glob)
	programs := map[string][]byte{}
	why := map[string]string{}
	for _, s := range scripts {
		program, err := Translate(s, imports)
		if reason := (*LeftOut)(nil); errors.As(err, &reason) {
			why[s.Name] = err.Error()
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		programs[s.Name] = program
	}
	bin, problems := build(t, programs)
	t.Logf("%d of %d scripts run as compiled Go, %d are left out", len(programs), len(scripts), len(why))
	for _, s := range scripts {
		t.Run(s.Name, func(t *testing.T) {
			if reason, left := why[s.Name]; left {
				t.Skip("left out: " + reason)
			}
			runProgram(t, s, filepath.Join(bin, s.Name), problems)
		})
	}
}

// build compiles programs into a directory of the test, each under its name. problems is
// what the compiler said. The sources are laid over the module's directory, where they
// find its dependencies, without being there.
func build(t *testing.T, programs map[string][]byte) (bin, problems string) {
	t.Helper()
	dir := t.TempDir()
	root := moduleRoot(t)
	bin = filepath.Join(dir, "bin") + string(filepath.Separator)
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", bin}
	for name, program := range programs {
		source := filepath.Join(dir, name+".go")
		writeFile(t, source, program)
		overlay.Replace[filepath.Join(root, "cellscripts", name, "main.go")] = source
		args = append(args, "./cellscripts/"+name)
	}
	if len(programs) == 0 {
		return bin, ""
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "overlay.json"), list)
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatalf("the go command does not run: %v", err)
	}
	return bin, string(out)
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// moduleRoot is the directory of the module that the test belongs to.
func moduleRoot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatalf("the go command does not say where the module is: %v", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out)))
}

// runProgram runs a script's program and compares what its cells give.
func runProgram(t *testing.T, s *Script, path, problems string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the script does not compile; if it should not, say so in a nogo line:\n%s", problems)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path)
	cmd.Dir = t.TempDir()
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("the program failed: %v\n%s", err, stderr.String())
	}
	got := byCell(stdout.String())
	for _, c := range s.Cells {
		want := c.Want
		want.Stderr = "" // the program's is not marked by cells
		for _, problem := range want.differences(got[c.Number]) {
			t.Errorf("cell %d of the compiled program: %s\n--- the cell\n%s", c.Number, problem, c.Code)
		}
	}
}

// byCell cuts a program's output at its marks.
func byCell(output string) map[int]Outcome {
	outcomes := map[int]Outcome{}
	number, showing := 0, false
	for line := range strings.Lines(output) {
		// A cell may end its output without a newline, and then the mark stands behind it.
		text, mark := line, ""
		if i := strings.IndexByte(line, '\x01'); i >= 0 {
			text, mark = line[:i], strings.TrimSuffix(line[i:], "\n")
		}
		o := outcomes[number]
		if showing {
			o.Show += text
		} else {
			o.Out += text
		}
		outcomes[number] = o
		switch {
		case mark == showMark:
			showing = true
		case mark == doneMark:
			showing = false
		case strings.HasPrefix(mark, cellMark):
			number, _ = strconv.Atoi(mark[len(cellMark):])
		}
	}
	for n, o := range outcomes {
		o.Out, o.Show = lines(o.Out), lines(o.Show)
		outcomes[n] = o
	}
	return outcomes
}
