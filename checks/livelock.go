package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// livelockJudge reports goroutines that keep each other from getting on though
// all of them run: in a stretch of the log, everybody who runs goes on making
// attempts that fail (a TryLock, a TryAcquire, a CompareAndSwap, a Select that
// takes its default), or writes nothing at all, and nobody ends, is spawned,
// calls Progress, or succeeds with what failed before. The stretch is fair:
// whoever could have run at some time in a round has run in it.
//
// That such a stretch can go on for ever is proved only if a state recurs, with
// the fingerprints that the program gives of its own variables; the finding says
// whether it is. Otherwise it is a number of fair rounds without progress.
//
// Schedules of that kind are rare by chance. When an execution has a failed
// attempt, Explore runs the program in lockstep as well, once for every job: see
// probe. An execution
// with fewer than livelockRounds failures costs one look at its events.
type livelockJudge struct {
	tries  []tryCount
	probed bool
	failed bool // an execution had a failed attempt
}

// livelockRounds is how many fair rounds without progress, and failures of each
// goroutine, are a finding.
const livelockRounds = 20

// Name implements Judge.
func (*livelockJudge) Name() string { return string(Livelock) }

// Judge implements Judge.
func (j *livelockJudge) Judge(x *sim.Execution) []Finding {
	failures := 0
	events := x.Events()
	for i := range events {
		if e := &events[i]; mayFail(e.Op()) && attemptFailed(x, e) {
			failures++
		}
	}
	j.failed = j.failed || failures > 0
	if failures < livelockRounds {
		return nil
	}
	if s := j.find(x); s != nil {
		return []Finding{s.finding(x)}
	}
	return nil
}

func mayFail(op object.Op) bool {
	switch op {
	case object.TryLock, object.TryRLock, object.TryWLock, object.TryAcquire, object.CompareAndSwap, object.Select:
		return true
	}
	return false
}

// attemptFailed reports whether an attempt did not get what it wanted.
func attemptFailed(x *sim.Execution, e *sim.Event) bool {
	if e.Op() == object.Select {
		return e.Alt == object.CaseDefault
	}
	return x.Parts(e)[0].Effect == object.Nothing
}

// A tryCount is how often an attempt has failed since there was progress.
type tryCount struct {
	g, obj int32
	op     object.Op
	fails  int
	step   int // of the last failure
}

// A stretch is a part of the log without progress.
type stretch struct {
	from, to int
	rounds   int
	tries    []tryCount
	// lap is the number of events after which the state was the same again, 0
	// when that was not seen; proved says that the state has everything in it.
	lap    int
	proved bool
}

// find returns the first stretch that is long and fair enough, or nil.
func (j *livelockJudge) find(x *sim.Execution) *stretch {
	s := stretchFinder{x: x, tries: j.tries[:0], idle: make([]int, x.Goroutines()), active: make([]int, x.Goroutines())}
	s.restart(0)
	defer func() { j.tries = s.tries }()
	events, marks := x.Events(), x.Marks()
	for i := range events {
		for len(marks) > 0 && marks[0].Step <= i {
			if marks[0].Progress {
				s.restart(i)
			}
			marks = marks[1:]
		}
		if s.event(&events[i], i) && s.enough(i) {
			if found := s.fair(i); found != nil {
				return found
			}
			s.next = i + (i - s.from) // look again when it is twice as long
		}
	}
	return nil
}

// stretchFinder keeps what happened since there was progress.
type stretchFinder struct {
	x      *sim.Execution
	from   int
	next   int   // not before this event is it worth a closer look
	idle   []int // by goroutine: its events since its last failure
	active []int // by goroutine: its last event that wrote, or -1
	tries  []tryCount
	victim int32 // of starvation; a livelock has none
}

// busyMax is how many events a goroutine may have between two failures: with
// more of them it does something else than retrying.
const busyMax = 50

func (s *stretchFinder) restart(at int) {
	s.from, s.next, s.tries = at, at, s.tries[:0]
	for g := range s.idle {
		s.idle[g], s.active[g] = 0, -1
	}
}

// event books an event; it reports whether it was a failure.
func (s *stretchFinder) event(e *sim.Event, step int) bool {
	g := e.G()
	switch e.Op() {
	case object.End, object.Spawn:
		s.restart(step + 1)
		return false
	}
	if mayFail(e.Op()) {
		return s.attempt(e, step)
	}
	s.idle[g]++
	if slices.ContainsFunc(s.x.Parts(e), func(p object.Part) bool { return p.Effect != object.Nothing }) {
		s.active[g] = step
		if s.idle[g] > busyMax {
			s.restart(step + 1)
		}
	}
	return false
}

