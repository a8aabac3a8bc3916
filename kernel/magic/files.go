package magic

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// mostPrinted is how many bytes of a file %cat prints; a browser chokes on more.
const mostPrinted = 1 << 20

func fileMagics() []Magic {
	return []Magic{
		{Name: "ls", Line: true, Run: ls, Doc: `%ls [-l] [-a] [path or pattern ...]
Lists files; -l with sizes and times, -a with hidden ones.`},
		{Name: "cat", Line: true, Run: cat, Doc: `%cat file ...
Prints files of text.`},
		{Name: "mkdir", Line: true, Run: mkdir, Doc: `%mkdir [-p] directory ...
Makes directories; -p with those above, and without complaint when they exist.`},
		{Name: "rm", Line: true, Run: rm, Doc: `%rm [-r] [-f] path or pattern ...
Removes files; -r directories with all that is in them, -f without complaint when there are none.`},
		{Name: "writefile", Cell: true, Run: writefile, Doc: `%%writefile [-a] file
Writes the cell into a file; -a behind what is there.`},
		{Name: "load", Line: true, Run: load, Doc: `%load file
Puts a file's text into the cell.`},
	}
}

func ls(ctx context.Context, c *Call) error {
	flags, words, err := c.options("la1")
	if err != nil {
		return err
	}
	if len(words) == 0 {
		words = []string{"."}
	}
	paths, err := c.paths(words)
	if err != nil {
		return err
	}
	var files, dirs []string
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			if info, err = os.Lstat(p); err != nil { // a link to nothing is a file
				return c.errorf("%s: %s", p, why(err))
			}
		}
		if info.IsDir() {
			dirs = append(dirs, p)
		} else {
			files = append(files, p)
		}
	}
	if len(files) > 0 {
		c.print(listing("", files, flags))
	}
	for i, dir := range dirs {
		if len(paths) > 1 {
			if i > 0 || len(files) > 0 {
				c.print("\n")
			}
			c.print(dir + ":\n")
		}
		names, err := namesIn(dir, has(flags, "a"))
		if err != nil {
			return c.errorf("%s: %s", dir, why(err))
		}
		c.print(listing(dir, names, flags))
	}
	return nil
}

