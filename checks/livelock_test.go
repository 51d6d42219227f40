package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// polite seats n goroutines who need two locks each, and give the first back
// when they cannot have the second. retry decides, after each failure, whether
// to go on; before is what somebody does before trying.
func polite(n int, before func(g *sim.G, i int), retry func(g *sim.G, failures int) bool) func(*sim.G) {
	return func(g *sim.G) {
		locks := make([]sim.Mutex, n)
		team(g, n, "polite", func(g *sim.G, i int) {
			for failures := 1; ; failures++ {
				before(g, i)
				locks[i].Lock(g)
				if locks[(i+1)%n].TryLock(g) {
					locks[(i+1)%n].Unlock(g)
					locks[i].Unlock(g)
					return
				}
				locks[i].Unlock(g)
				if !retry(g, failures) {
					return
				}
			}
		})
	}
}

func nothing(*sim.G, int) {}

func forEver(*sim.G, int) bool { return true }

func livelocks() []twin {
	return []twin{
		{"livelock: two who give way to each other", polite(2, nothing, forEver)},
		{"livelock: five, with a yield", polite(5, nothing, func(g *sim.G, _ int) bool { g.Yield(); return true })},
		{"livelock: fingerprints", polite(2, func(g *sim.G, _ int) { g.Fingerprint(1) }, forEver)},
		{"livelock: flags", func(g *sim.G) {
			flags := []sim.AtomicInt[int]{{Name: "flag 1"}, {Name: "flag 2"}}
			team(g, 2, "polite", func(g *sim.G, i int) {
				for {
					flags[i].Store(g, 1)
					if flags[1-i].CompareAndSwap(g, 0, 0) {
						flags[i].Store(g, 0)
						return
					}
					flags[i].Store(g, 0)
				}
			})
		}},
		{"livelock: units of a semaphore", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 2}
			team(g, 2, "greedy", func(g *sim.G, _ int) {
				for {
					s.Acquire(g, 1)
					if s.TryAcquire(g, 1) {
						s.Release(g, 2)
						return
					}
					s.Release(g, 1)
				}
			})
		}},
		{"livelock: after you", afterYou(unmarked)},
		{"livelock: after you, with fingerprints", afterYou(func(g *sim.G) { g.Fingerprint(1) })},
		{"livelock: husband and wife with one spoon", spoon(true)},
		{"livelock: polling for each other", pollEachOther(false)},
		{"fixed: one sets its flag first", pollEachOther(true)},
		{"fixed: the spoon goes to whoever takes it", spoon(false)},
		{"fixed: after you, once", func(g *sim.G) {
			flags := make([]sim.AtomicInt[int], 2)
			team(g, 2, "polite", func(g *sim.G, i int) {
				flags[i].Store(g, 1)
				for i == 1 && flags[0].Load(g) == 1 {
					flags[1].Store(g, 0)
					flags[1].Store(g, 1)
				}
				flags[i].Store(g, 0)
			})
		}},
		{"fixed: polls while somebody reads", pollWhile(40)},
		{"fixed: polls while somebody reads for longer than there are steps", pollWhile(1500)},
		{"fixed: polls while somebody writes the same again and again", func(g *sim.G) {
			done, busy := sim.NewChan[int](0), sim.AtomicInt[int]{Name: "busy"}
			worker := g.Go("worker", func(g *sim.G) {
				for range 1500 {
					busy.Store(g, 1)
					busy.Load(g)
				}
				done.Close(g)
			})
			for sim.Select(g, done.OnReceive(nil, nil), sim.Default()) != 0 {
			}
			worker.Join(g)
		}},
		{"fixed: tries a lock behind which somebody reads", func(g *sim.G) {
			mu, v := sim.Mutex{Name: "mu"}, make([]sim.Var[int], 60)
			holder := g.Go("holder", func(g *sim.G) {
				mu.Lock(g)
				for i := range v {
					v[i].Load(g)
				}
				mu.Unlock(g)
			})
			for !mu.TryLock(g) {
			}
			mu.Unlock(g)
			holder.Join(g)
		}},
		{"fixed: works for ever, and looks whether to stop", func(g *sim.G) {
			quit, n := sim.NewChan[int](0), sim.AtomicInt[int]{Name: "n"}
			team(g, 2, "worker", func(g *sim.G, _ int) {
				for sim.Select(g, quit.OnReceive(nil, nil), sim.Default()) != 0 {
					n.Store(g, 1)
				}
			})
		}},
		{"fixed: by turns, for ever", func(g *sim.G) {
			turn, work := sim.AtomicInt[int]{Name: "turn"}, sim.Var[int]{Name: "work"}
			team(g, 2, "worker", func(g *sim.G, i int) {
				for {
					if turn.Load(g) == i {
						work.Store(g, i)
						turn.Store(g, 1-i)
					}
				}
			})
		}},
		{"fixed: waits for a random time before it tries again", func(g *sim.G) {
			locks := make([]sim.Mutex, 2)
			team(g, 2, "polite", func(g *sim.G, i int) {
				for {
					g.Fingerprint(1)
					locks[i].Lock(g)
					if locks[1-i].TryLock(g) {
						locks[1-i].Unlock(g)
						locks[i].Unlock(g)
						return
					}
					locks[i].Unlock(g)
					for range g.Choose(3) {
						g.Yield()
					}
				}
			})
		}},
		{"fixed: somebody else is sure to get on", func(g *sim.G) {
			a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
			g.Go("waits", func(g *sim.G) {
				a.Lock(g)
				b.Lock(g)
				b.Unlock(g)
				a.Unlock(g)
			})
			for {
				b.Lock(g)
				if a.TryLock(g) {
					break
				}
				b.Unlock(g)
				g.Yield()
			}
		}},
		{"fixed: one order for both", func(g *sim.G) {
			a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
			team(g, 2, "polite", func(g *sim.G, _ int) {
				for {
					a.Lock(g)
					if b.TryLock(g) {
						b.Unlock(g)
						a.Unlock(g)
						return
					}
					a.Unlock(g)
				}
			})
		}},
		{"fixed: tries a few times", polite(2, nothing, func(_ *sim.G, failures int) bool { return failures < 5 })},
		{"fixed: tries many times, then gives up", polite(2, nothing, func(_ *sim.G, failures int) bool { return failures < 40 })},
		{"fixed: says that there is progress", polite(2, func(g *sim.G, _ int) { g.Progress() }, forEver)},
		{"fixed: works for ever", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			team(g, 2, "worker", func(g *sim.G, _ int) {
				for {
					mu.Lock(g)
					mu.Unlock(g)
				}
			})
		}},
		{"fixed: tries for ever, and succeeds", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			team(g, 2, "worker", func(g *sim.G, _ int) {
				for {
					if mu.TryLock(g) {
						mu.Unlock(g)
					}
				}
			})
		}},
		{"fixed: a compare-and-swap fails only when another one succeeds", func(g *sim.G) {
			n := sim.AtomicInt[int]{Name: "n"}
			team(g, 3, "adder", func(g *sim.G, _ int) {
				for {
					old := n.Load(g)
					if n.CompareAndSwap(g, old, old+1) {
						return
					}
				}
			})
		}},
	}
}

