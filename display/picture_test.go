package display

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
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
