package kernelspec_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernelspec"
)

func ExampleUser() {
	none := func(string) string { return "" }
	fmt.Println(strings.HasSuffix(kernelspec.User(none, "/home/ada").Dir(), "kernels/dagbook"))
	// Output: true
}

func TestInstallAndRemove(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "dagbook")
	if err := os.WriteFile(binary, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	p := kernelspec.Prefix(t.TempDir())
	for range 2 { // the second replaces the first
		if _, err := kernelspec.Install(p, binary, "--engine", "yaegi"); err != nil {
			t.Fatal(err)
		}
	}
	s, err := kernelspec.Read(p)
	if err != nil || s.Argv[0] != binary || s.Argv[3] != "{connection_file}" || s.Argv[5] != "yaegi" || s.Language != "go" || s.DisplayName != "Go (dagbook)" || s.InterruptMode != "message" {
		t.Errorf("spec %+v, %v", s, err)
	}
	for _, logo := range []string{"logo-64x64.png", "logo-32x32.png", "logo-svg.svg"} {
		if _, err := os.Stat(filepath.Join(p.Dir(), logo)); err != nil {
			t.Error(err)
		}
	}
	if _, err := kernelspec.Remove(p); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(p.Dir()); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder is still there")
	}
	if _, err := kernelspec.Remove(p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removing twice: %v", err)
	}
}

func TestRemoveKeepsForeignFiles(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "dagbook")
	os.WriteFile(binary, nil, 0o755)
	p := kernelspec.Prefix(t.TempDir())
	dir, err := kernelspec.Install(p, binary)
	if err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "notes.txt")
	os.WriteFile(mine, []byte("mine"), 0o644)
	if _, err := kernelspec.Remove(p); err == nil {
		t.Error("no word about the file that stays")
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error("a file of the user's is gone")
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	if _, err := kernelspec.Install(kernelspec.Prefix(t.TempDir()), filepath.Join(t.TempDir(), "nothing")); err == nil || !strings.Contains(err.Error(), "build it first") {
		t.Errorf("missing program: %v", err)
	}
	if _, err := kernelspec.EnvPrefix(func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "--prefix") {
		t.Errorf("no environment: %v", err)
	}
	if p, err := kernelspec.EnvPrefix(func(n string) string { return map[string]string{"VIRTUAL_ENV": "/v"}[n] }); err != nil || !strings.HasPrefix(string(p), filepath.FromSlash("/v/")) {
		t.Errorf("%v, %v", p, err)
	}
}
