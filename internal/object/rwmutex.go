package object

import "slices"

// The first words of a RWMutex. Location 0 is what readers and a waiting
// writer see of each other, location 1 the writers' mutex. Behind them stand
// the goroutines that hold it for reading, in order and once for every lock,
// then those that queue. Go does not keep them; here they tell a reader that
// gives back its own lock, whose departure commutes with every other reader's
// doing, from one that gives back somebody else's.
const (
	rwWriter = iota // owner+1 of the writers' mutex
	rwAnnounced
	rwReaders
	rwDrain
	rwQueued
	rwUnlocks
	rwHolders
)

// resolveRWMutex follows sync.RWMutex: a writer takes the writers' mutex,
// announces itself, and waits until the readers of that moment have left;
// readers that come meanwhile queue, and the writer's Unlock lets all of them
// in ahead of the next writer. Arrivals and departures of readers commute.
func resolveRWMutex(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	readers := Part{Obj: c.Obj, Arg: c.G, Mode: Plus}
	switch c.Op {
	case RLock:
		readers.Effect = ReaderIn
		if s[rwAnnounced] != 0 {
			readers.Effect = ReaderQueued
		}
	case TryRLock:
		readers.Effect = ReaderIn
		if s[rwAnnounced] != 0 {
			readers = Part{Obj: c.Obj, Mode: Read}
		}
	case RUnlock:
		holders := s[rwHolders : rwHolders+s[rwReaders]]
		if len(holders) == 0 {
			return append(parts, Part{Obj: c.Obj, Mode: Write}), RUnlockOfUnlocked
		}
		readers.Effect = ReaderOut
		if _, own := slices.BinarySearch(holders, c.G); !own {
			readers.Arg, readers.Mode = holders[0], Write
		}
	case RGranted:
		readers.Arg = 0
	default:
		return resolveWriter(s, c, parts)
	}
	return append(parts, readers), NoFault
}

func resolveWriter(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case WLock:
		return append(parts, Part{Obj: c.Obj, Sub: 1, Effect: WriterIn, Arg: c.G + 1, Mode: Write}), NoFault
	case WAnnounce:
		if Broken == "announce" {
			return append(parts, Part{Obj: c.Obj, Effect: WriterAnnounced, Mode: Plus}), NoFault
		}
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
		s = insertReader(s, rwHolders, rwHolders+int(s[rwReaders]), p.Arg)
		s[rwReaders]++
	case ReaderQueued:
		s = insertReader(s, rwHolders+int(s[rwReaders]), len(s), p.Arg)
		s[rwQueued]++
	case ReaderOut:
		at, _ := slices.BinarySearch(s[rwHolders:rwHolders+s[rwReaders]], p.Arg)
		s = slices.Delete(s, rwHolders+at, rwHolders+at+1)
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
	case WriterOut: // no readers are left, so those that queue stand first
		s[rwWriter], s[rwAnnounced] = 0, 0
		s[rwReaders], s[rwQueued] = s[rwQueued], 0
		s[rwUnlocks]++
	}
	return s
}

// insertReader puts a goroutine into its place in the ordered words from first
// to end.
func insertReader(s []int32, first, end int, g int32) []int32 {
	at, _ := slices.BinarySearch(s[first:end], g)
	return slices.Insert(s, first+at, g)
}

// Readers returns the goroutines that hold a RWMutex for reading, once for
// each time.
func (o *Object) Readers() []int32 {
	return o.State[rwHolders : rwHolders+o.State[rwReaders]]
}
