package checks

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// mendOf says what to do about a misuse, in one clause; empty for a failure
// that is none.
func mendOf(x *sim.Execution, f *sim.Failure) string {
	if f.Mend != "" {
		return f.Mend
	}
	switch f.Fault {
	case object.UnlockOfUnlocked:
		if st := x.World().At(f.Object); st.Kind == object.RWMutex {
			return "undo Lock with Unlock and RLock with RUnlock, once each"
		}
		return "unlock once for every lock, on the same path: defer it right after the lock"
	case object.RUnlockOfUnlocked:
		return "undo RLock with RUnlock and Lock with Unlock, once each"
	case object.NegativeCounter:
		return "call Add before the goroutine that calls Done is started, and Done once for each"
	case object.ReusedBeforeReturn:
		return "start the next round of Add only after every Wait of this one has returned, or use a new WaitGroup"
	case object.SendOnClosed:
		return "let only the sender close, or close after all senders have been waited for"
	case object.CloseOfClosed:
		return "let one goroutine own the channel and close it, or close it in a sync.Once"
	case object.CloseOfNil:
		return "make the channel before it is closed"
	case object.SendOnCloseOnly:
		return "leave CloseOnly out, which says that nothing is ever sent on the channel"
	case object.ReleasedTooMuch:
		return "release what was acquired, no more"
	case object.UnlockInWait:
		return "lock the condition's L before Wait"
	}
	return ""
}
