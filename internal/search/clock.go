package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// scopeOfClock is what a firing may depend on, whichever timer it is of: where a
// timer was stopped, another one, with other things to deliver, could have fired. What
// it delivers may be for a select that waits, which it takes off all other channels.
func (d *dpor) scopeOfClock(x *sim.Execution, clock int32) []access {
	w := x.World()
	d.parts = d.parts[:0]
	all := func(obj int32) {
		if obj == object.NoObject {
			return
		}
		for sub := range w.At(obj).Locations() {
			d.parts = append(d.parts, object.Part{Obj: obj, Sub: sub, Mode: object.Write})
		}
	}
	all(clock)
	for _, l := range w.Timers {
		all(l.Timer)
		if ch := w.At(l.Timer).Limit - 1; ch >= 0 {
			all(ch)
		}
	}
	for _, l := range w.Contexts {
		all(l.Context)
		all(l.Done)
	}
	for i := range w.Objects {
		if k := w.Objects[i].Kind; len(w.Cases) > 0 && (k == object.Chan || k == object.Rendezvous) {
			all(int32(i))
		}
	}
	from := len(d.races.acc)
	d.races.acc = d.loc.append(w, d.parts, d.races.acc)
	return d.races.acc[from:]
}

// fires reports whether time could move in a world where other steps can be
// taken: under lazy time only where a timer is due.
func fires(x *sim.Execution, w *object.World, c *object.Call) bool {
	return x.Time() != sim.LazyTime || object.Due(w, w.Times[w.At(c.Aux).State[0]])
}
