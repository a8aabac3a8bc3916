package archive

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// hops is how many links may follow on each other, as in Linux.
const hops = 40

// checkLinks follows the archive's symbolic links, once all of it is unpacked: where one
// leads depends on others that came later.
func (x *extraction) checkLinks() error {
	for _, name := range x.links {
		if err := x.follow(name); err != nil {
			return err
		}
	}
	return nil
}

// follow goes where a link leads, step by step, through the target as it will be. A step that
// is not there yet counts as a folder.
func (x *extraction) follow(name string) error {
	var at []string
	todo := strings.Split(name, "/")
	for n := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			if len(at) == 0 {
				return x.refuse(name, "is a link that leads out of the folder")
			}
			at = at[:len(at)-1]
			continue
		}
		at = append(at, part)
		target, isLink, err := x.readLink(path.Join(at...))
		if err != nil {
			return x.failed(name, err)
		}
		if !isLink {
			continue
		}
		switch n++; {
		case n > hops:
			return x.refuse(name, "is a link that leads in a circle")
		case target == "" || len(target) > maxTarget || strings.ContainsRune(target, 0):
			return x.refuse(name, "is a link to a name that no file has")
		case absolute(target):
			return x.refuse(name, "is a link to %q, which is absolute and does not lie in the folder", short(target))
		}
		at = at[:len(at)-1]
		todo = append(strings.FieldsFunc(target, slash), todo...)
	}
	return nil
}

// readLink reads a link in the hidden folder or else in the target.
func (x *extraction) readLink(name string) (target string, isLink bool, err error) {
	where := x.root
	var info fs.FileInfo
	if x.stage != nil {
		if info, err = x.stage.Lstat(name); err == nil {
			where = x.stage
		}
	}
	if where == x.root {
		if info, err = x.root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return "", false, nil
		}
	}
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return "", false, err
	}
	target, err = where.Readlink(name)
	return target, true, err
}
