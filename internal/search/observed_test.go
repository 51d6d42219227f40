package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// observed is what can be seen of all executions that a strategy explores.
type observed struct {
	traces       map[string]int
	logs         map[string]string // an execution of each trace
	observations map[string]bool
	executions   int
	blocked      int
	cut          bool
	uses         groupUse // see locator
}

// observe explores a program. What is known of its WaitGroups decides which traces
// are the same, so that it is done again when it turns out to be more.
func observe(p generated, s Strategy, limit int) observed {
	l := newTrace(&locator{})
	for {
		before := l.loc.uses
		o := observeWith(p, s, limit, l)
		if o.uses = l.loc.uses; o.uses == before {
			return o
		}
	}
}

// redundant says how many executions of a program were cut, where there should be none.
func (o observed) redundant() string {
	if o.blocked == 0 {
		return ""
	}
	return fmt.Sprintf("%d executions of %d were cut as redundant", o.blocked, o.executions)
}

// usesOf is what is known of a program's WaitGroups at the end.
func usesOf(p generated) groupUse {
	if !p.uses("wgadd") {
		return groupUse{}
	}
	return observe(p, DFS, tooMany).uses
}

func observeWith(p generated, s Strategy, limit int, l *trace) observed {
	var log []string
	o := observed{logs: map[string]string{}, traces: map[string]int{}, observations: map[string]bool{}}
	results := map[string]string{} // of the first execution of each trace
	runs := 0
	res, err := Run(p.program(&log), Options{Strategy: s, StepsMax: 300, ExecutionsMax: limit, RunOn: true, Time: p.time(),
		Interrupt: func() string {
			if runs++; runs > 50_000 {
				return "runs"
			}
			return ""
		}, Restarted: func() {
			o.traces, o.observations = map[string]int{}, map[string]bool{}
			clear(results)
		}}, func(x *sim.Execution) bool {
		l.loc.learnUses(x)
		tr := traceOf(l, x)
		result := strings.Join(log, "|") + x.Outcome.String()
		if o.traces[tr]++; o.traces[tr] > 1 {
			if results[tr] != result { // what is called one trace is several
				o.observations[observation(x, log)] = true
			}
		} else {
			results[tr] = result
			o.observations[observation(x, log)] = true
			if s == DFS {
				o.logs[tr] = logOf(x)
			}
		}
		return true
	})
	if err != nil {
		panic(fmt.Sprintf("%v: %v\n%v", s, err, p))
	}
	o.executions, o.blocked, o.cut = res.Executions, res.Blocked, !res.Complete
	return o
}

// observation is what an execution has come to: the results of its goroutines, who
// failed, how it ended, and the states of all objects.
func observation(x *sim.Execution, log []string) string {
	var lines []string
	for _, f := range Failures(x) {
		lines = append(lines, fmt.Sprintf("%s: %s", x.Path(f.G), f.Message))
	}
	w := x.World()
	here := make([]bool, x.Goroutines()) // others are known from earlier executions
	for i := range x.Events() {
		here[x.Events()[i].G()] = true
	}
	for i := range w.Goroutines {
		if !here[i] && !x.Pends(int32(i)) {
			continue
		}
		lines = append(lines, x.Path(int32(i))+fmt.Sprint(w.Goroutines[i].State))
	}
	for i := range w.Objects {
		name := w.Objects[i].Kind.String()
		if x.Named(int32(i)) {
			name = x.ObjectName(int32(i))
		}
		lines = append(lines, name+" "+stateText(x, &w.Objects[i]))
	}
	slices.Sort(lines) // numbers of goroutines and objects are those of one runner
	return strings.Join(log, "|") + "\n" + x.Outcome.String() + "\n" + strings.Join(lines, "\n")
}

// stateText is the state of an object in a form that is the same in every runner.
func stateText(x *sim.Execution, o *object.Object) string {
	s := o.State
	who := func(g int32) string { return x.Path(g) }
	all := func(gs []int32) string {
		paths := make([]string, len(gs))
		for i, g := range gs {
			paths[i] = who(g)
		}
		return strings.Join(paths, ",")
	}
	switch {
	case o.Kind == object.Cell && o.Values != nil:
		return o.Values.Text(s[0])
	case o.Kind == object.Mutex && s[0] > 0:
		return who(s[0] - 1)
	case o.Kind == object.RWMutex:
		owner := ""
		if s[0] > 0 {
			owner = who(s[0] - 1)
		}
		holders := strings.Split(all(s[6:]), ",")
		slices.Sort(holders)
		return fmt.Sprint(owner, s[1:6], holders)
	case o.Kind == object.WaitGroup:
		return fmt.Sprint(s[:2])
	case o.Kind == object.Cond:
		return all(s)
	case o.Kind == object.Chan, o.Kind == object.Rendezvous:
		words := o.Kind.StateSize()
		var offers []int32
		for k := words; k < len(s); k += 2 {
			offers = append(offers, s[k])
		}
		return fmt.Sprint(s[:words], all(offers))
	case o.Kind == object.Clock:
		return fmt.Sprint(x.World().Times[s[0]])
	case o.Kind == object.Timer:
		return fmt.Sprint(s[0] > 0 && x.World().Times[s[1]] > 0, s[0])
	}
	return fmt.Sprint(s)
}

// traceOf is the identity of an execution's trace: a hash of every event and its
// vector clock, whatever their order.
func traceOf(t *trace, x *sim.Execution) string {
	t.truncate(0)
	*t.loc = locator{uses: t.loc.uses}
	t.follow(x, x.Steps())
	names := make([]uint64, x.Goroutines())
	for g := range names {
		names[g] = hashText(x.Path(int32(g)))
	}
	var sum, sum2 uint64
	for i := range t.events {
		e := &t.events[i]
		h := splitMix(names[e.g], uint64(e.index)<<32|uint64(e.op)<<24|uint64(uint32(altOf(x, e))))
		for g, n := range t.clock(int32(i)) {
			if n > 0 {
				h ^= splitMix(names[g]*3, uint64(n))
			}
		}
		sum += splitMix(h, 0)
		sum2 += splitMix(h, 1)
	}
	return fmt.Sprintf("%x%x %v", sum, sum2, x.Outcome)
}

func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(s) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

// logOf is the events of an execution, a line each.
func logOf(x *sim.Execution) string {
	var b strings.Builder
	for i := range x.Events() {
		e := &x.Events()[i]
		fmt.Fprintf(&b, "%3d %-8s %v %s alt %d", i, x.Path(e.G()), e.Op(), x.ObjectName(e.Call.Obj), e.Alt)
		for _, p := range x.Parts(e) {
			fmt.Fprintf(&b, " %s.%d:%v", x.ObjectName(p.Obj), p.Sub, p.Mode)
		}
		fmt.Fprintf(&b, " %v\n", e.Fault)
	}
	return b.String() + x.Outcome.String()
}

// altOf is an alternative that is the same in every runner: of a firing, the
// goroutine that made the timer, and how many it had made before; of a signal, the
// goroutine that it wakes.
func altOf(x *sim.Execution, e *traceEvent) int32 {
	if e.op == object.Signal && e.alt >= 0 {
		return int32(hashText(x.Path(e.alt)))
	}
	if e.op != object.Fire {
		return e.alt
	}
	made := e.alt - 1 - 1<<30
	return int32(hashText(x.Path(made>>16))) + made&0xffff
}
