package counters_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/kernels/counters"
)

func Example() {
	result, err := counters.Run(context.Background(), counters.Atomic, counters.Options{Workers: 4, Increments: 1_000_000})
	fmt.Println(result.Counted, result.Lost, err)
	// Output: 1000000 0 <nil>
}

// Every way but the plain one counts exactly, for any number of workers; the
// plain one never counts too many.
func TestWaysCount(t *testing.T) {
	t.Parallel()
	for _, way := range counters.Ways() {
		t.Run(way.String(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				o := counters.Options{Workers: rapid.IntRange(1, 6).Draw(t, "workers"), Increments: rapid.IntRange(1, 5000).Draw(t, "increments")}
				r, err := counters.Run(context.Background(), way, o)
				if err != nil || r.Counted+r.Lost != int64(o.Increments) {
					t.Fatalf("Run(%v, %+v) = %+v, %v", way, o, r, err)
				}
				if r.Lost < 0 || r.Lost > 0 && way != counters.Plain {
					t.Fatalf("Run(%v, %+v) lost %d", way, o, r.Lost)
				}
			})
		})
	}
}

// The plain counter loses updates where workers run at the same time, and also
// where the system stops one in the middle of an increment to let another one on.
func TestPlainLoses(t *testing.T) {
	t.Parallel()
	if runtime.GOMAXPROCS(0) == 1 || !slices.Contains(counters.Ways(), counters.Plain) {
		t.Skip("one processor, or built with -race")
	}
	for range 50 {
		r, err := counters.Run(t.Context(), counters.Plain, counters.Options{Workers: 2, Increments: 50_000_000})
		if err != nil {
			t.Fatal(err)
		}
		if r.Lost > 0 {
			return
		}
	}
	t.Error("50 runs lost nothing")
}

// Names and ways are the same thing.
func TestParseWay(t *testing.T) {
	t.Parallel()
	for way := counters.Plain; way <= counters.Merged; way++ {
		if got, err := counters.ParseWay(way.String()); got != way || err != nil {
			t.Errorf("ParseWay(%q) = %v, %v", way.String(), got, err)
		}
	}
	if _, err := counters.ParseWay("abacus"); err == nil {
		t.Error("ParseWay(abacus) = nil, want an error")
	}
}

// Options out of range are an error, not a hang, and so is a context that has
// ended.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, o := range []counters.Options{{Workers: -1}, {Workers: counters.WorkersMost + 1}, {Increments: -1}} {
		if _, err := counters.Run(context.Background(), counters.Atomic, o); err == nil {
			t.Errorf("Run(%+v) = nil, want an error", o)
		}
	}
	if _, err := counters.Run(context.Background(), counters.Way(99), counters.Options{}); err == nil {
		t.Error("Run(99) = nil, want an error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := counters.Run(ctx, counters.Atomic, counters.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v, want context.Canceled", err)
	}
}

// ns/op is wall time per increment.
func BenchmarkIncrement(b *testing.B) {
	for _, way := range counters.Ways() {
		for _, workers := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%v/workers=%d", way, workers), func(b *testing.B) {
				if _, err := counters.Run(b.Context(), way, counters.Options{Workers: workers, Increments: b.N}); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}
