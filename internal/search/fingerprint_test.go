package search

import (
	"reflect"
	"testing"
	"time"

	"github.com/interleave-go/interleave/sim"
)

// Every option is either in the fingerprint of a search, so that a checkpoint
// made with another value is refused, or is known not to matter there.
func TestFingerprint(t *testing.T) {
	differs := map[string]func(*Options){
		"Strategy":   func(o *Options) { o.Strategy = Source },
		"StepsMax":   func(o *Options) { o.StepsMax++ },
		"Time":       func(o *Options) { o.Time = sim.LazyTime },
		"TreeMax":    func(o *Options) { o.TreeMax++ },
		"Budget":     func(o *Options) { o.Budget = Budget{Cost: Preemptions} },
		"RunOn":      func(o *Options) { o.RunOn = true },
		"Relation":   func(o *Options) { o.Relation = ChannelRelation },
		"SplitEvery": func(o *Options) { o.SplitEvery++ },
	}
	same := map[string]func(*Options){
		"Restarted":     func(o *Options) { o.Restarted = func() {} },
		"Interrupt":     func(o *Options) { o.Interrupt = func() string { return "" } },
		"StuckAfter":    func(o *Options) { o.StuckAfter = time.Hour },
		"Stuck":         func(o *Options) { o.Stuck = func(string) {} },
		"Watch":         func(o *Options) { o.Watch = func(bool) {} },
		"ExecutionsMax": func(o *Options) { o.ExecutionsMax++ }, // of an exhaustive strategy, as the seed
		"Seed":          func(o *Options) { o.Seed++ },
		"Workers":       func(o *Options) { o.Workers++ },
		"Progress":      func(o *Options) { o.Progress = func(Progress) {} },
		"Checkpoint":    func(o *Options) { o.Checkpoint.Every = 7 }, // its Program and Version stand beside the options
		"Resume":        func(o *Options) { o.Resume = []byte{1} },
		"Decided":       func(o *Options) { o.Decided = func(Decision) {} }, // withDefaults changes SplitEvery for it
	}
	plain := Options{Strategy: Optimal}.withDefaults()
	drawn := Options{Strategy: Random}.withDefaults()
	again := drawn
	again.Seed++
	if drawn.fingerprint() == again.fingerprint() {
		t.Error("two seeds of a sample are the same")
	}
	for i := range reflect.TypeFor[Options]().NumField() {
		name := reflect.TypeFor[Options]().Field(i).Name
		t.Run(name, func(t *testing.T) {
			change, matters := differs[name], true
			if change == nil {
				change, matters = same[name], false
			}
			if change == nil {
				t.Fatal("does this option matter to a checkpoint? say so here, and in Options.fingerprint if it does")
			}
			o := plain
			change(&o)
			if got := o.fingerprint() != plain.fingerprint(); got != matters {
				t.Errorf("differs: %v, want %v: %s", got, matters, o.fingerprint())
			}
		})
	}
	for _, pair := range [][2]Budget{
		{{Preemptions, 0}, {}}, {{Preemptions, 0}, {Preemptions, 2}}, {{Preemptions, 1}, {Delays, 1}},
	} {
		a, b := Options{Budget: pair[0]}, Options{Budget: pair[1]}
		if a.fingerprint() == b.fingerprint() {
			t.Errorf("%+v and %+v are the same", pair[0], pair[1])
		}
	}
}
