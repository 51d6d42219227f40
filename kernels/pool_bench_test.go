package kernels_test

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"sync"
	"testing"

	"github.com/interleave-go/interleave/kernels"
)

// hits is the work of the notebook's jobs: random points of which those in the
// unit circle are counted. xoshiro256++ by Blackman and Vigna, 2021.
func hits(seed uint64, samples int) int {
	s0, s1, s2, s3 := seed^0x9e3779b97f4a7c15, seed+1, seed+2, seed+3
	count := 0
	next := func() float64 {
		result := bits.RotateLeft64(s0+s3, 23) + s0
		t := s1 << 17
		s2, s3 = s2^s0, s3^s1
		s1, s0 = s1^s2, s0^s3
		s2, s3 = s2^t, bits.RotateLeft64(s3, 45)
		return float64(int64(result)>>11) * 0x1p-52
	}
	for range samples {
		x, y := next(), next()
		if x*x+y*y <= 1 {
			count++
		}
	}
	return count
}

// The notebook's comparison: the same samples as many small jobs and as few
// large ones, with the ideal beside them: each worker one equal share, by hand.
// ns/sample is wall time.
func BenchmarkJobs(b *testing.B) {
	const samples = 100_000_000
	for _, jobs := range []int{10_000, 10} {
		in := make([]uint64, jobs)
		for i := range in {
			in[i] = uint64(i)
		}
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			pool := kernels.Pool{}
			defer pool.Close()
			for b.Loop() {
				_, err := kernels.Map(b.Context(), kernels.MapOptions{Pool: &pool}, in,
					func(_ context.Context, seed uint64) (int, error) { return hits(seed, samples/jobs), nil })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/samples, "ns/sample")
		})
	}
	b.Run("ideal", func(b *testing.B) {
		workers := runtime.GOMAXPROCS(0)
		for b.Loop() {
			var all sync.WaitGroup
			for w := range workers {
				all.Go(func() { hits(uint64(w), samples/workers) })
			}
			all.Wait()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/samples, "ns/sample")
	})
}

// The cost of an empty item, beside a bare channel of batches of the same size.
func BenchmarkEmptyItem(b *testing.B) {
	const items = 1 << 20
	in := numbers(items)
	job := func(_ context.Context, i int) (int, error) { return i, nil }
	for _, size := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("batch=%d/map", size), func(b *testing.B) {
			pool := kernels.Pool{}
			defer pool.Close()
			options := kernels.MapOptions{Pool: &pool, Chunk: kernels.Chunk{Policy: kernels.Fixed, Size: size}}
			for b.Loop() {
				if _, err := kernels.Map(b.Context(), options, in, job); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/item")
		})
		b.Run(fmt.Sprintf("batch=%d/channel", size), func(b *testing.B) {
			for b.Loop() {
				channelOfBatches(b.Context(), in, size, job)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/item")
		})
	}
	b.Run("automatic/map", func(b *testing.B) {
		pool := kernels.Pool{}
		defer pool.Close()
		for b.Loop() {
			if _, err := kernels.Map(b.Context(), kernels.MapOptions{Pool: &pool}, in, job); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/item")
	})
}

// channelOfBatches is the yardstick: no errors, no panics, no cancellation.
func channelOfBatches(ctx context.Context, in []int, size int, job func(context.Context, int) (int, error)) []int {
	out := make([]int, len(in))
	batches := make(chan [2]int, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for batch := range batches {
				for i := batch[0]; i < batch[1]; i++ {
					out[i], _ = job(ctx, in[i])
				}
			}
		})
	}
	for at := 0; at < len(in); at += size {
		batches <- [2]int{at, min(at+size, len(in))}
	}
	close(batches)
	all.Wait()
	return out
}

// The cost of a future that is awaited at once, and of one among many.
func BenchmarkFuture(b *testing.B) {
	pool := kernels.Pool{}
	defer pool.Close()
	b.Run("round trip", func(b *testing.B) {
		for b.Loop() {
			if _, err := kernels.Submit(b.Context(), &pool, answer(1)).Result(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("many", func(b *testing.B) {
		futures := make([]*kernels.Future[int], 0, 1000)
		for b.Loop() {
			futures = futures[:0]
			for i := range cap(futures) {
				futures = append(futures, kernels.Submit(b.Context(), &pool, answer(i)))
			}
			if _, err := kernels.Wait(b.Context(), futures, kernels.AllDone); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(cap(futures)), "ns/future")
	})
}
