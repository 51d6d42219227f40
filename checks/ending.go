package checks

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// endingJudge reports how an execution ended, when that was a bad end:
//
//   - deadlock: main is blocked, and so is everybody else;
//   - partial deadlock: a cycle of goroutines that wait for each other, while
//     main has returned, or goes on until the execution is cut;
//   - goroutine leak: main has returned, and somebody is blocked for ever who is
//     not in such a cycle nor waits for one who is;
//   - panic, assertion, misuse.
//
// In an execution that is cut, only waiting that nobody else can end counts:
// for a lock that is freed by others than its holder, or a semaphore, that
// cannot be known.
type endingJudge struct{}

// Name implements Judge.
func (endingJudge) Name() string { return "ending" }

// Judge implements Judge.
func (endingJudge) Judge(x *sim.Execution) []Finding {
	switch x.Outcome {
	case sim.Deadlocked:
		return []Finding{deadlocked(surveyOf(x))}
	case sim.Leaked:
		return leaked(surveyOf(x))
	case sim.OverSteps, sim.TooMany:
		s := surveyOf(x)
		return partial(s, s.cycles(true))
	case sim.Panicked, sim.Failed, sim.Misused:
		return failed(x)
	}
	return nil
}

// failed returns a finding for every failure that could have been the first:
// under reduction, the others run on after one.
func failed(x *sim.Execution) []Finding {
	kinds := map[sim.Outcome]Kind{sim.Panicked: Panic, sim.Failed: Assertion, sim.Misused: Misuse}
	var out []Finding
	for _, f := range search.Failures(x) {
		found := failureFinding(kinds[f.Outcome], x, &f.Failure)
		found.steps = f.Steps
		out = append(out, found)
	}
	return out
}

// failureFinding says what ended an execution at once, and what mends it.
func failureFinding(k Kind, x *sim.Execution, failure *sim.Failure) Finding {
	f := Finding{Kind: k, Goroutines: []string{x.GoroutineName(failure.G)}}
	if failure.Object >= 0 {
		f.Objects = []string{x.ObjectName(failure.Object)}
	}
	f.Summary = fmt.Sprintf("%s: %s", x.Who(failure.G), failure.Message)
	if k == Panic {
		f.Summary = fmt.Sprintf("%s panics: %s", x.Who(failure.G), failure.Message)
	}
	if k == Misuse && failure.Site.Line != 0 {
		f.Summary += fmt.Sprintf(" (%s:%d)", filepath.Base(failure.Site.File), failure.Site.Line)
	}
	if failure.At > 0 {
		f.Steps = []int{failure.At - 1}
	}
	mend := blame(x, failure, &f)
	if mend == "" {
		mend = mendOf(x, failure)
	}
	if mend != "" {
		f.Summary += "; " + mend
	}
	return f
}

// deadlocked describes an execution in which nobody can go on: the cycles of
// waiting and whoever waits for something else, or everybody when there are
// none. Those who wait for one in a cycle go without saying.
func deadlocked(s *survey) Finding {
	cycles := s.cycles(false)
	f := describeCycles(s, Deadlock, cycles)
	stuck := s.behind(goroutinesOf(cycles))
	others := s.reasons(func(w *wait) bool { return !stuck[w.g] })
	f.mend = s.mend(cycles, stuck)
	if len(cycles) == 0 {
		for _, w := range s.rootsFirst() {
			addWait(s, &f, w)
		}
		f.Summary = strings.Join(atMost(others, 8), "; ")
	} else if len(others) > 0 {
		f.Summary += "; besides, " + strings.Join(atMost(others, 3), "; ")
	}
	f.cite(s.cited)
	return f
}

// leaked describes an execution in which main has returned and others cannot
// go on.
func leaked(s *survey) []Finding {
	cycles := s.cycles(false)
	findings := partial(s, cycles)
	stuck := s.behind(goroutinesOf(cycles))
	f := Finding{Kind: GoroutineLeak}
	for _, w := range s.rootsFirst() {
		if !stuck[w.g] {
			addWait(s, &f, w)
		}
	}
	if len(f.Goroutines) == 0 {
		return findings
	}
	reasons := s.reasons(func(w *wait) bool { return !stuck[w.g] })
	f.Summary = "main has returned, but " + strings.Join(atMost(reasons, 4), "; ")
	f.mend = s.mend(nil, stuck)
	f.cite(s.cited)
	return append(findings, f)
}

// partial describes cycles of waiting besides which something goes on.
func partial(s *survey, cycles [][]hop) []Finding {
	if len(cycles) == 0 {
		return nil
	}
	f := describeCycles(s, PartialDeadlock, cycles)
	f.mend = s.joined(cycles)
	return []Finding{f}
}

