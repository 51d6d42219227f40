package search

import "github.com/interleave-go/interleave/internal/object"

// yieldEnabled reports whether a yield could go on without event i and what
// depends on it: whether another write came after what it read.
func (d *dpor) yieldEnabled(a *attempt, i int32) bool {
	if a.quiet >= 0 && i >= a.quiet {
		return true
	}
	t, reads := d.trace, 0
	for _, acc := range a.acc {
		if d.isGate(acc.loc) {
			continue
		}
		reads++
		l := t.location(acc.loc)
		for k := len(l.entries) - 1; k >= 0; k-- {
			n := &l.entries[k]
			if n.event < a.at && t.events[n.event].g == a.call.G {
				break
			}
			if n.event < a.at && n.mode != object.Read && n.event != i && !(n.event > i && t.before(i, n.event)) {
				return true
			}
		}
	}
	return reads == 0
}
