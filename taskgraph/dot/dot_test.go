package dot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/dot"
	"github.com/dagbook/dagbook/taskgraph/graph"
)

func ExampleText() {
	var b graph.Builder
	x := b.Add(graph.Task{Key: graph.Key{Name: "slowinc", Token: 1}})
	b.Add(graph.Task{Key: graph.Key{Name: "slowadd", Token: 2}}, x, x)
	for line := range strings.Lines(dot.Text(b.Graph(), dot.Options{Rankdir: "LR"})) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Println(line)
		}
	}
	// Output:
	// digraph  {
	// rankdir="LR";
	// n1[label="slowinc",shape="box",style="rounded",tooltip="slowinc-0000000000000001"];
	// n2[label="slowadd",shape="box",style="rounded",tooltip="slowadd-0000000000000002"];
	// n1->n2;
	// }
}

// TestQuoting: no name gets out of its quotes or means something to DOT.
func TestQuoting(t *testing.T) {
	for name, want := range map[string]string{
		`a"b`:       `label="a\"b"`,
		`a\`:        `label="a\\"`,
		`a\N`:       `label="a\\N"`,
		"a\nb":      `label="a\nb"`,
		"a\x01b":    "label=\"a\uFFFDb\"",
		"&lt;":      `label="&amp;lt;"`,
		"<b>x</b>":  `label="<b>x</b>"`,
		`"];n9[x="`: `label="\"];n9[x=\""`,
	} {
		var b graph.Builder
		b.Add(graph.Task{Key: graph.Key{Name: name}})
		text := dot.Text(b.Graph(), dot.Options{})
		if !strings.Contains(text, want+",shape=") || !strings.Contains(text, `rankdir="BT"`) {
			t.Errorf("%q became\n%s\nwithout %s", name, text, want)
		}
	}
}

func TestOrderAndLabels(t *testing.T) {
	var b graph.Builder
	last := b.Add(graph.Task{})
	for range 11 {
		last = b.Add(graph.Task{}, last)
	}
	text := dot.Text(b.Graph(), dot.Options{Label: func(id graph.ID) string { return fmt.Sprint("task ", id) }})
	for id := range 12 {
		if want := fmt.Sprintf(`n%d[label="task %d"`, id+1, id); !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if !strings.Contains(text, "n11->n12;") {
		t.Errorf("no edge n11->n12 in\n%s", text)
	}
}

func TestColorsAndTitles(t *testing.T) {
	var b graph.Builder
	b.Add(graph.Task{Key: graph.Key{Name: "load"}}, b.Add(graph.Task{Key: graph.Key{Name: "list"}}))
	text := dot.Text(b.Graph(), dot.Options{
		Fill:  func(id graph.ID) string { return []string{"", "#ff0000"}[id] },
		Title: func(id graph.ID) string { return []string{"", "a \"b\"\n2 s"}[id] },
	})
	for want, n := range map[string]int{`fillcolor="#ff0000"`: 1, `style="rounded,filled"`: 1, `style="rounded"`: 1, `tooltip="list-0000000000000000"`: 1, `tooltip="a \"b\"\n2 s"`: 1} {
		if strings.Count(text, want) != n {
			t.Errorf("%s is not there %d times: %s", want, n, text)
		}
	}
}
