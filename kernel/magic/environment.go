package magic

import (
	"context"
	"os"
	"slices"
	"strings"
)

func environmentMagics() []Magic {
	return []Magic{
		{Name: "env", Line: true, Run: env, Doc: `%env [NAME] [NAME=value]
Lists the environment variables, prints one, or sets one.`},
		{Name: "cd", Line: true, Run: cd, Doc: `%cd [directory]
Changes the working directory; home without one, - for the one before.`},
		{Name: "pwd", Line: true, Run: pwd, Doc: `%pwd
Prints the working directory.`},
	}
}

func env(ctx context.Context, c *Call) error {
	name, value, set := c.Args, "", false
	if i := strings.IndexAny(c.Args, "= \t"); i >= 0 {
		name, value, set = c.Args[:i], strings.TrimSpace(c.Args[i:]), true
		value = strings.TrimSpace(strings.TrimPrefix(value, "="))
	}
	switch {
	case c.Args == "":
		listEnv(c)
		return nil
	case set:
		if err := os.Setenv(name, value); err != nil {
			return c.errorf("%q cannot be the name of an environment variable", name)
		}
		c.printf("env: %s=%s\n", name, value)
		return nil
	}
	value, ok := os.LookupEnv(name)
	if !ok {
		return c.errorf("there is no environment variable %s; %%env %s=value sets it", name, name)
	}
	c.print(value + "\n")
	return nil
}

// listEnv prints all variables by name. Those that look like secrets are not printed: a
// notebook is passed on with its outputs.
func listEnv(c *Call) {
	all := os.Environ()
	slices.Sort(all)
	for _, line := range all {
		name, _, _ := strings.Cut(line, "=")
		if name == "" {
			continue // Windows has such
		}
		if isSecret(name) {
			line = name + "=<hidden>"
		}
		c.print(line + "\n")
	}
}

func isSecret(name string) bool {
	for _, part := range []string{"key", "token", "secret", "passw", "credential"} {
		if strings.Contains(strings.ToLower(name), part) {
			return true
		}
	}
	return false
}

// cd changes the directory of the process, which is that of all cells. PWD and OLDPWD
// are kept as a shell keeps them: programs read the first, %cd - the second.
func cd(ctx context.Context, c *Call) error {
	words, err := fields(c.Args)
	if err != nil {
		return c.errorf("%w", err)
	}
	if len(words) > 1 {
		return c.errorf("it takes one directory; put quotes around one with spaces")
	}
	target := "~"
	if len(words) == 1 {
		target = words[0]
	}
	if target == "-" {
		if target = os.Getenv("OLDPWD"); target == "" {
			return c.errorf("there is no directory before this one")
		}
	}
	before := workingDir()
	if err := os.Chdir(expandHome(target)); err != nil {
		return c.errorf("%s: %s (the working directory is %s)", target, why(err), before)
	}
	os.Setenv("OLDPWD", before) // these names cannot fail
	os.Setenv("PWD", workingDir())
	c.print(workingDir() + "\n")
	return nil
}

func pwd(ctx context.Context, c *Call) error {
	dir, err := os.Getwd()
	if err != nil {
		return c.errorf("the working directory is gone; %%cd goes to another")
	}
	c.print(dir + "\n")
	return nil
}
