package search_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/internal/killed"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// ledger keeps the length and a hash of every execution, in the order of jobs.
type ledger struct{ Lines []uint32 }

func (l *ledger) Begin() search.Visitor { return &ledger{} }

func (l *ledger) Merge(v search.Visitor) { l.Lines = append(l.Lines, v.(*ledger).Lines...) }

func (l *ledger) Restart() { l.Lines = nil }

func (l *ledger) Visit(x *sim.Execution) bool {
	h := uint32(2166136261)
	for i := range x.Events() {
		e := &x.Events()[i]
		for _, b := range []byte(x.Path(e.G()) + string(rune(e.Op()))) {
			h = (h ^ uint32(b)) * 16777619
		}
	}
	l.Lines = append(l.Lines, h)
	return true
}

func (l *ledger) MarshalBinary() ([]byte, error) { return json.Marshal(l.Lines) }

func (l *ledger) UnmarshalBinary(data []byte) error { return json.Unmarshal(data, &l.Lines) }

// long is the search that is disturbed.
func long() (func(*sim.G), search.Options) {
	return fresh(programs["inc"], 4), search.Options{Strategy: search.Optimal, Workers: 2, SplitEvery: 16,
		Checkpoint: search.Checkpoint{Program: "inc 4", Version: "test"}}
}

// A search that is interrupted and resumed again and again sees what one sees
// that nobody disturbs, in the same order.
func TestResume(t *testing.T) {
	_, o := long()
	r := rand.New(rand.NewPCG(1, 1))
	for name, program := range map[string]func(*sim.G){"inc": fresh(programs["inc"], 4), "readers": fresh(programs["readers"], 9),
		"phil-trylock": fresh(programs["phil-trylock"], 6), "surprising": surprising} {
		var want ledger
		undisturbed, err := search.Explore(program, o, &want)
		if err != nil {
			t.Fatal(err)
		}
		for _, workers := range []int{1, 3} {
			for range 10 {
				got, result, times := resumed(t, program, workers, r)
				if result != undisturbed || fmt.Sprint(got.Lines) != fmt.Sprint(want.Lines) {
					t.Fatalf("%s, resumed %d times: %+v, %d seen; undisturbed: %+v, %d seen", name, times, result, len(got.Lines),
						undisturbed, len(want.Lines))
				}
			}
		}
	}
}

// resumed interrupts a search after a random number of executions, for as long
// as it is not complete.
func resumed(t *testing.T, program func(*sim.G), workers int, r *rand.Rand) (ledger, search.Result, int) {
	_, o := long()
	o.Workers = workers
	o.Checkpoint.Save = func(data []byte) error { o.Resume = data; return nil }
	for times := 0; ; times++ {
		left := 40 + r.IntN(200)
		calls := make(chan struct{}, left)
		for range left {
			calls <- struct{}{}
		}
		o.Interrupt = func() string {
			select {
			case <-calls:
				return ""
			default:
				return "enough"
			}
		}
		var got ledger
		result, err := search.Explore(program, o, &got)
		if err != nil {
			t.Fatal(err)
		}
		if result.Bound == "" {
			return got, result, times
		}
	}
}

// A search that the bound on executions has cut goes on when it is resumed with a
// larger one, or none, and sees what one sees that had that bound from the start.
func TestResumeBeyondABound(t *testing.T) {
	_, o := long()
	r := rand.New(rand.NewPCG(1, 2))
	for name, program := range map[string]func(*sim.G){"inc": fresh(programs["inc"], 4), "readers": fresh(programs["readers"], 9),
		"phil-trylock": fresh(programs["phil-trylock"], 6)} {
		unbounded, err := search.Explore(program, o, &ledger{})
		if err != nil {
			t.Fatal(err)
		}
		for n := range 6 {
			o := o
			o.Workers, o.SplitEvery = 1+2*(n%2), 16
			o.Checkpoint.Save = func(data []byte) error { o.Resume = data; return nil }
			for o.ExecutionsMax = 1 + r.IntN(90); ; o.ExecutionsMax += 1 + r.IntN(200) {
				if o.ExecutionsMax > unbounded.Executions {
					o.ExecutionsMax = 0
				}
				var got, want ledger
				result, err := search.Explore(program, o, &got)
				if err != nil {
					t.Fatal(err)
				}
				at := o
				at.Resume, at.Checkpoint = nil, search.Checkpoint{}
				start, err := search.Explore(program, at, &want)
				if err != nil || result != start || fmt.Sprint(got.Lines) != fmt.Sprint(want.Lines) {
					t.Fatalf("%s, at most %d: %+v, %d seen; from the start: %+v, %d seen, error %v", name, o.ExecutionsMax,
						result, len(got.Lines), start, len(want.Lines), err)
				}
				if result.Bound == "" {
					break
				}
			}
		}
	}
}

