package explain_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/sim"
)

type simG = sim.G

func TestZZ(t *testing.T) {
	for _, c := range []struct {
		s, v string
		n    int
		mk   bool
	}{{"two-locks", "opposite", 0, false}, {"philosophers", "left-first", 2, false}, {"philosophers", "left-first", 3, false}, {"philosophers", "left-first", 5, false}, {"philosophers", "left-first", 5, true}} {
		s, _ := hazards.Find(c.s)
		v, _ := s.Variant(c.v)
		p := hazards.Params{}
		if c.n > 0 {
			p["n"] = c.n
		}
		p, _ = s.Fill(p)
		id := checks.Identity{Scenario: c.s, Variant: c.v, Parameters: p}
		r, err := checks.Explore(v.Program(p), checks.Options{Seed: 1, Identity: id})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		o := checks.ExplainOptions{Identity: id}
		if c.mk {
			o.Make = func(m map[string]int) func(*simG) { return v.Program(m) }
			o.Least = map[string]int{"n": 2, "rounds": 1}
		}
		e, err := checks.Explain(v.Program(p), r.Findings[0], o)
		if err != nil {
			t.Fatal(err)
		}
		e.Write(os.Stdout, explain.Layout{Replay: "interleave replay"})
		fmt.Println(time.Since(start))
		fmt.Println("=====================")
	}
}
