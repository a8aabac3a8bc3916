package archive

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

const (
	longest = 255 // bytes in a part of a name, as file systems have it
	deepest = 64  // parts
)

// clean is an entry's name in the target, with slashes, or why it will not do. windows says
// whether the names have to be those of that system.
func clean(name string, windows bool) (string, error) {
	switch {
	case name == "":
		return "", fmt.Errorf("has no name")
	case strings.ContainsRune(name, 0):
		return "", fmt.Errorf("has a zero byte in its name")
	case absolute(name):
		return "", fmt.Errorf("has an absolute name, which does not lie in the folder")
	case windows && strings.ContainsAny(name, `\:<>"|?*`):
		return "", fmt.Errorf(`has one of \:<>"|?* in its name, which Windows does not take`)
	}
	for part := range strings.FieldsFuncSeq(name, slash) {
		switch {
		case part == "..":
			return "", fmt.Errorf(`leads out of the folder by the ".." in its name`)
		case len(part) > longest:
			return "", fmt.Errorf("has a part of %d bytes in its name; %d is the most", len(part), longest)
		case windows && part != "." && (strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || !filepath.IsLocal(part)):
			return "", fmt.Errorf("has a name that Windows does not take")
		}
	}
	name = path.Clean(name)
	if parts := strings.Count(name, "/") + 1; parts > deepest {
		return "", fmt.Errorf("lies %d folders deep; %d is the most", parts, deepest)
	}
	return name, nil
}

// slash says that both kinds separate parts: what leads out on one system is refused on all.
func slash(r rune) bool { return r == '/' || r == '\\' }

// absolute says whether a name starts at a root or a drive, of any system.
func absolute(name string) bool {
	letter := func(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
	return name != "" && slash(rune(name[0])) || len(name) > 1 && name[1] == ':' && letter(name[0])
}
