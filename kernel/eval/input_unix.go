//go:build linux || darwin

package eval

import (
	"os"
	"syscall"
	"unsafe"
)

// waiting returns how many bytes wait in a pipe.
func waiting(f *os.File) (n int, err error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0, err
	}
	var count int32
	var errno syscall.Errno
	err = conn.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, fionread, uintptr(unsafe.Pointer(&count)))
	})
	if err == nil && errno != 0 {
		err = errno
	}
	return int(count), err
}
