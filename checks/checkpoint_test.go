package checks

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// stores are three goroutines that store into one variable.
func stores(g *sim.G) {
	x := sim.AtomicInt[int]{Name: "x"}
	for range 3 {
		g.Go("", func(g *sim.G) { x.Store(g, 1) })
	}
}

// A checkpoint is of one program, version and set of options; another one cannot
// resume, and hears why.
func TestResumeRefuses(t *testing.T) {
	var data []byte
	plain := Options{Strategy: "optimal", KeepGoing: true, Identity: Identity{Scenario: "stores", Parameters: map[string]int{"n": 3}},
		Checkpoint: Checkpoint{Save: func(d []byte) error { data = d; return nil }}}
	if _, err := Explore(stores, plain); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"same":       {func(*Options) {}, ""},
		"workers":    {func(o *Options) { o.Workers = 3 }, ""},
		"name":       {func(o *Options) { o.Identity.Scenario = "loads" }, `is of "stores n=3`},
		"variant":    {func(o *Options) { o.Identity.Variant = "v" }, `is of "stores n=3`},
		"parameters": {func(o *Options) { o.Identity.Parameters = map[string]int{"n": 4} }, `is of "stores n=3`},
		"version":    {func(o *Options) { o.Checkpoint.Version = "v2" }, `by version "github.com/interleave-go/interleave`},
		"keep going": {func(o *Options) { o.KeepGoing = false }, "keep going"},
		"primary":    {func(o *Options) { o.Primary = Deadlock }, "is of"},
		"judges":     {func(o *Options) { o.Judges = Judges()[:1] }, "judged by"},
		"strategy":   {func(o *Options) { o.Strategy = "source" }, "strategy optimal"},
		"seed":       {func(o *Options) { o.Seed = 9 }, ""},
		"two":        {func(o *Options) { o.StepsMax, o.Time = 99, sim.LazyTime }, "with other options: steps 10000 then, steps 99 now; time free then, time lazy now"},
		"executions": {func(o *Options) { o.ExecutionsMax = 9 }, ""},
		"steps":      {func(o *Options) { o.StepsMax = 99 }, "steps 10000"},
		"time":       {func(o *Options) { o.Time = sim.LazyTime }, "time free"},
		"tree":       {func(o *Options) { o.TreeMax = 9 }, "tree 4194304"},
		"split":      {func(o *Options) { o.SplitEvery = 9 }, "split every 1024"},
		"relation":   {func(o *Options) { o.Relation = "channel" }, "relation slot"},
		"bounded":    {func(o *Options) { o.Strategy = "bounded" }, "cannot be saved"},
		"budget":     {func(o *Options) { o.Strategy, o.Budget = "dfs", Budget{"delays", 4} }, "cannot be saved"},
		"all judges": {func(o *Options) { o.Judges = AllJudges() }, "cannot be saved"},
	} {
		t.Run(name, func(t *testing.T) {
			o := plain
			o.Resume = data
			c.change(&o)
			_, err := Explore(stores, o)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// The version of a program names its module, and its revision where the binary
// knows it.
func TestVersionOf(t *testing.T) {
	for want, info := range map[string]*debug.BuildInfo{
		"unknown":       nil,
		"example.com/m": {Main: debug.Module{Path: "example.com/m"}},
		"example.com/m (devel), revision abc, modified": {Main: debug.Module{Path: "example.com/m", Version: "(devel)"},
			Settings: []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}}},
		"example.com/m v1.2.3, revision abc": {Main: debug.Module{Path: "example.com/m", Version: "v1.2.3"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "false"}}},
	} {
		if got := versionOf(info); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
