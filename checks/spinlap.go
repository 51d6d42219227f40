package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// spinLapMax bounds the events of one turn of a loop that writes, and
// spinLaps is how many turns, all alike, make it a spin.
const (
	spinLapMax = 32
	spinLaps   = 16
)

// lapOf finds a goroutine that writes as it spins: its last events are the same
// again and again, with the same values read and written, so that it ends each
// turn where it began, and some of them look for what others can change. A loop
// that only counts, locks or sends is none: it may be long, or have no end, but
// waits for nothing. The goroutine that ran last is looked at first.
func lapOf(x *sim.Execution) (Spin, bool) {
	own := make([][]int, x.Goroutines()) // the last events of each, the last one first
	var order []int32
	for i := x.Steps() - 1; i >= 0; i-- {
		g := x.Events()[i].G()
		if len(own[g]) == 0 {
			order = append(order, g)
		}
		if len(own[g]) < spinLaps*spinLapMax {
			own[g] = append(own[g], i)
		}
	}
	for _, g := range order {
		if n := turnOf(x, own[g]); n > 0 {
			return lapSpin(x, own[g], n)
		}
	}
	return Spin{}, false
}

// turnOf is the number of events in a turn of the loop that a goroutine's last
// events are, or 0.
func turnOf(x *sim.Execution, own []int) int {
	for n := 1; n <= spinLapMax; n++ {
		long := max(spinTurns, spinLaps*n)
		if long > len(own) {
			return 0
		}
		alike := true
		for k := 0; k+n < long && alike; k++ {
			alike = sameEvent(x, own[k], own[k+n])
		}
		if alike {
			if !slices.ContainsFunc(own[:n], func(i int) bool { return looks(&x.Events()[i]) }) {
				return 0
			}
			return n
		}
	}
	return 0
}

// lapSpin is the spin whose turns have n events. Its place is a step of an
// early turn that looks, by reading only if there is one.
func lapSpin(x *sim.Execution, own []int, n int) (Spin, bool) {
	first := max(spinTurns, spinLaps*n) - n
	turn := own[first : first+n]
	g := x.Events()[own[0]].G()
	s := Spin{Goroutine: x.Who(g), path: x.Path(g), Writes: true}
	s.Objects, s.ids = usedBy(x, g, turn[n-1])
	at := -1
	for _, i := range turn {
		e := &x.Events()[i]
		reads := onlyReads(x, e)
		if looks(e) && (at < 0 || reads && !s.reads) {
			at = i
		}
		s.reads = s.reads || reads
	}
	s.steps = search.Steps(x, at+1)
	return s, true
}

// looks reports whether an event tells its goroutine something that others can
// change, without waiting for it.
func looks(e *sim.Event) bool {
	switch e.Op() {
	case object.Load, object.Modify, object.CompareAndSwap, object.Len, object.CtxRead:
		return true
	case object.Select:
		return e.Call.Default
	}
	return e.Op().Tries()
}

// sameEvent reports whether two events of a goroutine are the same, with the same
// values read and written.
func sameEvent(x *sim.Execution, i, j int) bool {
	a, b := &x.Events()[i], &x.Events()[j]
	if a.Op() != b.Op() || a.Call.Obj != b.Call.Obj || a.Alt != b.Alt || a.Child >= 0 || b.Child >= 0 {
		return false
	}
	if !slices.EqualFunc(x.Parts(a), x.Parts(b), func(p, q object.Part) bool {
		return p.Obj == q.Obj && p.Effect == q.Effect && p.Mode == q.Mode
	}) {
		return false
	}
	return sameValue(x, a.Call.Obj, [2]int32{a.Read, b.Read}) && sameValue(x, a.Call.Obj, [2]int32{a.Wrote, b.Wrote})
}

// sameValue reports whether two versions of a variable have the same value.
func sameValue(x *sim.Execution, obj int32, versions [2]int32) bool {
	a, b := versions[0], versions[1]
	if a < 0 || b < 0 || obj < 0 || x.World().Objects[obj].Values == nil {
		return a < 0 == (b < 0)
	}
	values := x.World().Objects[obj].Values
	return a == b || values.Text(a) == values.Text(b)
}
