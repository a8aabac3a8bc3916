package main

import (
	"fmt"
	"sync/atomic"

	"github.com/dagbook/dagbook/display/taskview"
	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// watch joins the session's runner to what shows what computations do. Cells compute on
// any goroutine, also when they are over, hence the atomics.
type watch struct {
	view     *taskview.Progress
	setting  string // of DAGBOOK_PROGRESS: "on", "off" or "" for what the cell says
	attended atomic.Bool
	profile  atomic.Pointer[taskgraph.Profile] // of the cell that runs, if it is %%profile
}

// progressSetting reads DAGBOOK_PROGRESS: on and off decide for all computations that do
// not say themselves; otherwise those of cells show progress that somebody attends.
func progressSetting(value string) (string, error) {
	switch value {
	case "", "on", "off":
		return value, nil
	}
	return "", fmt.Errorf("DAGBOOK_PROGRESS is %q, but it is on, off or empty", value)
}

// progress is the runner's ProgressView.
func (w *watch) progress(g *graph.Graph, asked bool) trace.Observer {
	if !asked && (w.setting == "off" || w.setting == "" && !w.attended.Load()) {
		return nil
	}
	return w.view.Observe(g)
}

// profiled is the runner's Observer.
func (w *watch) profiled(g *graph.Graph) trace.Observer {
	if p := w.profile.Load(); p != nil {
		return p.Observe(g)
	}
	return nil
}
