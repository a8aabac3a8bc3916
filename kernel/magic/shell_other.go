//go:build !unix

package magic

import "os/exec"

// ownGroup does nothing: only Unix has process groups.
func ownGroup(cmd *exec.Cmd) {}

func interrupt(cmd *exec.Cmd) error { return cmd.Process.Kill() }

func groupLives(cmd *exec.Cmd) bool { return false }

func killGroup(cmd *exec.Cmd) {}
