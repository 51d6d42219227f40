package search_test

import (
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

func factorial(n int) int {
	f := 1
	for k := 2; k <= n; k++ {
		f *= k
	}
	return f
}

func power(base, n int) int {
	p := 1
	for range n {
		p *= base
	}
	return p
}

func binomial(n, k int) int { return factorial(n) / factorial(k) / factorial(n-k) }

func catalan(n int) int { return binomial(2*n, n) / (n + 1) }

// A formula says how many traces a program has, for parameters from and to.
type formula struct {
	program  string
	from, to int
	complete func(n int) int
	blocked  func(n int) int // deadlocks; nil means none
}

func square(f func(int) int) func(int) int { return func(n int) int { return f(n) * f(n) } }

// formulas are the counts in closed form, up to sizes that take a second or so.
func formulas() []formula {
	one := func(int) int { return 1 }
	ring := func(n int) int { return power(2, n) - 1 }
	dinner := func(n int) int { return power(2, n) - 2 }
	two := func(n int) int { return power(6, n) - power(2, 2*n+1) + 2 }
	lucas := func(n int) int {
		a, b := 2, 1
		for range 2 * n {
			a, b = b, a+b
		}
		return a - 2
	}
	list := []formula{
		{"inc", 1, 5, square(factorial), nil},
		{"binc", 1, 4, square(factorial), nil},
		{"cinc", 1, 4, func(n int) int { return power(factorial(n), 3) }, nil},
		{"N-writers", 1, 6, func(n int) int { return factorial(n + 2) }, nil}, // n+1 of them
		{"wainc", 1, 7, func(n int) int { return factorial(n + 1) }, nil},
		{"readers", 1, 16, func(n int) int { return power(2, n) }, nil},
		{"ninc", 1, 8, func(n int) int { return binomial(2*n, n) }, nil},
		{"lockinc-k", 1, 8, func(n int) int { return binomial(2*n, n) }, nil},
		{"cas", 1, 12, func(n int) int { return n }, nil},
		{"wcas", 1, 12, func(n int) int { return n*power(2, n-1) + 1 }, nil},
		{"casrot", 1, 10, func(n int) int {
			sum := 0
			for k := range n {
				sum += power(k+1, n-k) - power(k, n-k)
			}
			return sum
		}, nil},
		{"lastzero", 3, 15, func(n int) int { return (n + 3) * power(2, n-2) }, nil},
		{"indexer", 11, 15, func(n int) int { return power(8, n-11) }, nil},
		{"filesystem", 13, 21, func(n int) int { return power(2, n-13) }, nil},
		{"phil-naive", 2, 14, dinner, one},
		{"phil-chan", 2, 10, dinner, one},
		{"phil-asym", 2, 12, dinner, nil},
		{"phil-oddeven", 3, 12, dinner, nil},
		{"phil-naive-2r", 2, 5, two, lucas},
		{"phil-trylock", 2, 9, func(n int) int { return power(3, n) - 2 }, nil},
		{"sem2", 1, 5, func(n int) int { return factorial(n) * power(3, n-1) }, nil},
		{"chan-spsc", 1, 10, one, nil},
		{"chan-spsc-b", 1, 10, catalan, nil},
		{"chan-np1c", 1, 5, func(n int) int { return factorial(n) * catalan(n) }, nil},
		{"chan-np1c-b1", 1, 7, factorial, nil},
		{"chan-selectdef", 1, 8, func(n int) int { return binomial(2*n, n) }, nil},
		{"fib_bench", 5, 5, func(int) int { return 218_243 }, nil},
	}
	for _, name := range []string{"ainc", "lockinc", "ticketlock", "phil-waiter"} {
		list = append(list, formula{name, 2, 7, factorial, nil})
	}
	for _, name := range []string{"SB", "LB", "2+2W"} {
		list = append(list, formula{name, 2, 12, ring, nil})
	}
	return list
}

// Optimal-DPOR explores as many traces as the formulas say, none of them twice,
// also where the search is divided: what is explored for nothing then is bounded by
// what a job explores before it is divided, and a part of the rest.
func TestFormulas(t *testing.T) {
	t.Parallel()
	for _, f := range formulas() {
		t.Run(f.program, func(t *testing.T) {
			t.Parallel()
			for n := f.from; n <= f.to; n++ {
				complete, deadlocks := f.complete(n), 0
				if f.blocked != nil {
					deadlocks = f.blocked(n)
				}
				if complete > 4000 && testing.Short() {
					break
				}
				checkFormula(t, f.program, n, complete, deadlocks)
			}
		})
	}
}

func checkFormula(t *testing.T, name string, n, complete, deadlocks int) {
	t.Helper()
	program := oracleProgram(name, n)
	finished := 0
	restarted := func() { finished = 0 }
	o := search.Options{Strategy: search.Optimal, Relation: search.ChannelRelation, Restarted: restarted}
	r, err := search.Run(program, o, func(x *sim.Execution) bool {
		if x.Outcome == sim.Finished {
			finished++
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if finished != complete || r.Executions-finished != deadlocks || r.Blocked != 0 || !r.Complete {
		t.Errorf("n=%d: %d finished, %d not; want %d, %d; %d redundant, complete %v", n, finished, r.Executions-finished,
			complete, deadlocks, r.Blocked, r.Complete)
	}
	const every = 128
	o = search.Options{Strategy: search.Optimal, Relation: search.ChannelRelation, Workers: 2, SplitEvery: every}
	d, err := search.Explore(program, o, idle{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Executions != r.Executions || !d.Complete || d.Blocked > 2*every+d.Executions/8 {
		t.Errorf("n=%d, divided: %d executions, want %d, complete %v, %d blocked, at most %d allowed", n, d.Executions,
			r.Executions, d.Complete, d.Blocked, 2*every+d.Executions/8)
	}
}

// Wakeup trees stay small where the first step of a race is seen to come anyway: with
// no more than n² nodes for n readers of what one goroutine writes, of which there are
// 2ⁿ traces.
func TestWakeupTreeOfReaders(t *testing.T) {
	const n = 12
	r, err := search.Run(fresh(programs["readers"], n), search.Options{Strategy: search.Optimal, TreeMax: n * n},
		func(*sim.Execution) bool { return true })
	if err != nil || r.FellBack != 0 || r.Executions != power(2, n) || !r.Complete {
		t.Errorf("%d executions, complete %v, the tree was given up %d times: %v", r.Executions, r.Complete, r.FellBack, err)
	}
}

// Source-DPOR explores more than it has to, as much as was published. How much
// that is depends on the order in which the goroutines are started.
func TestSourceRedundancy(t *testing.T) {
	for _, c := range []struct {
		program           string
		n                 int
		order             []int // the goroutines
		complete, blocked int
	}{
		{"POPL-example", 0, []int{0, 2, 1, 3}, 5, 5},
		{"lastzero", 5, []int{5, 0, 1, 2, 3, 4}, 64, 33},
		{"readers", 6, []int{0, 1, 2, 3, 4, 5, 6}, 64, 0},
	} {
		program := func(g *sim.G) {
			bodies := programs[c.program](c.n)
			var started []func(*sim.G)
			for _, i := range c.order {
				started = append(started, bodies[i])
			}
			spawnAll(started...)(g)
		}
		r, err := search.Run(program, search.Options{Strategy: search.Source}, func(*sim.Execution) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		if r.Executions != c.complete || r.Blocked != c.blocked {
			t.Errorf("%s(%d): %d + %d executions, want %d + %d", c.program, c.n, r.Executions, r.Blocked, c.complete, c.blocked)
		}
	}
}
