package png

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"math"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// effort is the level of compression at which frames of simulations take
// least time for files as small as those of package image/png.
const effort = 3

// The colour types of the format.
const (
	grey      = 0
	rgb       = 2
	paletted  = 3
	rgbAlpha  = 6
	signature = "\x89PNG\r\n\x1a\n"
)

// form is how the pixels of an image are written.
type form struct {
	depth, colour byte
	bytes         int                     // of a pixel
	palette       color.Palette           // for paletted
	row           func(dst []byte, y int) // the pixels of the row y of the image
}

// mostInRow keeps the bytes of a row within 31 bits.
const mostInRow = math.MaxInt32 / 4

// Encode is an image as a PNG file. The error names a size that it cannot
// have, no pixels or hundreds of millions in a row, or a pixel whose colour is
// not in the palette.
func Encode(img image.Image) ([]byte, error) {
	size := img.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 || size.X > mostInRow || int64(size.Y) > math.MaxInt32 {
		return nil, fmt.Errorf("an image of %dx%d pixels is no PNG picture: that has from 1 to %d in a row, and from 1 to %d rows", size.X, size.Y, mostInRow, math.MaxInt32)
	}
	if i, found := beyondPalette(img); found {
		return nil, fmt.Errorf("a pixel of this image has colour %d of its palette, which has %d", i, len(img.(*image.Paletted).Palette))
	}
	f := formOf(img)
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.file = append(e.file[:0], signature...)
	e.header(size, f)
	e.colours(f.palette)
	if err := e.pixels(size, f); err != nil {
		return nil, err
	}
	e.chunk("IEND", nil)
	return append([]byte(nil), e.file...), nil
}

// encoder is the memory of one encoding, used again for others.
type encoder struct {
	file  []byte
	zlib  *zlib.Writer
	above []byte    // the pixels of the row above
	row   []byte    // the pixels of this row
	tries [3][]byte // what the filters make of it, with their number in front
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.zlib, _ = zlib.NewWriterLevel(nil, effort) // fails for unknown levels only
	return e
}}

func (e *encoder) header(size image.Point, f form) {
	head := binary.BigEndian.AppendUint32(nil, uint32(size.X))
	head = binary.BigEndian.AppendUint32(head, uint32(size.Y))
	e.chunk("IHDR", append(head, f.depth, f.colour, 0, 0, 0))
}

// colours writes the palette, and its alpha as far as the last colour that
// is not opaque.
func (e *encoder) colours(palette color.Palette) {
	if palette == nil {
		return
	}
	var colours, alpha []byte
	opaque := 0
	for i, c := range palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		colours, alpha = append(colours, n.R, n.G, n.B), append(alpha, n.A)
		if n.A != 255 {
			opaque = i + 1
		}
	}
	e.chunk("PLTE", colours)
	if opaque > 0 {
		e.chunk("tRNS", alpha[:opaque])
	}
}

func (e *encoder) chunk(name string, data []byte) {
	start := e.begin(name)
	e.file = append(e.file, data...)
	e.end(start)
}

// begin writes the head of a chunk whose length end fills in.
func (e *encoder) begin(name string) (start int) {
	start = len(e.file)
	e.file = append(append(e.file, 0, 0, 0, 0), name...)
	return start
}

func (e *encoder) end(start int) {
	binary.BigEndian.PutUint32(e.file[start:], uint32(len(e.file)-start-8))
	e.file = binary.BigEndian.AppendUint32(e.file, crc32.ChecksumIEEE(e.file[start+4:]))
}

// mostInChunk is after how many bytes of pixels a new chunk begins; the
// format allows a little more.
const mostInChunk = 1 << 30

// Write takes what is compressed. The chunk of pixels is the last in the
// file.
func (e *encoder) Write(p []byte) (int, error) {
	e.file = append(e.file, p...)
	return len(p), nil
}

// pixels writes all rows.
func (e *encoder) pixels(size image.Point, f form) error {
	e.prepare(size.X*f.bytes, f)
	start := e.begin("IDAT")
	e.zlib.Reset(e)
	for y := range size.Y {
		f.row(e.row, y)
		if _, err := e.zlib.Write(e.filtered(f)); err != nil {
			return err
		}
		e.row, e.above = e.above, e.row
		if len(e.file)-start > mostInChunk {
			e.end(start)
			start = e.begin("IDAT")
		}
	}
	err := e.zlib.Close()
	e.end(start)
	return err
}

func (e *encoder) prepare(n int, f form) {
	e.row, e.above = resized(e.row, n), resized(e.above, n)
	clear(e.above)
	for i := range e.tries {
		e.tries[i] = resized(e.tries[i], n+1)
		e.tries[i][0] = byte(i)
	}
}

func resized(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// filtered is the row with the filter whose differences are smallest, as the
// specification advises. For numbers of colours it would have none at all,
// but neighbours in colour maps have neighbouring numbers.
func (e *encoder) filtered(f form) []byte {
	best := e.tries[1]
	least := fromLeft(best[1:], e.row, f.bytes)
	if sum := fromAbove(e.tries[2][1:], e.row, e.above); sum < least {
		best, least = e.tries[2], sum
	}
	if f.colour == paletted && fromNothing(e.tries[0][1:], e.row) <= least {
		best = e.tries[0]
	}
	return best
}

func fromNothing(dst, row []byte) (sum int) {
	for _, x := range row {
		sum += distance(x)
	}
	copy(dst, row)
	return sum
}

// fromLeft writes the differences to the pixels on the left and gives the sum
// of their sizes.
func fromLeft(dst, row []byte, bytes int) (sum int) {
	copy(dst[:bytes], row)
	prev, row, dst := row[:len(row)-bytes], row[bytes:], dst[bytes:]
	prev, dst = prev[:len(row)], dst[:len(row)]
	for i, x := range row {
		d := x - prev[i]
		dst[i] = d
		sum += distance(d)
	}
	return sum
}

// fromAbove is fromLeft for the row above.
func fromAbove(dst, row, above []byte) (sum int) {
	above, dst = above[:len(row)], dst[:len(row)]
	for i, x := range row {
		d := x - above[i]
		dst[i] = d
		sum += distance(d)
	}
	return sum
}

// distance is how far a difference is from none, without a jump.
func distance(d byte) int {
	x := int(int8(d))
	sign := x >> 8
	return x ^ sign
}
