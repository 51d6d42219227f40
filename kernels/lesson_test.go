package kernels_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/kernels"
)

func ExampleCountTogether() {
	count, err := kernels.CountTogether(kernels.CountOptions{Sharing: kernels.LockAround})
	fmt.Println(count.Counted, count.Lost(), err)
	// Output: 1000 0 <nil>
}

// A process counts in its own memory: nothing arrives at the parent.
func TestCountApart(t *testing.T) {
	t.Parallel()
	got, err := kernels.CountApart(kernels.CountOptions{Processes: 3})
	if err != nil || got.Parent != 0 || fmt.Sprint(got.Workers) != "[334 333 333]" {
		t.Errorf("%+v, %v", got, err)
	}
}

func count(t *testing.T, o kernels.CountOptions) kernels.Count {
	t.Helper()
	c, err := kernels.CountTogether(o)
	if err != nil || !c.ExitsClean {
		t.Fatalf("%+v: %+v, %v", o, c, err)
	}
	return c
}

// The right ways of counting lose nothing, with any number of processes.
func TestRightCounting(t *testing.T) {
	t.Parallel()
	for _, sharing := range []kernels.Sharing{kernels.LockAround, kernels.CellPerWorker, kernels.AtomicAdd} {
		for _, processes := range []int{1, 2, 5} {
			if c := count(t, kernels.CountOptions{Sharing: sharing, Processes: processes}); c.Lost() != 0 {
				t.Errorf("%s with %d processes lost %d", sharing, processes, c.Lost())
			}
		}
	}
}

// The wrong ways lose increments, given enough of them, and never invent any.
func TestWrongCounting(t *testing.T) {
	t.Parallel()
	for _, sharing := range []kernels.Sharing{kernels.Raw, kernels.LockPerAccess} {
		lost := int64(0)
		for attempt := 0; attempt < 20 && lost == 0; attempt++ {
			c := count(t, kernels.CountOptions{Sharing: sharing, Increments: 200_000})
			lost = c.Lost()
			if c.Counted < 1 {
				t.Errorf("%s: %+v", sharing, c)
			}
		}
		if lost <= 0 {
			t.Errorf("%s lost %d of 20 times 200,000", sharing, lost)
		}
	}
}

// A cell chosen by the process's number is shared exactly when two numbers have
// the same remainder.
func TestCellByPID(t *testing.T) {
	t.Parallel()
	c := count(t, kernels.CountOptions{Sharing: kernels.CellByPID, Processes: 6})
	used := map[int]bool{}
	for i, pid := range c.PIDs {
		if c.Cell[i] != pid%6 {
			t.Errorf("process %d counted in cell %d", pid, c.Cell[i])
		}
		used[pid%6] = true
	}
	if c.Collisions() != 6-len(used) {
		t.Errorf("%d collisions of %v", c.Collisions(), c.PIDs)
	}
	if c.Collisions() == 0 && c.Lost() != 0 {
		t.Errorf("lost %d without a collision", c.Lost())
	}
}

// Processes that are joined one by one never run together, so nothing is lost.
func TestCountInTurn(t *testing.T) {
	t.Parallel()
	c, err := kernels.CountInTurn(kernels.CountOptions{Increments: 50_000})
	if err != nil || c.Lost() != 0 || c.AtOnce != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

// Every item is taken once.
func TestShareOut(t *testing.T) {
	t.Parallel()
	shares, err := kernels.ShareOut(kernels.ShareOptions{Processes: 3})
	sum := 0
	for _, s := range shares {
		sum += s
	}
	if err != nil || sum != 1000 || len(shares) != 3 {
		t.Errorf("%v, %v", shares, err)
	}
}

// A process is killed 100 times at each place. Every death is noticed, what was
// not committed is done again, and each chunk counts once.
func TestRecover(t *testing.T) {
	t.Parallel()
	for _, place := range append(kernels.Places(), kernels.Anywhere) {
		t.Run(string(place), func(t *testing.T) {
			t.Parallel()
			o := kernels.RecoverOptions{Chunks: 150, Kills: 100, Place: place}
			if place == kernels.Anywhere {
				o.Chunks = 20_000 // so many that no process ends before it is killed
			}
			got, err := kernels.Recover(o)
			if err != nil {
				t.Fatal(err)
			}
			if got.Killed != 100 || got.Committed != o.Chunks || got.Total != got.Wanted {
				t.Errorf("%+v", got)
			}
			redone := 100
			if place == kernels.AfterCommit {
				redone = 0
			}
			if place != kernels.Anywhere && got.Redone != redone {
				t.Errorf("%d chunks were done again, want %d", got.Redone, redone)
			}
		})
	}
}

// A chunk that was released is no longer the process's to commit.
func TestLedgerRefuses(t *testing.T) {
	t.Parallel()
	ledger := kernels.NewLedger(newMemory(t, kernels.LedgerWords(2)), 0, 2, 0)
	chunk, isLeft, err := ledger.Claim(10)
	if err != nil || !isLeft || chunk != 0 {
		t.Fatal(chunk, isLeft, err)
	}
	if n, err := ledger.Release(10); n != 1 || err != nil {
		t.Errorf("released %d, %v", n, err)
	}
	if err := ledger.Commit(chunk, 10, 1); err == nil {
		t.Error("a released chunk was committed")
	}
	for process := 11; process <= 12; process++ {
		if chunk, _, err = ledger.Claim(process); err != nil {
			t.Fatal(err)
		}
		if err := ledger.Commit(chunk, process, int64(process)); err != nil {
			t.Error(err)
		}
		if err := ledger.Commit(chunk, process, int64(process)); err == nil {
			t.Error("a chunk was committed twice")
		}
	}
	if _, isLeft, err := ledger.Claim(13); isLeft || err != nil {
		t.Errorf("a third of two chunks: %v, %v", isLeft, err)
	}
	if committed, sum := ledger.Total(); committed != 2 || sum != 23 {
		t.Errorf("committed %d, sum %d", committed, sum)
	}
}
