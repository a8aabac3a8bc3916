package kerneltest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

var update = flag.Bool("update", false, "rewrite what the cell scripts expect")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sums evaluates constant expressions, and one word that prints.
type sums struct{}

func (sums) Execute(_ context.Context, cell kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
	if cell.Code == "println" {
		out.Stream("stdout", "printed\n")
		out.Stream("stderr", "complained")
		return kernel.Result{}
	}
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, cell.Code)
	if err != nil {
		return kernel.Result{Err: &kernel.Failure{Name: "SumError", Value: err.Error()}}
	}
	return kernel.Result{Value: display.Text(v.Value.String())}
}

func (sums) Complete(string, int) kernel.Completion            { return kernel.Completion{} }
func (sums) Inspect(string, int, int) (display.Bundle, bool)   { return display.Bundle{}, false }
func (sums) IsComplete(string) (protocol.Completeness, string) { return protocol.Unknown, "" }

func newSums(testing.TB) kernel.Evaluator { return sums{} }

func writeScript(t *testing.T, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name+".txtar")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestScripts(t *testing.T) {
	kerneltest.RunScripts(t, "testdata/sums/*.txtar", newSums, *update)
}

func TestUpdateWritesWhatCame(t *testing.T) {
	path := writeScript(t, "s", "about\n-- 1.go --\n1 + 1\n-- 1.out --\nold\n-- 2.go --\n1 +\n-- 2.err --\n/SumError/\n-- 3.go --\nprintln\n")
	kerneltest.RunScripts(t, path, newSums, true)
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "about\n-- 1.go --\n1 + 1\n-- 1.show --\n2\n-- 2.go --\n1 +\n-- 2.err --\n/SumError/\n-- 3.go --\nprintln\n-- 3.out --\nprinted\n-- 3.stderr --\ncomplained\n"
	if string(got) != want {
		t.Errorf("the script is now\n%s", got)
	}
	kerneltest.RunScripts(t, path, newSums, false)
}

func TestScriptsThatAreNone(t *testing.T) {
	for text, says := range map[string]string{
		"":                                    "has no cells",
		"-- 2.go --\n":                        "should be number 1",
		"-- 1.out --\n":                       "does not follow the cell",
		"-- 1.go --\n-- 1.html --\n":          "no known kind",
		"-- 1.go --\n-- data.csv --\n":        "not named like",
		"-- 1.go --\n-- 2.go --\n-- 1.out --": "does not follow the cell",
	} {
		if _, err := kerneltest.ReadScript(writeScript(t, "s", text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// std finds a few packages of the standard library by their names.
func std(name string) (string, bool) {
	switch name {
	case "fmt", "strings", "strconv":
		return name, true
	}
	return "", false
}

func TestCompiled(t *testing.T) { kerneltest.RunCompiled(t, "testdata/go/*.txtar", std) }

func TestWhatIsLeftOut(t *testing.T) {
	for cells, says := range map[string]string{
		"-- 1.go --\nx := 1\n-- 2.go --\nx := 2\n":                        "declared again",
		"-- 1.go --\nfunc f() {}\n-- 2.go --\nfunc f() {}\n":              "f is declared again",
		"-- 1.go --\ntype t int\nvar t = 1\n":                             "t is declared again",
		"-- 1.go --\n%%time\n1\n":                                         "magic",
		"-- 1.go --\nx := 1\n%time x\n":                                   "magic",
		"-- 1.go --\npackage main\n":                                      "whole program",
		"-- 1.go --\nfunc main() {}\n":                                    "declares main",
		"-- 1.go --\nimport . \"fmt\"\n":                                  "dot import",
		"-- 1.go --\nx := 1\ntype t int\nfunc (t) m() int { return x }\n": "m uses a variable",
		"-- 1.go --\nx := 1\nfunc g[T any](T) int { return x }\n":         "g uses a variable",
		"-- 1.go --\n1;\n-- 1.show --\n1\n":                               "not its last expression",
		"-- 1.go --\nx := 1\n-- 1.show --\n1\n":                           "not its last expression",
		"-- 1.go --\nif {\n":                                              "does not parse",
		"-- 1.go --\nboom()\n-- 1.err --\nboom\n":                         "should fail",
	} {
		s, err := kerneltest.ReadScript(writeScript(t, "s", cells))
		if err != nil {
			t.Fatal(err)
		}
		program, err := kerneltest.Translate(s, std)
		var reason *kerneltest.LeftOut
		if !errors.As(err, &reason) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v\n%s", cells, err, program)
		}
	}
}

func ExampleTranslate() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "double.txtar")
	text := "-- 1.go --\nn := 21\nfunc double() int { return 2 * n }\n-- 2.go --\ndouble()\n-- 2.show --\n42\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		panic(err)
	}
	script, err := kerneltest.ReadScript(path)
	if err != nil {
		panic(err)
	}
	program, err := kerneltest.Translate(script, nil)
	if err != nil {
		panic(err)
	}
	_, main, _ := strings.Cut(string(program), "func main() ")
	fmt.Print(main)
	// Output:
	// {
	// 	beginCell(1)
	// 	n := 21
	// 	_ = n
	// 	var double func() int
	// 	double = func() int { return 2 * n }
	// 	_ = double
	// 	beginCell(2)
	// 	showValue(double())
	// }
}
