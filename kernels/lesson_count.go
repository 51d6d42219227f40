package kernels

import (
	"errors"
	"fmt"
	"os"
)

// taskTogether is the counting processes' task.
const taskTogether = "lesson: count together"

// A Sharing is a way for processes to count together.
type Sharing string

// The ways, of which the last three are right; CellByPID is right when no two
// processes have the same remainder.
const (
	Raw           Sharing = "raw"             // read, add, write
	LockPerAccess Sharing = "lock per access" // a lock around the read, and one around the write
	CellByPID     Sharing = "cell by pid"     // raw in a cell chosen by the process's number
	LockAround    Sharing = "lock around"     // a lock around the whole increment
	CellPerWorker Sharing = "cell per worker" // raw, but in a cell of one's own
	AtomicAdd     Sharing = "atomic"          // one instruction
)

// Sharings lists the ways.
func Sharings() []Sharing {
	return []Sharing{Raw, LockPerAccess, CellByPID, LockAround, CellPerWorker, AtomicAdd}
}

// CountOptions say who counts how much.
type CountOptions struct {
	Sharing    Sharing // "" means Raw
	Processes  int     // 0 means 4
	Increments int     // of all processes together; 0 means 1000
	Pause      int     // looks at the counter between reading and writing it; 0 means 200, below 0 none
}

func (o CountOptions) withDefaults() (CountOptions, error) {
	if o.Sharing == "" {
		o.Sharing = Raw
	}
	if o.Processes == 0 {
		o.Processes = 4
	}
	if o.Increments == 0 {
		o.Increments = 1000
	}
	if o.Pause == 0 {
		o.Pause = 200
	}
	o.Pause = max(o.Pause, 0)
	if o.Processes < 1 || o.Increments < 1 {
		return o, fmt.Errorf("%d increments by %d processes: below 1", o.Increments, o.Processes)
	}
	return o, nil
}

// share is the number of increments of one of the processes.
func (o CountOptions) share(number int) int {
	share := o.Increments / o.Processes
	if number < o.Increments%o.Processes {
		share++
	}
	return share
}

// A Count is how counting together went.
type Count struct {
	Wanted     int64
	Counted    int64
	Cells      []int64 // of which Counted is the sum
	PIDs       []int   // in the order of starting
	Cell       []int   // that each process counted in
	AtOnce     int64   // the most processes that were counting at the same time
	ExitsClean bool    // every process did its share
}

// Lost is the number of increments that left no trace.
func (c Count) Lost() int64 { return c.Wanted - c.Counted }

// Collisions is the number of processes beyond the first in each cell.
func (c Count) Collisions() int {
	used := map[int]bool{}
	for _, cell := range c.Cell {
		used[cell] = true
	}
	return len(c.Cell) - len(used)
}

// Words of the shared memory that the counting processes use.
const (
	wordArrived = iota
	wordActive
	wordAtOnce
	wordCells
)

// A counting is the argument of a counting process.
type counting struct {
	CountOptions
	Number  int
	Waiting int // for so many processes to arrive
}

// CountTogether lets processes count in shared memory, all at the same time.
func CountTogether(options CountOptions) (Count, error) { return count(options, false) }

// CountInTurn starts and joins the processes one after another: then no two of
// them ever run at the same time, and even Raw is right.
func CountInTurn(options CountOptions) (Count, error) { return count(options, true) }

func count(options CountOptions, inTurn bool) (Count, error) {
	o, err := options.withDefaults()
	if err != nil {
		return Count{}, fmt.Errorf("count together: %w", err)
	}
	memory, err := NewMemory(wordCells + o.Processes)
	if err != nil {
		return Count{}, fmt.Errorf("count together: %w", err)
	}
	result, err := runCounting(o, memory, inTurn)
	return result, errors.Join(err, memory.Close())
}

func runCounting(o CountOptions, memory *Memory, inTurn bool) (Count, error) {
	result := Count{Wanted: int64(o.Increments), ExitsClean: true}
	spawn := func(number int) Spawn {
		argument := counting{CountOptions: o, Number: number, Waiting: o.Processes}
		if inTurn {
			argument.Waiting = 0
		}
		return Spawn{Task: taskTogether, Argument: argument, Memory: memory, Stderr: os.Stderr}
	}
	for _, number := range rounds(o.Processes, inTurn) {
		started, err := startAll(number.count, func(i int) Spawn { return spawn(number.from + i) })
		if err != nil {
			return result, err
		}
		for _, p := range started {
			cell := 0
			// A process that dies before it sends shows in its exit.
			_ = p.Receive(&cell)
			result.Cell = append(result.Cell, cell)
			result.PIDs = append(result.PIDs, p.ID())
			result.ExitsClean = p.Join().Clean() && result.ExitsClean
		}
	}
	cells := memory.Array(wordCells, o.Processes)
	for i := range cells.Len() {
		result.Cells = append(result.Cells, cells.At(i).Load())
	}
	result.Counted = cells.Sum()
	result.AtOnce = memory.Value(wordAtOnce).Load()
	return result, nil
}

type round struct{ from, count int }

// rounds are the processes that are started together: all, or each alone.
func rounds(processes int, inTurn bool) []round {
	if !inTurn {
		return []round{{0, processes}}
	}
	alone := make([]round, processes)
	for i := range alone {
		alone[i] = round{i, 1}
	}
	return alone
}

// countTogether is one of the counting processes.
func countTogether(w *Worker) error {
	var c counting
	if err := w.Decode(&c); err != nil {
		return err
	}
	cell := c.cell(os.Getpid())
	if err := gate(w.Memory.Value(wordArrived), c.Waiting); err != nil {
		return err
	}
	active, atOnce := w.Memory.Value(wordActive), w.Memory.Value(wordAtOnce)
	now := active.Add(1)
	for most := atOnce.Load(); now > most && !atOnce.CompareAndSwap(most, now); {
		most = atOnce.Load()
	}
	increment := c.increment(w.Memory, w.Memory.Value(wordCells+cell))
	for range c.share(c.Number) {
		if err := increment(); err != nil {
			return err
		}
	}
	active.Add(-1)
	return w.Send(cell)
}

// cell is where the process counts.
func (c counting) cell(pid int) int {
	switch c.Sharing {
	case CellPerWorker:
		return c.Number
	case CellByPID:
		return pid % c.Processes
	}
	return 0
}

// increment is the way of counting, as a function that counts one.
func (c counting) increment(memory *Memory, counter Value) func() error {
	lock := memory.Lock(0)
	raw := func() error {
		n := counter.Load()
		dawdle(counter, c.Pause)
		counter.Store(n + 1)
		return nil
	}
	switch c.Sharing {
	case LockPerAccess:
		return func() error {
			n := int64(0)
			err := lock.Do(func() { n = counter.Load() })
			dawdle(counter, c.Pause)
			return errors.Join(err, lock.Do(func() { counter.Store(n + 1) }))
		}
	case LockAround:
		return func() (err error) {
			lockErr := lock.Do(func() { err = raw() })
			return errors.Join(err, lockErr)
		}
	case AtomicAdd:
		return func() error {
			counter.Add(1)
			return nil
		}
	}
	return raw
}
