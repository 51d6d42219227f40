package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// atomicityJudge names the accesses that were meant to be one step, after AVIO
// (Lu, Tucek, Qin, Zhou: ASPLOS 2006). Two accesses of a variable in a row by one
// goroutine, with one of another goroutine between them, are unserialisable when
// no order of the three without interleaving has the same effect: a write
// between two reads, or between a write and a read, or between a read and a
// write; a read between two writes. Like AVIO, it looks at one variable at a time:
// two that must change together are not related to each other.
//
// That happens in correct programs all the time: a loop that looks at a queue
// under its lock reads it twice, and it has changed. So the judge learns, as
// AVIO does, from executions that went well, and reports what it saw in failing
// ones only. A program without a failing execution has no finding. It has to be
// asked for, and explains failures that other judges find; the more executions,
// the better: use it with KeepGoing.
type atomicityJudge struct {
	scan   accessScan
	benign map[accessPair]bool
	apart  map[accessPair]bool // seen without anything between, in an execution that went well
	bad    map[accessPair]*violation
	order  []*violation
}

// An accessPair is two accesses of one goroutine in a row, by their places
// among its events, and how they access the variable.
type accessPair struct {
	path, name    string // of the goroutine and the variable
	first, second int32
	kind          triple
}

// A triple is how the three accesses access: read or write.
type triple uint8

const (
	serialisable triple = iota
	readWriteRead
	writeWriteRead
	readWriteWrite
	writeReadWrite
)

var tripleWords = [...]string{"", "reads it twice, and gets two values", "writes it and reads back something else",
	"reads it and then writes what it made of the old value", "writes it in two steps, and the first is seen"}

// A violation is an interleaving that only failing executions have shown.
type violation struct {
	pair    accessPair
	seen    int // failing executions
	finding Finding
}

// violationsMax bounds what is remembered of one exploration.
const violationsMax = 10_000

// Name implements Judge.
func (*atomicityJudge) Name() string { return string(Atomicity) }

// Judge implements Judge. What it has to say, it says at the end of the
// exploration.
func (*atomicityJudge) Judge(*sim.Execution) []Finding { return nil }

func newAtomicityJudge() *atomicityJudge {
	return &atomicityJudge{benign: map[accessPair]bool{}, apart: map[accessPair]bool{}, bad: map[accessPair]*violation{}}
}

// learn takes in an execution, which has failed in some way or went well.
func (j *atomicityJudge) learn(x *sim.Execution, failed bool) {
	end := x.Steps()
	if len(x.Failures) > 0 {
		end = x.Failure.At
	}
	j.scan.in(x, end, func(p accessPair, steps [3]int) {
		switch {
		case len(j.benign)+len(j.apart)+len(j.bad) > violationsMax:
		case !failed && p.kind == serialisable:
			j.apart[p] = true
		case !failed:
			j.benign[p] = true
		case p.kind != serialisable && !j.benign[p]:
			j.suspect(x, p, steps)
		}
	})
}

func (j *atomicityJudge) suspect(x *sim.Execution, p accessPair, steps [3]int) {
	v := j.bad[p]
	if v == nil {
		v = &violation{pair: p, finding: violationFinding(x, p.kind, steps)}
		j.bad[p] = v
		j.order = append(j.order, v)
	}
	v.seen++
}

// follow reports, of every variable, the interleaving that most failing
// executions show, and no other.
func (j *atomicityJudge) follow(e *exploration, _ search.Result) []Finding {
	slices.SortStableFunc(j.order, func(a, b *violation) int { return cmp.Compare(b.seen, a.seen) })
	var out []Finding
	reported := map[string]bool{}
	for _, v := range j.order {
		apart := v.pair
		apart.kind = serialisable
		name := v.finding.Objects[0]
		if j.benign[v.pair] || !j.apart[apart] || reported[name] {
			continue
		}
		reported[name] = true
		v.finding.Summary += fmt.Sprintf("; so it was in %s, and in none that went well", plural(v.seen, "failing execution"))
		out = append(out, v.finding)
	}
	return out
}

