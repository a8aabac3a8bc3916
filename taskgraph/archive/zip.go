package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
)

// maxTarget is how long a symbolic link's target may be, as systems have it.
const maxTarget = 4095

func (x *extraction) unzip(f *os.File) error {
	z, err := zip.NewReader(f, x.packed)
	if errors.Is(err, zip.ErrFormat) {
		return fmt.Errorf("%s begins as a zip file and does not end as one: it is cut off or damaged; nothing was extracted", x.path)
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are looked at below
		return x.broken(err)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(window, zstd.WithDecoderConcurrency(1)))
	for _, f := range z.File {
		x.current = f.Name
		if err := x.zipEntry(f); err != nil {
			return err
		}
	}
	return nil
}

func (x *extraction) zipEntry(f *zip.File) error {
	const encrypted = 1 // the bit in the flags
	e := entry{name: zipName(f), mode: f.Mode().Perm(), modified: f.Modified}
	switch mode := f.Mode(); {
	case f.Flags&encrypted != 0:
		return x.refuse(f.Name, "is encrypted, and there is nobody to ask for the password")
	case mode.IsDir():
		e.kind = folder
		return x.put(e, nil)
	case mode&fs.ModeSymlink != 0:
		e.kind = symlink
	case mode.IsRegular():
		e.kind = file
	default:
		return x.refuse(f.Name, "is a device, a pipe or the like, which archives of data do not have")
	}
	if f.Method != zip.Store && f.Method != zip.Deflate && f.Method != zstd.ZipMethodWinZip {
		return x.refuse(f.Name, "is compressed by method %d, which is not known: 0 (stored), 8 (deflate) and 93 (Zstandard) are", f.Method)
	}
	e.size = int64(min(f.UncompressedSize64, math.MaxInt64))
	r, err := f.Open()
	if err != nil {
		return x.broken(err)
	}
	defer r.Close()
	content := &stream{x: x, r: r}
	if e.kind == symlink {
		target, err := io.ReadAll(io.LimitReader(content, maxTarget+1))
		if err != nil {
			return x.broken(err)
		}
		e.target, e.size = string(target), 0
	}
	return x.put(e, content)
}

// zipName is an entry's name with slashes. Some programs of Windows write backslashes, against
// the format; on systems where names may have them they are part of the name.
func zipName(f *zip.File) string {
	const unix, darwin = 3, 19
	if creator := f.CreatorVersion >> 8; creator == unix || creator == darwin {
		return f.Name
	}
	return strings.ReplaceAll(f.Name, `\`, "/")
}
