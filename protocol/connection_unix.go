//go:build unix

package protocol

import (
	"os"
	"syscall"
)

// makePrivate takes a file of ours away from group and others. A file of someone else is
// theirs to protect.
func makePrivate(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) != os.Getuid() || info.Mode().Perm()&0o077 == 0 || !info.Mode().IsRegular() {
		return nil
	}
	return f.Chmod(0o600)
}
