package kernels_test

import (
	"os"
	"testing"

	"github.com/interleave-go/interleave/kernels"
)

func TestMain(m *testing.M) {
	kernels.WorkerMain(processTestTasks()...)
	os.Exit(m.Run())
}
