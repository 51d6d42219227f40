package checks_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
	"pgregory.net/rapid"
)

// tokens draws tokens with any names, parameters and schedules.
func tokens() *rapid.Generator[checks.Token] {
	return rapid.Custom(func(t *rapid.T) checks.Token {
		return checks.Token{
			Identity: checks.Identity{
				Scenario:   rapid.String().Draw(t, "scenario"),
				Variant:    rapid.String().Draw(t, "variant"),
				Parameters: rapid.MapOfN(rapid.String(), rapid.Int(), 0, 4).Draw(t, "parameters"),
			},
			Schedule: search.Schedule{
				Places:  rapid.SliceOf(rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 300))).Draw(t, "places"),
				Digests: rapid.SliceOf(rapid.Byte()).Draw(t, "digests"),
			},
			Settings: checks.Settings{
				Time:     rapid.SampledFrom([]sim.Time{sim.FreeTime, sim.LazyTime, sim.CostTime}).Draw(t, "time"),
				StepsMax: rapid.SampledFrom([]int{0, 1, 9_999, 20_000}).Draw(t, "steps"),
			},
		}
	})
}

// Printing a token and parsing it again gives the same token.
func TestTokenParsePrintIsTheIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := tokens().Draw(t, "token")
		line := want.String()
		if strings.ContainsAny(line, " \n\t") {
			t.Fatalf("%q is not one word", line)
		}
		got, err := checks.ParseToken(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if got.Identity.Scenario != want.Identity.Scenario || got.Identity.Variant != want.Identity.Variant ||
			!maps.Equal(got.Identity.Parameters, want.Identity.Parameters) ||
			got.Settings != want.Settings || !slices.Equal(got.Schedule.Places, want.Schedule.Places) ||
			!slices.Equal(got.Schedule.Digests, want.Schedule.Digests) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// A token in which any one byte was changed, dropped or added is refused with a
// reason.
func TestDamagedTokenIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := tokens().Draw(t, "token").String()
		at := rapid.IntRange(0, len(line)-1).Draw(t, "at")
		b := rapid.ByteRange('!', '~').Filter(func(b byte) bool { return b != line[at] }).Draw(t, "byte")
		for _, damaged := range []string{
			line[:at] + string(b) + line[at+1:],
			line[:at] + line[at+1:],
			line[:at] + string(b) + line[at:],
		} {
			if _, err := checks.ParseToken(damaged); err == nil || err.Error() == "" {
				t.Fatalf("%q was %q and is accepted: %v", damaged, line, err)
			}
		}
	})
}

// FuzzParseToken: whatever the text, there is a token or a reason, and a token
// that is accepted prints as one that means the same.
func FuzzParseToken(f *testing.F) {
	f.Add("")
	f.Add("il1.....")
	f.Add("il2.counter.plain.n=2.time=lazy,steps=20.AAAA.00000000")
	f.Add(checks.Token{Identity: checks.Identity{Scenario: "counter", Parameters: map[string]int{"n": 2}},
		Schedule: search.Schedule{Places: []int{0, 0, 1, 0, 3}, Digests: []byte{7}}}.String())
	f.Add(checks.Token{Settings: checks.Settings{Time: sim.LazyTime, StepsMax: 5}}.String())
	f.Fuzz(func(t *testing.T, s string) {
		token, err := checks.ParseToken(s)
		if err != nil {
			return
		}
		again, err := checks.ParseToken(token.String())
		if err != nil || !reflect.DeepEqual(again, token) {
			t.Errorf("%q: %v, then %v, %v", s, token, again, err)
		}
	})
}

// program draws a small program with a name for its shape: goroutines that do
// two or three things each to a mutex, a channel and a variable.
func program(t *rapid.T) func(*sim.G) {
	bodies := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 7), 1, 4), 2, 3).Draw(t, "bodies")
	return func(g *sim.G) {
		mu, c, x := sim.Mutex{Name: "mu"}, sim.Chan[int]{Name: "c"}, sim.AtomicInt[int]{Name: "x"}
		team(g, len(bodies), "goroutine", func(g *sim.G, i int) {
			seen := 0
			for _, op := range bodies[i] {
				switch op {
				case 0:
					mu.Lock(g)
				case 1:
					if mu.TryLock(g) {
						mu.Unlock(g)
					}
				case 2:
					c.Send(g, 1)
				case 3:
					c.Receive(g)
				case 4:
					seen = x.Load(g)
				case 5:
					x.Store(g, seen+1)
				case 6:
					g.Assert(x.Add(g, 1) < 3, "x is too big")
				case 7:
					sim.Select(g, c.OnSend(1), sim.Default())
				}
			}
		})
	}
}

// shown is a finding as a report shows it.
func shown(t *rapid.T, f checks.Finding) string {
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The replay of a finding's token finds the same again.
func TestReplayGivesTheSameFinding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := program(t)
		opt := checks.Options{Strategy: "random", Seed: rapid.Uint64().Draw(t, "seed"), ExecutionsMax: 50, KeepGoing: true}
		r, err := checks.Explore(p, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range r.Findings {
			again, err := checks.ReplayToken(p, want.Token, checks.Options{}, nil)
			if err != nil {
				t.Fatalf("replay of %+v: %v", want, err)
			}
			if !slices.ContainsFunc(again, func(f checks.Finding) bool { return shown(t, f) == shown(t, want) }) {
				t.Fatalf("found %+v, the replay finds %+v", want, again)
			}
		}
	})
}

// A token of another program is answered with the step at which that goes
// another way.
func TestForeignTokenNamesTheDivergingStep(t *testing.T) {
	t.Parallel()
	r, err := checks.Explore(table(3), checks.Options{Seed: 1})
	if err != nil || len(r.Findings) == 0 {
		t.Fatalf("no finding to replay: %v, %v", r, err)
	}
	for name, other := range map[string]func(*sim.G){
		"four seats": table(4),
		"two seats":  table(2),
		"one event":  func(g *sim.G) { g.Choose(1) },
		"other operations": func(g *sim.G) {
			var x sim.AtomicInt[int]
			team(g, 3, "adder", func(g *sim.G, _ int) {
				for range 4 {
					x.Add(g, 1)
				}
			})
		},
	} {
		_, err := checks.ReplayToken(other, r.Findings[0].Token, checks.Options{}, nil)
		var d *search.Divergence
		if !errors.As(err, &d) || !strings.Contains(err.Error(), "step") {
			t.Errorf("%s: error %v, want a divergence", name, err)
		}
	}
}
