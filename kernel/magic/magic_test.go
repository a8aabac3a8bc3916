package magic

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/dagbook/dagbook/display"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record is an Output that keeps what comes, and tells of it.
type record struct {
	mu     sync.Mutex
	out    strings.Builder
	errs   strings.Builder
	shown  []display.Bundle
	onText func(text string)
}

func (r *record) Stream(name, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == "stderr" {
		r.errs.WriteString(text)
	} else {
		r.out.WriteString(text)
	}
	if r.onText != nil {
		r.onText(text)
	}
}

func (r *record) Display(b display.Bundle, id string) { r.shown = append(r.shown, b) }
func (r *record) Update(b display.Bundle, id string)  {}
func (r *record) Clear(wait bool)                     {}

// notebook is a Session that writes down what it is asked.
type notebook struct {
	args  []string
	out   *record
	vars  []Var
	fails error
	log   []string

	profile display.Bundle
}

func (n *notebook) Run(ctx context.Context, code string) error {
	n.log = append(n.log, "run "+code)
	n.out.Stream("stdout", "[ran]\n")
	return n.fails
}
func (n *notebook) Vars() []Var           { return n.vars }
func (n *notebook) Args() []string        { return n.args }
func (n *notebook) SetArgs(args []string) { n.args = args }
func (n *notebook) Reset() error {
	n.log = append(n.log, "reset")
	return n.fails
}
func (n *notebook) Inspect(name string) (display.Bundle, bool) {
	return display.Text("func " + name + "()"), name == "strings.Cut"
}
func (n *notebook) Page(b display.Bundle) { n.out.Display(b, "") }
func (n *notebook) SetNextInput(text string, replace bool) {
	n.log = append(n.log, fmt.Sprintf("next %t %s", replace, text))
}
func (n *notebook) Profile() func() display.Bundle {
	n.log = append(n.log, "profile")
	return func() display.Bundle {
		n.log = append(n.log, "profiled")
		return n.profile
	}
}
func (n *notebook) Measure() func() string {
	n.log = append(n.log, "measure")
	return func() string { return "Wall time: 1 s\n" }
}

// run runs a line or a cell as the kernel does.
func run(t *testing.T, n *notebook, code string) (string, error) {
	t.Helper()
	return runContext(t, t.Context(), n, code)
}

func runContext(t *testing.T, ctx context.Context, n *notebook, code string) (string, error) {
	t.Helper()
	n.out = &record{}
	call, ok := ParseCell(code)
	switch {
	case ok:
	case strings.HasPrefix(code, "!"):
		call = &Call{Name: "!", Args: code[1:]}
	case strings.HasSuffix(code, "?"):
		call = &Call{Name: "pinfo", Args: code[:len(code)-1]}
	default:
		name, args := cutSpace(strings.TrimPrefix(code, "%"))
		call = &Call{Name: name, Args: args}
	}
	call.Out, call.Session = n.out, n
	err := All().Run(ctx, call)
	return n.out.out.String(), err
}

// mustRun runs what must not fail.
func mustRun(t *testing.T, code string) string {
	t.Helper()
	out, err := run(t, &notebook{}, code)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return out
}

// wantError runs what must fail with a sentence.
func wantError(t *testing.T, code, want string) {
	t.Helper()
	out, err := run(t, &notebook{}, code)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %v, want one with %q; printed %q", code, err, want, out)
	}
}