// addWait adds a goroutine that waits outside of cycles to a finding.
func addWait(s *survey, f *Finding, w *wait) {
	f.Goroutines = append(f.Goroutines, s.x.GoroutineName(w.g))
	for _, obj := range w.objects {
		if obj >= 0 && !slices.Contains(f.Objects, s.x.ObjectName(obj)) {
			f.Objects = append(f.Objects, s.x.ObjectName(obj))
		}
	}
	if s.last[w.g] >= 0 {
		f.Steps = append(f.Steps, s.last[w.g])
	}
}

// behind returns the goroutines that wait for one of caught, and those.
func (s *survey) behind(caught map[int32]bool) map[int32]bool {
	for grown := true; grown; {
		grown = false
		for _, w := range s.waits {
			for _, h := range w.needs {
				if caught[h.g] && !caught[w.g] {
					caught[w.g], grown = true, true
				}
			}
		}
	}
	return caught
}

// rootsFirst returns the waits that nobody who lives could end, then those who
// wait for others.
func (s *survey) rootsFirst() []*wait {
	out := slices.Clone(s.waits)
	slices.SortStableFunc(out, func(a, b *wait) int { return s.behindOthers(a) - s.behindOthers(b) })
	return out
}

func (s *survey) behindOthers(w *wait) int {
	for _, h := range w.needs {
		if s.of(h.g) != nil {
			return 1
		}
	}
	return 0
}

// reasons returns a clause for each of the waits that are asked for.
func (s *survey) reasons(of func(*wait) bool) []string {
	var out []string
	knots := s.knots()
	told := map[int32]bool{} // in a knot
	who := func(g int32) string {
		if s.x.Outcome == sim.Leaked {
			return s.x.Who(g) + s.started(g)
		}
		return s.x.Who(g)
	}
	for _, k := range knots {
		if of(k.wait) && !told[k.wait.g] {
			out = append(out, s.tangle(k, who(k.wait.g)))
			k.tell(told)
		}
	}
	for _, w := range s.rootsFirst() {
		if of(w) && !told[w.g] {
			out = append(out, s.reasonOf(w, who(w.g)))
		}
	}
	return out
}

// started says where a goroutine was started, when the execution has kept
// lines.
func (s *survey) started(g int32) string {
	_, born := s.x.Parent(g)
	if born < 0 {
		return ""
	}
	site := s.x.Site(int(born))
	if site.Line == 0 {
		return ""
	}
	return fmt.Sprintf(", started at %s:%d,", filepath.Base(site.File), site.Line)
}

func goroutinesOf(cycles [][]hop) map[int32]bool {
	out := map[int32]bool{}
	for _, cycle := range cycles {
		for _, h := range cycle {
			out[h.wait.g] = true
		}
	}
	return out
}

// describeCycles says who is caught in cycles, holding what.
func describeCycles(s *survey, k Kind, cycles [][]hop) Finding {
	f := Finding{Kind: k}
	var sentences []string
	for _, cycle := range cycles {
		sentences = append(sentences, s.cycleInWords(cycle))
		for i, h := range cycle {
			f.Goroutines = append(f.Goroutines, s.x.GoroutineName(h.wait.g))
			before := cycle[(i+len(cycle)-1)%len(cycle)].hold
			if before.step >= 0 {
				if name := s.x.ObjectName(before.obj); !slices.Contains(f.Objects, name) {
					f.Objects = append(f.Objects, name)
				}
				f.Steps = append(f.Steps, before.step)
			}
		}
	}
	f.Summary = strings.Join(sentences, "; ")
	return f
}

// cycleInWords goes once around a cycle.
func (s *survey) cycleInWords(cycle []hop) string {
	clauses := make([]string, len(cycle))
	for i, h := range cycle {
		clauses[i] = s.x.Who(h.wait.g) + " " + s.holding(cycle[(i+len(cycle)-1)%len(cycle)].hold) + s.waiting(h.wait)
		if h.hold.step >= 0 {
			one := wait{g: h.wait.g, needs: []hold{h.hold}}
			why := s.units(&one)
			if why == "" {
				why = s.heldBy(&one)
			}
			clauses[i] += ", " + why
		}
	}
	return strings.Join(clauses, "; ") + ": a cycle that nobody can leave" + s.selfWait(cycle)
}

// holding says what a goroutine has while it waits for something else.
func (s *survey) holding(h hold) string {
	switch {
	case h.step < 0 || s.queued(h):
		return ""
	case h.reader:
		return fmt.Sprintf("reads %s and ", s.x.What(h.obj))
	}
	return fmt.Sprintf("holds %s and ", s.x.What(h.obj))
}

// atMost shortens a list of clauses.
func atMost(clauses []string, n int) []string {
	if len(clauses) <= n {
		return clauses
	}
	return append(clauses[:n-1:n-1], fmt.Sprintf("and %d more like this", len(clauses)-n+1))
}
