package magic

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ParseCell reads a cell whose first line that is not blank starts with %%. False: it is
// no such cell. It never fails; a name that does not exist is for [Set.Run] to tell.
func ParseCell(code string) (call *Call, ok bool) {
	rest, row := strings.TrimPrefix(code, "\ufeff"), 1
	for {
		line, below, more := strings.Cut(rest, "\n")
		text := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(text, "%%"):
			name, args := cutSpace(text[2:])
			return &Call{Name: name, Args: args, Cell: true, Body: below, Row: row}, true
		case text != "" || !more:
			return nil, false
		}
		rest = below
		row++
	}
}

// cutSpace splits text at its first space or tab.
func cutSpace(text string) (name, args string) {
	i := strings.IndexAny(text, " \t")
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimSpace(text[i:])
}

// fields splits arguments at spaces. Quotes of either kind keep spaces, and a backslash
// keeps the space, quote or backslash behind it.
func fields(args string) ([]string, error) {
	var all []string
	var word strings.Builder
	var quote byte
	inWord := false
	for i := 0; i < len(args); i++ {
		c := args[i]
		switch {
		case c == '\\' && i+1 < len(args) && strings.IndexByte(` "'\`, args[i+1]) >= 0:
			i++
			word.WriteByte(args[i])
			inWord = true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteByte(c)
		case c == '"' || c == '\'':
			quote, inWord = c, true
		case c == ' ' || c == '\t':
			if inWord {
				all = append(all, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteByte(c)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a %c is missing its end", quote)
	}
	if inWord {
		all = append(all, word.String())
	}
	return all, nil
}

// options splits the arguments into single-letter flags, of which known are allowed, and
// the rest. A lone -- ends the flags.
func (c *Call) options(known string) (flags string, rest []string, err error) {
	words, err := fields(c.Args)
	if err != nil {
		return "", nil, c.errorf("%w", err)
	}
	for i, w := range words {
		if w == "--" {
			return flags, append(rest, words[i+1:]...), nil
		}
		if len(w) < 2 || w[0] != '-' {
			rest = append(rest, w)
			continue
		}
		for _, f := range w[1:] {
			if !strings.ContainsRune(known, f) {
				return "", nil, c.errorf("there is no option -%c; %s", f, knownOptions(known))
			}
		}
		flags += w[1:]
	}
	return flags, rest, nil
}

func knownOptions(known string) string {
	if known == "" {
		return "it has none"
	}
	return "it knows -" + strings.Join(strings.Split(known, ""), " and -")
}

func has(flags, f string) bool { return strings.Contains(flags, f) }

// paths expands ~ and the patterns of words, each to at least one path: a word that is
// no pattern stands for itself, whether or not it exists.
func (c *Call) paths(words []string) ([]string, error) {
	var all []string
	for _, w := range words {
		w = expandHome(w)
		if _, err := os.Lstat(w); err == nil || !strings.ContainsAny(w, "*?[") {
			all = append(all, w)
			continue
		}
		found, err := filepath.Glob(w)
		if errors.Is(err, filepath.ErrBadPattern) {
			return nil, c.errorf("the pattern %s has a [ without its ]", w)
		}
		found = slices.DeleteFunc(found, func(p string) bool { return isHidden(p) && !isHidden(w) })
		if len(found) == 0 {
			return nil, c.errorf("nothing matches %s in %s", w, workingDir())
		}
		all = append(all, found...)
	}
	return all, nil
}

// isHidden: patterns pass over names with a dot, as in a shell.
func isHidden(path string) bool { return strings.HasPrefix(filepath.Base(path), ".") }

func expandHome(path string) string {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, path[1:])
}

func workingDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return "the working directory"
	}
	return dir
}

// why is what happened to a file, without the names of system calls.
func why(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return err.Error()
}
