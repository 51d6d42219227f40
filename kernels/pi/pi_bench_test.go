package pi_test

import (
	"fmt"
	"os/exec"
	"testing"

	"github.com/interleave-go/interleave/kernels/pi"
)

// BenchmarkKernels measures each kernel on one worker.
func BenchmarkKernels(b *testing.B) {
	const samples = 64 * pi.BlockSamples
	for _, kernel := range pi.Kernels() {
		b.Run(string(kernel), func(b *testing.B) {
			for b.Loop() {
				run(b, pi.Options{Samples: samples, Workers: 1, Kernel: kernel})
			}
			b.ReportMetric(float64(samples)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Msamples/s")
		})
	}
}

// BenchmarkMistakes measures what the mistakes cost on all cores.
func BenchmarkMistakes(b *testing.B) {
	const samples = 16 * pi.BlockSamples
	for _, mistake := range pi.Mistakes() {
		b.Run(string(mistake), func(b *testing.B) {
			for b.Loop() {
				if _, err := pi.EstimateWrongly(b.Context(), mistake, pi.Options{Samples: samples, Kernel: pi.Plain}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(samples)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Msamples/s")
		})
	}
}

// BenchmarkBesideC runs the fastest kernel on one worker and bench/pi.c in
// turn, so that a machine that changes its speed changes both. go/c is the
// ratio of their speeds, each program's own clock.
func BenchmarkBesideC(b *testing.B) {
	const samples = 1 << 30
	program := buildC(b, b.TempDir())
	var goSeconds, cSeconds float64
	for b.Loop() {
		cSeconds += runC(b, program, samples)
		start := b.Elapsed()
		run(b, pi.Options{Samples: samples, Seed: 1, Workers: 1})
		goSeconds += (b.Elapsed() - start).Seconds()
	}
	all := float64(samples) * float64(b.N)
	b.ReportMetric(all/goSeconds/1e6, "go-Msamples/s")
	b.ReportMetric(all/cSeconds/1e6, "c-Msamples/s")
	b.ReportMetric(cSeconds/goSeconds, "go/c")
}

func run(b *testing.B, o pi.Options) {
	if _, err := pi.Estimate(b.Context(), o); err != nil {
		b.Fatal(err)
	}
}

func runC(b *testing.B, program string, samples int) (seconds float64) {
	out, err := exec.Command(program, fmt.Sprint(samples), "1").Output()
	if err != nil {
		b.Fatal(err)
	}
	var hits uint64
	if _, err := fmt.Sscan(string(out), &hits, &seconds); err != nil {
		b.Fatal(err)
	}
	return seconds
}
