package display_test

import (
	"fmt"
	"os"
	"time"

	"github.com/dagbook/dagbook/display"
)

type stock struct {
	Name  string
	Close float64
}

// A slice of structs is a table, in HTML and, as here, in text.
func Example() {
	display.Show(map[string]int{"b": 2, "a": 1})
	display.Show([]stock{{"aet", 34.5}, {"afl", 7}})
	display.Show(display.Markdown("**bold**"))
	// Output:
	// map["a":1 "b":2]
	//    Name  Close
	// 0  aet    34.5
	// 1  afl       7
	// **bold**
}

type temperature float64

func (t temperature) HTML() string   { return fmt.Sprintf("<b>%.1f</b>&thinsp;°C", float64(t)) }
func (t temperature) String() string { return fmt.Sprintf("%.1f °C", float64(t)) }

// A type that has a method HTML decides how it looks.
func ExampleOf() {
	b := display.Of(temperature(21.5))
	fmt.Println(b.Data[display.MIMEHTML])
	fmt.Println(b.Data[display.MIMEText])
	// Output:
	// <b>21.5</b>&thinsp;°C
	// 21.5 °C
}

func ExampleHandle_Update() {
	h := display.Show("working")
	h.Update("done")
	// Output:
	// working
	// done
}

func ExampleEscape() {
	fmt.Println(display.Escape(`<img src=x onerror="alert(1)">`))
	// Output: &lt;img src=x onerror=&#34;alert(1)&#34;&gt;
}

func ExampleProgress() {
	files := []string{"a.h5", "b.h5"}
	for i, name := range display.Progress(files, "reading") {
		_, _ = i, name // read it
	}
	for range display.ProgressN(3) {
		time.Sleep(time.Millisecond)
	}
}

// A displayer of one's own shows elsewhere; a kernel gives the output of the cell that
// runs.
func ExampleNew() {
	console := display.NewConsole(os.Stdout, os.Stderr)
	d := display.New(func() display.Output { return console })
	d.Show([]float64{1, 2.5})
	// Output: [1 2.5]
}
