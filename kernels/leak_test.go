package kernels_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"runtime/pprof"
	"testing"

	"github.com/interleave-go/interleave/kernels"
)

// poolGoroutines counts the goroutines that were started by a pool labelled so:
// tests run side by side, so those of other pools must not count.
func poolGoroutines(label string) int {
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		return -1
	}
	return bytes.Count(b.Bytes(), []byte(label))
}

// After Close nothing of the pool is left: no worker, no callback goroutine, no
// goroutine that waits for a context. Goroutines inherit the label of the one
// that started them.
func TestNoLeak(t *testing.T) {
	const label = "kernels-leak-test"
	pprof.Do(context.Background(), pprof.Labels("pool", label), func(ctx context.Context) {
		pool := kernels.Pool{Workers: 3}
		for range 50 {
			f := kernels.Submit(ctx, &pool, answer(1))
			f.OnDone(func(*kernels.Future[int]) {})
			f.Cancel()
			_, err := kernels.Map(ctx, kernels.MapOptions{Pool: &pool}, numbers(10), func(_ context.Context, i int) (int, error) {
				if i == 5 {
					return 0, errors.New("five")
				}
				return i, nil
			})
			if err == nil {
				t.Error("Map = nil, want an error")
			}
		}
		pool.Close()
		// What ended is still to be reaped by the scheduler: it needs turns,
		// not time. One goroutine, this one, has the label.
		for range 10_000 {
			if poolGoroutines(label) <= 1 {
				return
			}
			runtime.Gosched()
		}
		t.Errorf("%d goroutines are left", poolGoroutines(label)-1)
	})
}