// files makes files in a new working directory; a name with a slash at its end is a directory.
func files(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(content)) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o777); err != nil {
				t.Fatal(err)
			}
		} else if err := os.WriteFile(path, []byte(content[name]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestSetSaysWhatIsWrong(t *testing.T) {
	tests := []struct{ code, want string }{
		{"%tiem f()", "there is no magic %tiem; did you mean %time?"},
		{"%wos", "did you mean %whos?"},
		{"%matplotlib inline", "there is no magic %matplotlib; %lsmagic lists them"},
		{"%x", "there is no magic %x; %lsmagic"},
		{"%%", "a magic's name follows"},
		{"%%ls\nx", "%%ls: this magic takes a line, not a cell: write %ls"},
		{"%bash", "%bash: this magic takes a cell: write %%bash on"},
		{"%time", "%time: it stands before a Go statement on the same line: %time f(x)"},
		{"%timeit", "%timeit f(x)"},
		{"%%time\n\n", "%%time: there is nothing below it to time"},
		{"%%profile\n\n", "%%profile: there is nothing below it to profile"},
		{"%%profile -r\nx", "%%profile: it takes no arguments"},
		{"%ls -z", "%ls: there is no option -z; it knows -l and -a and -1"},
		{"%who -z", "%who: there is no option -z; it has none"},
		{`%ls "a`, `%ls: a " is missing its end`},
		{"!", "!: the command is missing"},
		{"?", "name?: the name to explain is missing"},
	}
	for _, tt := range tests {
		wantError(t, tt.code, tt.want)
	}
}

func TestEveryMagicHasHelp(t *testing.T) {
	set := All()
	for _, name := range set.Names() {
		m, err := set.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		usage, sentence, ok := strings.Cut(m.Doc, "\n")
		if !ok || !strings.HasSuffix(sentence, ".") || !strings.Contains(usage, strings.TrimPrefix(name, "p")) && name != "pinfo" {
			t.Errorf("%s: help is %q", name, m.Doc)
		}
		if !m.Line && !m.Cell || m.Run == nil {
			t.Errorf("%s can stand nowhere", name)
		}
	}
	out := mustRun(t, "%lsmagic")
	if got := strings.Count(out, "\n"); got != len(set.Names()) {
		t.Errorf("%d lines for %d magics", got, len(set.Names()))
	}
	for _, code := range []string{"%lsmagic rm", "%lsmagic %rm", "%rm?"} {
		if got := mustRun(t, code); !strings.HasPrefix(got, "%rm [-r]") {
			t.Errorf("%s: %q", code, got)
		}
	}
	wantError(t, "%lsmagic bsah", "did you mean %bash?")
}

func TestProfileRunsTheCellAndShowsItsProfile(t *testing.T) {
	n := &notebook{profile: display.Text("7 tasks")}
	out, err := run(t, n, "%%profile\nx.Compute()")
	if err != nil || out != "[ran]\n" || len(n.out.shown) != 1 || n.out.shown[0].Data[display.MIMEText] != "7 tasks" {
		t.Errorf("printed %q, shown %v, error %v", out, n.out.shown, err)
	}
	if want := []string{"profile", "run \nx.Compute()", "profiled"}; !slices.Equal(n.log, want) {
		t.Errorf("got %q, want %q", n.log, want)
	}
	failure := errors.New("task x failed")
	n = &notebook{fails: failure, profile: display.Text("7 tasks")}
	if _, err := run(t, n, "%%profile\nx"); err != failure || len(n.out.shown) != 1 {
		t.Errorf("a cell that fails: shown %v, error %v", n.out.shown, err)
	}
	n = &notebook{}
	if out, err := run(t, n, "%%profile\nx"); err != nil || !strings.Contains(out, "no task graph") || len(n.out.shown) != 0 {
		t.Errorf("without a graph: printed %q, shown %v, error %v", out, n.out.shown, err)
	}
}

func TestTimeRunsTheCellAndPrintsItsTimes(t *testing.T) {
	n := &notebook{}
	out, err := run(t, n, "\n%%time x := 1\ny := 2\nx + y")
	if err != nil || out != "[ran]\nWall time: 1 s\n" {
		t.Errorf("printed %q, error %v", out, err)
	}
	if want := []string{"measure", "run \nx := 1\ny := 2\nx + y"}; !slices.Equal(n.log, want) {
		t.Errorf("got %q, want %q", n.log, want)
	}
	failure := errors.New("compile error")
	if out, err := run(t, &notebook{fails: failure}, "%%time\nx"); err != failure || out != "[ran]\n" {
		t.Errorf("a cell that fails: printed %q, error %v", out, err)
	}
}

func TestTimeitMakesAFunctionOfTheCell(t *testing.T) {
	n := &notebook{}
	if _, err := run(t, n, "%%timeit\nf(1) // note"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"run %timeit func() { \nf(1) // note\n}()"}; !slices.Equal(n.log, want) {
		t.Errorf("got %q, want %q", n.log, want)
	}
}

func TestWho(t *testing.T) {
	n := &notebook{vars: []Var{{"slowinc", "func(x int) int", "func"}, {"x", "int", "var"}, {"P", "struct{X int}", "type"}}}
	tests := []struct{ code, want string }{
		{"%who", "P        slowinc  x\n"},
		{"%who var type", "P  x\n"},
		{"%who const", "Nothing is declared.\n"},
		{"%whos const", "Nothing is declared.\n"},
		{"%whos", "Name     Kind   Type\nP        type   struct{X int}\nslowinc  func   func(x int) int\nx        var    int\n"},
	}
	for _, tt := range tests {
		if got, err := run(t, n, tt.code); err != nil || got != tt.want {
			t.Errorf("%s: got %q, error %v", tt.code, got, err)
		}
	}
	wantError(t, "%who variable", `there is no kind "variable"`)
	if n.vars[0].Name != "slowinc" {
		t.Error("the session's list was sorted in place")
	}
}

func TestResetAndInspect(t *testing.T) {
	n := &notebook{}
	if _, err := run(t, n, "%reset -f"); err != nil || !slices.Equal(n.log, []string{"reset"}) {
		t.Errorf("%q, %v", n.log, err)
	}
	wantError(t, "%reset x", "it forgets everything")
	if _, err := run(t, n, "strings.Cut?"); err != nil || len(n.out.shown) != 1 {
		t.Errorf("shown %v, error %v", n.out.shown, err)
	}
	wantError(t, "nothing?", "nothing?: there is nothing of this name")
	c := &Call{Name: "who", Out: &record{}}
	if err := All().Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), "no Go session") {
		t.Errorf("without a session: %v", err)
	}
}

func TestForms(t *testing.T) {
	for name, mime := range map[string]string{
		"html": display.MIMEHTML, "markdown": display.MIMEMarkdown, "latex": display.MIMELatex,
		"svg": display.MIMESVG, "javascript": display.MIMEJavaScript,
	} {
		n := &notebook{}
		if _, err := run(t, n, "%%"+name+"\n$x$"); err != nil {
			t.Fatal(err)
		}
		if len(n.out.shown) != 1 || n.out.shown[0].Data[mime] != "$x$" {
			t.Errorf("%s shows %v", name, n.out.shown)
		}
	}
}
