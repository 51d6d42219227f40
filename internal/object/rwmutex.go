package object

import "slices"

// The first words of a RWMutex; the goroutines that read and those that are
// queued follow, each group in order of their numbers. Location 0 is what
// readers and a waiting writer see of each other, location 1 the writers' mutex.
const (
	rwWriter = iota // owner+1 of the writers' mutex
	rwAnnounced
	rwReaders
	rwDrain
	rwQueued
	rwUnlocks
	rwHolders
)

// Readers returns the goroutines that hold a RWMutex for reading, once for
// each time.
func (o *Object) Readers() []int32 {
	return o.State[rwHolders : rwHolders+o.State[rwReaders]]
}

// resolveRWMutex follows sync.RWMutex: a writer takes the writers' mutex,
// announces itself, and waits until the readers of that moment have left;
// readers that come meanwhile queue, and the writer's Unlock lets all of them
// in ahead of the next writer. Arrivals and departures of readers commute, but
// for the departure of one who never came: that takes away somebody else's.
func resolveRWMutex(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	readers := Part{Obj: c.Obj, Mode: Plus, Arg: c.G}
	switch c.Op {
	case RLock:
		readers.Effect = ReaderIn
		if s[rwAnnounced] != 0 {
			readers.Effect = ReaderQueued
		}
		return append(parts, readers), NoFault
	case TryRLock:
		readers.Effect = ReaderIn
		if s[rwAnnounced] != 0 {
			readers.Effect, readers.Mode = Nothing, Read
		}
		return append(parts, readers), NoFault
	case RUnlock:
		if s[rwReaders] == 0 {
			return append(parts, Part{Obj: c.Obj, Mode: Write}), RUnlockOfUnlocked
		}
		readers.Effect = ReaderOut
		if !slices.Contains(s[rwHolders:rwHolders+s[rwReaders]], c.G) {
			readers.Mode = Write
		}
		return append(parts, readers), NoFault
	case RGranted:
		return append(parts, readers), NoFault
	}
	return resolveWriter(s, c, parts)
}

func resolveWriter(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case WLock:
		return append(parts, Part{Obj: c.Obj, Sub: 1, Effect: WriterIn, Arg: c.G + 1, Mode: Write}), NoFault
	case WAnnounce:
		return append(parts, Part{Obj: c.Obj, Effect: WriterAnnounced, Mode: Write}), NoFault
	case WDrained:
		return append(parts, Part{Obj: c.Obj, Mode: Write}), NoFault
	case TryWLock:
		if s[rwWriter] != 0 || s[rwReaders] != 0 {
			return append(parts, Part{Obj: c.Obj, Mode: Read}, Part{Obj: c.Obj, Sub: 1, Mode: Read}), NoFault
		}
		return append(parts, Part{Obj: c.Obj, Effect: WriterTry, Arg: c.G + 1, Mode: Write},
			Part{Obj: c.Obj, Sub: 1, Mode: Write}), NoFault
	}
	if s[rwAnnounced] == 0 || s[rwDrain] != 0 {
		return append(parts, Part{Obj: c.Obj, Mode: Write}), UnlockOfUnlocked
	}
	return append(parts, Part{Obj: c.Obj, Effect: WriterOut, Mode: Write},
		Part{Obj: c.Obj, Sub: 1, Mode: Write}), NoFault
}

func applyRWMutex(s []int32, p Part) []int32 {
	switch p.Effect {
	case ReaderIn:
		s = insertSorted(s, rwHolders, int(s[rwReaders]), p.Arg)
		s[rwReaders]++
	case ReaderQueued:
		s = insertSorted(s, rwHolders+int(s[rwReaders]), int(s[rwQueued]), p.Arg)
		s[rwQueued]++
	case ReaderOut:
		holders := s[rwHolders : rwHolders+s[rwReaders]]
		at := rwHolders + max(slices.Index(holders, p.Arg), 0)
		s = slices.Delete(s, at, at+1)
		s[rwReaders]--
		if s[rwAnnounced] != 0 {
			s[rwDrain]--
		}
	case WriterIn:
		s[rwWriter] = p.Arg
	case WriterAnnounced:
		s[rwAnnounced], s[rwDrain] = 1, s[rwReaders]
	case WriterTry:
		s[rwWriter], s[rwAnnounced], s[rwDrain] = p.Arg, 1, 0
	case WriterOut:
		s[rwWriter], s[rwAnnounced] = 0, 0
		s[rwReaders], s[rwQueued] = s[rwQueued], 0
		s[rwUnlocks]++
	}
	return s
}

// insertSorted puts v in its place among the n words from at on.
func insertSorted(s []int32, at, n int, v int32) []int32 {
	k := 0
	for k < n && s[at+k] < v {
		k++
	}
	return slices.Insert(s, at+k, v)
}
