package kernels

import "fmt"

// The states of a chunk, besides the number of the process that works on it.
const (
	chunkFree      = 0
	chunkCommitted = -1
)

// A Ledger hands chunks of work to processes that may die, and counts each
// chunk once. It stands in shared memory: a state and a result for each chunk.
//
// A chunk is claimed, worked on and committed. Writing the state "committed" is
// one atomic step: before it the chunk counts for nothing, after it for good.
// Whoever notices that a process died must call Release, which frees what that
// process had claimed and not committed, to be done again.
type Ledger struct {
	lock    *Lock
	states  Array
	results Array
	at      func(Place) // called when a place is reached; nil for nothing
}

// A Place is a place in the life of a chunk where its process may die.
type Place string

// The places.
const (
	InClaim      Place = "in claim"      // in the critical section, a chunk marked as claimed
	InChunk      Place = "in chunk"      // amid the work, with no lock held
	BeforeCommit Place = "before commit" // in the critical section, the result written
	AfterCommit  Place = "after commit"  // in the critical section, the chunk committed
)

// Places lists the places.
func Places() []Place { return []Place{InClaim, InChunk, BeforeCommit, AfterCommit} }

// LedgerWords is the room that a ledger takes.
func LedgerWords(chunks int) int { return 2 * chunks }

// NewLedger is the ledger that begins at a word of the region and is guarded by
// one of its locks. Every process that gives the same numbers gets the same
// ledger; in fresh memory, all chunks are free.
func NewLedger(memory *Memory, word, chunks, lock int) *Ledger {
	return &Ledger{
		lock:   memory.Lock(lock),
		states: memory.Array(word, chunks), results: memory.Array(word+chunks, chunks),
	}
}

func (l *Ledger) reach(place Place) {
	if l.at != nil {
		l.at(place)
	}
}

// Claim takes a free chunk for a process. isLeft is false when none is free.
func (l *Ledger) Claim(process int) (chunk int, isLeft bool, err error) {
	err = l.lock.Do(func() {
		for chunk = range l.states.Len() {
			if l.states.At(chunk).Load() == chunkFree {
				l.states.At(chunk).Store(int64(process))
				isLeft = true
				l.reach(InClaim)
				return
			}
		}
	})
	return chunk, isLeft, err
}

// Commit makes a chunk count. It is an error to commit a chunk that the process
// has not claimed, or that was released since.
func (l *Ledger) Commit(chunk, process int, result int64) error {
	owner := int64(process)
	err := l.lock.Do(func() {
		if owner = l.states.At(chunk).Load(); owner != int64(process) {
			return
		}
		l.results.At(chunk).Store(result)
		l.reach(BeforeCommit)
		l.states.At(chunk).Store(chunkCommitted)
		l.reach(AfterCommit)
	})
	if err == nil && owner != int64(process) {
		err = fmt.Errorf("commit chunk %d by process %d: its state is %d", chunk, process, owner)
	}
	return err
}

// Release frees the chunks that a dead process had claimed and not committed,
// and returns how many those were.
func (l *Ledger) Release(process int) (chunks int, err error) {
	err = l.lock.Do(func() {
		for i := range l.states.Len() {
			if l.states.At(i).CompareAndSwap(int64(process), chunkFree) {
				chunks++
			}
		}
	})
	return chunks, err
}

// Total is the number of committed chunks and the sum of their results.
func (l *Ledger) Total() (committed int, sum int64) {
	for i := range l.states.Len() {
		if l.states.At(i).Load() == chunkCommitted {
			committed++
			sum += l.results.At(i).Load()
		}
	}
	return committed, sum
}
