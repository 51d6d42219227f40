package checks

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// ownershipJudge reports locks that are unlocked by a goroutine that does not
// hold them, where that is a bug. Go lets anybody unlock, so that a lock can be
// handed over to another goroutine, or used as a signal; that is not reported.
// It is a bug when
//
//   - nothing orders the lock before the unlock: somebody happened to hold it;
//   - the one who had locked it unlocks it as well, and so takes it from a third;
//   - it is done by the Wait of a Cond, whose L the caller must hold.
//
// When the unlock of the one who had locked it finds it unlocked, that is a
// failure, which the judge of endings reports; it names the stranger as well.
//
// A lock that is held when the program has ended, and that nobody waits for, is
// a note: whoever asked for it would wait for ever.
//
// It keeps its memory from one execution to the next.
type ownershipJudge struct {
	owners []int32 // by object: who holds it, plus one
	kept   map[pairing]bool
	said   []string
}

// Name implements Judge.
func (*ownershipJudge) Name() string { return "ownership" }

// Judge implements Judge.
func (j *ownershipJudge) Judge(x *sim.Execution) []Finding {
	if !hasLocks(x) {
		return nil
	}
	if x.Outcome == sim.Finished {
		j.heldToTheEnd(x)
	}
	if !j.suspects(x) {
		return nil
	}
	var findings []Finding
	thefts := theftsIn(x)
	for i, t := range thefts {
		if failsOn(x, t.obj) {
			continue
		}
		before, again := stolenFrom(thefts[:i], x, t.thief, t.obj, t.step)
		switch {
		case t.waiting || !t.handed && !again:
			findings = append(findings, stolen(x, t))
		case again && before.handed:
			findings = append(findings, unlockedTwice(x, before, t))
		}
	}
	return findings
}

// heldToTheEnd notes the locks that goroutines hold which have ended.
func (j *ownershipJudge) heldToTheEnd(x *sim.Execution) {
	objects := x.World().Objects
	for i := range objects {
		o := &objects[i]
		if o.Kind != object.Mutex && o.Kind != object.RWMutex {
			continue
		}
		if o.State[0] != 0 {
			j.note(x, o.State[0]-1, int32(i))
		}
		if o.Kind == object.RWMutex {
			for _, g := range o.Readers() {
				j.note(x, g, int32(i))
			}
		}
	}
}

// note remarks that a lock is still held, by the names that are the same in every
// execution.
func (j *ownershipJudge) note(x *sim.Execution, g, obj int32) {
	key := pairing{one: x.GoroutineName(g), object: x.ObjectName(obj)}
	if j.kept[key] || len(j.said) == notesMax {
		return
	}
	if j.kept == nil {
		j.kept = map[pairing]bool{}
	}
	j.kept[key] = true
	j.said = append(j.said, fmt.Sprintf("%s has ended and still holds %s: nobody asked for it, or would wait for ever", key.one, key.object))
}

// notes implements noter.
func (j *ownershipJudge) notes() []string { return j.said }

// suspects reports whether somebody unlocks what it does not hold.
func (j *ownershipJudge) suspects(x *sim.Execution) bool {
	for len(j.owners) < len(x.World().Objects) {
		j.owners = append(j.owners, 0)
	}
	clear(j.owners)
	events := x.Events()
	for step := range events {
		e := &events[step]
		if !mayLock(e.Op()) {
			continue
		}
		for _, p := range x.Parts(e) {
			switch p.Effect {
			case object.Take, object.WriterIn, object.WriterTry:
				j.owners[p.Obj] = e.G() + 1
			case object.Free, object.WriterOut:
				if j.owners[p.Obj] != e.G()+1 {
					return true
				}
				j.owners[p.Obj] = 0
			case object.ReaderOut:
				if p.Arg != e.G() {
					return true
				}
			}
		}
	}
	return false
}

// failsOn reports whether an execution failed by an unlock of the object.
func failsOn(x *sim.Execution, obj int32) bool {
	return slices.ContainsFunc(x.Failures, func(f sim.Failure) bool {
		return (f.Fault == object.UnlockOfUnlocked || f.Fault == object.RUnlockOfUnlocked || f.Fault == object.UnlockInWait) && lockOf(x, &f) == obj
	})
}

// lockOf is the lock that a faulty unlock is about.
func lockOf(x *sim.Execution, f *sim.Failure) int32 {
	if f.Fault == object.UnlockInWait && f.At > 0 {
		return x.Events()[f.At-1].Call.Arg
	}
	return f.Object
}

// stolen describes a theft by itself.
func stolen(x *sim.Execution, t theft) Finding {
	f := t.finding(x)
	f.Summary = t.inWords(x) + ", and nothing hands it over: " + t.mend(x)
	if t.waiting {
		f.Summary = t.inWords(x) + ": lock the condition's L before Wait"
	}
	return f
}

// unlockedTwice describes a lock that was handed over and unlocked by both.
func unlockedTwice(x *sim.Execution, t, again theft) Finding {
	f := t.finding(x)
	f.Steps = append(f.Steps, again.step)
	f.Summary = t.inWords(x) + again.asWell(x) + ": " + t.mend(x)
	return f
}

// asWell says of the victim of one theft that it is the thief of another.
func (t *theft) asWell(x *sim.Execution) string {
	return fmt.Sprintf("; %s unlocks it as well%s, when %s holds it", x.Who(t.thief), where(x, t.step),
		x.Who(t.victim))
}

func (t *theft) finding(x *sim.Execution) Finding {
	return Finding{Kind: Misuse, Goroutines: []string{x.GoroutineName(t.thief), x.GoroutineName(t.victim)},
		Objects: []string{x.ObjectName(t.obj)}, Steps: []int{t.took, t.step}}
}

// inWords says who unlocked what of whom.
func (t *theft) inWords(x *sim.Execution) string {
	verb, has := "unlocks", "has locked"
	if t.reader {
		verb, has = "read-unlocks", "has read-locked"
	}
	if t.waiting {
		verb = "waits for a condition and so " + verb
	}
	return fmt.Sprintf("%s %s %s%s, which %s %s%s", x.Who(t.thief), verb, x.What(t.obj), where(x, t.step),
		x.Who(t.victim), has, where(x, t.took))
}

func (t *theft) mend(x *sim.Execution) string {
	return fmt.Sprintf("let the goroutine that locks %s unlock it, once", x.What(t.obj))
}

// blame tells of a faulty unlock by a goroutine that had locked who unlocked in
// its place. It adds that to the finding and returns the mend; empty when there
// was nobody.
func blame(x *sim.Execution, failure *sim.Failure, f *Finding) (mend string) {
	switch failure.Fault {
	case object.UnlockOfUnlocked, object.RUnlockOfUnlocked, object.UnlockInWait:
	default:
		return ""
	}
	thefts := theftsIn(x)
	t, ok := stolenFrom(thefts, x, failure.G, lockOf(x, failure), failure.At-1)
	if !ok {
		return ""
	}
	then := ""
	if before, again := stolenFrom(thefts, x, t.thief, t.obj, t.step); again && !t.reader {
		t, then = before, t.asWell(x)
	}
	f.Goroutines = []string{x.GoroutineName(t.thief), x.GoroutineName(failure.G)}
	f.Objects = []string{x.ObjectName(t.obj)}
	f.Steps = []int{t.took, t.step, failure.At - 1}
	f.Summary = t.inWords(x) + then + "; then " + f.Summary
	return t.mend(x)
}
