package main

import (
	"os"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/process"
)

// TestMain lets the tests' own binary be the worker process of cells that compute with
// taskgraph.Processes.
func TestMain(m *testing.M) {
	if process.IsWorker() {
		os.Exit(serveTasks())
	}
	os.Exit(m.Run())
}
