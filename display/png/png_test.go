package png_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	stdpng "image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/display/png"
)

// lines is an image of a type of its own.
type lines struct{ image.Rectangle }

func (lines) ColorModel() color.Model   { return color.NRGBAModel }
func (l lines) Bounds() image.Rectangle { return l.Rectangle }
func (lines) At(x, y int) color.Color {
	return color.NRGBA{uint8(x * 9), uint8(y * 5), 7, uint8(x * y)}
}

// canvas is an image of every type that package image has, with colours, or
// with noise that is opaque or not.
func canvases(r image.Rectangle) map[string]draw.Image {
	return map[string]draw.Image{
		"Gray": image.NewGray(r), "Gray16": image.NewGray16(r), "RGBA": image.NewRGBA(r), "NRGBA": image.NewNRGBA(r),
		"RGBA64": image.NewRGBA64(r), "NRGBA64": image.NewNRGBA64(r), "Alpha": image.NewAlpha(r), "Alpha16": image.NewAlpha16(r),
		"CMYK": image.NewCMYK(r), "Paletted": image.NewPaletted(r, palette.Plan9),
		"two colours": image.NewPaletted(r, color.Palette{color.NRGBA{1, 2, 3, 100}, color.White}),
	}
}

func TestEncode(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, r := range []image.Rectangle{image.Rect(0, 0, 67, 23), image.Rect(-3, 5, 10, 6), image.Rect(2, 2, 3, 40)} {
		for name, img := range canvases(r) {
			for _, opaque := range []bool{true, false} {
				for y := r.Min.Y; y < r.Max.Y; y++ {
					for x := r.Min.X; x < r.Max.X; x++ {
						c := color.NRGBA64{uint16(random.Uint32()), uint16(x * 251), uint16(y * 1001), 0xffff}
						if !opaque {
							c.A = uint16(random.Uint32())
						}
						img.Set(x, y, c)
					}
				}
				same(t, fmt.Sprint(name, r, opaque), img)
				if sub, ok := img.(interface {
					SubImage(image.Rectangle) image.Image
				}); ok && r.Dx() > 9 && r.Dy() > 9 {
					same(t, name+" in part", sub.SubImage(image.Rect(r.Min.X+2, r.Min.Y+3, r.Max.X-1, r.Max.Y-4)))
				}
			}
		}
		ycc := image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
		for _, plane := range [][]byte{ycc.Y, ycc.Cb, ycc.Cr} {
			for i := range plane {
				plane[i] = byte(random.Uint32())
			}
		}
		same(t, "YCbCr", ycc)
		same(t, "a type of its own", lines{r})
	}
}

// same decodes with package image/png and compares every pixel, in 8 bits
// where the image is not grey.
func same(t *testing.T, name string, img image.Image) {
	t.Helper()
	file, err := png.Encode(img)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	got, err := stdpng.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if got.Bounds().Size() != img.Bounds().Size() {
		t.Fatalf("%s: the size is %v, not %v", name, got.Bounds().Size(), img.Bounds().Size())
	}
	model := color.Model(color.NRGBAModel)
	if _, ok := img.(*image.Gray16); ok {
		model = color.Gray16Model
	}
	from, to := img.Bounds().Min, got.Bounds().Min
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			want, have := model.Convert(img.At(from.X+x, from.Y+y)), model.Convert(got.At(to.X+x, to.Y+y))
			if want != have {
				t.Fatalf("%s: the pixel (%d, %d) is %v, not %v", name, x, y, have, want)
			}
		}
	}
}

func TestPaletteTooSmall(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black})
	img.Pix[3] = 9
	if _, err := png.Encode(img); err == nil || err.Error() != "a pixel of this image has colour 9 of its palette, which has 1" {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	for _, img := range []image.Image{image.NewGray(image.Rect(0, 0, 0, 5)), image.NewUniform(color.White), lines{image.Rect(0, 0, 1<<29, 1)}} {
		if _, err := png.Encode(img); err == nil || !strings.Contains(err.Error(), "PNG picture") {
			t.Errorf("the error is %v", err)
		}
	}
}

// TestParallel is for the race detector.
func TestParallel(t *testing.T) {
	img := wave()
	want, err := png.Encode(img)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for range 20 {
				if got, err := png.Encode(img); err != nil || !bytes.Equal(got, want) {
					t.Error("another file", err)
				}
			}
		})
	}
}

func Example() {
	img := image.NewGray(image.Rect(0, 0, 4, 3))
	file, err := png.Encode(img)
	if err != nil {
		panic(err)
	}
	again, _ := stdpng.Decode(bytes.NewReader(file))
	fmt.Printf("%q %v\n", file[:4], again.Bounds().Size())
	// Output: "\x89PNG" (4,3)
}

// wave is a smooth frame with a little noise in its lowest bits, as
// simulations have them.
func wave() *image.Gray {
	r := rand.New(rand.NewPCG(3, 4))
	img := image.NewGray(image.Rect(0, 0, 257, 257))
	for i := range img.Pix {
		x, y := float64(i%257)/257, float64(i/257)/257
		img.Pix[i] = uint8(128 + 100*math.Sin(9*x+4*math.Sin(7*y))*math.Exp(-4*(y-0.5)*(y-0.5)) + 2*r.Float64())
	}
	return img
}

// BenchmarkEncode also gives the size of the file.
func BenchmarkEncode(b *testing.B) {
	grey := wave()
	colours := image.NewRGBA(grey.Rect)
	draw.Draw(colours, colours.Rect, grey, image.Point{}, draw.Src)
	mapped := image.NewPaletted(grey.Rect, palette.Plan9)
	copy(mapped.Pix, grey.Pix)
	for _, test := range []struct {
		name string
		img  image.Image
	}{{"grey", grey}, {"rgb", colours}, {"paletted", mapped}} {
		b.Run(test.name, func(b *testing.B) {
			var file []byte
			for b.Loop() {
				file, _ = png.Encode(test.img)
			}
			b.ReportMetric(float64(len(file)), "bytes")
		})
		b.Run(test.name+"/image-png", func(b *testing.B) {
			var file bytes.Buffer
			for b.Loop() {
				file.Reset()
				stdpng.Encode(&file, test.img)
			}
			b.ReportMetric(float64(file.Len()), "bytes")
		})
	}
}
