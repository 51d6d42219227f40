package search

import "github.com/interleave-go/interleave/internal/object"

// yieldEnabled reports whether a yield could go on without event i and what
// depends on it: whether another write came after what it read.
func (d *dpor) yieldEnabled(a *attempt, i int32) bool {
	if a.quiet >= 0 && i >= a.quiet {
		return true
	}
	t, reads := d.trace, 0
	last := t.yieldBefore(a)
	for _, acc := range a.acc {
		if d.isGate(acc.loc) {
			continue
		}
		reads++
		l := t.location(acc.loc)
		written := false // by another goroutine, after what is looked at
		for k := len(l.entries) - 1; k >= 0 && l.entries[k].event > last; k-- {
			n := &l.entries[k]
			switch own := t.events[n.event].g == a.call.G; {
			case n.event >= a.at:
			case own && n.mode == object.Read && written:
				return true
			case !own && n.mode != object.Read && n.event != i && !(n.event > i && t.before(i, n.event)):
				written = true
			}
		}
	}
	return reads == 0
}

// yieldBefore is the goroutine's last yield before an attempt, or -1.
func (t *trace) yieldBefore(a *attempt) int32 {
	own := t.own[a.call.G]
	for k := len(own) - 1; k >= 0; k-- {
		if own[k] < a.at && t.events[own[k]].op == object.Yield {
			return own[k]
		}
	}
	return -1
}
