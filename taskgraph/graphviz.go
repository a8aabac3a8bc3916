package taskgraph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// graphvizLimit is how long the dot process may take. It needs minutes for
// graphs that nobody could look at.
const graphvizLimit = time.Minute

// graphviz has Graphviz's dot draw the picture. The process ends with the
// context of the cell, or the runner, that asks.
func (p *Picture) graphviz(format string) ([]byte, error) {
	path, err := exec.LookPath("dot")
	if err != nil {
		return nil, errorf("the picture cannot be drawn as %s: that needs Graphviz's program dot, which is not installed here (see graphviz.org); svg and dot files need nothing", format)
	}
	ctx, cancel := context.WithTimeout(p.context(), graphvizLimit)
	defer cancel()
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, path, "-T"+format)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(p.DOT()), &out, &problems
	cmd.WaitDelay = time.Second
	switch err := cmd.Run(); {
	case errors.Is(ctx.Err(), context.DeadlineExceeded) && p.context().Err() == nil:
		return nil, errorf("Graphviz's dot did not draw the picture within %v; Collapse(true) makes it smaller, and svg needs no dot", graphvizLimit)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("the picture was not drawn: %w", context.Cause(ctx))
	case err != nil:
		return nil, fmt.Errorf("Graphviz's dot cannot draw the picture as %s: %w: %s", format, err, firstLine(problems.String()))
	}
	return out.Bytes(), nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
