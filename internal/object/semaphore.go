package object

// The first words of a Semaphore; the weights of its queue follow.
const (
	semTaken = iota
	semTickets
	semGranted
	semQueue
)

// semaphoreReady: a fair semaphore lets anybody arrive whom it can serve one
// day, and grants later. Who asks for more than there is must not keep the
// queue waiting.
func semaphoreReady(o *Object, weight int32) bool {
	return o.Fair && weight <= o.Limit || weight <= o.Limit-o.State[semTaken]
}

func resolveSemaphore(o *Object, c *Call, parts []Part) ([]Part, Fault) {
	s := o.State
	p := Part{Obj: c.Obj, Arg: c.Arg, Mode: Write}
	fits := c.Arg <= o.Limit-s[semTaken] && len(s) == semQueue
	switch c.Op {
	case Acquire:
		p.Effect = SemTake
		if o.Fair && !fits {
			p.Effect = SemQueue
		}
	case TryAcquire:
		p.Effect = SemTake
		if !fits {
			p.Effect, p.Mode = Nothing, Read
		}
	case Granted:
		p.Mode = Read
	case Release:
		if s[semTaken] < c.Arg {
			return append(parts, Part{Obj: c.Obj, Mode: Write}), ReleasedTooMuch
		}
		p.Effect = SemGive
	}
	return append(parts, p), NoFault
}

// applySemaphore grants the queue in order after a release, as far as it fits.
func applySemaphore(o *Object, p Part) []int32 {
	s := o.State
	switch p.Effect {
	case SemTake:
		s[semTaken] += p.Arg
		return s
	case SemQueue:
		s[semTickets]++
		return append(s, p.Arg)
	}
	s[semTaken] -= p.Arg
	served := 0
	for _, weight := range s[semQueue:] {
		if weight > o.Limit-s[semTaken] {
			break
		}
		s[semTaken] += weight
		s[semGranted]++
		served++
	}
	return append(s[:semQueue], s[semQueue+served:]...)
}
