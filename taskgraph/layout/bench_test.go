package layout

import "testing"

// BenchmarkDraw draws the graphs of testdata/graphs. The dot process took
// 18, 30 and 317 ms for 10, 100 and 1000 tasks on the machine where the
// goals were set.
func BenchmarkDraw(b *testing.B) {
	for _, r := range readRecorded(b) {
		b.Run(r.name, func(b *testing.B) {
			for range b.N {
				if len(Draw(r.g, Options{}).SVG()) == 0 {
					b.Fatal("nothing drawn")
				}
			}
		})
	}
}
