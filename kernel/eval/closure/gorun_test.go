package closure

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
)

var (
	goTests = flag.String("gotests", "", "run these of Go's own tests: all, fifth, or a pattern")
	record  = flag.Bool("record", false, "write the list of those that pass")
)

const recorded = "../../../testdata/gotests/passes.txt"

// TestGoFile runs the program that GO_FILE names as one cell and prints what it prints.
// TestGoTests calls it in a process of its own.
func TestGoFile(t *testing.T) {
	path := os.Getenv("GO_FILE")
	if path == "" {
		t.Skip("GO_FILE names no program: TestGoTests sets it")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	os.Args = os.Args[:1]
	s := session(t)
	res := s.Execute(context.Background(), eval.Cell{Number: 1, Code: string(text)}, printer{})
	if res.Err == nil || strings.HasPrefix(res.Err.Value, "os.Exit(0)") {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, res.Err.Name+":", strings.Join(res.Err.Traceback, "\n"))
	os.Exit(2)
}

// printer is an output that goes to the process's own.
type printer struct{}

func (printer) Stream(name, text string) {
	if strings.HasPrefix(text, "note: ") {
		return // the notebook says that, not the program
	}
	if name == "stdout" {
		os.Stdout.WriteString(text)
	} else {
		os.Stderr.WriteString(text)
	}
}
func (printer) Display(display.Bundle, string) {}
func (printer) Update(display.Bundle, string)  {}
func (printer) Clear(bool)                     {}

// runnable returns Go's tests that are one program each, by name.
func runnable(t *testing.T) []string {
	root := goTestRoot()
	var names []string
	for _, pattern := range []string{"*.go", "*/*.go"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			text, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			line, _, _ := bytes.Cut(text, []byte("\n"))
			if string(bytes.TrimSpace(line)) == "// run" {
				name, _ := filepath.Rel(root, p)
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return names
}

// goRoot is where the Go distribution is: go run compiles that in, the tests' build does not.
var goRoot = sync.OnceValue(func() string {
	out, _ := exec.Command("go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out))
})

// goTestRoot is where it keeps its tests.
func goTestRoot() string { return filepath.Join(goRoot(), "test") }

// runGoTest returns "" when the program does what Go's own test demands: it exits with 0
// and prints what is in the file beside it, or nothing.
func runGoTest(name string) string {
	path := filepath.Join(goTestRoot(), name)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestGoFile$")
	cmd.Env = append(os.Environ(), "GO_FILE="+path, "GOROOT="+goRoot())
	out, err := cmd.CombinedOutput() // as Go's own runner compares it
	if err != nil {
		return fmt.Sprintf("%v: %s", err, firstLine(string(out)))
	}
	want, _ := os.ReadFile(strings.TrimSuffix(path, ".go") + ".out")
	if got := string(out); got != string(want) {
		return "prints " + firstLine(got)
	}
	return ""
}

func firstLine(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 300 {
		s = s[:300]
	}
	return strings.ReplaceAll(s, "\n", " | ")
}

// TestGoTests runs the tests of the Go distribution that are one program each (make
// gotests). The list of those that pass only grows; CI runs a fixed fifth of it.
func TestGoTests(t *testing.T) {
	if *goTests == "" {
		t.Skip("make gotests runs these")
	}
	names := runnable(t)
	if len(names) == 0 {
		t.Skip("this Go has no test folder")
	}
	must := map[string]bool{}
	if text, err := os.ReadFile(recorded); err == nil {
		for _, n := range strings.Fields(string(text)) {
			must[n] = true
		}
	}
	var chosen []string
	for _, n := range names {
		h := fnv.New32a()
		h.Write([]byte(n))
		ok, _ := filepath.Match(*goTests, n)
		if *goTests == "all" || ok || *goTests == "fifth" && must[n] && h.Sum32()%5 == 0 {
			chosen = append(chosen, n)
		}
	}
	var mu sync.Mutex
	var passed []string
	work := make(chan string)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for n := range work {
				fault := runGoTest(n)
				mu.Lock()
				switch {
				case fault == "":
					passed = append(passed, n)
				case must[n]:
					t.Errorf("%s passed before and does no more: %s", n, fault)
				default:
					t.Logf("%s: %s", n, fault)
				}
				mu.Unlock()
			}
		})
	}
	for _, n := range chosen {
		work <- n
	}
	close(work)
	wg.Wait()
	t.Logf("%d of %d pass", len(passed), len(chosen))
	if *record && !t.Failed() {
		sort.Strings(passed)
		if err := os.WriteFile(recorded, []byte(strings.Join(passed, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
