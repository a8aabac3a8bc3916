package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"time"

	"github.com/dagbook/dagbook/kernel/eval/check"
)

// Input asks the person at the notebook for a line, which comes without its newline.
type Input func(ctx context.Context, prompt string) (string, error)

var errNoInput = errors.New("this cell cannot ask for input")

// stdin is what fmt.Scan and its kin read: lines that are asked for when they
// are needed.
type stdin struct{ session *Session }

func (in stdin) Read(b []byte) (int, error) {
	now := in.session.now.Load()
	if now == nil || now.input == nil {
		return 0, io.EOF
	}
	now.mu.Lock()
	rest := now.rest
	now.mu.Unlock()
	if rest == "" {
		line, err := now.input(now.ctx, "")
		if err != nil {
			return 0, err
		}
		rest = line + "\n"
	}
	n := copy(b, rest)
	now.mu.Lock()
	now.rest = rest[n:]
	now.mu.Unlock()
	return n, nil
}

func (s *Session) scanning() map[string]reflect.Value {
	in := stdin{s}
	return map[string]reflect.Value{
		"Scan":   reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscan(in, a...) }),
		"Scanf":  reflect.ValueOf(func(f string, a ...any) (int, error) { return fmt.Fscanf(in, f, a...) }),
		"Scanln": reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscanln(in, a...) }),
	}
}

// feedStdin gives a program that mentions os.Stdin a pipe in its place, into which
// goes a line whenever the program has read what was there. The returned function
// ends that.
func (s *Session) feedStdin(ctx context.Context, p *check.Program, input Input) (stop func(), err error) {
	if !p.Mentions("os", "Stdin") {
		return func() {}, nil
	}
	if input == nil {
		input = func(context.Context, string) (string, error) { return "", errNoInput }
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("os.Stdin: %w", err)
	}
	s.stdin = r
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer w.Close()
		for {
			line, err := input(ctx, "")
			if err != nil {
				return
			}
			if _, err := w.WriteString(line + "\n"); err != nil || !waitEmpty(ctx, r) {
				return
			}
		}
	}()
	return func() {
		cancel()
		r.Close()
		<-done
	}, nil
}

// waitEmpty waits until the pipe has been read empty; false: ctx ended first.
func waitEmpty(ctx context.Context, r *os.File) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
		if n, err := waiting(r); err != nil || n == 0 {
			return err == nil
		}
	}
}
