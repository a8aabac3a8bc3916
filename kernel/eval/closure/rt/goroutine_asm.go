//go:build amd64 || arm64 || 386 || wasm

package rt

func goroutine() uintptr
