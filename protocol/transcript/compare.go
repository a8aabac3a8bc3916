package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// Compare tells how a conversation differs from the one that was expected, as text: what is
// only expected begins with -, what only came with +. Empty text means that nothing differs
// but ids, dates and the order between channels. The error is one of Normalize.
func Compare(want, got Transcript) (string, error) {
	want, err := want.Normalize()
	if err != nil {
		return "", fmt.Errorf("what was expected: %w", err)
	}
	if got, err = got.Normalize(); err != nil {
		return "", fmt.Errorf("what came: %w", err)
	}
	var b strings.Builder
	groups := append(slices.Clone(want), got...).groups()
	for _, g := range groups {
		diffMessages(&b, want.Messages(g.channel, g.direction), got.Messages(g.channel, g.direction))
	}
	return b.String(), nil
}

// diffMessages aligns messages by their titles, then compares what they say.
func diffMessages(b *strings.Builder, want, got []Entry) {
	for _, s := range align(titles(want), titles(got)) {
		switch {
		case s.b < 0:
			fmt.Fprintf(b, "- %s\n", want[s.a].title())
			writeLines(b, "-     ", want[s.a].body())
		case s.a < 0:
			fmt.Fprintf(b, "+ %s\n", got[s.b].title())
			writeLines(b, "+     ", got[s.b].body())
		default:
			diffBodies(b, want[s.a], got[s.b])
		}
	}
}

func titles(es []Entry) []string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = e.title()
	}
	return out
}

func diffBodies(b *strings.Builder, want, got Entry) {
	w, g := want.body(), got.body()
	if slices.Equal(w, g) {
		return
	}
	fmt.Fprintf(b, "  %s\n", want.title())
	for _, s := range align(w, g) {
		switch {
		case s.b < 0:
			writeLines(b, "-     ", w[s.a:s.a+1])
		case s.a < 0:
			writeLines(b, "+     ", g[s.b:s.b+1])
		}
	}
}

func writeLines(b *strings.Builder, prefix string, lines []string) {
	for _, line := range lines {
		fmt.Fprintf(b, "%s%s\n", prefix, line)
	}
}

// step pairs two lines; an index of -1 says that the line has no partner.
type step struct{ a, b int }

// align pairs equal lines in order, as many as can be (the longest common subsequence).
func align(a, b []string) []step {
	start := 0
	var steps []step
	for start < len(a) && start < len(b) && a[start] == b[start] {
		steps = append(steps, step{start, start})
		start++
	}
	// common[i][j] is how many pairs a[start+i:] and b[start+j:] can form.
	n, m := len(a)-start, len(b)-start
	common := make([][]int32, n+1)
	for i := range common {
		common[i] = make([]int32, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[start+i] == b[start+j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < n || j < m {
		switch {
		case i < n && j < m && a[start+i] == b[start+j]:
			steps = append(steps, step{start + i, start + j})
			i++
			j++
		case j == m || i < n && common[i+1][j] >= common[i][j+1]:
			steps = append(steps, step{start + i, -1})
			i++
		default:
			steps = append(steps, step{-1, start + j})
			j++
		}
	}
	return steps
}
