package ndarray

import (
	"image"
	"image/color"
	"math"
)

// FromImage is the pixels of an image, of Uint8: (height, width) for grey
// ones, (height, width, 3) for those without transparency, otherwise (height,
// width, 4) with red, green, blue and alpha that are not multiplied.
func FromImage(img image.Image) *Array {
	size := img.Bounds().Size()
	if grey, ok := img.(*image.Gray); ok {
		a := Empty(Uint8, size.Y, size.X)
		for y := range size.Y {
			copy(a.elements().([]uint8)[y*size.X:], grey.Pix[y*grey.Stride:][:size.X])
		}
		return a
	}
	channels := 4
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		channels = 3
	}
	a := Empty(Uint8, size.Y, size.X, channels)
	pix := a.elements().([]uint8)
	for y := range size.Y {
		for x := range size.X {
			c := color.NRGBAModel.Convert(img.At(img.Bounds().Min.X+x, img.Bounds().Min.Y+y)).(color.NRGBA)
			copy(pix[:channels], []uint8{c.R, c.G, c.B, c.A})
			pix = pix[channels:]
		}
	}
	return a
}

// Image is the array as a picture, its first axis from top to bottom: two
// axes are shades of grey; a third one of 3 is red, green and blue, one of 4
// has alpha too. A Uint8 is taken as it is and Bools are black and white.
// Other grey numbers are stretched so that the smallest is black and the
// largest white, as NaN is; colours that are no Uint8 go from 0 to 1. Another
// shape panics. The image has pixels of its own.
func (a *Array) Image() image.Image {
	switch n := len(a.shape); {
	case n == 2 || n == 3 && a.shape[2] == 1:
		return a.grey()
	case n == 3 && (a.shape[2] == 3 || a.shape[2] == 4):
		return a.colours()
	}
	panic(errorf("Image", "an array of shape %s is no picture: that has the shape (height, width), or (height, width, 3) or (..., 4) for colours", shapeText(a.shape)))
}

func (a *Array) grey() image.Image {
	img := image.NewGray(image.Rect(0, 0, a.shape[1], a.shape[0]))
	switch a.dtype {
	case Uint8:
		Uint8.loops().assign(wrap(Uint8, img.Pix, a.shape), a)
	case Bool:
		for i, x := range a.AsType(Uint8).elements().([]uint8) {
			img.Pix[i] = x * 255
		}
	default:
		values := a.Float64s()
		s := scaleTo(values, 255)
		for i, x := range values {
			if img.Pix[i] = 255; x == x {
				img.Pix[i] = s.level(x)
			}
		}
	}
	return img
}

func (a *Array) colours() image.Image {
	bytes := a
	if a.dtype != Uint8 {
		bytes = a.AsType(Float64).Clip(0.0, 1.0).Mul(255).Round().AsType(Uint8)
	}
	img := image.NewNRGBA(image.Rect(0, 0, a.shape[1], a.shape[0]))
	pixels := wrap(Uint8, img.Pix, []int{a.shape[0], a.shape[1], 4})
	pixels.Set(255, Ellipsis, 3)
	pixels.Set(bytes, Ellipsis, R(0, a.shape[2]))
	return img
}

// scale maps numbers to levels from 0 to most.
type scale struct{ low, factor, most float64 }

// scaleTo spans the finite values.
func scaleTo(values []float64, most float64) scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		if x-x == 0 {
			low, high = min(low, x), max(high, x)
		}
	}
	if low >= high {
		return scale{low: low, most: most}
	}
	// Halves, since the difference of two floats may be none.
	return scale{low, most / 2 / (high/2 - low/2), most}
}

func (s scale) level(x float64) uint8 {
	v := (x/2 - s.low/2) * s.factor * 2
	return uint8(min(max(v, 0), s.most) + 0.5)
}

// ColorMap is an array of two axes as a picture in colours, from the smallest
// number to the largest: "viridis", "magma", "inferno", "plasma", "gray", or
// "RdBu" from red over white to blue. NaN is transparent. Another name or
// shape panics; ColorMaps lists the names.
func (a *Array) ColorMap(name string) image.Image {
	if len(a.shape) != 2 {
		panic(errorf("ColorMap", "an array of shape %s is no picture: that has two axes, height and width", shapeText(a.shape)))
	}
	values := a.Float64s()
	levels := 256
	for _, x := range values {
		if x != x {
			levels = 255
			break
		}
	}
	palette, ok := paletteOf(name, levels)
	if !ok {
		panic(errorf("ColorMap", "there is no colour map %q: there are %v", name, ColorMaps()))
	}
	if levels == 255 {
		palette = append(palette, color.NRGBA{})
	}
	img := image.NewPaletted(image.Rect(0, 0, a.shape[1], a.shape[0]), palette)
	s := scaleTo(values, float64(levels-1))
	for i, x := range values {
		if img.Pix[i] = 255; x == x {
			img.Pix[i] = s.level(x)
		}
	}
	return img
}
