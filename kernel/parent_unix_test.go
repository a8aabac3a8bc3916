//go:build unix

package kernel_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

func TestTheKernelEndsWithItsParent(t *testing.T) {
	parent := exec.Command("sleep", "1000")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	front := kerneltest.Start(t, simple(), kernel.Options{ParentPID: parent.Process.Pid})
	cell := front.Send(protocol.Shell, kerneltest.Run("loop"))
	front.WaitFor(cell, protocol.TypeDisplayData)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // killed, as it should be
	if err := front.Ended(); err != nil {
		t.Errorf("Run returns %v", err)
	}
}

// asOrphan is set for copies of the test's binary: "parent" starts "child", a kernel, and
// is then killed by it, so that nobody reaps it before the kernel looks.
const asOrphan = "DAGBOOK_TEST_ORPHAN"

func TestTheKernelEndsWhenItIsHandedToAnotherParent(t *testing.T) {
	switch os.Getenv(asOrphan) {
	case "parent":
		child := exec.Command(os.Args[0], "-test.run=^TestTheKernelEndsWhenItIsHandedToAnotherParent$")
		child.Env = append(os.Environ(), asOrphan+"=child")
		child.Stdout = os.Stdout
		_ = child.Run() // never returns: the child kills us
		return
	case "child":
		front := kerneltest.Start(t, simple(), kernel.Options{ParentPID: os.Getppid()})
		framed(t, front.Execute("1"))
		parent, err := os.FindProcess(os.Getppid())
		if err == nil {
			err = parent.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := front.Ended(); err == nil {
			os.Stdout.WriteString("the kernel has ended\n")
		}
		return
	}
	parent := exec.Command(os.Args[0], "-test.run=^TestTheKernelEndsWhenItIsHandedToAnotherParent$")
	parent.Env = append(os.Environ(), asOrphan+"=parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	said := make([]byte, len("the kernel has ended"))
	// The parent is not reaped before the kernel has spoken: until then it is a zombie,
	// which signal 0 would find.
	n, err := out.Read(said)
	if string(said[:n]) != "the kernel has ended" {
		t.Errorf("the kernel says %q, %v", said[:n], err)
	}
	_ = parent.Wait() // killed, as it should be
}
