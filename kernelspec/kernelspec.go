// Package kernelspec makes the kernel known to Jupyter: it writes, lists and
// removes the folder kernels/dagbook with kernel.json and the logos.
//
//	dir, err := kernelspec.Install(kernelspec.Prefix("/opt/jupyter"), "/usr/local/bin/dagbook")
//
// Jupyter looks for kernels in the user's data folder and under the prefix of
// every Python environment; [User], [Prefix] and [EnvPrefix] name these places.
package kernelspec

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Name is the kernel's name in kernelspecs and notebooks.
const Name = "dagbook"

// DisplayName is what front ends show in their launchers.
const DisplayName = "Go (dagbook)"

// Spec is the content of kernel.json.
type Spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]any    `json:"metadata"`
}

//go:embed logo.svg logo-64x64.png logo-32x32.png
var logos embed.FS

var logoFiles = map[string]string{"logo.svg": "logo-svg.svg", "logo-64x64.png": "logo-64x64.png", "logo-32x32.png": "logo-32x32.png"}

// Place is a folder in which Jupyter looks for kernels.
type Place string

// Prefix is the place under a prefix, such as /usr/local or a Python environment.
func Prefix(prefix string) Place {
	return Place(filepath.Join(prefix, "share", "jupyter", "kernels"))
}

// User is the user's own place. getenv is os.Getenv, or a stand-in.
func User(getenv func(string) string, home string) Place {
	if dir := getenv("JUPYTER_DATA_DIR"); dir != "" {
		return Place(filepath.Join(dir, "kernels"))
	}
	switch runtime.GOOS {
	case "darwin":
		return Place(filepath.Join(home, "Library", "Jupyter", "kernels"))
	case "windows":
		if dir := getenv("APPDATA"); dir != "" {
			return Place(filepath.Join(dir, "jupyter", "kernels"))
		}
	}
	if dir := getenv("XDG_DATA_HOME"); dir != "" {
		return Place(filepath.Join(dir, "jupyter", "kernels"))
	}
	return Place(filepath.Join(home, ".local", "share", "jupyter", "kernels"))
}

// EnvPrefix returns the place of the Python environment that is active: a venv's
// or conda's. The error says how to activate one.
func EnvPrefix(getenv func(string) string) (Place, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if dir := getenv(name); dir != "" {
			return Prefix(dir), nil
		}
	}
	return "", errors.New("no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set): activate one, or name it with --prefix")
}

// Dir returns the kernel's folder in the place.
func (p Place) Dir() string { return filepath.Join(string(p), Name) }

// Install writes the kernelspec, replacing an older one, and returns its folder.
// binary is the kernel's program; it is made absolute.
func Install(p Place, binary string, extra ...string) (string, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(binary); err != nil {
		return "", fmt.Errorf("the kernel's program %s is not there: build it first", binary)
	}
	dir := p.Dir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot write the kernelspec to %s: %w; choose another place with --user or --prefix", dir, err)
	}
	spec := Spec{
		Argv:        append([]string{binary, "kernel", "-f", "{connection_file}"}, extra...),
		DisplayName: DisplayName, Language: "go", InterruptMode: "message", Env: map[string]string{}, Metadata: map[string]any{"debugger": false},
	}
	text, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		return "", err
	}
	files := map[string][]byte{"kernel.json": append(text, '\n')}
	for from, to := range logoFiles {
		if files[to], err = logos.ReadFile(from); err != nil {
			return "", err
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return "", fmt.Errorf("cannot write the kernelspec: %w", err)
		}
	}
	return dir, nil
}

// Remove deletes the kernelspec from the place and returns the folder that it was
// in. Only files that Install writes are deleted. None there: an error that
// wraps fs.ErrNotExist.
func Remove(p Place) (string, error) {
	dir := p.Dir()
	if _, err := os.Stat(filepath.Join(dir, "kernel.json")); err != nil {
		return dir, fmt.Errorf("no kernelspec in %s: %w", dir, fs.ErrNotExist)
	}
	names := []string{"kernel.json"}
	for _, n := range logoFiles {
		names = append(names, n)
	}
	for _, n := range names {
		if err := os.Remove(filepath.Join(dir, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return dir, err
		}
	}
	if err := os.Remove(dir); err != nil {
		return dir, fmt.Errorf("%s holds files that dagbook did not write; they stay: %w", dir, err)
	}
	return dir, nil
}

// Read returns the kernelspec in the place.
func Read(p Place) (Spec, error) {
	var s Spec
	data, err := os.ReadFile(filepath.Join(p.Dir(), "kernel.json"))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(data, &s)
}
