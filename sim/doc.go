// Package sim runs one execution of a concurrent program under a scheduler
// that decides every step.
//
// A program is a func that gets a handle and passes it to every operation:
//
//	func transfer(g *sim.G) {
//		var mu sim.Mutex
//		balance := sim.Var[int]{Name: "balance"}
//		deposit := g.Go("deposit", func(g *sim.G) {
//			mu.Lock(g)
//			balance.Store(g, balance.Load(g)+10)
//			mu.Unlock(g)
//		})
//		deposit.Join(g)
//		g.Assert(balance.Load(g) == 10, "balance is %d", balance.Load(g))
//	}
//
// Goroutines are coroutines: one runs at a time, and only between two of its
// operations. An operation is announced before it takes place, so that a
// [Scheduler] knows what every goroutine wants to do next and whether it could.
// An execution is a function of the program and the choices: nothing else may
// decide what a program does, no clock, no map order, no real goroutine.
//
// The objects have the semantics of Go's own, misuse included. Their zero
// values work as Go's do, and a Name is for diagrams. They belong to one
// execution: declare them inside the program.
//
// A [Runner] runs executions; packages checks and internal/search choose the
// schedules and judge what happened.
package sim