// afterYou has two who want something, and do without while the other one wants
// it too.
func afterYou(before func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		flags := []sim.AtomicInt[int]{{Name: "flag 1"}, {Name: "flag 2"}}
		team(g, 2, "polite", func(g *sim.G, i int) {
			for {
				before(g)
				flags[i].Store(g, 1)
				if flags[1-i].Load(g) == 0 {
					flags[i].Store(g, 0)
					return
				}
				flags[i].Store(g, 0)
			}
		})
	}
}

// spoon has a husband and a wife who share a spoon, and who pass it on, if they
// are polite, as long as the other one is hungry.
func spoon(polite bool) func(*sim.G) {
	return func(g *sim.G) {
		mu := sim.Mutex{Name: "table"}
		owner := sim.Var[int]{Name: "owner"}
		hungry := make([]sim.Var[bool], 2)
		for i := range hungry {
			hungry[i].Store(g, true)
		}
		team(g, 2, "eater", func(g *sim.G, i int) {
			for {
				g.Fingerprint(1)
				mu.Lock(g)
				if owner.Load(g) != i {
					mu.Unlock(g)
					g.Yield()
					continue
				}
				if polite && hungry[1-i].Load(g) {
					owner.Store(g, 1-i)
					mu.Unlock(g)
					continue
				}
				hungry[i].Store(g, false)
				owner.Store(g, 1-i)
				mu.Unlock(g)
				return
			}
		})
	}
}

// pollEachOther has two who wait by polling until the other one is there; one of
// them says so before it waits, if it is fixed.
func pollEachOther(fixed bool) func(*sim.G) {
	return func(g *sim.G) {
		there := []sim.Atomic[bool]{{Name: "there 1"}, {Name: "there 2"}}
		team(g, 2, "poller", func(g *sim.G, i int) {
			if fixed && i == 0 {
				there[i].Store(g, true)
			}
			for !there[1-i].Load(g) {
			}
			there[i].Store(g, true)
		})
	}
}

// pollWhile polls until a worker is done that only reads, so often.
func pollWhile(reads int) func(*sim.G) {
	return func(g *sim.G) {
		v, done := sim.Var[int]{Name: "v"}, sim.NewChan[int](0)
		worker := g.Go("worker", func(g *sim.G) {
			for range reads {
				v.Load(g)
			}
			done.Close(g)
		})
		for sim.Select(g, done.OnReceive(nil, nil), sim.Default()) != 0 {
		}
		worker.Join(g)
	}
}

