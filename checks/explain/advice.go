package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// adviser says what would prevent a finding, from what happened in the
// execution that is shown and from the shape of the cause.
type adviser struct {
	lab   *lab
	say   *phrases // of the execution, which kept details
	found Evidence
	cause *Cause

	spoken []int // steps of which the advice speaks
}

func (a *adviser) advise() ([]string, error) {
	var out []string
	if a.found.Mend != "" {
		out = append(out, sentence(capital(a.found.Mend)))
	}
	if a.found.Settled {
		return out, nil
	}
	turn := true // an order turned round may help
	switch a.found.Kind {
	case "deadlock", "partial-deadlock", "goroutine-leak", "lock-order":
		u := &unblocking{adviser: a}
		out = append(out, u.advise()...)
		turn = !u.settled
	case livelock, "starvation":
		return append(out, "Let one of them win: an order of the locks, a turn, or a pause of random length before trying again."), nil
	case "data-race":
		return append(out, a.race()), nil
	case "linearizability":
		return append(out, a.linear()), nil
	}
	if !turn {
		return out, nil
	}
	if text := a.shape(); text != "" {
		return append([]string{text}, out...), nil
	}
	text, err := a.turned()
	if text != "" {
		out = append([]string{text}, out...)
	}
	return out, err
}

// shape is the advice that follows from what happened between the steps of one
// goroutine; empty when nothing of that kind did.
func (a *adviser) shape() string {
	for _, f := range []func() string{a.uncounted, a.woken, a.swapped, a.torn, a.overwritten, a.stale, a.promised, a.early} {
		if text := f(); text != "" {
			return text
		}
	}
	return ""
}

// step is an event with its goroutine and number.
func (a *adviser) step(i int) string {
	a.spoken = append(a.spoken, i)
	return fmt.Sprintf("%s by %s (step %d)", a.what(i), a.who(i), i)
}

// what is an event in words, without its value.
func (a *adviser) what(i int) string {
	e := a.event(i)
	return a.say.words.describe(a.say.x, &e.Call, e.Alt)
}

func (a *adviser) who(i int) string { return a.say.words.who(a.event(i).G()) }

// turnedShare is the share of the bound on executions of the exploration under
// an order that was turned round.
const turnedShare = 2

// turned returns the advice to let the first event of an order wait for the
// second, if the finding is gone from all schedules in which it does, and some of
// them pass; otherwise nothing.
func (a *adviser) turned() (string, error) {
	type option struct {
		Constraint
		text string
	}
	var options []option                                // exploring overwrites the execution
	for i := len(a.cause.Conditions) - 1; i >= 0; i-- { // the nearest to the end first
		k := a.cause.Conditions[i]
		if k.Choice == "" && k.First.Op != object.Fire.String() && k.Then.Op != object.Fire.String() {
			options = append(options, option{Constraint{First: k.Then, Then: k.First},
				fmt.Sprintf("Let %s wait until %s has taken place", a.say.event(k.First), a.say.short(k.Then))})
		}
	}
	for _, o := range options {
		e := &exploration{lab: a.lab, budget: a.lab.budget(turnedShare), rules: newRules([]Constraint{o.Constraint})}
		all, passes, err := a.lab.free(e)
		if err != nil {
			return "", err
		}
		if passes && all {
			return o.text + ": all schedules in which it does were explored, and none shows this.", nil
		}
	}
	return "", nil
}
