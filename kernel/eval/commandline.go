package eval

import (
	"errors"
	"flag"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// commandLine is what a program in a cell sees of its command line: os.Args, and the
// functions of package flag that work on it. Each session has its own.
type commandLine struct {
	args  []string // os.Args; the first is the program's name
	flags *flag.FlagSet
	usage func() // flag.Usage
	exit  func(code int)
}

func newCommandLine(s *Session) *commandLine {
	c := &commandLine{args: []string{"main"}, flags: flag.NewFlagSet("main", flag.ContinueOnError), exit: s.Exit}
	c.flags.SetOutput(s.Stderr())
	c.flags.Usage = func() { c.usage() }
	c.usage = func() {
		fmt.Fprintf(c.flags.Output(), "Usage of %s:\n", c.args[0])
		c.flags.PrintDefaults()
	}
	return c
}

// SetArgs sets what cells find in os.Args after the program's name.
func (s *Session) SetArgs(args []string) { s.command.args = append([]string{"main"}, args...) }

// Args returns what cells find in os.Args after the program's name.
func (s *Session) Args() []string {
	if len(s.command.args) < 2 {
		return nil
	}
	return slices.Clone(s.command.args[1:])
}

// parse is flag.Parse. What would end a program ends the cell.
func (c *commandLine) parse() {
	var args []string
	if len(c.args) > 1 {
		args = c.args[1:]
	}
	switch err := c.flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		c.exit(0)
	case err != nil:
		c.exit(2)
	}
}

// define makes room for a flag: a cell that is run again defines its flags again, which package
// flag takes for a mistake.
func (c *commandLine) define(name string) *flag.FlagSet {
	if c.flags.Lookup(name) == nil {
		return c.flags
	}
	others := flag.NewFlagSet(c.flags.Name(), flag.ContinueOnError)
	others.SetOutput(c.flags.Output())
	others.Usage = c.flags.Usage
	c.flags.VisitAll(func(f *flag.Flag) {
		if f.Name != name {
			others.Var(f.Value, f.Name, f.Usage)
			others.Lookup(f.Name).DefValue = f.DefValue
		}
	})
	*c.flags = *others
	return c.flags
}

// flagOf binds a function that defines a flag and returns where its value is kept.
func flagOf[T any](c *commandLine, define func(*flag.FlagSet, string, T, string) *T) reflect.Value {
	return reflect.ValueOf(func(name string, value T, usage string) *T { return define(c.define(name), name, value, usage) })
}

// flagAt binds a function that defines a flag whose value is kept at p.
func flagAt[P, T any](c *commandLine, define func(*flag.FlagSet, P, string, T, string)) reflect.Value {
	return reflect.ValueOf(func(p P, name string, value T, usage string) { define(c.define(name), p, name, value, usage) })
}

// flagCall binds a function that defines a flag which is a function.
func flagCall(c *commandLine, define func(*flag.FlagSet, string, string, func(string) error)) reflect.Value {
	return reflect.ValueOf(func(name, usage string, fn func(string) error) { define(c.define(name), name, usage, fn) })
}

// symbols are those of package flag for the session.
func (c *commandLine) symbols() map[string]reflect.Value {
	set := c.flags
	return map[string]reflect.Value{
		"CommandLine": reflect.ValueOf(&c.flags).Elem(), "Usage": reflect.ValueOf(&c.usage).Elem(),
		"NewFlagSet": reflect.ValueOf(newFlagSet), "Parse": reflect.ValueOf(c.parse), "Parsed": reflect.ValueOf(set.Parsed),
		"Arg": reflect.ValueOf(set.Arg), "Args": reflect.ValueOf(set.Args), "NArg": reflect.ValueOf(set.NArg), "NFlag": reflect.ValueOf(set.NFlag),
		"Lookup": reflect.ValueOf(set.Lookup), "Set": reflect.ValueOf(set.Set), "PrintDefaults": reflect.ValueOf(set.PrintDefaults),
		"Visit": reflect.ValueOf(set.Visit), "VisitAll": reflect.ValueOf(set.VisitAll),

		"Bool": flagOf(c, (*flag.FlagSet).Bool), "Int": flagOf(c, (*flag.FlagSet).Int), "Int64": flagOf(c, (*flag.FlagSet).Int64), "Uint": flagOf(c, (*flag.FlagSet).Uint), "Uint64": flagOf(c, (*flag.FlagSet).Uint64),
		"Float64": flagOf(c, (*flag.FlagSet).Float64), "String": flagOf(c, (*flag.FlagSet).String), "Duration": flagOf[time.Duration](c, (*flag.FlagSet).Duration),
		"BoolVar": flagAt(c, (*flag.FlagSet).BoolVar), "IntVar": flagAt(c, (*flag.FlagSet).IntVar), "Int64Var": flagAt(c, (*flag.FlagSet).Int64Var), "UintVar": flagAt(c, (*flag.FlagSet).UintVar), "Uint64Var": flagAt(c, (*flag.FlagSet).Uint64Var),
		"Float64Var": flagAt(c, (*flag.FlagSet).Float64Var), "StringVar": flagAt(c, (*flag.FlagSet).StringVar), "DurationVar": flagAt(c, (*flag.FlagSet).DurationVar), "TextVar": flagAt(c, (*flag.FlagSet).TextVar),
		"Func": flagCall(c, (*flag.FlagSet).Func), "BoolFunc": flagCall(c, (*flag.FlagSet).BoolFunc),
		"Var": reflect.ValueOf(func(v flag.Value, name, usage string) { c.define(name).Var(v, name, usage) }),
	}
}

// newFlagSet is flag.NewFlagSet; what would end the process panics.
func newFlagSet(name string, handling flag.ErrorHandling) *flag.FlagSet {
	if handling == flag.ExitOnError {
		handling = flag.PanicOnError
	}
	return flag.NewFlagSet(name, handling)
}
