package kernel

import "syscall"

// dup2 makes newFD a copy of oldFD. Not every architecture of Linux has dup2 itself.
func dup2(oldFD, newFD int) error { return syscall.Dup3(oldFD, newFD, 0) }
