package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// show lays out the schedule and says in words what happens.
func (e *Explanation) show(l *lab, choices []sim.Choice, found Evidence) error {
	x := l.detailed(choices, nil)
	e.Summary, e.Goroutines, e.Objects = found.Summary, found.Goroutines, found.Objects
	names := newDirectory()
	names.add(x)
	say := wordingOf(x).phrases(x, names)
	e.Cause.phrase(say)
	var t *tabulator
	e.Table, t = l.tabulate(choices, e.Cause.Constraints(), say, found)
	if s := e.Critical.Step; s >= 0 && s < len(e.Table.Rows) {
		e.Table.Rows[s].Critical, e.Table.Rows[s].Matters = true, true
	}
	for _, r := range e.Table.Rows {
		if s := r.Switch; s != nil && s.Preemption && !s.Necessary && e.Shrunk.Proved {
			s.Necessary, s.Why = true, "no schedule with fewer preemptions shows it"
		}
	}
	e.Happened = []string{sentence(found.Summary)}
	e.Headline = e.headline(t)
	say.x = t.x
	a := &adviser{lab: l, say: say, found: found, cause: &e.Cause}
	var err error
	if e.Prevent, err = a.advise(); err != nil {
		return err
	}
	for _, i := range a.spoken {
		if i < len(e.Table.Rows) {
			e.Table.Rows[i].Matters = true
		}
	}
	v := &review{lab: l, say: say, names: names, shown: e.Table.Shared, extra: e.Table.extra}
	v.hear(e.Cause.Constraints())
	for i := range e.Cause.Conditions {
		k := &e.Cause.Conditions[i]
		if k.without != nil {
			p := v.passage(k.without, passingRoom)
			k.Passing, k.Absent = p.stretches(p.steps()), p.absent(k.Constraint)
		}
	}
	if e.Critical.wayOut != nil {
		p := v.passage(e.Critical.wayOut, wayOutRoom)
		e.Critical.Passing = p.stretches(p.steps())
	}
	return nil
}

// headline is the kind of the finding and what it is about: of those who wait for
// a condition, who they are.
func (e *Explanation) headline(t *tabulator) string {
	s := capital(strings.ReplaceAll(e.Kind, "-", " "))
	if len(e.Objects) == 0 {
		return s
	}
	about := strings.Join(t.called(e.Objects), ", ")
	var asleep []string
	for g := range int32(t.x.Goroutines()) {
		if t.x.Alive(g) && t.x.Pending(g).Op == object.CondWake && slices.Contains(e.Goroutines, t.x.GoroutineName(g)) {
			asleep = append(asleep, t.say.words.who(g))
		}
	}
	conds := func(name string) bool {
		return slices.ContainsFunc(t.objects, func(obj int32) bool {
			return t.x.ObjectName(obj) == name && t.x.World().At(obj).Kind == object.Cond
		})
	}
	if len(asleep) == 0 || slices.ContainsFunc(e.Objects, func(name string) bool { return !conds(name) }) || failed(t.x) {
		return s + ": " + about
	}
	return s + ": nobody wakes " + enumerated(asleep) + " (" + about + ")"
}

// called is what a reader calls the objects of some names.
func (t *tabulator) called(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		for obj := range int32(len(t.x.World().Objects)) {
			if t.x.ObjectName(obj) == name {
				out[i] = t.say.words.label(obj)
			}
		}
	}
	return out
}

// enumerated is a list as a sentence has it, at most three of it.
func enumerated(names []string) string {
	n := len(names)
	if n > 3 {
		names = []string{names[0], names[1], fmt.Sprintf("%d others", n-2)}
		n = 3
	}
	if n == 1 {
		return names[0]
	}
	return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
}

func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
