package closure

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
	"github.com/dagbook/dagbook/kernel/eval/enginetest/randprog"
)

var (
	randomPrograms = flag.Int("random", 16, "how many random programs TestRandom runs")
	randomFirst    = flag.Uint64("random.first", 0, "the seed of the first")
	randomShrink   = flag.Int("random.shrink", 0, "how often to try a smaller program of one that differs")
)

// compiledName is the package of the compiled programs. They are not main, so that one
// binary can hold them all; where they print the name, main is what is expected.
const compiledName = "mainprogram"

// TestRandom runs random programs on the engine, half of them as notebooks, too, and
// compiled, and compares what they print. With -random.shrink=300 it also prints a small program for each that differs.
func TestRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	n := *randomPrograms
	if raceEnabled {
		n = min(n, 6) // the compiled ones are the same
	}
	sources := make([]string, n)
	for i := range sources {
		sources[i] = randprog.Program(*randomFirst + uint64(i))
	}
	binary, err := buildPrograms(t.TempDir(), sources)
	if err != nil {
		t.Fatal(err)
	}
	for i, src := range sources {
		if rt.FreeStubs() < 1000 { // all sessions of a process share them, and fmt prints other things without
			t.Fatalf("seeds from %d on need another process", *randomFirst+uint64(i))
		}
		t.Run(fmt.Sprint(*randomFirst+uint64(i)), func(t *testing.T) {
			want, err := runCompiled(binary, i, n)
			if err != nil {
				t.Fatal(err)
			}
			seed := *randomFirst + uint64(i)
			if got := runCells(t, cellsOf(t, src)); seed%2 == 1 && got != want {
				t.Errorf("seed %d as a notebook: %s", seed, firstDifference(want, got))
			}
			got := runCells(t, []string{src})
			if got == want {
				return
			}
			t.Errorf("seed %d: %s", seed, firstDifference(want, got))
			if *randomShrink > 0 {
				small := randprog.Shrink(src, func(p string) bool { return programDiffers(t, p) }, *randomShrink)
				t.Errorf("a small program that differs:\n%s", small)
			}
		})
	}
}

// mark stands before what a program prints. All packages of the binary are initialized
// whichever is run, so each marks what its variables print.
const mark = "\x00@%d@"

// buildPrograms compiles programs into one binary, which runs the one whose number it is
// given.
func buildPrograms(dir string, sources []string) (binary string, err error) {
	var imports, cases strings.Builder
	files := map[string]string{"go.mod": "module random\n\ngo 1.26\n"}
	for i, src := range sources {
		src = strings.Replace(src, "package main", "package "+compiledName, 1)
		src = strings.Replace(src, "\nfunc main() {", "\nfunc Main() {", 1)
		folder := fmt.Sprint("p", i)
		files[filepath.Join(folder, "main.go")] = src
		files[filepath.Join(folder, "a.go")] = fmt.Sprintf("package %s\n\nimport \"fmt\"\n\nvar _, _ = fmt.Print(%q)\n", compiledName, fmt.Sprintf(mark, i))
		fmt.Fprintf(&imports, "\t%s \"random/%s\"\n", folder, folder)
		fmt.Fprintf(&cases, "\tcase \"%d\":\n\t\t%s.Main()\n", i, folder)
	}
	files["main.go"] = fmt.Sprintf("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n%s)\n\nfunc main() {\n\tfmt.Print(%q)\n\tswitch os.Args[1] {\n%s\t}\n}\n",
		&imports, fmt.Sprintf(mark, len(sources)), &cases)
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	binary = filepath.Join(dir, "programs.exe")
	cmd := exec.Command("go", "build", "-o", binary, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("the generator made a program that does not compile: %v\n%s", err, out)
	}
	return binary, nil
}

// runCompiled runs program i of n and returns what it prints.
func runCompiled(binary string, i, n int) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, fmt.Sprint(i))
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("the generator made a program that does not end well: %v\n%s", err, firstLine(errs.String()))
	}
	part := func(i int) string {
		_, after, _ := strings.Cut(out.String(), fmt.Sprintf(mark, i))
		before, _, _ := strings.Cut(after, "\x00@")
		return before
	}
	asMain := strings.NewReplacer(compiledName+".", "main.", fmt.Sprintf("random/p%d.", i), "main.")
	return asMain.Replace(part(i) + part(n)), nil
}

// runCells returns what cells print, with the error of one that fails at the end.
func runCells(t testing.TB, cells []string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var out textOutput
	s := session(t)
	for i, code := range cells {
		if res := s.Execute(ctx, eval.Cell{Number: i + 1, Code: code}, &out); res.Err != nil {
			return out.String() + "\nerror: " + strings.Join(res.Err.Traceback, "\n")
		}
	}
	return out.String()
}

// cellsOf makes a notebook of a program: a cell with its imports, types, constants and
// functions, one with its variables, in the order of their making, and one with what main
// does, whose variables so become the session's.
func cellsOf(t testing.TB, src string) []string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	text := func(from, to token.Pos) string {
		return src[fset.Position(from).Offset:fset.Position(to).Offset] + "\n"
	}
	var declarations, main strings.Builder
	variables := map[int]string{}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Name == "main" {
				main.WriteString(text(d.Body.Lbrace+1, d.Body.Rbrace))
				continue
			}
		case *ast.GenDecl:
			var n int
			if _, err := fmt.Sscanf(text(d.Pos(), d.End()), "var glob%d", &n); err == nil {
				variables[n] = text(d.Pos(), d.End())
				continue
			}
		}
		declarations.WriteString(text(d.Pos(), d.End()))
	}
	var second string
	for _, n := range slices.Sorted(maps.Keys(variables)) {
		second += variables[n]
	}
	return []string{declarations.String(), second, main.String()}
}

// textOutput keeps what a cell prints, as it is.
type textOutput struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *textOutput) Stream(_, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.WriteString(text)
}

func (o *textOutput) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (*textOutput) Display(display.Bundle, string) {}
func (*textOutput) Update(display.Bundle, string)  {}
func (*textOutput) Clear(bool)                     {}

// programDiffers asks the engine first: what it does not compile is rarely the difference.
func programDiffers(t *testing.T, src string) bool {
	got := runCells(t, []string{src})
	if strings.Contains(got, "CompileError") {
		return false
	}
	binary, err := buildPrograms(t.TempDir(), []string{src})
	if err != nil {
		return false
	}
	want, err := runCompiled(binary, 0, 1)
	return err == nil && got != want
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d of the output is\n  %.600q on the engine, and\n  %.600q compiled", i+1, b, a)
		}
	}
	return "no difference"
}
