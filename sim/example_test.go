package sim_test

import (
	"fmt"
	"time"

	"github.com/interleave-go/interleave/sim"
)

// Two goroutines load, then store: the second store overwrites the first. The
// schedule starts with the choices of the prefix; main is goroutine 0.
func Example_lostUpdate() {
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		add := func(g *sim.G) { counter.Store(g, counter.Load(g)+1) }
		a, b := g.Go("a", add), g.Go("b", add)
		a.Join(g)
		b.Join(g)
		g.Assert(counter.Load(g) == 2, "counter is %d", counter.Load(g))
	}, sim.Options{Prefix: []sim.Choice{{G: 0}, {G: 0}, {G: 1}, {G: 2}, {G: 1}, {G: 2}}})
	for i := range x.Events() {
		e := &x.Events()[i]
		fmt.Printf("%d %-5s %v %s\n", i, x.GoroutineName(e.G()), e.Op(), x.ObjectName(e.Call.Obj))
	}
	fmt.Println(x.Outcome, "-", x.Failure.Message)
	// Output:
	// 0 main  spawn nil
	// 1 main  spawn nil
	// 2 a     load counter
	// 3 b     load counter
	// 4 a     store counter
	// 5 b     store counter
	// 6 b     end b
	// 7 a     end a
	// 8 main  join a
	// 9 main  join b
	// 10 main  load counter
	// 11 main  load counter
	// failed - counter is 1
}

// Each of two goroutines holds the lock that the other one wants.
func Example_deadlock() {
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(func(g *sim.G) {
		a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
		take := func(first, second *sim.Mutex) func(*sim.G) {
			return func(g *sim.G) {
				first.Lock(g)
				second.Lock(g)
			}
		}
		p1, p2 := g.Go("P1", take(&a, &b)), g.Go("P2", take(&b, &a))
		p1.Join(g)
		p2.Join(g)
	}, sim.Options{Prefix: []sim.Choice{{G: 0}, {G: 0}, {G: 1}, {G: 2}}})
	fmt.Println(x.Outcome)
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) {
			call := x.Pending(g)
			fmt.Println(x.GoroutineName(g), "waits to", call.Op, x.ObjectName(call.Obj))
		}
	}
	// Output:
	// deadlocked
	// main waits to join P1
	// P1 waits to lock B
	// P2 waits to lock A
}

// Virtual time passes when nothing else can run: an hour takes no time.
func Example_timers() {
	r := sim.NewRunner()
	defer r.Close()
	r.Run(func(g *sim.G) {
		ctx, cancel := sim.WithTimeout(g, sim.Background(), time.Hour)
		defer cancel(g)
		tick := g.NewTicker(25 * time.Minute)
		for {
			var now time.Duration
			if sim.Select(g, tick.C.OnReceive(&now, nil), ctx.Done().OnReceive(nil, nil)) == 1 {
				fmt.Println(g.Now(), ctx.Err(g))
				tick.Stop(g)
				return
			}
			fmt.Println(now, "tick")
		}
	}, sim.Options{Time: sim.LazyTime})
	// Output:
	// 25m0s tick
	// 50m0s tick
	// 1h0m0s context deadline exceeded
}
