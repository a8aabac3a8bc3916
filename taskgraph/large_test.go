package taskgraph

import (
	"strings"
	"testing"
)

func TestLargeDrawingsScroll(t *testing.T) {
	inc := Delayed(func(x int) int { return x })
	sum := Delayed(func(xs ...int) int { return len(xs) })
	var nodes []*Node
	for i := range 200 {
		nodes = append(nodes, inc(i))
	}
	small, large := Visualize(nodes[0]).MIMEBundle(), Visualize(sum(nodes), Collapse(false)).MIMEBundle()
	if svg, _ := small["image/svg+xml"].(string); !strings.HasPrefix(svg, "<svg") || small["text/html"] != nil {
		t.Errorf("a small drawing is shown as %v", small)
	}
	html, _ := large["text/html"].(string)
	if !strings.Contains(html, "overflow:auto") || strings.Contains(html, "max-width:100%;height:auto") {
		t.Errorf("a large drawing is not shown in a box that scrolls: %.200s", html)
	}
	if large["text/plain"] != "drawing of a graph of 201 tasks" {
		t.Errorf("as text: %v", large["text/plain"])
	}
}
