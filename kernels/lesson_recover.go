package kernels

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// taskRecover is the task of processes that work on a ledger and are killed.
const taskRecover = "lesson: work on a ledger"

// Anywhere is no place that a ledger reaches: the parent kills the process from
// outside, soon after it has heard of it.
const Anywhere Place = "anywhere"

// RecoverOptions say what is done, and how often and where its processes die.
type RecoverOptions struct {
	Chunks    int   // 0 means 200
	Processes int   // at a time; 0 means 2
	Kills     int   // 0 means 100, below 0 none
	Place     Place // "" means InChunk
}

func (o RecoverOptions) withDefaults() (RecoverOptions, error) {
	if o.Chunks == 0 {
		o.Chunks = 200
	}
	if o.Processes == 0 {
		o.Processes = 2
	}
	if o.Kills == 0 {
		o.Kills = 100
	}
	if o.Place == "" {
		o.Place = InChunk
	}
	o.Kills = max(o.Kills, 0)
	if o.Chunks < 1 || o.Processes < 1 {
		return o, fmt.Errorf("%d chunks for %d processes: below 1", o.Chunks, o.Processes)
	}
	return o, nil
}

// A Recovery is how it went.
type Recovery struct {
	Killed    int // processes that were killed, which the parent noticed
	Redone    int // chunks that had to be done again
	Committed int // chunks that count
	Total     int64
	Wanted    int64 // what Total must be
}

// Recover lets processes work on the chunks of a ledger while some of them are
// killed with SIGKILL. The result of chunk i is (i+1)^2, so that a chunk that
// is missing or counted twice shows in the total.
func Recover(options RecoverOptions) (Recovery, error) {
	o, err := options.withDefaults()
	if err != nil {
		return Recovery{}, fmt.Errorf("recover: %w", err)
	}
	memory, err := NewMemory(1 + LedgerWords(o.Chunks))
	if err != nil {
		return Recovery{}, fmt.Errorf("recover: %w", err)
	}
	memory.Value(0).Store(int64(o.Kills))
	r := recovery{options: o, memory: memory, ledger: NewLedger(memory, 1, o.Chunks, 0)}
	err = r.run()
	for i := range o.Chunks {
		r.result.Wanted += chunkResult(i)
	}
	r.result.Committed, r.result.Total = r.ledger.Total()
	if err = errors.Join(err, memory.Close()); err != nil {
		return r.result, fmt.Errorf("recover: %w", err)
	}
	return r.result, nil
}

func chunkResult(chunk int) int64 { return int64(chunk+1) * int64(chunk+1) }

// A recovery is the parent's side: it replaces every process that is killed.
type recovery struct {
	options RecoverOptions
	memory  *Memory
	ledger  *Ledger
	mu      sync.Mutex
	result  Recovery
	err     error
}

func (r *recovery) run() error {
	var slots sync.WaitGroup
	for range r.options.Processes {
		slots.Go(func() {
			for r.oneProcess() {
			}
		})
	}
	slots.Wait()
	return r.err
}

// oneProcess starts a process, waits for its end and draws the consequences. It
// reports whether another process must take its place.
func (r *recovery) oneProcess() (again bool) {
	p, err := Start(Spawn{Task: taskRecover, Argument: r.options, Memory: r.memory, Stderr: os.Stderr})
	if err != nil {
		return r.fail(err)
	}
	err = r.watch(p)
	exit := p.Join()
	if err != nil || exit.Clean() {
		return r.fail(err)
	}
	if exit.Signal != "killed" {
		return r.fail(fmt.Errorf("process %d: %v", p.ID(), exit))
	}
	redone, err := r.ledger.Release(p.ID())
	if err != nil {
		return r.fail(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Killed++
	r.result.Redone += redone
	return true
}

// fail keeps the first error, if it is one. It returns false: no other process.
func (r *recovery) fail(err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
	return false
}

// watch receives the word that a chunk has begun, which is when to kill the
// process from outside, if that is how.
func (r *recovery) watch(p *Process) error {
	kills, isKilled := r.memory.Value(0), r.options.Place != Anywhere
	for {
		var chunk int
		err := p.Receive(&chunk)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return errors.Join(err, p.Kill())
		}
		if isKilled {
			continue
		}
		// A process that dies has sent more by then: it is killed once.
		isKilled = true
		if kills.Add(-1) >= 0 {
			if err := p.Kill(); err != nil {
				return err
			}
		}
	}
}

// workLedger is one of the processes.
func workLedger(w *Worker) error {
	var o RecoverOptions
	if err := w.Decode(&o); err != nil {
		return err
	}
	ledger, kills := NewLedger(w.Memory, 1, o.Chunks, 0), w.Memory.Value(0)
	ledger.at = func(place Place) {
		if place == o.Place && kills.Add(-1) >= 0 {
			die()
		}
	}
	for {
		chunk, isLeft, err := ledger.Claim(os.Getpid())
		if err != nil || !isLeft {
			return err
		}
		if err := w.Send(chunk); err != nil {
			return err
		}
		ledger.reach(InChunk)
		if err := ledger.Commit(chunk, os.Getpid(), chunkResult(chunk)); err != nil {
			return err
		}
	}
}
