// Command dagbook is a Jupyter kernel for Go whose cells build and run task graphs.
//
//	dagbook install --user        makes the kernel known to Jupyter
//	dagbook uninstall --user      takes it back
//	dagbook kernel -f FILE        is how Jupyter starts it
//	dagbook version
//
// This file holds flags and wiring only; ARCHITECTURE.md tells where things are.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/dagbook/dagbook/kernelspec"
	"github.com/dagbook/dagbook/taskgraph/process"
)

const usage = `dagbook is a Jupyter kernel for Go.

  dagbook install [--user | --sys-prefix | --prefix DIR] [--engine NAME]
                       make the kernel known to Jupyter (default: --user)
  dagbook uninstall [--user | --sys-prefix | --prefix DIR]
                       undo install
  dagbook kernel -f FILE [--engine NAME]
                       run the kernel with a connection file; Jupyter does this
  dagbook version      print the version
`

func main() {
	if process.IsWorker() {
		os.Exit(serveTasks())
	}
	err := run(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dagbook:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	command := ""
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "install":
		return install(args, out)
	case "uninstall":
		return uninstall(args, out)
	case "kernel":
		return runKernel(args)
	case "version", "--version", "-v":
		_, err := fmt.Fprintln(out, "dagbook", version(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
		return err
	case "", "help", "--help", "-h":
		_, err := fmt.Fprint(out, usage)
		return err
	}
	return fmt.Errorf("there is no command %q\n\n%s", command, usage)
}

// version is the module's version as Go recorded it, else that of CHANGELOG.md.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return strings.TrimPrefix(v, "v")
	}
	return "0.1.0"
}

// place reads the flags that say where kernelspecs go.
func place(f *flag.FlagSet, args []string) (kernelspec.Place, error) {
	user := f.Bool("user", false, "the user's own Jupyter folder (the default)")
	sysPrefix := f.Bool("sys-prefix", false, "the active Python environment")
	prefix := f.String("prefix", "", "a prefix such as /usr/local: the kernelspec goes to share/jupyter/kernels below it")
	given := func(name string) (is bool) {
		f.Visit(func(fl *flag.Flag) { is = is || fl.Name == name })
		return is
	}
	if err := parse(f, args); err != nil {
		return "", err
	}
	switch {
	case given("prefix") && *prefix == "":
		return "", fmt.Errorf("%s: --prefix needs a folder, such as --prefix /usr/local", f.Name())
	case f.NArg() > 0:
		return "", fmt.Errorf("%s takes no argument %q; a folder is given as --prefix %s", f.Name(), f.Arg(0), f.Arg(0))
	case *prefix != "" && (*user || *sysPrefix) || *user && *sysPrefix:
		return "", fmt.Errorf("%s: --user, --sys-prefix and --prefix exclude each other: give one", f.Name())
	case *prefix != "":
		return kernelspec.Prefix(*prefix), nil
	case *sysPrefix:
		return kernelspec.EnvPrefix(os.Getenv)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("your home folder is not known (%w): say where with --prefix DIR", err)
	}
	return kernelspec.User(os.Getenv, home), nil
}

// parse reads flags; what is wrong is returned, not printed, and help is no error.
func parse(f *flag.FlagSet, args []string) error {
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w; dagbook help lists the flags", f.Name(), err)
	}
	return nil
}

func install(args []string, out io.Writer) error {
	f := flag.NewFlagSet("install", flag.ContinueOnError)
	engine := f.String("engine", "", "the evaluator that the kernel starts with")
	p, err := place(f, args)
	if err != nil {
		return err
	}
	var extra []string
	if *engine != "" {
		if _, err := engineOf(*engine); err != nil {
			return err
		}
		extra = []string{"--engine", *engine}
	}
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	if strings.Contains(binary, string(os.PathSeparator)+"go-build") {
		return errors.New("this program is a temporary build of `go run`, which will be gone: build it first (make build) and run bin/dagbook install")
	}
	dir, err := kernelspec.Install(p, binary, extra...)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Installed the kernel %q in %s\nStart it with: jupyter lab\n", kernelspec.DisplayName, dir)
	return nil
}

func uninstall(args []string, out io.Writer) error {
	f := flag.NewFlagSet("uninstall", flag.ContinueOnError)
	p, err := place(f, args)
	if err != nil {
		return err
	}
	dir, err := kernelspec.Remove(p)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; if it was installed elsewhere, say where with --sys-prefix or --prefix", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Removed %s\n", dir)
	return nil
}
