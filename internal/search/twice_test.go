package search

import (
	"math/rand/v2"
	"testing"
)

// A select that lists a channel twice has an alternative for each case, and none of
// them is explored twice.
func TestSelectTwiceTheSame(t *testing.T) {
	for name, p := range map[string]generated{
		"both receive": {
			{{"selecttwice", 0, 1}},
			{{"send", 1, 0}, {"selectsendtwice", 0, 1}}},
		"both receive, unbuffered": {
			{{"selecttwice", 1, 1}},
			{{"usend", 1, 0}, {"selectsendtwice", 1, 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			if message := disagreement(p); message != "" {
				t.Error(message)
			}
		})
	}
	compared := 0
	pool := []string{"selecttwice", "selecttwice", "selectsendtwice", "send", "recv", "usend", "urecv", "close", "selectdef"}
	for seed := range asked(4000) {
		r := rand.New(rand.NewPCG(seed+*firstProgram, 21))
		p := draw(r, pool, 2+r.IntN(2), 2)
		if n := interleavings(p); n > tooMany || n > 400 && *somePrograms == 0 {
			continue
		}
		if compared++; !holds(t, seed, p, property{"disagreement", disagreement}) {
			return
		}
	}
	t.Logf("%d programs were compared", compared)
}
