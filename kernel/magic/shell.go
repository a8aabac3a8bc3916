package magic

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dagbook/dagbook/display"
)

const (
	// grace is how long a command has to end after an interrupt, and its output to be
	// closed after its end, before everything that it started is killed.
	grace = 100 * time.Millisecond
	// mostScript keeps below what systems take as one argument of a program.
	mostScript = 100_000
)

func shellMagics() []Magic {
	return []Magic{
		{Name: "!", Line: true, Run: command, Doc: `!command
Runs a shell command; its output comes as it is printed.`},
		{Name: "bash", Cell: true, Run: bash, Doc: `%%bash [args ...]
Runs the cell as a script of bash; $1 and so on are the args.`},
		{Name: "sh", Cell: true, Run: sh, Doc: `%%sh [args ...]
Runs the cell as a script of sh; $1 and so on are the args.`},
	}
}

func command(ctx context.Context, c *Call) error {
	if c.Args == "" {
		return c.errorf("the command is missing: write !ls for example")
	}
	shell, err := exec.LookPath("bash")
	if err != nil {
		shell, err = exec.LookPath("sh")
	}
	if err != nil {
		return c.errorf("this system has neither bash nor sh, which run commands; %%lsmagic lists what works without")
	}
	return c.run(ctx, shell, c.Args, nil)
}

func bash(ctx context.Context, c *Call) error { return c.script(ctx, "bash") }

func sh(ctx context.Context, c *Call) error { return c.script(ctx, "sh") }

func (c *Call) script(ctx context.Context, name string) error {
	shell, err := exec.LookPath(name)
	if err != nil {
		return c.errorf("this system has no %s; install it, or write the cell in Go", name)
	}
	args, err := fields(c.Args)
	if err != nil {
		return c.errorf("%w", err)
	}
	return c.run(ctx, shell, c.Body, append([]string{name}, args...))
}

// run runs a script to its end, with nothing to read, in a process group of its own: an
// interrupt reaches all of it, and what it leaves in the background ends with it.
func (c *Call) run(ctx context.Context, shell, script string, args []string) error {
	if len(script) > mostScript {
		return c.errorf("the script is longer than %d bytes; %%%%writefile saves it to a file that a command can run", mostScript)
	}
	var order sync.Mutex
	out := &stream{out: c.Out, name: "stdout", order: &order}
	errs := &stream{out: c.Out, name: "stderr", order: &order}
	cmd := exec.CommandContext(ctx, shell, append([]string{"-c", script}, args...)...)
	cmd.Stdout, cmd.Stderr = out, errs
	cmd.WaitDelay = grace
	ownGroup(cmd)
	cmd.Cancel = func() error { return interrupt(cmd) }
	if err := cmd.Start(); err != nil && ctx.Err() != nil {
		return ctx.Err()
	} else if err != nil {
		return c.errorf("the shell does not start: %s", why(err))
	}
	err := cmd.Wait() // for the goroutines that copy the output, too
	left := endGroup(ctx, cmd) || errors.Is(err, exec.ErrWaitDelay)
	out.end()
	errs.end()
	if left && ctx.Err() == nil {
		c.print("note: what the command left running in the background was ended with it\n")
	}
	return c.ended(ctx, err)
}

// endGroup ends what the command left behind, after some time to end by itself unless
// ctx is cancelled, and reports whether it had to.
func endGroup(ctx context.Context, cmd *exec.Cmd) bool {
	late := time.After(grace)
	look := time.NewTicker(grace / 20)
	defer look.Stop()
	for groupLives(cmd) {
		select {
		case <-look.C:
			continue
		case <-late:
		case <-ctx.Done():
		}
		killGroup(cmd)
		return true
	}
	return false
}

// ended says how a command ended.
func (c *Call) ended(ctx context.Context, err error) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrWaitDelay): // its output was still open: left has told
		return nil
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return c.errorf("the command ended with status %d", exit.ExitCode())
	case err != nil:
		return c.errorf("the command did not end by itself: %w", err)
	}
	return nil
}

// stream passes what a command prints on, whole characters at a time. The streams of a
// command share a lock, since each is copied by a goroutine of its own.
type stream struct {
	out   display.Output
	name  string
	order *sync.Mutex
	rest  []byte // the first bytes of a character
}

var _ io.Writer = (*stream)(nil)

func (s *stream) Write(b []byte) (int, error) {
	s.order.Lock()
	defer s.order.Unlock()
	all := append(s.rest, b...)
	n := wholeRunes(all)
	if n > 0 {
		s.out.Stream(s.name, string(all[:n]))
	}
	s.rest = append([]byte(nil), all[n:]...)
	return len(b), nil
}

// end passes on what is left.
func (s *stream) end() {
	if len(s.rest) > 0 {
		s.out.Stream(s.name, "\ufffd")
	}
}

// wholeRunes is the length of b without an incomplete character at its end.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				break
			}
			return i
		}
	}
	return len(b)
}
