package pi_test

import (
	"testing"

	"github.com/interleave-go/interleave/kernels/pi"
)

func mistaken(t *testing.T, m pi.Mistake, o pi.Options) pi.Result {
	t.Helper()
	result, err := pi.EstimateWrongly(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Workers that inherit one state are detected; workers of the right estimate,
// made to count the same number of samples each, are not.
func TestSameStateIsDetected(t *testing.T) {
	t.Parallel()
	const samples = 8 * pi.BlockSamples
	wrong := mistaken(t, pi.SameState, pi.Options{Samples: samples, Seed: 5, Workers: 4})
	if !pi.SameEverywhere(wrong.Workers) {
		t.Errorf("not detected: %+v", wrong.Workers)
	}
	if wrong.Samples != samples {
		t.Errorf("%d samples, want %d", wrong.Samples, uint64(samples))
	}
	var shares []pi.Share
	for i := range 4 {
		part := estimate(t, pi.Options{Samples: samples, Seed: 5, Part: pi.Part{Index: i, Count: 4}})
		shares = append(shares, pi.Share{Samples: part.Samples, Hits: part.Hits})
	}
	if pi.SameEverywhere(shares) {
		t.Errorf("false alarm: %+v", shares)
	}
}

// The standard error that the same state claims is too small by the square root
// of the number of workers: over many seeds, the estimate lies outside of its
// interval far more often than one time in twenty.
func TestSameStateOverstatesItsPrecision(t *testing.T) {
	t.Parallel()
	outside := 0
	for seed := range uint64(200) {
		r := mistaken(t, pi.SameState, pi.Options{Samples: 64_000, Seed: seed, Workers: 16})
		if r.Low > 3.141592653589793 || r.High < 3.141592653589793 {
			outside++
		}
	}
	// At a quarter of the true error, 62 % are outside.
	if outside < 90 {
		t.Errorf("outside of the interval %d of 200 times, want at least 90", outside)
	}
}

// Workers behind a global lock give the right estimate.
func TestGlobalLockIsRight(t *testing.T) {
	t.Parallel()
	o := pi.Options{Samples: 6*pi.BlockSamples + 3, Seed: 11, Workers: 3}
	if got, want := mistaken(t, pi.GlobalLock, o).Hits, estimate(t, o).Hits; got != want {
		t.Errorf("%d hits, want %d", got, want)
	}
}

// A locked generator loses no sample.
func TestLockedGeneratorCountsAll(t *testing.T) {
	t.Parallel()
	r := mistaken(t, pi.LockedGenerator, pi.Options{Samples: 100_001, Workers: 3})
	if r.Samples != 100_001 || r.Low > 3.2 || r.High < 3.1 {
		t.Errorf("%+v", r)
	}
}
