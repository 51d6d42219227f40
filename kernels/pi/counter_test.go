package pi_test

import (
	"context"
	"testing"

	"github.com/interleave-go/interleave/kernels/pi"
)

// A kernel's counter counts the hits of Estimate.
func TestCounter(t *testing.T) {
	t.Parallel()
	for _, kernel := range pi.Kernels() {
		count, err := kernel.Counter()
		if err != nil {
			t.Fatal(err)
		}
		for _, samples := range []uint64{0, 1, 10_000, 5 * pi.BlockSamples, 9*pi.BlockSamples + 13} {
			want := pi.Result{}
			if samples > 0 {
				if want, err = pi.Estimate(context.Background(), pi.Options{Samples: samples, Seed: 5, Kernel: kernel, Workers: 1}); err != nil {
					t.Fatal(err)
				}
			}
			if got := count(5, samples); got != want.Hits {
				t.Errorf("kernel %s: %d hits in %d samples, want %d", kernel, got, samples, want.Hits)
			}
		}
	}
	if _, err := pi.Kernel("none").Counter(); err == nil {
		t.Error("Counter of a kernel that does not exist gives no error")
	}
}
