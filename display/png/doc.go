// Package png writes images as PNG files, quickly: pictures are shown many
// times a second while a slider moves, and looked at once.
//
//	file, err := png.Encode(img)
//
// Each row is written as its differences to the pixels on the left or to the
// row above, whichever are smaller, and compressed with little effort. That
// gives files about as large as those of package image/png in a fraction of
// its time. Grey images, those with a palette and those with 8 bits for a
// colour keep their form; opaque ones need no alpha. Grey ones of 16 bits
// keep them. All others are converted to image.NRGBA, so that 16 bits for a
// colour become 8.
//
// The format is that of the W3C Recommendation "Portable Network Graphics
// (PNG) Specification", third edition. Encode may be called by several
// goroutines at once.
package png
