// Package array has arrays that are computed later, block by block: what dask.array is to
// NumPy, this is to package ndarray. An array that is larger than memory, or spread over a
// thousand files, is cut into blocks; each operation only builds tasks for the blocks, and
// Compute runs them in parallel.
//
//	frames := make([]*array.Array, len(files))
//	for i, path := range files {
//		frames[i] = array.FromDelayed(read(path), ndarray.Uint8, 257, 257)
//	}
//	movie := array.Stack(frames, 0)        // 1000 x 257 x 257, a block for each file
//	movie = movie.Rechunk(10, 257, 257)    // ten files in a block
//	total, err := movie.Sum(0).Compute()   // an *ndarray.Array of 257 x 257
//
// The types:
//
//   - [Array] is the blocks as a grid of nodes. It never changes: operations give new arrays
//     that share tasks with it.
//   - [Maker] makes arrays for a taskgraph.Runner. The package's functions use the standard
//     runner, in a notebook that of the session.
//   - [Random] makes random arrays from a seed, [Boundary] is what lies beyond an array's ends.
//
// Operations have the names and the meaning of package ndarray; a test compares them with
// NumPy's and Dask's. Axes, shapes and types are checked when an operation is called, and what
// does not go together panics with an *ndarray.Error that names the shapes, so that chains
// stay short. Nothing is computed before [Array.Compute], [Array.Persist] or [Array.Store].
//
// # Blocks
//
// The blocks' lengths along each axis are [Array.Chunks]. They need not be equal. Operations
// on two arrays cut both at the same borders first. Small blocks cost tasks, of about a
// microsecond each; large ones cost memory and leave processors without work. [Array.Rechunk]
// cuts anew.
//
// The rule of concurrency: arrays may be used by several goroutines at once, a [Random] by one.
package array
