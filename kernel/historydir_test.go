package kernel

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The glob is checked against the regular expression that says the same.
func TestGlobMatchIsThatOfARegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?ä[\n")), 0, 8, -1).Draw(t, "pattern")
		text := rapid.StringOfN(rapid.SampledFrom([]rune("abä[\n")), 0, 12, -1).Draw(t, "text")
		quoted := regexp.QuoteMeta(pattern)
		quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, `.*`), `\?`, `.`)
		want := regexp.MustCompile(`(?s)\A` + quoted + `\z`).MatchString(text)
		if got := globMatch(pattern, text); got != want {
			t.Fatalf("globMatch(%q, %q) is %v", pattern, text, got)
		}
	})
}

func TestOldSessionsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	large := []byte(strings.Repeat("x", maxHistoryBytes/4))
	for session := 1; session <= 6; session++ {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(session)+historyExt), large, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := &historyDir{path: dir}
	if n, err := d.begin(); n != 7 || err != nil {
		t.Fatalf("the session is %d, %v", n, err)
	}
	if got := d.sessions(); !slices.Equal(got, []int{3, 4, 5, 6, 7}) {
		t.Errorf("what is left: %v", got)
	}
}

func TestManySessionsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	for session := 1; session <= maxSessions+5; session++ {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(session)+historyExt), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := &historyDir{path: dir}
	if _, err := d.begin(); err != nil {
		t.Fatal(err)
	}
	if n := len(d.sessions()); n != maxSessions {
		t.Errorf("%d sessions are left", n)
	}
}

func TestASessionsHistoryIsBounded(t *testing.T) {
	var log strings.Builder
	h := newHistory(t.TempDir(), slog.New(slog.NewTextHandler(&log, nil)))
	cell := strings.Repeat("ä", maxSessionBytes/8)
	for line := 1; line <= 10; line++ {
		h.add(line, cell, cell)
	}
	if n := len(h.of(h.session)); n != 10 {
		t.Errorf("%d cells are at hand", n)
	}
	info, err := os.Stat(filepath.Join(h.disk.path, "1"+historyExt))
	if err != nil || info.Size() > maxSessionBytes {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
	// Windows keeps files private by other means.
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the history: %v", info.Mode())
	}
	if strings.Count(log.String(), "4 MB") != 1 {
		t.Errorf("the log says:\n%s", log.String())
	}
	kept := h.disk.read(1)
	if len(kept) == 0 || len(*kept[0].Output) > maxHistoryOutput || !strings.HasPrefix(cell, *kept[0].Output) {
		t.Errorf("%d cells are on disk", len(kept))
	}
}

func TestWholeRunes(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "ä": 2, "a\xc3": 1, "\xe2\x82": 0, "€": 3, "a\xf0\x9f\x98": 1, "\x80\x80\x80\x80\x80": 5, "\xff": 1} {
		if got := wholeRunes([]byte(text)); got != want {
			t.Errorf("wholeRunes(%q) is %d, not %d", text, got, want)
		}
	}
}
