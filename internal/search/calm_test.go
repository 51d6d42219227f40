package search

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// One execution tells how a WaitGroup is used, whatever its schedule.
func TestGroupUse(t *testing.T) {
	done := func(wg *sim.WaitGroup) func(*sim.G) { return func(g *sim.G) { wg.Done(g) } }
	for name, c := range map[string]struct {
		program func(*sim.G, *sim.WaitGroup)
		want    groupUse
	}{
		"as it is meant": {func(g *sim.G, wg *sim.WaitGroup) {
			wg.Add(g, 1)
			g.Go("", done(wg))
			wg.Go(g, "", func(g *sim.G) { wg.Go(g, "", func(*sim.G) {}) })
			wg.Wait(g)
			wg.Go(g, "", func(*sim.G) {})
			wg.Wait(g)
		}, groupUse{}},
		"one Done too many": {func(g *sim.G, wg *sim.WaitGroup) {
			wg.Add(g, 2)
			g.Go("", func(g *sim.G) { wg.Done(g); wg.Done(g) })
			g.Go("", func(g *sim.G) { wg.Add(g, 1); wg.Done(g); wg.Done(g) })
			wg.Add(g, 1)
		}, groupUse{Low: true}},
		"a Done that another goroutine pays for": {func(g *sim.G, wg *sim.WaitGroup) {
			g.Go("", done(wg))
			wg.Add(g, 1)
		}, groupUse{Low: true}},
		"a Done by a timer": {func(g *sim.G, wg *sim.WaitGroup) {
			wg.Add(g, 1)
			g.AfterFunc(1, done(wg))
			wg.Wait(g)
		}, groupUse{Low: true}}, // what a timer starts has no place behind the Add
		"a Done behind a cancelling": {func(g *sim.G, wg *sim.WaitGroup) {
			ctx, cancel := sim.WithCancel(g, sim.Background())
			ctx.AfterFunc(g, done(wg))
			wg.Add(g, 1)
			cancel(g)
		}, groupUse{Low: true}},
		"an Add inside": {func(g *sim.G, wg *sim.WaitGroup) {
			g.Go("", func(g *sim.G) { wg.Add(g, 1); wg.Done(g) })
			wg.Wait(g)
		}, groupUse{Mixed: true}},
		"an Add while others hold the counter up, or do not": {func(g *sim.G, wg *sim.WaitGroup) {
			wg.Add(g, 1)
			g.Go("", done(wg))
			g.Go("", func(g *sim.G) { wg.Add(g, 1); wg.Done(g) })
			wg.Wait(g)
		}, groupUse{Mixed: true}},
		"a second round that may meet the first": {func(g *sim.G, wg *sim.WaitGroup) {
			wg.Go(g, "", func(*sim.G) {})
			g.Go("", func(g *sim.G) { wg.Wait(g) })
			wg.Wait(g)
			wg.Go(g, "", func(*sim.G) {})
		}, groupUse{Mixed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			r := sim.NewRunner()
			defer r.Close()
			x := r.Run(func(g *sim.G) { c.program(g, new(sim.WaitGroup)) }, sim.Options{Scheduler: byPath{}, RunOn: true, Time: sim.LazyTime})
			var l locator
			if l.learnUses(x); l.uses != c.want {
				t.Errorf("%+v, want %+v", l.uses, c.want)
			}
		})
	}
}
