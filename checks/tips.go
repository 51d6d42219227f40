package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Tips says, in a sentence each, what would make a space of executions smaller.
// It looks at one execution of the program, so it knows what that one does and
// no more. There are none for a report that is complete or that samples.
func Tips(program func(*sim.G), r Report) []string {
	if r.Complete || !r.Exhaustive || r.Bound == "first finding" || r.Bound == "spin" {
		return nil
	}
	runner := sim.NewRunner()
	defer runner.Close()
	var tips []string
	if c := mostContended(runner.Run(program, sim.Options{})); c.goroutines > 1 {
		tips = append(tips, fmt.Sprintf("%s is touched by %d goroutines, %d times in all: each order of those steps "+
			"may be an execution of its own; fewer goroutines or fewer such steps shrink the space most",
			c.name, c.goroutines, c.times))
	}
	if r.Strategy == "dfs" {
		tips = append(tips, "strategy dfs runs every interleaving; optimal runs one of each class that differs only in the order of independent steps")
	}
	return append(tips, "strategy random samples the space, however large; that is no proof")
}

// contention is how an object is used in one execution.
type contention struct {
	name       string
	goroutines int
	times      int
	written    bool
	by         map[int32]bool
}

// mostContended is the object that is accessed most often by several
// goroutines, one of which changes it.
func mostContended(x *sim.Execution) contention {
	uses := make([]contention, len(x.World().Objects))
	for i := range x.Events() {
		e := &x.Events()[i]
		for _, p := range x.Parts(e) {
			if p.Obj < 0 || p.Mode == object.None {
				continue
			}
			u := &uses[p.Obj]
			if u.by == nil {
				*u = contention{name: x.ObjectName(p.Obj), by: map[int32]bool{}}
			}
			u.by[e.G()] = true
			u.times++
			u.written = u.written || p.Mode != object.Read
		}
	}
	var most contention
	for _, u := range uses {
		if u.goroutines = len(u.by); u.written && u.goroutines > 1 && u.times > most.times {
			most = u
		}
	}
	return most
}
