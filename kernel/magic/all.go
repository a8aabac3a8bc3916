package magic

import "slices"

// All returns the set of all magics.
func All() *Set {
	return NewSet(slices.Concat(sessionMagics(), fileMagics(), environmentMagics(), shellMagics(), formMagics())...)
}
