package display

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func pictureBytes(t *testing.T, b Bundle) []byte {
	t.Helper()
	s, _ := b.Data[MIMEPNG].(string)
	file, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func decoded(t *testing.T, b Bundle) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(pictureBytes(t, b)))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func pngFile(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestJPEG(t *testing.T) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 8, 5)), nil); err != nil {
		t.Fatal(err)
	}
	b := JPEG(file.Bytes())
	if text(b) != "JPEG picture, 8x5" || b.Data[MIMEJPEG] != base64.StdEncoding.EncodeToString(file.Bytes()) {
		t.Errorf("%v", b)
	}
}

type grid struct{}

func (grid) Dims() (rows, columns int)  { return 2, 40 }
func (grid) At(row, column int) float64 { return float64(row*100 + column) }

func TestMatrix(t *testing.T) {
	got := text(Of(grid{}))
	if !strings.Contains(got, "100  101  102") || !strings.Contains(got, "of 2 rows and 40 columns") {
		t.Errorf("a matrix looks like\n%s", got)
	}
}

// TestRectangle: a rectangle has an image's methods, and is shown as where it is.
func TestRectangle(t *testing.T) {
	b := Of(image.Rect(1, 2, 3, 4))
	if b.Data[MIMEPNG] != nil || b.Data[MIMEText] != "(1,2)-(3,4)" {
		t.Errorf("%v", b.Data)
	}
}
