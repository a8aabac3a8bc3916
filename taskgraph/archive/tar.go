package archive

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

const block = 512

// untar reads a tar file that was packed by something, "" for nothing.
func (x *extraction) untar(s *stream, by string) error {
	r := tar.NewReader(s)
	end := int64(0) // of the last entry
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // names are looked at below
			if errors.Is(err, tar.ErrHeader) && x.current == "" {
				return x.noTar(by)
			}
			return x.broken(err)
		}
		x.current = h.Name
		if err := x.tarEntry(h, r); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return x.broken(err)
		}
		end = s.n
	}
	return x.endOfTar(s, end)
}

// endOfTar looks for the block of zeros after the last entry, without which a file that was
// cut off between two entries looks whole, and for the checksum of what it was packed by.
func (x *extraction) endOfTar(s *stream, end int64) error {
	if padded := (end + block - 1) / block * block; s.n < padded+block {
		return x.broken(io.ErrUnexpectedEOF)
	}
	if _, err := io.Copy(io.Discard, s); err != nil {
		return x.broken(err)
	}
	return nil
}

func (x *extraction) noTar(by string) error {
	if by == "" {
		return fmt.Errorf("%s is no archive that archive reads: it begins neither as tar (also with gzip, bzip2 or Zstandard) nor as zip", x.path)
	}
	return fmt.Errorf("%s is packed with %s, and what is inside is no tar file, so that there is nothing to extract", x.path, by)
}

func (x *extraction) tarEntry(h *tar.Header, content io.Reader) error {
	e := entry{name: h.Name, mode: fs.FileMode(h.Mode).Perm(), size: h.Size, modified: h.ModTime, target: h.Linkname}
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse, tar.TypeCont:
		e.kind = file
		if strings.HasSuffix(h.Name, "/") {
			return x.refuse(h.Name, "is a file with the name of a folder")
		}
	case tar.TypeDir:
		e.kind, e.size = folder, 0
	case tar.TypeSymlink:
		e.kind, e.size = symlink, 0
	case tar.TypeLink:
		e.kind, e.size = hardlink, 0
	case tar.TypeXGlobalHeader:
		return x.tally(entry{name: h.Name}) // what it says concerns programs that know of it
	case tar.TypeChar, tar.TypeBlock:
		return x.refuse(h.Name, "is a device, which archives of data do not have")
	case tar.TypeFifo:
		return x.refuse(h.Name, "is a pipe, which archives of data do not have")
	default:
		return x.refuse(h.Name, "is of the kind %q, which is not known", h.Typeflag)
	}
	return x.put(e, content)
}
