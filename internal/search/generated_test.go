package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// An instruction of a generated program: an operation on one of its objects.
type instruction struct {
	op   string
	a, b int
}

// A generated program: the instructions of each goroutine. One that begins with
// "lazy" runs under lazy time.
type generated [][]instruction

func (p generated) String() string {
	var b strings.Builder
	for i, body := range p {
		fmt.Fprintf(&b, "goroutine %d:", i)
		for _, in := range body {
			fmt.Fprintf(&b, " %s(%d,%d)", in.op, in.a, in.b)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// time is the policy of virtual time under which the program runs.
func (p generated) time() sim.Time {
	if p[0][0].op == "lazy" {
		return sim.LazyTime
	}
	return sim.FreeTime
}

// uses reports whether one of some instructions occurs in the program.
func (p generated) uses(ops ...string) bool {
	for _, body := range p {
		for _, in := range body {
			if slices.Contains(ops, in.op) {
				return true
			}
		}
	}
	return false
}

// groups are instructions that have to do with each other.
var groups = [][]string{
	{"load", "store", "add", "cas", "await"},
	{"lock", "unlock", "trylock", "unlockboth", "load", "store"},
	{"rlock", "runlock", "wlock", "wunlock", "tryrlock", "trywlock"},
	{"acquire", "release", "tryacquire", "facquire", "frelease"},
	{"send", "recv", "usend", "urecv", "close", "len"},
	{"select", "selectdef", "usend", "urecv", "send", "recv", "selectsend"},
	{"selectone", "selectboth", "usend", "urecv", "urecv", "close"},
	{"wait", "signal", "broadcast", "load", "store"},
	{"wgadd", "wgdone", "wgwait"},
	{"once", "load", "store", "choose"},
	{"arrive", "countdown", "latchwait", "load", "store"},
	{"sleep", "now", "afterfunc", "load", "store"},
	{"cancel", "ctxerr", "ctxdone", "load", "store"},
	{"spawnjoin", "load", "store", "add"},
	{"yieldload", "store", "load"},
	{"call", "return", "load", "store"},
	{"timerstop", "timerreset", "after", "timerrecv", "load", "store"},
	{"timerselect", "timerpoll", "after", "usend", "timerstop", "close"},
	{"timeout", "childtimeout", "childerr", "childdone", "cancel", "childcancel", "store"},
	{"child", "ctxafter", "ctxerr", "childcancel", "cancel", "load"},
	{"get", "put", "load"},
	{"sleep", "after", "tick", "timerstop", "afterstop"},
	{"swap", "nilrecv", "nilselect", "selectone", "usend", "urecv"},
	{"read", "write", "maploadorstore", "mapdelete", "mapload"},
	{"loadplain", "storeplain", "cas", "load", "store"},
}

// timed are the instructions that make or use timers.
var timed = []string{"sleep", "now", "afterfunc", "afterstop", "timerstop", "timerreset", "after", "timerrecv",
	"timerselect", "timerpoll", "timeout", "childtimeout", "tick"}

// draw makes a program of so many goroutines, with at most so many instructions each.
func draw(r *rand.Rand, pool []string, goroutines, most int) generated {
	p := make(generated, goroutines)
	for i := range p {
		for range 1 + r.IntN(most) {
			p[i] = append(p[i], instruction{pool[r.IntN(len(pool))], r.IntN(2), r.IntN(2)})
		}
	}
	return p
}

func generate(r *rand.Rand) generated {
	pool := slices.Clone(groups[r.IntN(len(groups))])
	if r.IntN(2) == 0 {
		pool = append(pool, groups[r.IntN(len(groups))]...)
	}
	p := draw(r, pool, 2+r.IntN(2), 4)
	if lazy := r.IntN(3) == 0; p.uses("tick") || lazy && p.uses(timed...) {
		p[0] = slices.Insert(p[0], 0, instruction{"lazy", r.IntN(2), 0})
	}
	return p
}
