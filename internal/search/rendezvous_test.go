package search

import (
	"slices"
	"testing"
)

// meetings are programs over unbuffered channels with as many traces as they have.
func meetings() map[string]struct {
	p      generated
	traces int
} {
	send, receive := instruction{"usend", 0, 0}, instruction{"urecv", 0, 0}
	sendBack, receiveBack := instruction{"usend", 1, 0}, instruction{"urecv", 1, 0}
	n := slices.Repeat[[]instruction]
	return map[string]struct {
		p      generated
		traces int
	}{
		"one to one":                       {generated{{send}, {receive}}, 1},
		"three values":                     {generated{n([]instruction{send}, 3), n([]instruction{receive}, 3)}, 1},
		"back and forth":                   {generated{n([]instruction{send, receiveBack}, 2), n([]instruction{receive, sendBack}, 2)}, 1},
		"a stage between":                  {generated{n([]instruction{send}, 2), n([]instruction{receive, sendBack}, 2), n([]instruction{receiveBack}, 2)}, 1},
		"two to one":                       {generated{{send}, {send}, {receive, receive}}, 2},
		"three to one":                     {generated{{send}, {send}, {send}, {receive, receive, receive}}, 6},
		"one to two":                       {generated{{send, send}, {receive}, {receive}}, 2},
		"two to two":                       {generated{{send}, {send}, {receive}, {receive}}, 4},
		"nobody comes":                     {generated{{send}, {send}}, 2},
		"one too many":                     {generated{{send}, {send}, {receive}}, 2},
		"workers with answers":             {generated{{send, send, receiveBack, receiveBack}, {receive, sendBack}, {receive, sendBack}}, 4},
		"closed before, between and after": {generated{{send}, {receive}, {{"close", 0, 1}}}, 4},
		"closed by the sender":             {generated{{send, {"close", 0, 1}}, {receive, receive}}, 2},
		"a select for one sender":          {generated{{sendBack}, {{"selectone", 1, 0}}}, 2},
		"a select for two senders":         {generated{{send}, {send}, {{"selectone", 0, 0}, {"selectone", 0, 0}}}, 10},
		"receivers before and behind a select": {generated{{receive}, {{"selectone", 0, 0}}, {receive},
			n([]instruction{send}, 3)}, 28},
		"both ways":                       {generated{{{"selectboth", 0, 0}}, {{"selectboth", 0, 0}}, {send}, {receive}}, 24},
		"both ways beside others":         {generated{{receive}, {receive}, {receive}, {{"selectboth", 1, 0}}}, 6},
		"withdrawn, with somebody behind": {generated{{{"select", 0, 0}}, {receive}, {{"send", 0, 0}, send}}, 8},
	}
}

// A send and a receive on an unbuffered channel commute, so that a program has as
// many traces as the order of senders, and that of receivers, make different. All
// strategies agree, brute force among them where there are not too many interleavings.
func TestMeetings(t *testing.T) {
	for name, c := range meetings() {
		t.Run(name, func(t *testing.T) {
			brute := observe(c.p, DFS, 20_000)
			if brute.cut {
				brute = observe(c.p, Sleep, 0)
			}
			if len(brute.traces) != c.traces {
				t.Errorf("%s: %d traces, not %d", name, len(brute.traces), c.traces)
			}
			for _, s := range []Strategy{Sleep, Source, Optimal} {
				got := observe(c.p, s, 0)
				if msg := differ(brute, got, s); msg != "" {
					t.Errorf("%s: %s\n%v", s, msg, c.p)
				}
				if msg := got.redundant(); s == Optimal && msg != "" {
					t.Error(msg)
				}
			}
		})
	}
}
