//go:build !unix

package protocol

import "os"

// makePrivate has nothing to do: file modes protect nothing here, and Jupyter's runtime
// folder lies in the user's profile.
func makePrivate(*os.File) error { return nil }
