package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// longStretch returns the first part of an execution that has many fair rounds
// without progress: nobody ends, is spawned, calls Progress, or succeeds with what
// failed before, and everybody who goes on has done one thing often that gets
// nobody further, an attempt that fails or a read. Nil when there is none.
//
// That proves nothing, and programs that are correct have such parts. It serves
// to know a livelock again that was found otherwise, also where its laps differ.
func longStretch(x *sim.Execution) *lap {
	s := stretch{fairness: watchFairness(x)}
	s.restart(0)
	marks := x.Marks()
	for s.at < x.Steps() {
		for ; len(marks) > 0 && marks[0].Step <= s.at; marks = marks[1:] {
			if marks[0].Progress {
				s.restart(s.at)
			}
		}
		e := &x.Events()[s.at]
		s.count(e)
		s.step()
		if s.fairSince(s.began) {
			s.rounds++
			s.began = s.at
		}
		if s.rounds >= livelockRounds && s.enough() {
			return &lap{from: s.from, to: s.at, loose: true}
		}
	}
	return nil
}

// stretch keeps what happened since there was progress.
type stretch struct {
	*fairness
	from, began, rounds int
	vain                []vainCount
}

func (s *stretch) restart(at int) {
	s.from, s.began, s.rounds, s.vain = at, at, 0, s.vain[:0]
}

// vainCount is how often a goroutine has done something in vain.
type vainCount struct {
	g     int32
	deed  deed
	times int
}

func (s *stretch) count(e *sim.Event) {
	d := deedOf(s.x, e)
	switch {
	case e.Op() == object.End || e.Op() == object.Spawn || s.succeeds(e):
		s.restart(s.at + 1)
		return
	case changesAny(s.x, e) || e.Call.Obj < 0 && !mayFail(e.Op()):
		return
	}
	k := slices.IndexFunc(s.vain, func(t vainCount) bool { return t.g == e.G() && t.deed == d })
	if k < 0 {
		k = len(s.vain)
		s.vain = append(s.vain, vainCount{g: e.G(), deed: d})
	}
	s.vain[k].times++
}

// succeeds reports whether an attempt succeeds that failed before.
func (s *stretch) succeeds(e *sim.Event) bool {
	return mayFail(e.Op()) && !attemptFailed(s.x, e) && slices.ContainsFunc(s.vain, func(t vainCount) bool {
		return t.g == e.G() && t.deed.op == e.Op() && t.deed.obj == e.Call.Obj
	})
}

// enough reports whether everybody who ran in the second half has done something
// in vain often.
func (s *stretch) enough() bool {
	any := false
	for g, last := range s.ran {
		if last <= (s.from+s.at)/2 {
			continue
		}
		any = true
		if !slices.ContainsFunc(s.vain, func(t vainCount) bool { return int(t.g) == g && t.times >= livelockRounds }) {
			return false
		}
	}
	return any
}
