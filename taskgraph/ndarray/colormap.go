package ndarray

import (
	"image/color"
	"maps"
	"slices"
)

// colorMaps are colours at equal distances, between which the others lie
// evenly. viridis, magma, inferno and plasma are those of N. Smith and S. van
// der Walt for matplotlib (CC0), RdBu is C. Brewer's of ColorBrewer 2.0.
var colorMaps = map[string][]uint32{
	"gray":    {0x000000, 0xffffff},
	"viridis": {0x440154, 0x482576, 0x414487, 0x35608d, 0x2a788e, 0x21908c, 0x22a884, 0x43bf71, 0x7ad151, 0xbbdf27, 0xfde725},
	"magma":   {0x000004, 0x150e37, 0x3b0f70, 0x641a80, 0x8c2981, 0xb63679, 0xde4968, 0xf76f5c, 0xfe9f6d, 0xfece91, 0xfcfdbf},
	"inferno": {0x000004, 0x170c3a, 0x420a68, 0x6b186e, 0x932667, 0xbb3754, 0xdd513a, 0xf3771a, 0xfca50a, 0xf6d645, 0xfcffa4},
	"plasma":  {0x0d0887, 0x42049e, 0x6a00a8, 0x900da4, 0xb12a90, 0xcb4678, 0xe16462, 0xf1834b, 0xfca636, 0xfcce25, 0xf0f921},
	"RdBu":    {0x67001f, 0xb2182b, 0xd6604d, 0xf4a582, 0xfddbc7, 0xf7f7f7, 0xd1e5f0, 0x92c5de, 0x4393c3, 0x2166ac, 0x053061},
}

// ColorMaps is the names that ColorMap knows, sorted.
func ColorMaps() []string { return slices.Sorted(maps.Keys(colorMaps)) }

func paletteOf(name string, levels int) (color.Palette, bool) {
	points, ok := colorMaps[name]
	if !ok {
		return nil, false
	}
	palette := make(color.Palette, levels, levels+1)
	for i := range palette {
		at := float64(i) / float64(levels-1) * float64(len(points)-1)
		k := min(int(at), len(points)-2)
		palette[i] = between(points[k], points[k+1], at-float64(k))
	}
	return palette, true
}

func between(a, b uint32, part float64) color.Color {
	mix := func(shift uint) uint8 {
		x, y := float64(a>>shift&0xff), float64(b>>shift&0xff)
		return uint8(x + (y-x)*part + 0.5)
	}
	return color.RGBA{mix(16), mix(8), mix(0), 255}
}
