package main

import (
	"os"
	"testing"

	"github.com/interleave-go/interleave/kernels"
)

func TestMain(m *testing.M) {
	kernels.WorkerMain()
	os.Exit(m.Run())
}
