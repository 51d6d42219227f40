package sim_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// inOrder checks at every step that NextByPath lists every enabled goroutine,
// in the order of paths, whatever their numbers are.
type inOrder struct {
	*brute
	t *testing.T
}

// Pick implements sim.Scheduler.
func (s inOrder) Pick(x *sim.Execution) sim.Choice {
	var paths []string
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		paths = append(paths, x.Path(g))
	}
	if len(paths) != x.Enabled().Len() || !slices.IsSortedFunc(paths, comparePaths) {
		s.t.Errorf("enabled in the order %v, of %d", paths, x.Enabled().Len())
	}
	return s.brute.Pick(x)
}

// comparePaths orders paths such as main/2/1; the clock comes right after main.
func comparePaths(a, b string) int {
	parse := func(path string) (numbers []int) {
		if path == "clock" {
			return []int{0}
		}
		for _, part := range strings.Split(path, "/")[1:] {
			n, _ := strconv.Atoi(part)
			numbers = append(numbers, n)
		}
		return numbers
	}
	return slices.Compare(parse(a), parse(b))
}

// The order of goroutines is that of their paths also in executions that spawn
// them in another order than the ones before, or that make the clock late.
func TestOrderOfPaths(t *testing.T) {
	t.Parallel()
	r := sim.NewRunner()
	defer r.Close()
	s := inOrder{&brute{}, t}
	program := func(g *sim.G) {
		for range 2 {
			g.Go("", func(g *sim.G) { g.Go("", func(g *sim.G) { g.Sleep(1) }) })
		}
	}
	n := 0
	for more := true; more && n < 20_000; more = s.next() {
		r.Run(program, sim.Options{Scheduler: s, Prefix: s.prefix})
		n++
	}
	if n < 1000 {
		t.Errorf("only %d executions", n)
	}
}
