package search_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// ledger keeps the length and a hash of every execution, in the order of jobs.
type ledger struct{ Lines []uint32 }

func (l *ledger) Begin() search.Visitor { return &ledger{} }

func (l *ledger) Merge(v search.Visitor) { l.Lines = append(l.Lines, v.(*ledger).Lines...) }

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
		"phil-trylock": fresh(programs["phil-trylock"], 6)} {
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

const childVariable = "INTERLEAVE_SEARCH_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		if err := child(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return
	}
	os.Exit(m.Run())
}

// child explores with a checkpoint in a file, from where it stands there. It
// writes a line before and after each write, and what it has seen at the end.
func child(path string) error {
	program, o := long()
	o.Checkpoint.Every = 25
	o.Checkpoint.Save = func(data []byte) error {
		fmt.Println("write")
		defer fmt.Println("written")
		return atomicfile.Write(path, data)
	}
	data, err := os.ReadFile(path)
	if err == nil {
		o.Resume = data
	} else if !os.IsNotExist(err) {
		return err
	}
	var l ledger
	r, err := search.Explore(program, o, &l)
	if err != nil {
		return err
	}
	fmt.Println("result", outcome(r, l))
	return nil
}

func outcome(r search.Result, l ledger) string { return fmt.Sprintf("%+v %v", r, l.Lines) }

// A search that is killed 200 times, at any moment, also while it writes its
// checkpoint, ends with what one ends with that nobody disturbs.
func TestKilled(t *testing.T) {
	program, o := long()
	var want ledger
	result, err := search.Explore(program, o, &want)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 2))
	const kills = 200
	writing, ends := 0, 0
	path := filepath.Join(t.TempDir(), "checkpoint")
	for n := 0; n < kills; {
		last, got := runChild(t, path, 1+r.IntN(6))
		if got != "" {
			ends++
			if got != outcome(result, want) {
				t.Fatalf("after %d kills: %.200s; want %.200s", n, got, outcome(result, want))
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			continue
		}
		n++
		if last == "write" {
			writing++
		}
	}
	t.Logf("%d kills, %d of them while writing; %d searches came to their end", kills, writing, ends)
	if ends < 3 || writing < kills/10 {
		t.Error("too few searches ended, or too few were killed while writing")
	}
}

// runChild starts a child and kills it after so many lines. It returns the last
// line, and the result if the child came to its end.
func runChild(t *testing.T, path string, lines int) (last, result string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), childVariable+"="+path)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	in.Buffer(nil, 1<<24)
	for n := 0; n < lines && in.Scan(); n++ {
		last = in.Text()
		if r, ok := strings.CutPrefix(last, "result "); ok {
			result = r
		}
	}
	if err := c.Process.Kill(); err != nil && result == "" {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil && result == "" {
		// It ended before the signal came: the rest of its output says how.
		last = "end"
	}
	if _, err := os.Stat(path); err != nil && !os.IsNotExist(err) {
		t.Fatal(err, fs.ErrInvalid)
	}
	return last, result
}
