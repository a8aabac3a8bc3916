package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Extract unpacks an archive, a tar (plain, gzip, bzip2, Zstandard) or zip file, into a
// folder, which is made if it is not there; "" is the current one. What is there already
// is left alone; see the package's comment for when that is.
//
// Errors name the archive and the entry: what leads out of the folder, what is damaged, cut
// off, encrypted or too large, and what would put a file in a folder's place. Nothing has
// been extracted then. errors.Is tells a file that is missing by fs.ErrNotExist.
func Extract(path, dir string, options ...Option) error {
	return ExtractContext(context.Background(), path, dir, options...)
}

// ExtractContext is Extract until its context ends. Then nothing has been extracted, and
// errors.Is tells why by context.Canceled or context.DeadlineExceeded.
func ExtractContext(ctx context.Context, path, dir string, options ...Option) (err error) {
	limits, err := limitsOf(options)
	if err != nil {
		return fmt.Errorf("archive.%w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("the archive cannot be opened: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("the archive cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file, and so no archive", path)
	}
	x := &extraction{ctx: ctx, limits: limits, path: path, packed: info.Size(), seen: map[string]entry{}}
	if dir, err = x.enter(filepath.Clean(dir)); err != nil {
		return fmt.Errorf("%s cannot be extracted into %s: %w", path, dir, err)
	}
	whole := false
	defer func() { x.leave(whole) }()
	if err := x.unpack(f); err != nil {
		return err
	}
	if err := x.checkLinks(); err != nil {
		return err
	}
	if err := x.settle(); err != nil {
		return err
	}
	whole = true
	return nil
}

// extraction is one run. It belongs to one goroutine.
type extraction struct {
	ctx    context.Context
	limits limits
	path   string // the archive's, for messages
	packed int64  // its size

	root    *os.Root // the target
	made    []string // folders that were made for the target, the innermost first
	stage   *os.Root // the hidden folder; nil while there was nothing to unpack
	hidden  string   // its name in root
	folders []entry  // those of the stage that the archive has times of

	seen     map[string]entry // by their names in the target, as they were last
	links    []string         // names of symbolic links
	current  string           // the entry that is being read
	count    int
	declared int64 // bytes that the entries say they have
	unpacked int64 // bytes that came out of decompression
	buffer   []byte
}

// enter opens the target.
func (x *extraction) enter(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		x.made = append(x.made, at)
	}
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		x.root, err = os.OpenRoot(dir)
	}
	if err != nil {
		x.removeMade()
	}
	return dir, err
}

// leave removes what is not meant to stay.
func (x *extraction) leave(whole bool) {
	if x.stage != nil {
		x.stage.Close()
		x.root.RemoveAll(x.hidden)
	}
	x.root.Close()
	if !whole {
		x.removeMade()
	}
}

// removeMade removes folders if they are empty: another may have put something there.
func (x *extraction) removeMade() {
	for _, dir := range x.made {
		os.Remove(dir)
	}
}

// refusal is why an archive is not extracted.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

// refuse makes the error for an entry, as in: x.tgz: "a/b" is a device.
func (x *extraction) refuse(name, format string, args ...any) error {
	return &refusal{fmt.Sprintf("%s: %q %s; nothing was extracted", x.path, short(name), fmt.Sprintf(format, args...))}
}

// failed makes an error of one from below that concerns an entry.
func (x *extraction) failed(name string, err error) error {
	return fmt.Errorf("%s: %q cannot be extracted: %w; nothing was extracted", x.path, short(name), err)
}

// short cuts names that are only there to be long.
func short(name string) string {
	const most = 200
	if len(name) <= most {
		return name
	}
	return name[:most/2] + "…" + name[len(name)-most/2:]
}