// namesIn lists a directory, in order, hidden files only with all.
func namesIn(dir string, all bool) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if all || !isHidden(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// listing lists names in a directory as the flags say.
func listing(dir string, names []string, flags string) string {
	var lines []string
	for _, name := range names {
		info, err := os.Lstat(filepath.Join(dir, name))
		switch {
		case err != nil: // gone since, or not ours to look at
			lines = append(lines, name)
		case has(flags, "l"):
			lines = append(lines, long(filepath.Join(dir, name), name, info))
		default:
			lines = append(lines, name+mark(info))
		}
	}
	if has(flags, "l") || has(flags, "1") {
		return unlines(lines)
	}
	return columns(lines)
}

func unlines(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// mark is what ls -F puts behind a name.
func mark(info fs.FileInfo) string {
	switch {
	case info.IsDir():
		return "/"
	case info.Mode()&fs.ModeSymlink != 0:
		return "@"
	case info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0:
		return "*"
	}
	return ""
}

func long(path, name string, info fs.FileInfo) string {
	if info.Mode()&fs.ModeSymlink != 0 {
		if target, err := os.Readlink(path); err == nil {
			name += " -> " + target
		}
	} else if info.IsDir() {
		name += "/"
	}
	return fmt.Sprintf("%s  %8s  %s  %s", info.Mode(), size(info.Size()), info.ModTime().Format("2006-01-02 15:04"), name)
}

// size is a number of bytes as people read it, 1 kB being 1000 B.
func size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	x := float64(n)
	for _, unit := range []string{"kB", "MB", "GB", "TB"} {
		if x /= 1000; x < 999.95 {
			return fmt.Sprintf("%.1f %s", x, unit)
		}
	}
	return fmt.Sprintf("%.1f PB", x/1000)
}

// columns sets names in as many columns as fit into 80 characters, downwards.
func columns(names []string) string {
	if len(names) == 0 {
		return ""
	}
	width := 0
	for _, n := range names {
		width = max(width, utf8.RuneCountInString(n))
	}
	perRow := max(1, 80/(width+2))
	rows := (len(names) + perRow - 1) / perRow
	var b strings.Builder
	for r := range rows {
		for i := r; i < len(names); i += rows {
			b.WriteString(names[i])
			if i+rows < len(names) {
				b.WriteString(strings.Repeat(" ", width+2-utf8.RuneCountInString(names[i])))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func cat(ctx context.Context, c *Call) error {
	paths, err := c.named("")
	if err != nil {
		return err
	}
	for _, p := range paths {
		if err := printFile(c, p); err != nil {
			return err
		}
	}
	return nil
}

// named reads the paths of a command that needs at least one.
func (c *Call) named(known string) ([]string, error) {
	_, words, err := c.options(known)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, c.errorf("the name of a file is missing")
	}
	return c.paths(words)
}

func printFile(c *Call, path string) error {
	text, left, err := readText(path, mostPrinted)
	if err != nil {
		return c.errorf("%s: %s", path, why(err))
	}
	c.print(text)
	if left > 0 {
		c.printf("\n… %s more in %s\n", size(left), path)
	}
	return nil
}

// readText reads a file's first bytes, whole characters, and says how many are left.
func readText(path string, most int64) (text string, left int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, err
	}
	if info.IsDir() {
		return "", 0, fmt.Errorf("this is a directory")
	}
	if !info.Mode().IsRegular() {
		return "", 0, fmt.Errorf("this is no regular file") // a pipe would be waited for
	}
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return "", 0, err
	}
	if int64(len(b)) == most {
		b = b[:wholeRunes(b)]
	}
	if slices.Contains(b, 0) {
		return "", 0, fmt.Errorf("this is no text")
	}
	return strings.ToValidUTF8(string(b), "\ufffd"), max(0, info.Size()-int64(len(b))), nil
}

func mkdir(ctx context.Context, c *Call) error {
	flags, words, err := c.options("p")
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return c.errorf("the name of a directory is missing")
	}
	make := os.Mkdir
	if has(flags, "p") {
		make = os.MkdirAll
	}
	for _, w := range words {
		if err := make(expandHome(w), 0o777); err != nil {
			return c.errorf("%s: %s", w, why(err))
		}
	}
	return nil
}

// rm looks at everything first, so that it removes all or nothing as far as it can tell.
func rm(ctx context.Context, c *Call) error {
	flags, words, err := c.options("rRf")
	if err != nil {
		return err
	}
	force, recursive := has(flags, "f"), has(flags, "r") || has(flags, "R")
	if len(words) == 0 {
		return c.errorf("the name of a file is missing")
	}
	var paths []string
	for _, w := range words {
		found, err := c.paths([]string{w})
		if err != nil && !force {
			return err
		}
		for _, p := range found {
			// link/ is the link. No more is cleaned: link/../x is not x.
			if short := strings.TrimRight(p, string(os.PathSeparator)); short != "" {
				p = short
			}
			paths = append(paths, p)
		}
	}
	for _, p := range paths {
		if err := c.removable(p, recursive, force); err != nil {
			return err
		}
	}
	for _, p := range paths {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := os.RemoveAll(p); err != nil {
			return c.errorf("%s: %s", p, why(err))
		}
	}
	return nil
}

// removable says why a path must not be removed; nil when it may.
func (c *Call) removable(path string, recursive, force bool) error {
	info, err := os.Lstat(path) // a link is removed, not what it leads to
	if os.IsNotExist(err) && force {
		return nil
	}
	if err != nil {
		return c.errorf("%s: %s", path, why(err))
	}
	if !info.IsDir() {
		return nil
	}
	if what := c.precious(info); what != "" {
		return c.errorf("%s is %s; this is never removed here", path, what)
	}
	if !recursive {
		return c.errorf("%s is a directory; -r removes it with all that is in it", path)
	}
	return nil
}

// precious says what a directory is that must stay: home, the working directory, or one
// that has one of them in it, which the root always does.
func (c *Call) precious(info fs.FileInfo) string {
	if home, err := os.UserHomeDir(); err == nil && above(info, home) {
		return "your home directory or above it"
	}
	if dir, err := os.Getwd(); err == nil && above(info, dir) {
		return "the working directory or above it"
	}
	if root, err := os.Stat(string(filepath.Separator)); err == nil && os.SameFile(info, root) {
		return "the root of all files"
	}
	return ""
}

// above reports whether the directory is dir or has dir in it.
func above(info fs.FileInfo, dir string) bool {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for {
		if here, err := os.Stat(dir); err == nil && os.SameFile(info, here) {
			return true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return false
		}
		dir = up
	}
}

func writefile(ctx context.Context, c *Call) error {
	flags, words, err := c.options("a")
	if err != nil {
		return err
	}
	if len(words) != 1 {
		return c.errorf("it takes the name of one file; put quotes around one with spaces")
	}
	path, verb := expandHome(words[0]), "Writing"
	mode := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() && !info.IsDir() { // a pipe would wait for its reader
			return c.errorf("%s is no regular file", words[0])
		}
		verb = "Overwriting"
		if has(flags, "a") {
			verb, mode = "Appending to", os.O_WRONLY|os.O_APPEND
		}
	}
	if err := write(path, mode, ended(c.Body)); err != nil {
		return c.errorf("%s: %s", words[0], why(err))
	}
	c.printf("%s %s\n", verb, words[0])
	return nil
}

// ended is a text whose last line ends; front ends leave a cell's last newline out.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

func write(path string, mode int, text string) error {
	f, err := os.OpenFile(path, mode, 0o666)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

func load(ctx context.Context, c *Call) error {
	paths, err := c.named("")
	if err != nil {
		return err
	}
	if len(paths) != 1 {
		return c.errorf("it takes one file, not %d", len(paths))
	}
	text, left, err := readText(paths[0], mostPrinted)
	if err != nil {
		return c.errorf("%s: %s", paths[0], why(err))
	}
	if left > 0 {
		return c.errorf("%s is too long for a cell: %s", paths[0], size(left+mostPrinted))
	}
	s, err := c.session()
	if err != nil {
		return err
	}
	s.SetNextInput("// %load "+c.Args+"\n"+text, true)
	return nil
}
