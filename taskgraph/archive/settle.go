package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
)

// move is a thing that went from the hidden folder into the target.
type move struct {
	name   string
	backup string // where in the target's hidden folder the file lies that was there before; ""
}

// settle moves everything from the hidden folder into the target, or nothing.
func (x *extraction) settle() error {
	if x.stage == nil {
		return nil
	}
	for _, f := range x.folders {
		if err := x.setTime(f); err != nil {
			return err
		}
	}
	s := settling{extraction: x, backups: ".replaced"}
	for s.taken(s.backups) {
		s.backups += "-"
	}
	err := x.stage.Mkdir(s.backups, 0o700)
	if err == nil {
		err = s.folder(".")
	}
	if err == nil {
		return nil
	}
	if undone := s.undo(); undone != nil {
		return fmt.Errorf("%s: %w; going back failed too, so that a part of it is extracted: %w", x.path, err, undone)
	}
	return fmt.Errorf("%s: %w; nothing was extracted", x.path, err)
}

// settling is how far moving has come.
type settling struct {
	*extraction
	backups string // a folder in the hidden one
	moves   []move // done
}

func (s *settling) taken(name string) bool {
	_, err := s.stage.Lstat(name)
	return err == nil
}

// staged is where a thing lies in the target before it is moved.
func (s *settling) staged(name string) string { return path.Join(s.hidden, name) }

// folder moves what is in a folder that the target has, too.
func (s *settling) folder(name string) error {
	entries, err := fs.ReadDir(s.stage.FS(), name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name == "." && e.Name() == s.backups {
			continue
		}
		if err := s.one(path.Join(name, e.Name()), e.IsDir()); err != nil {
			return err
		}
	}
	return nil
}

// one moves a thing to where nothing is, puts a file in a file's place, or goes into a folder.
// Others may extract at the same time: what they were quicker with is looked at again.
func (s *settling) one(name string, isFolder bool) error {
	_, err := s.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		moved := s.root.Rename(s.staged(name), name)
		if moved == nil {
			s.moves = append(s.moves, move{name: name})
			return nil
		}
		if !isFolder {
			return moved
		}
		if _, err = s.root.Lstat(name); err != nil {
			return moved
		}
	}
	if err != nil {
		return err
	}
	if isFolder {
		return s.into(name)
	}
	return s.replace(name)
}

func (s *settling) into(name string) error {
	old, err := s.root.Lstat(name)
	if err != nil {
		return err
	}
	if why := inTheWay(old, true); why != "" {
		return fmt.Errorf("%q %s", short(name), why)
	}
	return s.folder(name)
}

// replace puts a file in another's place. There is no moment without one: the old file gets
// another name for the way back, where the file system can do that, before the new one
// takes its own.
func (s *settling) replace(name string) error {
	old, err := s.root.Lstat(name)
	if err != nil {
		return err
	}
	if why := inTheWay(old, false); why != "" {
		return fmt.Errorf("%q %s", short(name), why)
	}
	if now, err := s.stage.Lstat(name); err == nil && old.Mode().IsRegular() && now.Mode() == old.Mode() && now.Size() == old.Size() && now.ModTime().Equal(old.ModTime()) {
		return nil // another was quicker with the same
	}
	backup := s.staged(path.Join(s.backups, strconv.Itoa(len(s.moves))))
	if err := s.root.Link(name, backup); err != nil {
		if err := s.root.Rename(name, backup); err != nil {
			return err
		}
	}
	s.moves = append(s.moves, move{name, backup})
	return s.root.Rename(s.staged(name), name)
}

// undo moves everything back, the last first.
func (s *settling) undo() error {
	var failed []error
	for _, m := range slices.Backward(s.moves) {
		if m.backup != "" {
			failed = append(failed, s.root.Rename(m.backup, m.name))
		} else {
			failed = append(failed, s.root.Rename(m.name, s.staged(m.name)))
		}
	}
	return errors.Join(failed...)
}
