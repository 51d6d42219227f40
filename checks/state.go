package checks

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// stateInWords says of a resource what matters to those who wait for it.
func stateInWords(x *sim.Execution, obj int32) string {
	switch {
	case obj == object.NoObject:
		return "nil"
	case obj < 0 && !x.Alive(^obj):
		return "ended"
	case obj < 0 && (x.Enabled().Has(^obj) || x.Pending(^obj).Op == object.Start):
		return "ready"
	case obj < 0:
		return "blocked"
	}
	o := x.World().At(obj)
	st := o.State
	switch o.Kind {
	case object.Mutex:
		return [...]string{"free", "locked"}[min(st[0], 1)]
	case object.RWMutex:
		return readWriteInWords(st)
	case object.Cond:
		return fmt.Sprintf("%d waiting", len(st))
	case object.WaitGroup:
		return fmt.Sprintf("counter %d", st[0])
	case object.Once:
		return [...]string{"not run", "running", "done"}[st[0]]
	case object.Semaphore:
		return fmt.Sprintf("%d of %d taken", st[0], o.Limit)
	case object.Barrier:
		return fmt.Sprintf("%d of %d arrived", st[0], o.Limit)
	case object.Latch:
		return fmt.Sprintf("%d of %d counted", st[0], o.Limit)
	case object.Chan, object.Rendezvous:
		return channelInWords(o)
	}
	return ""
}

// The words of a RWMutex's and a channel's state: see package object.
const (
	rwAnnounced = 1
	rwReaders   = 2
	rwDrain     = 3
	rwQueued    = 4

	chanClosed   = 0
	chanReceived = 1
	chanSent     = 2
)

func readWriteInWords(st []int32) string {
	switch {
	case st[rwAnnounced] != 0 && st[rwDrain] != 0:
		return fmt.Sprintf("a writer waits for %s", plural(int(st[rwDrain]), "reader"))
	case st[rwAnnounced] != 0:
		return "locked for writing"
	case st[rwReaders] != 0:
		return plural(int(st[rwReaders]), "reader")
	}
	return "free"
}

func channelInWords(o *object.Object) string {
	st := o.State
	if o.CloseOnly() {
		return [...]string{"open", "closed"}[st[chanClosed]]
	}
	var words []string
	if st[chanClosed] != 0 {
		words = append(words, "closed")
	}
	if o.Kind == object.Rendezvous {
		words = append(words, "unbuffered")
		senders, receivers := o.Waiting()
		if senders > 0 {
			words = append(words, plural(senders, "sender"))
		}
		if receivers > 0 {
			words = append(words, plural(receivers, "receiver"))
		}
		return strings.Join(words, ", ")
	}
	switch n := st[chanSent] - st[chanReceived]; n {
	case 0:
		words = append(words, "empty")
	case o.Limit:
		words = append(words, "full")
	default:
		words = append(words, fmt.Sprintf("%d of %d", n, o.Limit))
	}
	return strings.Join(words, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
