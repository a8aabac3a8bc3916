package archive

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"
	"time"
)

// kind is what an entry is.
type kind string

const (
	file     kind = "file"
	folder   kind = "folder"
	symlink  kind = "symbolic link"
	hardlink kind = "hard link"
)

// entry is a thing in an archive.
type entry struct {
	name     string // as the archive says; as the target has it once it was cleaned
	kind     kind
	mode     fs.FileMode // permissions
	size     int64       // of a file, in bytes
	modified time.Time
	target   string // of a link
}

// tally counts an entry against the limits.
func (x *extraction) tally(e entry) error {
	if x.count++; x.count > x.limits.entries {
		return x.refuse(e.name, "is one entry more than %d; if they are wanted, raise the limit with archive.MaxEntries", x.limits.entries)
	}
	if x.declared += e.size; x.declared < 0 || e.size < 0 {
		x.declared = 1<<63 - 1
	}
	if why := x.limits.exceeded(x.declared, x.packed); why != "" {
		return x.refuse(e.name, "%s", why)
	}
	if err := x.ctx.Err(); err != nil {
		return x.broken(err)
	}
	return nil
}

// put takes an entry into the hidden folder, unless it is in the target already. content is a
// file's.
func (x *extraction) put(e entry, content io.Reader) error {
	if err := x.tally(e); err != nil {
		return err
	}
	name, err := clean(e.name, runtime.GOOS == "windows")
	if err != nil {
		return x.refuse(e.name, "%v", err)
	}
	e.name = name
	if name == "." {
		if e.kind != folder {
			return x.refuse(name, "is a %s in the place of the folder itself", e.kind)
		}
		return nil
	}
	return x.place(e, content)
}

// place puts an entry with a clean name where it belongs.
func (x *extraction) place(e entry, content io.Reader) (err error) {
	if err := x.checkParents(e.name); err != nil {
		return err
	}
	if e.kind == hardlink {
		if e, err = x.linked(e); err != nil {
			return err
		}
	}
	old, again := x.seen[e.name]
	if again && (old.kind != seenAs(e).kind || e.kind == symlink) {
		return x.refuse(e.name, "is there twice, as a %s and as a %s", old.kind, e.kind)
	}
	if e.kind == symlink {
		x.links = append(x.links, e.name)
	}
	there, err := x.there(e)
	if err != nil {
		return err
	}
	x.seen[e.name] = seenAs(e)
	if again && old.kind == file && x.stage != nil { // programs add new versions at the end
		x.stage.Remove(e.name)
	}
	if there {
		return nil
	}
	return x.make(e, content)
}

// seenAs is what is kept of an entry: a hard link is as good as the file.
func seenAs(e entry) entry {
	if e.kind == hardlink {
		e.kind = file
	}
	return e
}

// checkParents sees to it that the folders above an entry are folders, in the archive and in
// the target.
func (x *extraction) checkParents(name string) error {
	for i := range len(name) {
		if name[i] != '/' {
			continue
		}
		parent := name[:i]
		if e, ok := x.seen[parent]; ok {
			if e.kind != folder {
				return x.refuse(name, "lies behind %q, which is a %s in this archive", short(parent), e.kind)
			}
			continue
		}
		info, err := x.root.Lstat(parent)
		switch {
		case err == nil && info.Mode()&fs.ModeSymlink != 0:
			return x.refuse(name, "would be written through the link %q in the target; extract into the folder that it leads to, or remove it", short(parent))
		case err == nil && !info.IsDir():
			return x.refuse(name, "needs a folder %q, where the target has a file", short(parent))
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return x.failed(name, err)
		}
		x.seen[parent] = entry{name: parent, kind: folder}
	}
	return nil
}

// there says whether the target has an entry already. It is an error if it has something
// that the entry must not replace.
func (x *extraction) there(e entry) (bool, error) {
	info, err := x.root.Lstat(e.name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, x.failed(e.name, err)
	}
	if why := inTheWay(info, e.kind == folder); why != "" {
		return false, x.refuse(e.name, "%s", why)
	}
	switch e.kind {
	case folder:
		return true, nil
	case symlink:
		target, err := x.root.Readlink(e.name)
		return err == nil && target == e.target, nil
	}
	return info.Mode().IsRegular() && info.Size() == e.size && info.ModTime().Unix() == e.modified.Unix(), nil
}

