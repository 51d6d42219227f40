package pi_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/kernels/pi"
)

func Example() {
	result, err := pi.Estimate(context.Background(), pi.Options{Samples: 1e6, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.6f ± %.6f\n", result.Estimate, result.StandardError)
	// Output: 3.141940 ± 0.001642
}

func estimate(t *testing.T, o pi.Options) pi.Result {
	t.Helper()
	result, err := pi.Estimate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// sampleCounts ends in, before and after rows, blocks and groups of blocks.
func sampleCounts() []uint64 {
	const block = pi.BlockSamples
	return []uint64{1, 7, 8, 9, block - 1, block, block + 1, 4*block - 1, 4 * block, 5*block + 13, 1_000_000}
}

// The hits are the same for every kernel of a stream, number of workers and
// chunk size.
func TestSameEstimateHoweverCutUp(t *testing.T) {
	t.Parallel()
	for _, samples := range sampleCounts() {
		want := map[string]uint64{}
		for _, kernel := range pi.Kernels() {
			reference, found := want[kernel.Stream()]
			if !found {
				reference = estimate(t, pi.Options{Samples: samples, Seed: 42, Kernel: kernel, Workers: 1, Chunk: 1}).Hits
				want[kernel.Stream()] = reference
			}
			for _, workers := range []int{1, 2, 3, 8} {
				for _, chunk := range []int{0, 1, 3, 1000} {
					o := pi.Options{Samples: samples, Seed: 42, Kernel: kernel, Workers: workers, Chunk: chunk}
					if got := estimate(t, o); got.Hits != reference || got.Samples != samples {
						t.Errorf("%+v: %d hits in %d samples, want %d", o, got.Hits, got.Samples, reference)
					}
				}
			}
		}
	}
}

// The streams are those of the definition: the figure was computed by
// bench/pi.c and must not change on any platform.
func TestKnownHits(t *testing.T) {
	t.Parallel()
	tests := []struct{ samples, seed, hits uint64 }{
		{1_000_000, 1, 785485}, {5_000_013, 99, 3927857}, {3, 0, 3},
	}
	for _, test := range tests {
		got := estimate(t, pi.Options{Samples: test.samples, Seed: test.seed})
		if got.Hits != test.hits {
			t.Errorf("%d samples of seed %d: %d hits, want %d", test.samples, test.seed, got.Hits, test.hits)
		}
	}
}

// The C program follows the same definition.
func TestSameAsC(t *testing.T) {
	t.Parallel()
	program := buildC(t, t.TempDir())
	for _, samples := range sampleCounts() {
		want := estimate(t, pi.Options{Samples: samples, Seed: 7}).Hits
		var hits uint64
		var seconds float64
		out, err := exec.Command(program, fmt.Sprint(samples), "7").Output()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(string(out), &hits, &seconds); err != nil || hits != want {
			t.Errorf("%d samples: pi.c says %q (%v), want %d hits", samples, out, err, want)
		}
	}
}

// buildC compiles bench/pi.c, or skips where there is no C compiler.
func buildC(t testing.TB, dir string) string {
	t.Helper()
	compiler, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc")
	}
	program := filepath.Join(dir, "pi")
	build := exec.Command(compiler, "-O3", "-march=native", "-ffp-contract=off", "-o", program,
		filepath.Join("..", "..", "bench", "pi.c"))
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// Parts cover every block once, whatever the number of parts.
func TestParts(t *testing.T) {
	t.Parallel()
	const samples = 11*pi.BlockSamples + 5
	whole := estimate(t, pi.Options{Samples: samples, Seed: 3})
	for _, count := range []int{1, 2, 5, 12, 20} {
		var hits, total uint64
		for i := range count {
			part := estimate(t, pi.Options{Samples: samples, Seed: 3, Part: pi.Part{Index: i, Count: count}})
			hits, total = hits+part.Hits, total+part.Samples
		}
		if hits != whole.Hits || total != samples {
			t.Errorf("%d parts: %d hits in %d samples, want %d in %d", count, hits, total, whole.Hits, uint64(samples))
		}
	}
}

// The interval holds pi about as often as it promises: in 400 runs at 95 %, 380
// times with a standard deviation of 4.4.
func TestInterval(t *testing.T) {
	t.Parallel()
	for _, kernel := range []pi.Kernel{pi.Auto, pi.Integer} {
		inside := 0
		for seed := range uint64(400) {
			r := estimate(t, pi.Options{Samples: 20_000, Seed: seed, Kernel: kernel, Workers: 1})
			if r.Low <= math.Pi && math.Pi <= r.High {
				inside++
			}
		}
		if inside < 362 || inside > 396 {
			t.Errorf("kernel %s: pi is inside of %d of 400 intervals at 95 %%", kernel, inside)
		}
	}
}

// A cancelled estimate returns the context's error and what was counted.
func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var calls int
	result, err := pi.Estimate(ctx, pi.Options{Samples: 1 << 50, Workers: 2, Chunk: 2, Progress: func(done, total uint64) {
		if calls++; calls == 3 {
			cancel()
		}
		if done > total || total != 1<<50 {
			t.Errorf("progress %d of %d", done, total)
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
	if result.Samples < 5*pi.BlockSamples || math.Abs(result.Estimate-math.Pi) > 0.05 {
		t.Errorf("partial result %+v", result)
	}
}

// Options that make no sense are refused with a word about which.
func TestBadOptions(t *testing.T) {
	t.Parallel()
	tests := map[string]pi.Options{
		"no samples":     {},
		"more than":      {Samples: 1 << 62},
		"below 0":        {Samples: 1, Workers: -1},
		"confidence":     {Samples: 1, Confidence: 1},
		"part 3 of 3":    {Samples: 1, Part: pi.Part{Index: 3, Count: 3}},
		"no such kernel": {Samples: 1, Kernel: "mmx"},
	}
	for want, o := range tests {
		if _, err := pi.Estimate(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one with %q", o, err, want)
		}
	}
}

// A kernel that this processor lacks is an error that says so, here and on a
// processor that has no vectors at all.
func TestUnavailableKernel(t *testing.T) {
	t.Parallel()
	for _, kernel := range []pi.Kernel{pi.AVX2, pi.AVX512} {
		_, err := kernel.Resolve()
		if available := slices.Contains(pi.Kernels(), kernel); available != (err == nil) {
			t.Errorf("kernel %s: listed %v, but error %v", kernel, available, err)
		}
		if err != nil && !errors.Is(err, pi.ErrUnavailable) {
			t.Errorf("kernel %s: error %v, want %v", kernel, err, pi.ErrUnavailable)
		}
	}
	const without = "GODEBUG=cpu.avx2=off,cpu.avx512f=off"
	if "GODEBUG="+os.Getenv("GODEBUG") == without {
		return
	}
	again := exec.Command(os.Args[0], "-test.run=^(TestUnavailableKernel|TestKnownHits)$")
	again.Env = append(os.Environ(), without)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("with %s: %v\n%s", without, err, out)
	}
}
