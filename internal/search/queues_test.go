package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// queues are the unbuffered channels of an execution as Go keeps them: whoever waits
// at one stands in a queue of senders or of receivers, whatever it waits with, and
// the first of them is met.
type queues struct {
	x        *sim.Execution
	waiting  map[int32]*[2][]int32 // by channel: receivers, senders
	closed   map[int32]bool
	met      map[int32]int32 // by goroutine that waits no more: its partner, or -1 after a close
	meetings int
}

func (q *queues) of(ch int32) *[2][]int32 {
	if q.waiting[ch] == nil {
		q.waiting[ch] = new([2][]int32)
	}
	return q.waiting[ch]
}

func end(send bool) int {
	if send {
		return 1
	}
	return 0
}

// leave takes a goroutine off all queues.
func (q *queues) leave(g int32) {
	for _, w := range q.waiting {
		for i := range w {
			w[i] = slices.DeleteFunc(w[i], func(h int32) bool { return h == g })
		}
	}
}

// transfer is a send or a receive by goroutine g. It says with whom it takes place,
// if it does at once.
func (q *queues) transfer(g, ch int32, send bool) (partner int32, ok bool) {
	w := q.of(ch)
	if others := w[end(!send)]; len(others) > 0 {
		partner := others[0]
		q.leave(partner)
		q.met[partner], q.met[g] = g, partner
		q.meetings++
		return partner, true
	}
	w[end(send)] = append(w[end(send)], g)
	return -1, false
}

// step says what is wrong with an event.
func (q *queues) step(e *sim.Event) string {
	g, ch := e.G(), e.Call.Obj
	switch e.Op() {
	case object.Send, object.Receive:
		if q.x.World().At(ch).Kind == object.Rendezvous {
			return q.arrives(e, ch, e.Op() == object.Send)
		}
	case object.Select:
		return q.selects(e)
	case object.Resume, object.SelectParked:
		partner, free := q.met[g]
		if delete(q.met, g); !free {
			return "goes on, but still waits"
		}
		if e.Call.Aux != 0 && e.Partner != partner {
			return fmt.Sprintf("has met %d, not %d", partner, e.Partner)
		}
		if closed := e.Fault == object.SendOnClosed; closed && partner >= 0 {
			return "has met somebody, and is told of a close"
		}
	case object.CloseChan:
		if e.Fault == object.NoFault {
			q.closed[ch] = true
			for _, g := range slices.Concat(q.of(ch)[0], q.of(ch)[1]) {
				q.leave(g)
				q.met[g] = -1
			}
		}
	}
	return ""
}

func (q *queues) arrives(e *sim.Event, ch int32, send bool) string {
	if q.closed[ch] {
		if send != (e.Fault == object.SendOnClosed) || e.Partner >= 0 {
			return "does not see that the channel is closed"
		}
		return ""
	}
	want, _ := q.transfer(e.G(), ch, send)
	if _, numbered := object.Number(q.x.Parts(e)); !numbered {
		delete(q.met, e.G()) // it does not come back, or waits
	}
	if w := q.woken(e); e.Partner != want || w >= 0 && w != want {
		return fmt.Sprintf("meets %d, waking %d, not %d", e.Partner, w, want)
	}
	return ""
}

// woken is the goroutine that an event wakes, or -1.
func (q *queues) woken(e *sim.Event) int32 {
	for _, p := range q.x.Parts(e) {
		if p.Effect == object.Wake {
			return ^p.Obj
		}
	}
	return -1
}

func (q *queues) selects(e *sim.Event) string {
	cases := q.x.World().Cases[e.Call.Cases : e.Call.Cases+e.Call.CaseCount]
	if e.Alt == object.CasePark {
		for _, k := range cases {
			if k.Obj != object.NoObject {
				w := q.of(k.Obj)
				w[end(k.Send)] = append(w[end(k.Send)], e.G())
			}
		}
		return ""
	}
	switch {
	case e.Alt == object.CaseDefault:
		return ""
	case q.x.World().At(cases[e.Alt].Obj).Kind == object.Chan:
		if w := q.woken(e); w >= 0 { // it could have been met here too
			q.leave(w)
			q.met[w] = e.G()
		}
		return ""
	}
	return q.arrives(e, cases[e.Alt].Obj, cases[e.Alt].Send)
}

// follow reads an execution to its end.
func (q *queues) follow() string {
	for i := range q.x.Events() {
		if wrong := q.step(&q.x.Events()[i]); wrong != "" {
			return fmt.Sprintf("step %d, %v by %d: %s", i, q.x.Events()[i].Op(), q.x.Events()[i].G(), wrong)
		}
	}
	for g := range q.met {
		if q.x.Alive(g) && !q.x.Enabled().Has(g) && q.x.Outcome != sim.OverSteps {
			return fmt.Sprintf("%d has met somebody, and waits", g)
		}
	}
	return ""
}

// Whoever waits at an unbuffered channel is met in the order of arrival, selects
// among plain sends and receives, as in Go: in every execution of random programs.
func TestQueuesAreThoseOfGo(t *testing.T) {
	t.Parallel()
	pool := []string{"usend", "urecv", "usend", "urecv", "close", "selectsend", "selectone", "selectboth", "nilselect", "selectdef"}
	meetings := 0
	for seed := range asked(1500) {
		r := rand.New(rand.NewPCG(seed+*firstProgram, 12))
		p := draw(r, pool, 2+r.IntN(3), 3)
		var log []string
		_, err := Run(p.program(&log), Options{Strategy: Optimal, StepsMax: 300, ExecutionsMax: 300, RunOn: true}, func(x *sim.Execution) bool {
			q := queues{x: x, waiting: map[int32]*[2][]int32{}, closed: map[int32]bool{}, met: map[int32]int32{}}
			if wrong := q.follow(); wrong != "" {
				t.Fatalf("seed %d: %s\n%v\n%s", seed, wrong, p, logOf(x))
			}
			meetings += q.meetings
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if meetings < 1000 && *somePrograms == 0 {
		t.Errorf("%d meetings only", meetings)
	}
}
