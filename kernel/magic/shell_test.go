//go:build unix

package magic

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestShellCommands(t *testing.T) {
	files(t, map[string]string{"a.txt": "one\n"})
	tests := []struct{ code, out string }{
		{"!cat a.txt | tr a-z A-Z", "ONE\n"},
		{"! echo $HOME > /dev/null; printf 'é日'", "é日"},
		{"%%bash\nfor i in 1 2; do echo $i; done\n[[ 1 == 1 ]] && echo bash", "1\n2\nbash\n"},
		{"%%sh a 'b c'\necho \"$#: $2\"", "2: b c\n"},
		{"!cat", ""}, // nothing to read
		{"!printf 'a\\303'", "a\ufffd"},
	}
	for _, tt := range tests {
		if got := mustRun(t, tt.code); got != tt.out {
			t.Errorf("%s: got %q, want %q", tt.code, got, tt.out)
		}
	}
	n := &notebook{}
	out, err := run(t, n, "!echo out; echo err >&2; exit 3")
	if err == nil || err.Error() != "!: the command ended with status 3" || out != "out\n" || n.out.errs.String() != "err\n" {
		t.Errorf("stdout %q, stderr %q, error %v", out, n.out.errs.String(), err)
	}
	wantError(t, "!kill -9 $$", "signal: killed")
	wantError(t, "%%bash\nnosuchcommand", "ended with status 127")
	wantError(t, "%%bash\n#"+strings.Repeat("x", mostScript), "longer than")
	t.Setenv("PATH", t.TempDir())
	wantError(t, "!ls", "neither bash nor sh")
	wantError(t, "%%bash\nls", "%%bash: this system has no bash")
}

// The second line is written only after the first one has come.
func TestShellOutputIsLive(t *testing.T) {
	files(t, nil)
	n := &notebook{}
	out := &record{onText: func(text string) {
		if strings.HasPrefix(text, "first") {
			if err := os.WriteFile("seen", nil, 0o666); err != nil {
				t.Error(err)
			}
		}
	}}
	c := &Call{Name: "!", Args: "echo first; until [ -e seen ]; do sleep 0.01; done; echo second", Out: out, Session: n}
	if err := All().Run(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got := out.out.String(); got != "first\nsecond\n" {
		t.Errorf("got %q", got)
	}
}

// gone waits until a process has ended; the test's time limit bounds it.
func gone(t *testing.T, pid string) {
	t.Helper()
	id, err := strconv.Atoi(strings.TrimSpace(pid))
	if err != nil {
		t.Fatal(err)
	}
	for syscall.Kill(id, 0) == nil && !isZombie(id) {
		time.Sleep(time.Millisecond)
	}
}

// isZombie: an orphan that nobody has waited for yet.
func isZombie(id int) bool {
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(id)).Output()
	return err != nil || strings.HasPrefix(strings.TrimSpace(string(state)), "Z")
}

// An interrupt ends the shell, what it waits for, and what ignores the interrupt.
func TestInterruptEndsTheWholeGroup(t *testing.T) {
	for name, script := range map[string]string{
		"a child":     "sleep 1000 & echo $! $$; wait",
		"foreground":  "echo $$ $$; sleep 1000; true",
		"deaf":        "trap '' INT TERM; sleep 1000 & echo $! $$; wait",
		"busy":        "echo $$ $$; while :; do :; done",
		"much output": "echo $$ $$; yes",
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &record{}
			out.onText = func(text string) {
				if strings.Contains(out.out.String()[:min(30, out.out.Len())], "\n") {
					cancel()
				}
			}
			c := &Call{Name: "!", Args: script, Out: out}
			if err := All().Run(ctx, c); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
			pids, _, _ := strings.Cut(out.out.String(), "\n")
			for _, pid := range strings.Fields(pids) {
				gone(t, pid)
			}
		})
	}
}

func TestNothingIsLeftInTheBackground(t *testing.T) {
	for _, script := range []string{"!sleep 1000 & echo $!", "!sleep 1000 > /dev/null 2>&1 & echo $!"} {
		out := mustRun(t, script)
		pid, note, _ := strings.Cut(out, "\n")
		if !strings.HasPrefix(note, "note: what the command left running") {
			t.Errorf("%s: printed %q", script, out)
		}
		gone(t, pid)
	}
	if got := mustRun(t, "!(sleep 0.01; echo late) & true"); got != "late\n" {
		t.Errorf("what ends soon is not waited for: %q", got)
	}
}

func TestCancelledBeforeItStarts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := runContext(t, ctx, &notebook{}, "!echo x"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkShell(b *testing.B) {
	for b.Loop() {
		if err := All().Run(b.Context(), &Call{Name: "!", Args: "true", Out: &record{}}); err != nil {
			b.Fatal(err)
		}
	}
}
