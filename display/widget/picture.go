package widget

import (
	"image"
	"strconv"

	"github.com/dagbook/dagbook/display"
)

// Image describes a picture: the bytes of a file, or an image.Image, which is sent as PNG.
// With neither it is empty.
type Image struct {
	Image         image.Image
	File          []byte
	Format        string // of File: "png" when empty, "jpeg", "gif", "svg+xml"
	Width, Height int    // on the screen; 0: as the picture is
	Layout        Layout
	State         State
}

// ImageControl is a live picture.
type ImageControl struct{ *model }

// New makes the widget. An image that cannot be encoded panics with an [*Error].
func (w Image) New() *ImageControl {
	s := State{"value": w.File}
	if w.File == nil {
		s["value"] = []byte{}
	}
	setIf(s, "format", w.Format)
	if w.Width > 0 {
		s["width"] = strconv.Itoa(w.Width)
	}
	if w.Height > 0 {
		s["height"] = strconv.Itoa(w.Height)
	}
	c := &ImageControl{newModel("Image", with(s, "", false, w.Layout, w.State))}
	if w.Image != nil {
		c.Set(w.Image)
	}
	return c
}

func (w Image) widget() *model { return w.New().model }

// Set shows another picture.
func (c *ImageControl) Set(img image.Image) {
	file, err := display.EncodePNG(img)
	if err == nil {
		change := State{"value": file}
		if c.get("format") != "png" {
			change["format"] = "png"
		}
		err = c.update(change)
	}
	if err != nil {
		panic(errorf("%v", err))
	}
}

// SetFile shows the bytes of a file in the format that the widget has.
func (c *ImageControl) SetFile(file []byte) { c.Update(State{"value": file}) }
