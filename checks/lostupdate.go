package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// lostUpdateJudge looks for updates of a variable, atomic or plain, that are
// overwritten by somebody who had not seen them: A reads x, B updates x, A
// stores to x without having read it again. That no access is a data race, or
// that each is locked by itself, makes no difference.
//
// A suspect is found in one execution: a store of A to x that follows from A's
// read of x, as far as that can be seen, with an update of B between the two. An
// update is a read-modify-write, a compare-and-swap that succeeds, or a store by
// a goroutine that has read x since its own last store to x and has since made
// no store to another variable but updates of those. Both A's store and B's have
// to be updates. So these are no suspects:
//
//   - B publishes a flag that A has read: B's store follows from no read;
//   - A polls x to wait for its turn, does its work, which writes something that
//     it had not read, and hands x on: A's store follows from other things;
//   - x is a map, where two stores may concern two keys.
//
// Whether A's store loses anything is then tried, as what a program computes
// from what it reads cannot be seen: see hindsight. Had A read what B wrote, it
// must have left another value in x than it did. So these are silent as well:
//
//   - two goroutines see that a flag is not set, and set it, both to true;
//   - A looks at x, and later stores something that does not depend on it.
//
// The cost is linear in the length of an execution, without allocation when
// there is nothing to find; the judge keeps its memory, so that it serves one
// exploration at a time.
type lostUpdateJudge struct {
	reads   readTable
	blind   []int32 // by goroutine: its stores that are no updates
	updated []cellUpdate
	stamp   uint32
	tried   verdicts
	places  pairings
	found   []Finding
}

// cellUpdate is the last update of a variable.
type cellUpdate struct {
	stamp    uint32 // the execution that it is about
	step     int32
	reported bool
}

// Name implements Judge.
func (*lostUpdateJudge) Name() string { return "lost-update" }

// Judge implements Judge.
func (j *lostUpdateJudge) Judge(x *sim.Execution) []Finding { return described(j, x) }

// sketch implements sketcher.
func (j *lostUpdateJudge) sketch(x *sim.Execution) []Finding {
	j.reset(x)
	j.found = j.found[:0]
	events := x.Events()
	for step := range events {
		e := &events[step]
		switch e.Op() {
		case object.Load, object.Await:
			r := j.reads.at(e.G(), e.Call.Obj)
			r.step, r.blind = int32(step), j.blind[e.G()]
		case object.Modify, object.CompareAndSwap:
			if e.Wrote >= 0 {
				j.update(e, step)
			}
		case object.Store:
			j.store(x, e, step)
		}
	}
	return j.found
}

func (j *lostUpdateJudge) reset(x *sim.Execution) {
	j.stamp++
	if j.stamp == 0 { // it has wrapped around: old stamps could look new
		clear(j.updated)
		j.stamp = 1
	}
	j.reads.clear()
	for len(j.blind) < x.Goroutines() {
		j.blind = append(j.blind, 0)
	}
	clear(j.blind)
	for len(j.updated) < len(x.World().Objects) {
		j.updated = append(j.updated, cellUpdate{})
	}
}

// update notes an update and returns the one before it, if there was one.
func (j *lostUpdateJudge) update(e *sim.Event, step int) (before int32, c *cellUpdate) {
	c = &j.updated[e.Call.Obj]
	if c.stamp != j.stamp {
		*c = cellUpdate{stamp: j.stamp, step: -1}
	}
	before = c.step
	c.step = int32(step)
	j.reads.at(e.G(), e.Call.Obj).step = -1
	return before, c
}

// store judges a store: one of the first kind loses every update that came
// after its read.
func (j *lostUpdateJudge) store(x *sim.Execution, e *sim.Event, step int) {
	r := j.reads.at(e.G(), e.Call.Obj)
	read := r.step
	if read < 0 || r.blind != j.blind[e.G()] || x.World().Objects[e.Call.Obj].Keyed {
		r.step = -1
		j.blind[e.G()]++
		return
	}
	lost, c := j.update(e, step)
	if lost < read || c.reported {
		return
	}
	if !j.tried.loses(x, overwriting{read: int(read), lost: int(lost), store: step}) {
		return
	}
	c.reported = true
	f := j.places.finding(x, LostUpdate, e.G(), x.Events()[lost].G(), e.Call.Obj)
	f.Steps = []int{int(read), int(lost), step}
	j.found = append(j.found, f)
}

// An overwriting is a read of a variable, an update of it by somebody else, and
// a store that overwrites that: their steps.
type overwriting struct{ read, lost, store int }

// describe implements sketcher.
func (*lostUpdateJudge) describe(x *sim.Execution, f *Finding) {
	read, lost, store := f.Steps[0], f.Steps[1], f.Steps[2]
	over, under := &x.Events()[store], &x.Events()[lost]
	reader, writer := x.Who(over.G()), x.Who(under.G())
	f.Summary = fmt.Sprintf("%s reads %s%s at step %d; %s writes%s at step %d; %s, which has not seen that, "+
		"overwrites it%s at step %d: the update of %s is lost",
		reader, x.What(over.Call.Obj), withValue(x, read, " ="), read, writer, withValue(x, lost, ""), lost,
		reader, withValue(x, store, " with"), store, writer)
}

// withValue is a word and what an event read or wrote, or nothing when the
// execution has not kept it.
func withValue(x *sim.Execution, step int, word string) string {
	if text := x.Text(step); text != "" {
		return word + " " + text
	}
	return ""
}

// readTable maps a goroutine and a variable to the last read: a hash table with
// open addressing that is emptied by a new stamp. Its zero value is empty.
type readTable struct {
	slots []readSlot
	stamp uint32
	used  int
}

type readSlot struct {
	key   uint64
	stamp uint32
	step  int32 // -1 when there is no read
	blind int32
}

func (t *readTable) clear() {
	t.used = 0
	t.stamp++
	if t.stamp == 0 {
		clear(t.slots)
		t.stamp = 1
	}
}

// at returns the slot of a goroutine and a variable; it is valid until the next
// call.
func (t *readTable) at(g, obj int32) *readSlot {
	if 2*t.used >= len(t.slots) {
		t.grow()
	}
	key := uint64(g)<<32 | uint64(uint32(obj))
	mask := uint64(len(t.slots) - 1)
	for i := key * hashMultiplier >> 32 & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.stamp != t.stamp {
			*s = readSlot{key: key, stamp: t.stamp, step: -1}
			t.used++
			return s
		}
		if s.key == key {
			return s
		}
	}
}

// hashMultiplier is 2^64 over the golden ratio: Knuth, TAOCP vol. 3, 6.4.
const hashMultiplier = 0x9e3779b97f4a7c15

func (t *readTable) grow() {
	old := t.slots
	t.slots = make([]readSlot, max(64, 2*len(old)))
	stamp := t.stamp
	t.used = 0
	for _, s := range old {
		if s.stamp == stamp {
			*t.at(int32(s.key>>32), int32(uint32(s.key))) = s
		}
	}
}
