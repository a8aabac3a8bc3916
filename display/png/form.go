package png

import (
	"image"
	"image/color"
	"image/draw"
)

// formOf chooses how an image is written.
func formOf(img image.Image) form {
	switch img := img.(type) {
	case *image.Gray:
		return form{depth: 8, colour: grey, bytes: 1, row: func(dst []byte, y int) { copy(dst, img.Pix[y*img.Stride:]) }}
	case *image.Gray16:
		return form{depth: 16, colour: grey, bytes: 2, row: func(dst []byte, y int) { copy(dst, img.Pix[y*img.Stride:]) }}
	case *image.Paletted:
		if n := len(img.Palette); n > 0 && n <= 256 {
			return form{depth: 8, colour: paletted, bytes: 1, palette: img.Palette, row: func(dst []byte, y int) { copy(dst, img.Pix[y*img.Stride:]) }}
		}
	case *image.NRGBA:
		if img.Opaque() {
			return withoutAlpha(img.Pix, img.Stride)
		}
		return form{depth: 8, colour: rgbAlpha, bytes: 4, row: func(dst []byte, y int) { copy(dst, img.Pix[y*img.Stride:]) }}
	case *image.RGBA:
		if img.Opaque() {
			return withoutAlpha(img.Pix, img.Stride)
		}
		return form{depth: 8, colour: rgbAlpha, bytes: 4, row: func(dst []byte, y int) { divided(dst, img.Pix[y*img.Stride:]) }}
	}
	return converted(img)
}

// beyondPalette is a pixel without a colour, of which no file can be made;
// false if there is none.
func beyondPalette(img image.Image) (index byte, found bool) {
	p, ok := img.(*image.Paletted)
	if !ok || len(p.Palette) >= 256 {
		return 0, false
	}
	size := p.Bounds().Size()
	for y := range size.Y {
		for _, x := range p.Pix[y*p.Stride:][:size.X] {
			if int(x) >= len(p.Palette) {
				return x, true
			}
		}
	}
	return 0, false
}

func withoutAlpha(pix []byte, stride int) form {
	return form{depth: 8, colour: rgb, bytes: 3, row: func(dst []byte, y int) {
		for src := pix[y*stride:]; len(dst) >= 3; src, dst = src[4:], dst[3:] {
			dst[0], dst[1], dst[2] = src[0], src[1], src[2]
		}
	}}
}

// divided undoes the multiplication with alpha.
func divided(dst, src []byte) {
	for ; len(dst) >= 4; src, dst = src[4:], dst[4:] {
		c := color.NRGBAModel.Convert(color.RGBA{src[0], src[1], src[2], src[3]}).(color.NRGBA)
		dst[0], dst[1], dst[2], dst[3] = c.R, c.G, c.B, c.A
	}
}

// converted draws an image that is known to be opaque, which package draw is
// quick at for many types, and asks others for every pixel.
func converted(img image.Image) form {
	b := img.Bounds()
	if o, ok := img.(interface{ Opaque() bool }); ok && o.Opaque() {
		row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
		whole := withoutAlpha(row.Pix, row.Stride)
		return form{depth: 8, colour: rgb, bytes: 3, row: func(dst []byte, y int) {
			draw.Draw(row, row.Rect, img, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
			whole.row(dst, 0)
		}}
	}
	return form{depth: 8, colour: rgbAlpha, bytes: 4, row: func(dst []byte, y int) {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, b.Min.Y+y)).(color.NRGBA)
			dst[0], dst[1], dst[2], dst[3] = c.R, c.G, c.B, c.A
			dst = dst[4:]
		}
	}}
}