func violationFinding(x *sim.Execution, kind triple, steps [3]int) Finding {
	events := x.Events()
	g, h, obj := events[steps[0]].G(), events[steps[1]].G(), events[steps[0]].Call.Obj
	one, other, name := x.Who(g), x.Who(h), x.What(obj)
	between := "writes"
	if kind == writeReadWrite {
		between = "reads"
	}
	end := x.Steps()
	if len(x.Failures) > 0 {
		end = x.Failure.At
	}
	return Finding{
		Kind: Atomicity,
		Summary: fmt.Sprintf("%s uses %s at steps %d (%s) and %d (%s), and %s %s it between them, at step %d (%s): %s %s",
			one, name, steps[0], sectionAt(x, steps[0]), steps[2], sectionAt(x, steps[2]),
			other, between, steps[1], sectionAt(x, steps[1]), one, tripleWords[kind]),
		Goroutines: []string{x.GoroutineName(g), x.GoroutineName(h)}, Objects: []string{x.ObjectName(obj)}, Steps: steps[:],
		steps: search.Steps(x, end),
	}
}

// sectionAt names the critical section that an event is in, by the step at
// which it begins.
func sectionAt(x *sim.Execution, step int) string {
	var names []string
	for _, h := range locksAt(x, step) {
		names = append(names, fmt.Sprintf("in the section of %s from step %d", x.What(h.obj), h.step))
	}
	if len(names) == 0 {
		return "no lock"
	}
	return strings.Join(names, " and ")
}

// accessScan goes through the variables of an execution. It keeps its memory.
type accessScan struct {
	ordinals []int32        // by goroutine: its events so far
	last     map[int64]last // by goroutine and variable
}

// last is a goroutine's last access of a variable, and the first read and write
// by others since, or -1.
type last struct {
	step, ordinal int32
	wrote         bool
	read, write   int32
}

// in calls found with every pair of accesses in a row, and with the step of the
// one between where that makes them unserialisable.
func (s *accessScan) in(x *sim.Execution, end int, found func(p accessPair, steps [3]int)) {
	s.ordinals = append(s.ordinals[:0], make([]int32, x.Goroutines())...)
	if s.last == nil {
		s.last = map[int64]last{}
	}
	clear(s.last)
	events := x.Events()
	for step := range end {
		e := &events[step]
		g := e.G()
		s.ordinals[g]++
		reads, writes := accessOf(e)
		if !reads && !writes {
			continue
		}
		key := int64(g)<<32 | int64(e.Call.Obj)
		if before, ok := s.last[key]; ok && reads != writes {
			kind, between := before.with(writes)
			found(accessPair{path: x.Path(g), name: x.ObjectName(e.Call.Obj), first: before.ordinal, second: s.ordinals[g], kind: kind},
				[3]int{int(before.step), int(between), step})
		}
		s.others(x, e, step, writes)
		s.last[key] = last{step: int32(step), ordinal: s.ordinals[g], wrote: writes, read: -1, write: -1}
	}
}

// accessOf reports how an event accesses its variable. One that does both in a
// single step, and a compare-and-swap, which checks what it writes over, are no
// second half of anything.
func accessOf(e *sim.Event) (reads, writes bool) {
	switch e.Op() {
	case object.Load, object.Await:
		return true, false
	case object.Store:
		return false, true
	case object.Modify, object.CompareAndSwap:
		return true, e.Wrote >= 0
	}
	return false, false
}

// others notes an access for everybody else who has used the variable.
func (s *accessScan) others(x *sim.Execution, e *sim.Event, step int, writes bool) {
	for g := range int64(x.Goroutines()) {
		key := g<<32 | int64(e.Call.Obj)
		l, ok := s.last[key]
		switch {
		case !ok || g == int64(e.G()):
		case writes && l.write < 0:
			l.write = int32(step)
			s.last[key] = l
		case !writes && l.read < 0:
			l.read = int32(step)
			s.last[key] = l
		}
	}
}

// with says what the next access of the same goroutine makes of what came
// between.
func (l last) with(writes bool) (triple, int32) {
	switch {
	case !writes && l.write >= 0 && l.wrote:
		return writeWriteRead, l.write
	case !writes && l.write >= 0:
		return readWriteRead, l.write
	case writes && !l.wrote && l.write >= 0:
		return readWriteWrite, l.write
	case writes && l.wrote && l.read >= 0:
		return writeReadWrite, l.read
	}
	return serialisable, -1
}