// inTheWay says why what is in the target must stay, "" if it need not.
func inTheWay(old fs.FileInfo, isFolder bool) string {
	switch {
	case isFolder && !old.IsDir():
		return "is a folder, where the target has a file or a link; remove that first"
	case !isFolder && old.IsDir():
		return "would take the place of a folder in the target; remove that first"
	case !isFolder && !old.Mode().IsRegular() && old.Mode()&fs.ModeSymlink == 0:
		return "would take the place of a device or a pipe in the target"
	}
	return ""
}

// open makes the hidden folder when it is first needed.
func (x *extraction) open() (err error) {
	if x.stage != nil {
		return nil
	}
	hidden := ".extract-" + rand.Text()
	if err := x.root.Mkdir(hidden, 0o700); err != nil {
		return err
	}
	if x.stage, err = x.root.OpenRoot(hidden); err != nil {
		x.root.Remove(hidden)
		return err
	}
	x.hidden = hidden
	return nil
}

// make puts an entry into the hidden folder.
func (x *extraction) make(e entry, content io.Reader) error {
	err := x.open()
	if err == nil {
		err = x.stage.MkdirAll(path.Dir(e.name), 0o755)
	}
	if err != nil {
		return x.failed(e.name, err)
	}
	switch e.kind {
	case folder:
		if err = x.stage.Mkdir(e.name, e.mode&0o755|0o700); errors.Is(err, fs.ErrExist) {
			err = nil // an entry in it came first
		}
		x.folders = append(x.folders, e)
	case symlink:
		err = x.stage.Symlink(e.target, e.name)
	case hardlink:
		err = x.hardlink(e)
	case file:
		return x.file(e, content)
	}
	return x.created(e, err)
}

// created looks at the error of making something. A name that is taken, though the archive
// has it only once, is one that differs in what the file system overlooks.
func (x *extraction) created(e entry, err error) error {
	switch {
	case errors.Is(err, fs.ErrExist):
		return x.refuse(e.name, "has the same name as another entry, as this file system compares names")
	case err != nil:
		return x.failed(e.name, err)
	}
	return nil
}

func (x *extraction) file(e entry, content io.Reader) error {
	mode := cmp.Or(e.mode, 0o644) & 0o755 // some programs write no permissions
	f, err := x.stage.OpenFile(e.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode|0o400)
	if err != nil {
		return x.created(e, err)
	}
	if x.buffer == nil {
		x.buffer = make([]byte, 1<<18)
	}
	w := &writing{w: f}
	n, err := io.CopyBuffer(w, struct{ io.Reader }{content}, x.buffer)
	closed := f.Close()
	switch {
	case w.err != nil || err == nil && closed != nil:
		return x.failed(e.name, cmp.Or(w.err, closed))
	case err != nil:
		return x.broken(err)
	case n != e.size:
		return x.refuse(e.name, "has %d bytes, and not %d as it says", n, e.size)
	}
	return x.setTime(e)
}

// writing remembers errors, which a copy does not tell from those of reading.
type writing struct {
	w   io.Writer
	err error
}

func (w *writing) Write(p []byte) (n int, err error) {
	n, w.err = w.w.Write(p)
	return n, w.err
}

func (x *extraction) setTime(e entry) error {
	if e.modified.IsZero() {
		return nil
	}
	if err := x.stage.Chtimes(e.name, e.modified, e.modified); err != nil {
		return x.failed(e.name, err)
	}
	return nil
}

// linked finds the file that a hard link is another name of.
func (x *extraction) linked(e entry) (entry, error) {
	target, err := clean(e.target, runtime.GOOS == "windows")
	if err != nil {
		return e, x.refuse(e.name, "is a hard link to %q, which %v", short(e.target), err)
	}
	of, ok := x.seen[target]
	if !ok || of.kind != file || target == e.name {
		return e, x.refuse(e.name, "is a hard link to %q, which is no file that came before it in this archive", short(e.target))
	}
	e.target, e.size, e.modified = target, of.size, of.modified
	return e, nil
}

// hardlink links to the file in the hidden folder, or to the one that the target had already.
func (x *extraction) hardlink(e entry) error {
	err := x.stage.Link(e.target, e.name)
	if errors.Is(err, fs.ErrNotExist) {
		err = x.root.Link(e.target, strings.Join([]string{x.hidden, e.name}, "/"))
	}
	return err
}
