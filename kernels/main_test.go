package kernels_test

import (
	"os"
	"testing"

	"github.com/interleave-go/interleave/kernels"
)

func TestMain(m *testing.M) {
	kernels.WorkerMain(processTestTasks()...)
	// A process built with -race waits a second at its end. The worker processes
	// inherit this; one second for each would be minutes.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
