package sim

import "github.com/interleave-go/interleave/internal/object"

// A Locker can be locked and unlocked: a *Mutex, a *RWMutex, or its RLocker.
type Locker interface {
	Lock(g *G)
	Unlock(g *G)
}

// A Mutex is sync.Mutex: any goroutine may unlock it. The zero value is
// unlocked.
type Mutex struct {
	Name string
	id   ident
}

// Lock blocks until the mutex is free and takes it.
func (m *Mutex) Lock(g *G) {
	g.check()
	g.ask(object.Lock, m.touch(g), 0, 0)
}

// TryLock takes the mutex if it is free and reports whether it did.
func (m *Mutex) TryLock(g *G) bool {
	g.check()
	e := g.ask(object.TryLock, m.touch(g), 0, 0)
	return g.took(e)
}

// Unlock frees the mutex. An unlock of an unlocked mutex ends the execution as
// a misuse; Go cannot recover from it either.
func (m *Mutex) Unlock(g *G) {
	g.check()
	g.ask(object.Unlock, m.touch(g), 0, 0)
}

// UnlockBoth frees two mutexes in one event, which Go has not: models do so
// where it does not matter what comes between. A mutex that is not locked ends
// the execution as a misuse.
func UnlockBoth(g *G, first, second *Mutex) {
	g.check()
	one, other := first.touch(g), second.touch(g)
	g.ask(object.UnlockBoth, one, other, 0)
}

func (m *Mutex) touch(g *G) int32 {
	return g.touch(&m.id, spec{kind: object.Mutex, name: &m.Name})
}

// took reports whether a try took what it tried.
func (g *G) took(e *Event) bool { return g.x.parts[e.parts].Effect != object.Nothing }

// A RWMutex is sync.RWMutex: a writer that waits keeps new readers out, and
// its Unlock lets all of them in ahead of the next writer. The zero value is
// unlocked.
type RWMutex struct {
	Name string
	id   ident
}

// RLock blocks while a writer holds the lock or waits for it.
func (m *RWMutex) RLock(g *G) {
	g.check()
	i := m.touch(g)
	e := g.ask(object.RLock, i, 0, 0)
	if g.x.parts[e.parts].Effect == object.ReaderQueued {
		g.ask(object.RGranted, i, m.unlocks(g), 0)
	}
}

// unlocks is the ticket of a reader that has queued.
func (m *RWMutex) unlocks(g *G) int32 { return g.x.world.Objects[m.id.index].State[5] }

// TryRLock takes the lock for reading unless a writer holds it or waits, and
// reports whether it did.
func (m *RWMutex) TryRLock(g *G) bool {
	g.check()
	return g.took(g.ask(object.TryRLock, m.touch(g), 0, 0))
}

// RUnlock undoes one RLock. When no reader holds the lock it ends the
// execution as a misuse.
func (m *RWMutex) RUnlock(g *G) {
	g.check()
	g.ask(object.RUnlock, m.touch(g), 0, 0)
}

// Lock takes the lock for writing: it waits for other writers, announces
// itself, and waits until the readers of that moment have left. Each of the
// three is an event, the last only when there are readers.
func (m *RWMutex) Lock(g *G) {
	g.check()
	i := m.touch(g)
	g.ask(object.WLock, i, 0, 0)
	g.ask(object.WAnnounce, i, 0, 0)
	if g.x.world.Objects[i].State[3] != 0 {
		g.ask(object.WDrained, i, 0, 0)
	}
}

// TryLock takes the lock for writing if nobody holds it, and reports whether it
// did.
func (m *RWMutex) TryLock(g *G) bool {
	g.check()
	return g.took(g.ask(object.TryWLock, m.touch(g), 0, 0))
}

// Unlock frees the lock from writing. When no writer holds it, it ends the
// execution as a misuse.
func (m *RWMutex) Unlock(g *G) {
	g.check()
	g.ask(object.WUnlock, m.touch(g), 0, 0)
}

// RLocker returns a Locker whose Lock and Unlock are RLock and RUnlock.
func (m *RWMutex) RLocker() Locker { return rlocker{m} }

type rlocker struct{ m *RWMutex }

func (r rlocker) Lock(g *G)   { r.m.RLock(g) }
func (r rlocker) Unlock(g *G) { r.m.RUnlock(g) }

func (m *RWMutex) touch(g *G) int32 {
	return g.touch(&m.id, spec{kind: object.RWMutex, name: &m.Name})
}
