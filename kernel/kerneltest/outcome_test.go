package kerneltest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	same := Outcome{Out: "a\n", Stderr: "b\n", Show: "c\n"}
	for _, c := range []struct {
		want, got Outcome
		says      string // empty: no difference
	}{
		{same, same, ""},
		{same, Outcome{Out: "x\n", Stderr: "b\n", Show: "c\n"}, "out differs"},
		{same, Outcome{Out: "a\n", Show: "c\n"}, "stderr differs"},
		{same, Outcome{Out: "a\n", Stderr: "b\n"}, "show differs"},
		{Outcome{}, Outcome{Show: "c\n"}, "show differs"},
		{Outcome{}, Outcome{Err: "E: boom\n"}, "it failed"},
		{Outcome{Err: "boom"}, Outcome{}, "did not fail"},
		{Outcome{Err: "boom\n"}, Outcome{Err: "E: boom\n"}, ""},
		{Outcome{Err: "/^E: b.*m$/\n"}, Outcome{Err: "E: boom"}, ""},
		{Outcome{Err: "/^F/"}, Outcome{Err: "E: boom\n"}, "wanted: /^F/"},
		{Outcome{Err: "/(/"}, Outcome{Err: "(\n"}, "wanted"},
		{Outcome{Err: "bang"}, Outcome{Err: "E: boom\n"}, "wanted: bang"},
	} {
		got := strings.Join(c.want.differences(c.got), "\n")
		if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
			t.Errorf("%+v and %+v: %q", c.want, c.got, got)
		}
	}
}

func TestByCell(t *testing.T) {
	got := byCell("\x01cell 1\na\nb\x01show\n42\n\x01done\n\x01cell 2\n\x01show\nx\ny\n\x01done\n\x01show\nz\n\x01done\n\x01cell 10\nlast")
	want := map[int]Outcome{0: {}, 1: {Out: "a\nb\n", Show: "42\n"}, 2: {Show: "x\ny\nz\n"}, 10: {Out: "last\n"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
