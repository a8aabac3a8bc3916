//go:build race

package yaegi

import "time"

// patience is longer under the race detector, which slows the interpreter down manyfold.
const patience = 500 * time.Millisecond
