package archive

import "fmt"

// Option raises or lowers a limit of Extract:
//
//	archive.Extract("survey.tgz", "data", archive.MaxBytes(200<<30))
type Option func(*limits)

type limits struct {
	bytes   int64
	entries int
	ratio   int64
}

// usual is what Extract takes without options.
var usual = limits{bytes: 32 << 30, entries: 1_000_000, ratio: 200}

// grace is how many bytes may come out of an archive before its ratio matters: small files of
// zeros compress a thousand times, and harm nobody.
const grace = 256 << 20

// MaxBytes is how many bytes may come out of an archive, the headers of a tar file and what
// follows it counted. Without it: 32 GiB.
func MaxBytes(n int64) Option { return func(l *limits) { l.bytes = n } }

// MaxEntries is how many files, folders and links an archive may have. Without it: 1,000,000.
func MaxEntries(n int) Option { return func(l *limits) { l.entries = n } }

// MaxRatio is how many times as large as the archive what comes out of it may be. It counts
// once 256 MiB have come out. Without it: 200, where text compresses about ten times.
func MaxRatio(n int) Option { return func(l *limits) { l.ratio = int64(n) } }

func limitsOf(options []Option) (limits, error) {
	l := usual
	for _, o := range options {
		if o != nil {
			o(&l)
		}
	}
	for name, n := range map[string]int64{"MaxBytes": l.bytes, "MaxEntries": int64(l.entries), "MaxRatio": l.ratio} {
		if n < 1 {
			return l, fmt.Errorf("%s(%d): a limit is at least 1", name, n)
		}
	}
	return l, nil
}

// exceeded says what is wrong with so many bytes from an archive of so many, "" if nothing is.
func (l limits) exceeded(bytes, packed int64) string {
	switch {
	case bytes > l.bytes:
		return fmt.Sprintf("would make it more than %d bytes in all; if they are wanted, raise the limit with archive.MaxBytes", l.bytes)
	case bytes > grace && bytes/l.ratio > packed:
		return fmt.Sprintf("would make it more than %d times as large as the archive, as bombs are; if it is wanted, raise the limit with archive.MaxRatio", l.ratio)
	}
	return ""
}
