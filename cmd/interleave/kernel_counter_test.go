package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/kernels/counters"
)

// The plain counter is run until it loses something, but not for ever, and an
// error ends that.
func TestUntilLost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		losing, tries int // which run loses something, 0 for none
		before        int
		lost          int64
	}{{1, 20, 0, 1}, {3, 20, 2, 1}, {0, 20, 19, 0}, {3, 2, 1, 0}, {0, 1, 0, 0}} {
		runs := 0
		r, err := untilLost(test.tries, func() (run counterRun, err error) {
			if runs++; runs == test.losing {
				run.Lost = 1
			}
			return run, nil
		})
		if err != nil || r.Before != test.before || r.Lost != test.lost {
			t.Errorf("%+v: %d lost in a run after %d, %v", test, r.Lost, r.Before, err)
		}
	}
	bad := errors.New("bad")
	if r, err := untilLost(5, func() (counterRun, error) { return counterRun{}, bad }); err != bad || r.Before != 0 {
		t.Errorf("after %d runs: %v", r.Before, err)
	}
}

// Only the plain counter with several workers is run again, and no more than is
// counted in a second or so.
func TestTriesOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		way     counters.Way
		workers int
		each    int
		atMost  int
	}{{counters.Plain, 2, 1000, 20}, {counters.Plain, 2, 5e7, 20}, {counters.Plain, 2, 4e8, 2}, {counters.Plain, 2, 2e9, 1},
		{counters.Plain, 1, 1000, 1}, {counters.Mutex, 2, 1000, 1}} {
		got := triesOf(test.way, counters.Options{Workers: test.workers, Increments: test.each}, 2)
		if got != test.atMost {
			t.Errorf("%+v: %d tries", test, got)
		}
	}
	if got := triesOf(counters.Plain, counters.Options{Workers: 2, Increments: 1000}, 1); got != 1 {
		t.Errorf("one processor: %d tries", got)
	}
}

// What was done to see a loss is said, and why there may be none.
func TestLossesAreExplained(t *testing.T) {
	t.Parallel()
	plain := func(workers, before int, lost int64) counterRun {
		return counterRun{Result: counters.Result{Way: counters.Plain, Workers: workers, Lost: lost}, Before: before}
	}
	for _, test := range []struct {
		run        counterRun
		processors int
		want       string
	}{
		{plain(2, 0, 5), 2, ""},
		{plain(1, 0, 0), 2, ""},
		{plain(2, 3, 5), 2, "plain with 2 workers: 3 runs before the one above lost nothing."},
		{plain(4, 19, 0), 2, "plain with 4 workers: 20 runs lost nothing: the workers"},
		{plain(4, 0, 0), 2, "plain with 4 workers: 1 run lost nothing: the workers"},
		{plain(2, 0, 0), 1, "there is one processor"},
	} {
		var out bytes.Buffer
		writeLosses(&out, []counterRun{test.run}, test.processors)
		got := strings.Join(strings.Fields(out.String()), " ")
		if !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%+v: %q, want %q", test.run, got, test.want)
		}
	}
}
