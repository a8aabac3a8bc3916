package ndarray_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

func TestImage(t *testing.T) {
	ramp := ndarray.Of(0, 1, 2, 4).Reshape(2, 2)
	for _, test := range []struct {
		name string
		x    *ndarray.Array
		want string // the pixels row by row
	}{
		{"bytes", ramp.AsType(ndarray.Uint8), "[{0} {1} {2} {4}]"},
		{"a view", ramp.AsType(ndarray.Uint8).T(), "[{0} {2} {1} {4}]"},
		{"floats", ramp, "[{0} {64} {128} {255}]"},
		{"whole numbers", ramp.AsType(ndarray.Int32).Sub(2), "[{0} {64} {128} {255}]"},
		{"bools", ramp.Gt(1), "[{0} {0} {255} {255}]"},
		{"NaN", ndarray.Of(math.NaN(), 3, 5, math.Inf(1)).Reshape(2, 2), "[{255} {0} {255} {255}]"},
		{"huge", ndarray.Of(-1e308, 1e308).Reshape(1, 2), "[{0} {255}]"},
		{"all the same", ndarray.Ones(ndarray.Float64, 1, 2), "[{0} {0}]"},
		{"a third axis", ramp.AsType(ndarray.Uint8).ExpandDims(2), "[{0} {1} {2} {4}]"},
		{"colours", ndarray.Arange(6).AsType(ndarray.Uint8).Reshape(1, 2, 3), "[{0 1 2 255} {3 4 5 255}]"},
		{"with alpha", ndarray.Arange(4).AsType(ndarray.Uint8).Reshape(1, 1, 4), "[{0 1 2 3}]"},
		{"colours of floats", ndarray.Of(0, 0.5, 7).Reshape(1, 1, 3), "[{0 128 255 255}]"},
	} {
		img := test.x.Image()
		if got := fmt.Sprint(pixels(img)); got != test.want || img.Bounds().Dx() != test.x.Shape()[1] {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func pixels(img image.Image) (all []color.Color) {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			all = append(all, img.At(x, y))
		}
	}
	return all
}

func TestFromImage(t *testing.T) {
	for _, x := range []*ndarray.Array{
		ndarray.Arange(6).AsType(ndarray.Uint8).Reshape(2, 3),
		ndarray.Arange(18).AsType(ndarray.Uint8).Reshape(2, 3, 3),
		ndarray.Arange(24).Add(200).AsType(ndarray.Uint8).Reshape(2, 3, 4),
	} {
		if y := ndarray.FromImage(x.Image()); !ndarray.ArrayEqual(x, y) {
			t.Errorf("%v becomes %v", x, y)
		}
	}
	grey := ndarray.Arange(20).AsType(ndarray.Uint8).Reshape(4, 5).Image().(*image.Gray)
	if x := ndarray.FromImage(grey.SubImage(image.Rect(1, 2, 3, 4))); x.String() != "[[11 12]\n [16 17]]" {
		t.Errorf("a part of an image is %v", x)
	}
}

func TestColorMap(t *testing.T) {
	x := ndarray.Linspace(-1, 1, 256).Reshape(16, 16)
	for name, want := range map[string][3]string{ // the first, one in the middle, the last
		"viridis": {"#440154", "#21918c", "#fde725"},
		"magma":   {"#000004", "#b73779", "#fcfdbf"},
		"inferno": {"#000004", "#bc3754", "#fcffa4"},
		"plasma":  {"#0d0887", "#cc4778", "#f0f921"},
		"gray":    {"#000000", "#808080", "#ffffff"},
		"RdBu":    {"#67001f", "#f7f7f7", "#053061"},
	} {
		all := pixels(x.ColorMap(name))
		for i, k := range []int{0, 128, 255} {
			var r, g, b int
			fmt.Sscanf(want[i], "#%02x%02x%02x", &r, &g, &b)
			c := color.RGBAModel.Convert(all[k]).(color.RGBA)
			if abs(int(c.R)-r) > 3 || abs(int(c.G)-g) > 3 || abs(int(c.B)-b) > 3 || c.A != 255 {
				t.Errorf("%s: colour %d is %v, not %s", name, k, c, want[i])
			}
		}
	}
	x.Set(math.NaN(), 0, 0)
	if all := pixels(x.ColorMap("gray")); all[0].(color.NRGBA).A != 0 || all[255] != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("NaN is %v, and the largest %v", all[0], all[255])
	}
	if len(ndarray.ColorMaps()) != 6 {
		t.Errorf("the names are %v", ndarray.ColorMaps())
	}
}

func abs(i int) int { return max(i, -i) }
