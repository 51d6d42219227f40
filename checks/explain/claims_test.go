package explain_test

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// checkClaims replays every schedule that an explanation prints: what it says of
// each is so, and every order has one.
func checkClaims(t *testing.T, e explain.Explanation, program func(*sim.G)) {
	t.Helper()
	if e.Cause.Inexpressible {
		t.Error("there is no cause")
	}
	if shows, others := replayed(t, program, e, e.Token); !shows {
		t.Errorf("the schedule does not show the finding, only %v", others)
	}
	for _, c := range e.Cause.Conditions {
		if c.Choice == "" && c.ThenStep >= 0 && (c.FirstStep < 0 || c.FirstStep > c.ThenStep) {
			t.Errorf("the schedule that is shown does not keep %q", c.Text)
		}
		if c.Token == "" {
			t.Errorf("no schedule without %s", c)
			continue
		}
		if len(c.Passing)+len(c.Absent) == 0 {
			t.Errorf("nothing is shown of the schedule without %s", c)
		}
		if shows, others := replayed(t, program, e, c.Token); shows || !slices.Equal(others, c.But) {
			t.Errorf("without %s: the finding %v, and %v; want %v", c, shows, others, c.But)
		}
	}
	if len(e.Cause.Conditions) > 0 && e.Critical.Step < 0 && e.Table.Lap == 0 {
		t.Error("some schedules pass, and yet there is no point of no return")
	}
	if e.Critical.Token != "" {
		if shows, others := replayed(t, program, e, e.Critical.Token); shows || !slices.Equal(others, e.Critical.But) {
			t.Errorf("the way out: the finding %v, and %v; want %v", shows, others, e.Critical.But)
		}
	}
}

// replayed runs a token: does it show the finding, and what else?
func replayed(t *testing.T, program func(*sim.G), e explain.Explanation, text string) (shows bool, others []string) {
	t.Helper()
	token, err := checks.ParseToken(text)
	if err != nil {
		t.Fatal(err)
	}
	r := sim.NewRunner()
	defer r.Close()
	s, lost := search.Follow(token.Schedule)
	opt := sim.Options{Scheduler: s}
	if e.Horizon > 0 {
		opt.StepsMax = e.Horizon
	}
	x := r.Run(program, opt)
	if d := lost(); d != nil {
		t.Fatalf("%s: %v", text, d)
	}
	for _, j := range checks.Judges() {
		for _, f := range j.Judge(x) {
			switch {
			case string(f.Kind) == e.Kind && sameSet(f.Objects, e.Objects):
				shows = true
			case !slices.Contains(others, string(f.Kind)):
				others = append(others, string(f.Kind))
			}
		}
	}
	slices.Sort(others)
	return shows, others
}
