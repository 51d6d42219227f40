package checks

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A lap is a part of the log, from an event up to another one, after which the
// program goes on as it did before.
type lap struct {
	from, to int
	proved   bool // the state is the same before and after it
	detailed bool // that shows only when the values of plain variables are kept
	loose    bool // it is many rounds, and not one: see longStretch
}

func (l *lap) steps() int { return l.to - l.from }

// provedLap returns the first lap of an execution that is fair, without
// progress, and ends in the state in which it began; nil when there is none. It
// takes fingerprints to come back to a state.
func provedLap(x *sim.Execution) *lap {
	if !fingerprinted(x) {
		return nil
	}
	f := lapFinder{states: search.ReadStates(x), fairness: watchFairness(x), seen: map[uint64]int{}}
	for {
		if l := f.look(); l != nil || f.at == x.Steps() {
			return l
		}
		f.step()
	}
}

func fingerprinted(x *sim.Execution) bool {
	for _, m := range x.Marks() {
		if !m.Progress {
			return true
		}
	}
	return false
}

// lapFinder looks for a state that recurs.
type lapFinder struct {
	*fairness
	states         *search.StateReader
	seen           map[uint64]int // states since there was progress, and how many events had taken place
	marks          int
	ignoreProgress bool // whether there is progress does not matter
}

// look returns the lap that ends in the present state, if there is one.
func (l *lapFinder) look() *lap {
	marks := l.x.Marks()
	for ; l.marks < len(marks) && marks[l.marks].Step <= l.at; l.marks++ {
		if marks[l.marks].Progress && !l.ignoreProgress {
			clear(l.seen)
		}
	}
	state := l.states.Number(&l.world, situation{l.playback})
	before, again := l.seen[state]
	switch {
	case !again:
		l.seen[state] = l.at
	case l.fairSince(before) && (l.wrote >= before || isThere(l.x, 0, l.at)):
		return &lap{from: before, to: l.at, proved: true}
	}
	return nil
}

// step goes on to the next state.
func (l *lapFinder) step() {
	if !l.repeatable() {
		clear(l.seen)
	}
	l.states.Next()
	l.fairness.step()
}

// situation is a playback as a StateReader asks for it.
type situation struct{ *playback }

// Pending implements search.Situation.
func (s situation) Pending(g int32) *object.Call { return s.pending(g) }

// Enabled implements search.Situation.
func (s situation) Enabled(g int32) bool { return s.enabled(g) }

// fairness is a playback that notes who could run, and who did.
type fairness struct {
	*playback
	ran   []int // by goroutine: the last event that was its own, or -1
	could []int // the number of events when it was last enabled, or -1
	wrote int   // the last event that changed anything, or -1
}

func watchFairness(x *sim.Execution) *fairness {
	f := &fairness{playback: playbackOf(x), ran: make([]int, x.Goroutines()), could: make([]int, x.Goroutines()), wrote: -1}
	for g := range f.ran {
		f.ran[g], f.could[g] = -1, -1
	}
	f.note()
	return f
}

// note looks who could run now.
func (f *fairness) note() {
	for g := range f.could {
		if f.enabled(int32(g)) {
			f.could[g] = f.at
		}
	}
}

func (f *fairness) step() {
	e := &f.x.Events()[f.at]
	f.ran[e.G()] = f.at
	if changesAny(f.x, e) {
		f.wrote = f.at
	}
	f.playback.step()
	f.note()
}

// fairSince reports whether everybody who could have run since an event did.
func (f *fairness) fairSince(event int) bool {
	for g := range f.could {
		if f.could[g] >= event && f.ran[g] < event {
			return false
		}
	}
	return true
}

// repeatable reports whether the next event can be part of a lap. A goroutine
// ends only once; time moves on; what nothing but quiescence allowed is not
// allowed again; and a fair choice among several ways does not always fall on
// the same one.
func (f *fairness) repeatable() bool {
	e := &f.x.Events()[f.at]
	switch e.Op() {
	case object.End, object.Spawn, object.Now:
		return false
	}
	return !e.Quiescent && (!e.Op().Chooses() || len(object.Alternatives(&f.world, &e.Call, nil)) == 1)
}

// isThere reports whether a goroutine has not ended before an event.
func isThere(x *sim.Execution, g int32, at int) bool {
	for i := range x.Events()[:at] {
		if e := &x.Events()[i]; e.G() == g && e.Op() == object.End {
			return false
		}
	}
	return true
}
