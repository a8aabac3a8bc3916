//go:build !linux && !darwin

package eval

import "os"

// waiting cannot be known here: a line is taken to be read at once.
func waiting(f *os.File) (n int, err error) { return 0, nil }