// A livelock is reported of each program that has one, within a few executions
// of a random walk, and of no other.
func TestLivelockTwins(t *testing.T) {
	t.Parallel()
	for _, c := range livelocks() {
		t.Run(c.name, func(t *testing.T) {
			r, err := checks.Explore(c.program, checks.Options{Seed: 1, ExecutionsMax: 30, StepsMax: 2000, KeepGoing: true})
			if err != nil {
				t.Fatal(err)
			}
			if got := slices.Contains(kinds(r), checks.Livelock); got != strings.HasPrefix(c.name, "livelock") {
				t.Errorf("reported: %v; found %v, outcomes %v", got, summaries(r.Findings), r.Outcomes)
			}
		})
	}
}

// A livelock is proved when the program tells all that goroutines remember;
// otherwise the finding says that it is no proof. Its token leads to it.
func TestLivelockIsDescribed(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"livelock: fingerprints":                   "the state is the same after every 6 steps: it can go on for ever",
		"livelock: two who give way to each other": "the objects are the same after every 6 steps; that is no proof",
		"livelock: flags":                          "polite 1 fails to swap flag 2, polite 2 fails to swap flag 1",
		"livelock: units of a semaphore":           "greedy 1 fails to acquire s",
	} {
		all := livelocks()
		p := all[slices.IndexFunc(all, func(t twin) bool { return t.name == name })].program
		r, err := checks.Explore(p, checks.Options{Seed: 1, Primary: checks.Livelock, StepsMax: 2000})
		if err != nil || len(r.Findings) != 1 || !strings.Contains(r.Findings[0].Summary, want) {
			t.Errorf("%s: not said: %q: %v, error %v", name, want, summaries(r.Findings), err)
			continue
		}
		again, err := checks.ReplayToken(p, r.Findings[0].Token, checks.Options{}, nil)
		if err != nil || !slices.ContainsFunc(again, func(f checks.Finding) bool { return f.Kind == checks.Livelock }) {
			t.Errorf("%s: the token shows %v, error %v", name, summaries(again), err)
		}
	}
}

// The token of every livelock leads to it again.
func TestLivelockIsReplayed(t *testing.T) {
	t.Parallel()
	for _, c := range livelocks() {
		if !strings.HasPrefix(c.name, "livelock") {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			r, err := checks.Explore(c.program, checks.Options{Strategy: "optimal", Primary: checks.Livelock, StepsMax: 1000})
			if err != nil || len(r.Findings) != 1 {
				t.Fatalf("%v, error %v", summaries(r.Findings), err)
			}
			f := r.Findings[0]
			again, err := checks.ReplayToken(c.program, f.Token, checks.Options{}, nil)
			if err != nil || !slices.ContainsFunc(again, func(g checks.Finding) bool {
				return g.Kind == f.Kind && slices.Equal(g.Goroutines, f.Goroutines) && slices.Equal(g.Objects, f.Objects)
			}) {
				t.Errorf("the token shows %v, not %q, error %v", summaries(again), f.Summary, err)
			}
		})
	}
}

// A livelock that is proved is explained by one lap.
func TestLivelockIsExplained(t *testing.T) {
	t.Parallel()
	program := polite(2, func(g *sim.G, _ int) { g.Fingerprint(1) }, forEver)
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal"})
	if err != nil || len(r.Findings) != 1 {
		t.Fatalf("%v, error %v", summaries(r.Findings), err)
	}
	e, err := checks.Explain(program, r.Findings[0], checks.ExplainOptions{Executions: 20})
	if err != nil || e.Kind != string(checks.Livelock) || e.Shrunk.Steps > 30 {
		t.Errorf("explained as %q by %d steps, error %v", e.Kind, e.Shrunk.Steps, err)
	}
}

// Programs that retry or poll, and are explored completely, have no livelock.
func TestNoLivelockWhereAllIsExplored(t *testing.T) {
	t.Parallel()
	for name, program := range map[string]func(*sim.G){
		"gives up": polite(2, nothing, func(_ *sim.G, failures int) bool { return failures < 2 }),
		"one takes precedence": func(g *sim.G) {
			flags := []sim.AtomicInt[int]{{Name: "flag 1"}, {Name: "flag 2"}}
			team(g, 2, "polite", func(g *sim.G, i int) {
				flags[i].Store(g, 1)
				for flags[1-i].Load(g) == 1 {
					if i == 0 {
						break
					}
					flags[1].Store(g, 0)
					g.Yield()
				}
				flags[i].Store(g, 0)
			})
		},
		"polls, and says so": func(g *sim.G) {
			ready := sim.Atomic[bool]{Name: "ready"}
			other := g.Go("other", func(g *sim.G) { ready.Store(g, true) })
			for !ready.Load(g) {
				g.Yield()
			}
			other.Join(g)
		},
	} {
		r, err := checks.Explore(program, checks.Options{Strategy: "optimal", Judges: checks.AllJudges()})
		if err != nil || !r.Complete || len(r.Findings) != 0 {
			t.Errorf("%s: complete %v, found %v, error %v", name, r.Complete, summaries(r.Findings), err)
		}
	}
}

func summaries(findings []checks.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, string(f.Kind)+": "+f.Summary)
	}
	return out
}