// A checkpoint of something else is refused, and so is one that is damaged, each
// with the reason.
func TestResumeRefuses(t *testing.T) {
	program, o := long()
	var data []byte
	o.Checkpoint.Save = func(d []byte) error { data = d; return nil }
	if _, err := search.Explore(program, o, &ledger{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(o *search.Options) func(*sim.G)
		want   string
	}{
		{"program", func(o *search.Options) func(*sim.G) { o.Checkpoint.Program = "inc 5"; return program }, `is of "inc 4"`},
		{"version", func(o *search.Options) func(*sim.G) { o.Checkpoint.Version = "2"; return program }, `by version "test"`},
		{"options", func(o *search.Options) func(*sim.G) { o.StepsMax = 7; return program }, "other options"},
		{"tree", func(o *search.Options) func(*sim.G) { o.TreeMax = 7; return program }, "other options"},
		{"relation", func(o *search.Options) func(*sim.G) { o.Relation = search.ChannelRelation; return program }, "relation slot"},
		{"division", func(o *search.Options) func(*sim.G) { o.SplitEvery = 17; return program }, "split every 16"},
		{"strategy", func(o *search.Options) func(*sim.G) { o.Strategy = search.Source; return program }, "strategy optimal"},
		{"budget", func(o *search.Options) func(*sim.G) {
			o.Strategy, o.Budget = search.Bounded, search.Budget{Cost: search.Preemptions, Max: 2}
			return program
		}, "cannot be saved"},
		{"body", func(*search.Options) func(*sim.G) { return fresh(programs["inc"], 3) }, "first execution differs"},
		{"flipped", func(o *search.Options) func(*sim.G) { o.Resume[len(data)/2] ^= 1; return program }, "damaged"},
		{"cut", func(o *search.Options) func(*sim.G) { o.Resume = data[:len(data)-9]; return program }, "damaged or cut short"},
		{"empty", func(o *search.Options) func(*sim.G) { o.Resume = []byte{}; return program }, "no checkpoint"},
		{"format", func(o *search.Options) func(*sim.G) {
			o.Resume = []byte("interleave checkpoint 9 sha256 00\n{}")
			return program
		}, "another format"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := o
			o.Resume = append([]byte(nil), data...)
			_, err := search.Explore(c.change(&o), o, &ledger{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// A search by preemptions or delays is not saved, under either of its strategies,
// rather than saved without its state.
func TestCheckpointRefused(t *testing.T) {
	program, o := long()
	o.Checkpoint.Save = func([]byte) error { t.Error("saved"); return nil }
	for _, s := range []search.Strategy{search.Bounded, search.DFS} {
		o.Strategy, o.Budget = s, search.Budget{Cost: search.Delays, Max: 1}
		if _, err := search.Explore(program, o, &ledger{}); err == nil || !strings.Contains(err.Error(), "cannot be saved") {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// A disturbed search is one that is killed again and again.
type disturbed struct {
	program func(*sim.G)
	opt     search.Options
	every   int // executions between two checkpoints
	kills   int
}

// killedSearches are those of TestKilled, of three strategies and divided in three
// ways.
func killedSearches() map[string]disturbed {
	of := func(s search.Strategy, relation search.Relation, every int) search.Options {
		return search.Options{Strategy: s, Relation: relation, SplitEvery: every, Workers: 2}
	}
	sample := of(search.Random, search.SlotRelation, 16)
	sample.ExecutionsMax = 300
	return map[string]disturbed{
		"inc":          {fresh(programs["inc"], 4), of(search.Optimal, search.SlotRelation, 16), 25, 80},
		"dfs":          {fresh(programs["inc"], 2), of(search.DFS, search.SlotRelation, 4), 5, 40},
		"phil-trylock": {fresh(programs["phil-trylock"], 5), of(search.Source, search.SlotRelation, 16), 15, 30},
		"chan-np1c":    {fresh(programs["chan-np1c"], 3), of(search.Sleep, search.ChannelRelation, 8), 12, 30},
		"random":       {fresh(programs["inc"], 3), sample, 20, 20},
	}
}

func TestMain(m *testing.M) {
	killed.Main(child)
	os.Exit(m.Run())
}

// child explores with a checkpoint in a file, from where it stands there, and
// returns what it has seen. Its argument is the name of the search and the path
// of the file.
func child(argument string) (string, error) {
	name, path, _ := strings.Cut(argument, " ")
	d := killedSearches()[name]
	o := d.opt
	o.Checkpoint = search.Checkpoint{Every: d.every, Program: name,
		Save: killed.Save(func(data []byte) error { return atomicfile.Write(path, data) })}
	data, err := os.ReadFile(path)
	if err == nil {
		o.Resume = data
	} else if !os.IsNotExist(err) {
		return "", err
	}
	var l ledger
	r, err := search.Explore(d.program, o, &l)
	return outcome(r, l), err
}

func outcome(r search.Result, l ledger) string { return fmt.Sprintf("%+v %v", r, l.Lines) }

// Searches that are killed 200 times in all, at any moment, also while they write
// their checkpoint, end with what those end with that nobody disturbs.
func TestKilled(t *testing.T) {
	t.Parallel()
	for name, d := range killedSearches() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want ledger
			result, err := search.Explore(d.program, d.opt, &want)
			if err != nil {
				t.Fatal(err)
			}
			if result.Jobs < 5 {
				t.Errorf("%d jobs: it is hardly divided", result.Jobs)
			}
			killSearch(t, name, d.kills, outcome(result, want))
		})
	}
}

// killSearch kills a search so often, and compares what it ends with whenever it
// ends.
func killSearch(t *testing.T, name string, kills int, want string) {
	t.Helper()
	r := rand.New(rand.NewPCG(2, uint64(kills)))
	writing, ends := 0, 0
	path := filepath.Join(t.TempDir(), "checkpoint")
	for n := 0; n < kills || ends == 0; {
		last, got := killed.Run(t, name+" "+path, 1+r.IntN(6+n/20)) // later and later, so that it ends
		if got == "" {
			n++
			if last == killed.Writing {
				writing++
			}
			continue
		}
		ends++
		if got != want {
			t.Fatalf("after %d kills: %.200s; want %.200s", n, got, want)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d of them while writing; %d searches came to their end", kills, writing, ends)
	if writing < kills/10 {
		t.Error("too few were killed while writing")
	}
}
