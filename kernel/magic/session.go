package magic

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

func sessionMagics() []Magic {
	return []Magic{
		{Name: "time", Line: true, Cell: true, Run: timed, Doc: `%time statement, %%time
Runs a statement or a cell and prints the CPU and wall times that it took.`},
		{Name: "timeit", Line: true, Cell: true, Run: timeit, Doc: `%timeit statement, %%timeit
Runs a statement or a cell many times and prints the time of one run.`},
		{Name: "profile", Cell: true, Run: profiled, Doc: `%%profile
Runs a cell and shows which of its tasks ran when, and what memory and CPU they took.`},
		{Name: "who", Line: true, Run: who, Doc: `%who [kind ...]
Lists the names that you declared; kinds are var, func, type and const.`},
		{Name: "whos", Line: true, Run: whos, Doc: `%whos [kind ...]
Lists the names that you declared, with their types.`},
		{Name: "reset", Line: true, Run: reset, Doc: `%reset [-f]
Forgets all variables, functions, types and imports.`},
		{Name: "args", Line: true, Run: commandLine, Doc: `%args [argument ...]
Sets what programs find in os.Args, and package flag with it; alone it shows them, with -- it sets none.`},
		{Name: "pinfo", Line: true, Run: pinfo, Doc: `name?
Shows what a name is: its type and its documentation.`},
		{Name: "lsmagic", Line: true, Run: lsmagic, Doc: `%lsmagic [name]
Lists the magics, or explains one.`},
	}
}

// timed is %%time; the evaluator handles %time before a statement.
func timed(ctx context.Context, c *Call) error {
	s, err := c.timable()
	if err != nil {
		return err
	}
	stop := s.Measure()
	if err := s.Run(ctx, c.code("", "")); err != nil {
		return err
	}
	c.print(stop())
	return nil
}

// profiled is %%profile. What was recorded before a failure is shown as well.
func profiled(ctx context.Context, c *Call) error {
	if strings.TrimSpace(c.Args) != "" {
		return c.errorf("it takes no arguments: the code stands on the lines below")
	}
	if strings.TrimSpace(c.Body) == "" {
		return c.errorf("there is nothing below it to profile")
	}
	s, err := c.session()
	if err != nil {
		return err
	}
	stop := s.Profile()
	err = s.Run(ctx, c.code("", ""))
	if b := stop(); !b.Empty() {
		c.Out.Display(b, "")
	} else if err == nil {
		c.print("%%profile: the cell computed no task graph.\n")
	}
	return err
}

// timeit makes of the cell a function literal that the evaluator's %timeit calls. The
// code stays on its lines.
func timeit(ctx context.Context, c *Call) error {
	s, err := c.timable()
	if err != nil {
		return err
	}
	return s.Run(ctx, c.code("%timeit func() { ", "\n}()"))
}

// timable checks that there is something to time.
func (c *Call) timable() (Session, error) {
	if !c.Cell {
		return nil, c.errorf("it stands before a Go statement on the same line: %s f(x)", written(c.Name, false))
	}
	if strings.TrimSpace(c.Args+c.Body) == "" {
		return nil, c.errorf("there is nothing below it to time")
	}
	return c.session()
}

func who(ctx context.Context, c *Call) error {
	vars, err := c.vars()
	if err != nil {
		return err
	}
	if len(vars) == 0 {
		c.print("Nothing is declared.\n")
		return nil
	}
	names := make([]string, len(vars))
	for i, v := range vars {
		names[i] = v.Name
	}
	c.print(columns(names))
	return nil
}

func whos(ctx context.Context, c *Call) error {
	vars, err := c.vars()
	if err != nil {
		return err
	}
	if len(vars) == 0 {
		c.print("Nothing is declared.\n")
		return nil
	}
	width := len("Name")
	for _, v := range vars {
		width = max(width, utf8.RuneCountInString(v.Name))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-*s  Kind   Type\n", width, "Name")
	for _, v := range vars {
		fmt.Fprintf(&b, "%-*s  %-5s  %s\n", width, v.Name, v.Kind, v.Type)
	}
	c.print(b.String())
	return nil
}

// vars lists what the user declared, of the kinds that the arguments name, by name.
func (c *Call) vars() ([]Var, error) {
	_, kinds, err := c.options("")
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if !slices.Contains([]string{"var", "func", "type", "const"}, k) {
			return nil, c.errorf("there is no kind %q; kinds are var, func, type and const", k)
		}
	}
	s, err := c.session()
	if err != nil {
		return nil, err
	}
	vars := slices.DeleteFunc(slices.Clone(s.Vars()), func(v Var) bool {
		return len(kinds) > 0 && !slices.Contains(kinds, v.Kind)
	})
	slices.SortFunc(vars, func(a, b Var) int { return cmp.Compare(a.Name, b.Name) })
	return vars, nil
}

// reset takes IPython's -f too, though it never asks.
func commandLine(ctx context.Context, c *Call) error {
	s, err := c.session()
	if err != nil {
		return err
	}
	list, err := fields(c.Args)
	switch {
	case err != nil:
		return c.errorf("%v", err)
	case len(list) > 0 && list[0] == "--":
		s.SetArgs(list[1:])
	case len(list) > 0:
		s.SetArgs(list)
	case len(s.Args()) == 0:
		c.print("Programs get no arguments.\n")
	default:
		c.print(fmt.Sprintf("%q\n", s.Args()))
	}
	return nil
}

func reset(ctx context.Context, c *Call) error {
	_, rest, err := c.options("f")
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return c.errorf("it forgets everything, not single names")
	}
	s, err := c.session()
	if err != nil {
		return err
	}
	return s.Reset()
}

func pinfo(ctx context.Context, c *Call) error {
	if m, ok := c.set.magics[strings.TrimLeft(c.Args, "%")]; ok && strings.HasPrefix(c.Args, "%") {
		c.print(m.Doc + "\n")
		return nil
	}
	if c.Args == "" {
		return c.errorf("the name to explain is missing: write strings.Cut? for example")
	}
	s, err := c.session()
	if err != nil {
		return err
	}
	b, ok := s.Inspect(c.Args)
	if !ok {
		return fmt.Errorf("%s?: there is nothing of this name", c.Args)
	}
	s.Page(b)
	return nil
}

func lsmagic(ctx context.Context, c *Call) error {
	if c.Args != "" {
		m, err := c.set.Lookup(strings.TrimLeft(c.Args, "%"))
		if err != nil {
			return err
		}
		c.print(m.Doc + "\n")
		return nil
	}
	var usages, sentences []string
	width := 0
	for _, name := range c.set.Names() {
		usage, sentence, _ := strings.Cut(c.set.magics[name].Doc, "\n")
		usages, sentences = append(usages, usage), append(sentences, sentence)
		width = max(width, utf8.RuneCountInString(usage))
	}
	var b strings.Builder
	for i, usage := range usages {
		fmt.Fprintf(&b, "%-*s  %s\n", width, usage, sentences[i])
	}
	c.print(b.String())
	return nil
}
