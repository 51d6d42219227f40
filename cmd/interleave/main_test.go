package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/interleave-go/interleave/kernels"
)

func TestMain(m *testing.M) {
	kernels.WorkerMain()
	// A process built with -race waits a second at its end. The worker processes
	// inherit this; one second for each would be minutes.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"interleave": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }})
}
