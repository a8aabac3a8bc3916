//go:build tools

// Package main keeps the modules of rooms that are still being built in go.mod; it goes when they are.
package main

import (
	_ "github.com/emicklei/dot"
	_ "github.com/go-zeromq/zmq4"
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/google/uuid"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/traefik/yaegi/interp"
	_ "go.uber.org/goleak"
	_ "golang.org/x/tools/go/gcexportdata"
	_ "golang.org/x/tools/go/packages"
	_ "pgregory.net/rapid"
)