func (s *stretchFinder) attempt(e *sim.Event, step int) bool {
	obj := e.Call.Obj
	if e.Op() == object.Select && e.Call.CaseCount > 0 {
		obj = s.x.World().Cases[e.Call.Cases].Obj
	}
	k := slices.IndexFunc(s.tries, func(t tryCount) bool { return t.g == e.G() && t.obj == obj && t.op == e.Op() })
	switch failed := attemptFailed(s.x, e); {
	case !failed && k >= 0:
		s.restart(step + 1)
		return false
	case !failed:
		return false
	case k < 0:
		k = len(s.tries)
		s.tries = append(s.tries, tryCount{g: e.G(), obj: obj, op: e.Op()})
	}
	s.tries[k].fails++
	s.tries[k].step = step
	s.idle[e.G()] = 0
	return true
}

// enough reports whether everybody who wrote in the second half of the stretch
// has failed often.
func (s *stretchFinder) enough(now int) bool {
	if now < s.next {
		return false
	}
	any := false
	for g, wrote := range s.active {
		fails := 0
		for _, t := range s.tries {
			if int(t.g) == g {
				fails = max(fails, t.fails)
			}
		}
		any = any || fails >= livelockRounds
		if fails < livelockRounds && wrote > (s.from+now)/2 {
			return false
		}
	}
	return any
}

// fair returns the stretch if it has enough fair rounds.
func (s *stretchFinder) fair(now int) *stretch {
	p := playbackOf(s.x)
	for p.at < s.from {
		p.step()
	}
	found := &stretch{from: s.from, to: now + 1, tries: s.tries}
	stepped, owed := map[int32]bool{}, map[int32]bool{}
	laps := lapFinder{playback: p, from: s.from, seen: map[string]int{}}
	for p.at <= now {
		for g := range int32(s.x.Goroutines()) {
			if !stepped[g] && !owed[g] && p.enabled(g) {
				owed[g] = true
			}
		}
		g := s.x.Events()[p.at].G()
		p.step()
		stepped[g] = true
		delete(owed, g)
		if len(owed) == 0 && !s.anyEnabled(p, stepped) {
			found.rounds++
			clear(stepped)
			laps.look(found)
		}
	}
	if found.rounds < livelockRounds {
		return nil
	}
	return found
}

// anyEnabled reports whether somebody could go on who has not stepped.
func (s *stretchFinder) anyEnabled(p *playback, stepped map[int32]bool) bool {
	for g := range int32(s.x.Goroutines()) {
		if !stepped[g] && p.enabled(g) {
			return true
		}
	}
	return false
}

func (s *stretch) finding(x *sim.Execution) Finding {
	f := Finding{Kind: Livelock}
	slices.SortStableFunc(s.tries, func(a, b tryCount) int { return comparePaths(x.Path(a.g), x.Path(b.g)) })
	var clauses []string
	for _, t := range s.tries {
		if t.fails < livelockRounds {
			continue
		}
		name, obj := x.GoroutineName(t.g), "a select"
		if t.obj != object.NoObject {
			obj = x.ObjectName(t.obj)
		}
		clauses = append(clauses, fmt.Sprintf("%s fails to %s", name, attemptInWords(t.op, obj)))
		if !slices.Contains(f.Goroutines, name) {
			f.Goroutines = append(f.Goroutines, name)
		}
		if t.obj >= 0 && !slices.Contains(f.Objects, obj) {
			f.Objects = append(f.Objects, obj)
		}
		f.Steps = append(f.Steps, t.step)
	}
	f.Summary = strings.Join(atMost(clauses, 5), ", ") + fmt.Sprintf(
		", again and again: all of them run, and nobody gets on; %d fair rounds without progress", s.rounds) + s.proof()
	return f
}

// proof says whether the stretch can go on for ever.
func (s *stretch) proof() string {
	switch {
	case s.lap > 0 && s.proved:
		return fmt.Sprintf(", and the state is the same after every %d steps: it can go on for ever", s.lap)
	case s.lap > 0:
		return fmt.Sprintf(", and the objects are the same after every %d steps; that is no proof, since the goroutines "+
			"may remember more (g.Fingerprint would tell)", s.lap)
	}
	return ", which is no proof that it goes on for ever"
}

// attempt is what failed most often, in words.
func (s *stretch) attempt(x *sim.Execution) string {
	most := slices.MaxFunc(s.tries, func(a, b tryCount) int { return a.fails - b.fails })
	obj := "a select"
	if most.obj != object.NoObject {
		obj = x.ObjectName(most.obj)
	}
	return attemptInWords(most.op, obj)
}

func attemptInWords(op object.Op, obj string) string {
	switch op {
	case object.CompareAndSwap:
		return "swap " + obj
	case object.Select:
		return "communicate on " + obj
	case object.TryAcquire:
		return "acquire " + obj
	}
	return "lock " + obj
}
