package checks_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/internal/killed"
	"github.com/interleave-go/interleave/sim"
)

// A disturbed exploration is one that is killed again and again.
type disturbed struct {
	program         func(*sim.G)
	opt             checks.Options
	findings, spins bool // that are there to be found
}

func killedExplorations() map[string]disturbed {
	swap := locked(func(g *sim.G, l *sim.AtomicInt[int]) {
		for l.Swap(g, 1) != 0 {
		}
	})
	o := checks.Options{KeepGoing: true, Workers: 2, SplitEvery: 16}
	optimal, dfs, short := o, o, o
	optimal.Strategy, dfs.Strategy, short.Strategy = "optimal", "dfs", "optimal"
	short.StepsMax = 120
	return map[string]disturbed{
		"counters": {counters(4), optimal, true, false},
		"forks":    {forks(2), dfs, true, false},
		"swap":     {swap, short, false, true},
	}
}

func TestMain(m *testing.M) {
	killed.Main(child)
	os.Exit(m.Run())
}

// child explores with a checkpoint in a file, from where it stands there, and
// returns its report. Its argument is the name of the exploration and the path of
// the file.
func child(argument string) (string, error) {
	name, path, _ := strings.Cut(argument, " ")
	d := killedExplorations()[name]
	d.opt.Checkpoint = checks.Checkpoint{Every: 25,
		Save: killed.Save(func(data []byte) error { return atomicfile.Write(path, data) })}
	data, err := os.ReadFile(path)
	if err == nil {
		d.opt.Resume = data
	} else if !os.IsNotExist(err) {
		return "", err
	}
	r, err := checks.Explore(d.program, d.opt)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(r)
	return string(text), err
}

// An exploration that is killed at any moment and resumed reports, findings with
// their tokens, counts and spins, what one does that nobody disturbs.
func TestKilledFindings(t *testing.T) {
	t.Parallel()
	const kills = 20
	for name, d := range killedExplorations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := checks.Explore(d.program, d.opt)
			if err != nil {
				t.Fatal(err)
			}
			if d.findings != (len(want.Findings) > 0) || d.spins != (len(want.Spins) > 0) {
				t.Errorf("%d findings, %d spins", len(want.Findings), len(want.Spins))
			}
			text, err := json.Marshal(want)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(3, 3))
			path := filepath.Join(t.TempDir(), "checkpoint")
			for n, ends := 0, 0; n < kills || ends == 0; {
				_, got := killed.Run(t, name+" "+path, 1+r.IntN(8+n)) // later and later, so that it ends
				if got == "" {
					n++
					continue
				}
				ends++
				if got != string(text) {
					t.Fatalf("after %d kills:\n%s\nundisturbed:\n%s", n, got, text)
				}
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
