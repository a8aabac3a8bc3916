package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"syscall"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure"
	"github.com/dagbook/dagbook/kernel/eval/yaegi"
	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/protocol/zmq"
)

// engineOf returns the engine of a name; "" is the default.
func engineOf(name string) (eval.NewEngine, error) {
	switch name {
	case "", "closure":
		return closure.New, nil
	case "yaegi":
		return yaegi.New, nil
	}
	return nil, fmt.Errorf("there is no engine %q; there are: closure, yaegi", name)
}

// runKernel is the command that Jupyter runs.
func runKernel(args []string) (err error) {
	f := flag.NewFlagSet("kernel", flag.ContinueOnError)
	file := f.String("f", "", "the connection file")
	engine := f.String("engine", "", "the evaluator: closure or yaegi")
	if err := parse(f, args); err != nil {
		return err
	}
	allowDeepStacks()
	if *file == "" {
		return errors.New("kernel needs a connection file (-f FILE); Jupyter makes one: start the kernel with jupyter lab or jupyter console --kernel dagbook")
	}
	newEngine, err := engineOf(*engine)
	if err != nil {
		return err
	}
	capture, err := kernel.NewCapture()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, capture.Close()) }()
	log := slog.New(slog.NewTextHandler(capture.Stderr(), nil))
	limitMemory(log)
	paceCollector()
	return serve(*file, newEngine, capture, log)
}

// serve opens the sockets and runs the kernel until it is shut down.
func serve(file string, newEngine eval.NewEngine, capture *kernel.Capture, log *slog.Logger) error {
	info, err := protocol.ReadConnectionFile(file)
	if err != nil {
		return err
	}
	session := protocol.NewSession(username())
	conn, err := zmq.Listen(info, session, zmq.Options{Log: log})
	if err != nil {
		return err
	}
	defer conn.Close() // delivers what was sent
	evaluator, err := newEvaluator(newEngine, log)
	if err != nil {
		return err
	}
	if evaluator.watch.setting, err = progressSetting(os.Getenv("DAGBOOK_PROGRESS")); err != nil {
		return err
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	parent, _ := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	k := kernel.New(session, conn, evaluator, kernel.Options{
		Version: version(), Connection: conn.Info(), HistoryDir: historyDir(), ParentPID: parent,
		Interrupts: interrupts, Capture: capture, Log: log,
	})
	evaluator.host.join(k.Comms(), evaluator.widgets)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return k.Run(ctx)
}

func username() string {
	for _, name := range []string{"USER", "LOGNAME", "USERNAME"} {
		if u := os.Getenv(name); u != "" {
			return u
		}
	}
	return "username"
}

// historyDir is where the user's history is kept; "" when there is no such place.
func historyDir() string {
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "dagbook", "history")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "dagbook", "history")
}

// limitMemory tells Go, and with it the engine, how much memory there is for cells unless
// GOMEMLIMIT does: four fifths of what the container or the machine has.
func limitMemory(log *slog.Logger) {
	all := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)
	if _, err := memlimit.Set(memlimit.WithRatio(0.8), memlimit.WithProvider(all)); err != nil {
		log.Warn("the memory of cells is not limited", "error", err)
	}
}

// allowDeepStacks raises Go's limit. A stack over it ends the process; the engine ends a
// runaway recursion long before, and this gives it twice the time.
func allowDeepStacks() { debug.SetMaxStack(2 << 30) }
