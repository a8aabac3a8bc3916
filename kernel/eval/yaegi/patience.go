//go:build !race

package yaegi

import "time"

// patience is how long a cell waits at its start for goroutines that are about to end.
const patience = 2 * time.Millisecond
