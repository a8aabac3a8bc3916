package spill_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/spill"
)

func TestStore(t *testing.T) {
	parent := t.TempDir()
	s := spill.New(parent)
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("before the first value there is %v", left)
	}
	if err := s.Write(3, []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Read(3); err != nil || fmt.Sprint(v) != "[a]" {
		t.Errorf("read %v, %v", v, err)
	}
	var bad *codec.Error
	if err := s.Write(4, func() {}); !errors.As(err, &bad) {
		t.Errorf("error %v", err)
	}
	s.Drop(3)
	s.Drop(5)
	if _, err := s.Read(3); err == nil || !strings.Contains(err.Error(), "could not be read again") {
		t.Errorf("error %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("after Close there is %v", left)
	}
}

func TestNoRoom(t *testing.T) {
	s := spill.New(filepath.Join(t.TempDir(), "missing"))
	if err := s.Write(1, 1); err == nil || !strings.Contains(err.Error(), "could not be moved from memory to the disk") {
		t.Errorf("error %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func ExampleStore() {
	s := spill.New("")
	defer s.Close()
	if err := s.Write(1, []float64{1.5, 2.5}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.Read(1))
	// Output: [1.5 2.5] <nil>
}
