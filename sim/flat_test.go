package sim_test

import (
	"runtime"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// deadlock ends with every goroutine blocked: one that recovers for ever, one
// that waits in a deferred call, one whose Goexit is under way, one parked.
func deadlock(g *sim.G) {
	var mu sim.Mutex
	var c sim.Chan[int]
	mu.Lock(g)
	g.Go("", func(g *sim.G) {
		for {
			func() {
				defer func() { recover() }()
				mu.Lock(g)
			}()
		}
	})
	g.Go("", func(g *sim.G) { defer c.Send(g, 1); panic("unheard") })
	g.Go("", func(g *sim.G) { defer c.Send(g, 1); runtime.Goexit() })
	mu.Lock(g)
}

func run20000(r *sim.Runner) sim.Outcome {
	var last sim.Outcome
	for range 20_000 {
		last = r.Run(deadlock, sim.Options{}).Outcome
	}
	return last
}

// Executions that deadlock leave neither goroutines nor memory behind.
func TestDeadlocksStayFlat(t *testing.T) {
	r := sim.NewRunner()
	defer r.Close()
	r.Run(deadlock, sim.Options{})
	before, heap := runtime.NumGoroutine(), liveHeap()
	if o := run20000(r); o != sim.Deadlocked {
		t.Fatalf("outcome %v", o)
	}
	if after := runtime.NumGoroutine(); after > before+4 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
	if after := liveHeap(); after > heap+1<<20 {
		t.Errorf("%d bytes of live memory, %d before", after, heap)
	}
}

func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkDeadlocks does as many deadlocking executions as b.N; with
// -benchtime=1000000x it is the million that memory must stay flat for.
func BenchmarkDeadlocks(b *testing.B) {
	r := sim.NewRunner()
	defer r.Close()
	b.ReportAllocs()
	for b.Loop() {
		r.Run(deadlock, sim.Options{})
	}
	b.ReportMetric(float64(runtime.NumGoroutine()), "goroutines")
	b.ReportMetric(float64(liveHeap()), "live-B")
}
