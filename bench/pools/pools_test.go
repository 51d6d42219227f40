package pools_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"

	"github.com/interleave-go/interleave/kernels"
)

// items is the number of empty items of each call.
const items = 1 << 18

// A contender works through in, so many items per task, with its own workers,
// and leaves the results in a new slice.
type contender struct {
	name string
	run  func(b *testing.B, in []int, size int)
}

func contenders() []contender {
	return []contender{
		{"map", runMap}, {"channel", runChannel}, {"errgroup", runErrgroup}, {"ants", runAnts}, {"pond", runPond},
	}
}

// empty is the job of all contenders. They call it as what it is to a library,
// a function that is not known when it is compiled.
func empty() func(context.Context, int) (int, error) {
	return func(_ context.Context, i int) (int, error) { return i, nil }
}

// A work is what the contenders but Map have to bring along themselves.
type work struct {
	job     func(context.Context, int) (int, error)
	in, out []int
	size    int
}

func newWork(in []int, size int) work {
	return work{job: empty(), in: in, out: make([]int, len(in)), size: size}
}

// batch works through the items from at.
//
//go:noinline
func (w work) batch(ctx context.Context, at int) error {
	for i := at; i < min(at+w.size, len(w.in)); i++ {
		v, err := w.job(ctx, w.in[i])
		if err != nil {
			return err
		}
		w.out[i] = v
	}
	return nil
}

// Empty items, in batches that are the same for all.
func BenchmarkEmptyItem(b *testing.B) {
	for _, size := range []int{1, 10, 100, 1000} {
		for _, c := range contenders() {
			b.Run(fmt.Sprintf("batch=%d/%s", size, c.name), func(b *testing.B) {
				c.run(b, make([]int, items), size)
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/items, "ns/item")
			})
		}
	}
}

func runMap(b *testing.B, in []int, size int) {
	pool := kernels.Pool{}
	defer pool.Close()
	options := kernels.MapOptions{Pool: &pool, Chunk: kernels.Chunk{Policy: kernels.Fixed, Size: size}}
	for b.Loop() {
		_, err := kernels.Map(b.Context(), options, in, empty())
		if err != nil {
			b.Fatal(err)
		}
	}
}

func runChannel(b *testing.B, in []int, size int) {
	for b.Loop() {
		w := newWork(in, size)
		starts := make(chan int, runtime.GOMAXPROCS(0))
		var all sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			all.Go(func() {
				for at := range starts {
					if w.batch(b.Context(), at) != nil {
						return
					}
				}
			})
		}
		for at := 0; at < len(in); at += size {
			starts <- at
		}
		close(starts)
		all.Wait()
	}
}

func runErrgroup(b *testing.B, in []int, size int) {
	for b.Loop() {
		w := newWork(in, size)
		var group errgroup.Group
		group.SetLimit(runtime.GOMAXPROCS(0))
		for at := 0; at < len(in); at += size {
			group.Go(func() error { return w.batch(b.Context(), at) })
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}

func runAnts(b *testing.B, in []int, size int) {
	pool, err := ants.NewPool(runtime.GOMAXPROCS(0))
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Release()
	for b.Loop() {
		w := newWork(in, size)
		var all sync.WaitGroup
		for at := 0; at < len(in); at += size {
			all.Add(1)
			err := pool.Submit(func() {
				defer all.Done()
				if err := w.batch(b.Context(), at); err != nil {
					b.Error(err)
				}
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		all.Wait()
	}
}

func runPond(b *testing.B, in []int, size int) {
	pool := pond.NewPool(runtime.GOMAXPROCS(0))
	defer pool.StopAndWait()
	for b.Loop() {
		w := newWork(in, size)
		group := pool.NewGroup()
		for at := 0; at < len(in); at += size {
			group.SubmitErr(func() error { return w.batch(b.Context(), at) })
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	}
}
