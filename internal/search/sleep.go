package search

import "github.com/interleave-go/interleave/sim"

// A sleeper is a step whose continuations have all been explored from here.
type sleeper struct {
	sim.Choice
	acc, accEnd int32
	reach       footprint
}

func (d *dpor) accOf(s *sleeper) []access { return d.acc[s.acc:s.accEnd] }

// putToSleep adds a node's last choice, now explored, to its sleepers.
func (d *dpor) putToSleep(n *node, k int32) {
	d.chronicle.sleeps(k)
	d.acc = append(d.acc[:n.accTo], d.trace.accesses(k)...)
	d.lay(n, n.choice)
}

// lay adds a step to a node's sleepers, whose accesses are the last ones.
func (d *dpor) lay(n *node, c sim.Choice) {
	s := sleeper{Choice: c, acc: n.accTo, accEnd: int32(len(d.acc))}
	s.reach.add(d.accOf(&s))
	d.sleepers = append(d.sleepers[:n.sleepTo], s)
	n.sleepTo, n.accTo = int32(len(d.sleepers)), s.accEnd
	n.count(&s)
}

func (n *node) count(s *sleeper) {
	n.who |= 1 << (s.G & 63)
	n.reach.join(s.reach)
}

func (d *dpor) asleep(n *node, c sim.Choice) bool {
	for _, s := range d.sleepers[n.sleep:n.sleepTo] {
		if s.Choice == c {
			return true
		}
	}
	return false
}

// sleepUntil gives the nodes of the replayed branch their sleepers.
func (d *dpor) sleepUntil(step int) {
	for k := max(step-1, 0); k > 0 && d.nodes[k].sleep < 0; k-- {
		if d.nodes[k-1].sleep >= 0 {
			for j := k; j < step; j++ {
				d.fillSleep(j)
			}
			return
		}
	}
	if step > 0 && d.nodes[0].sleep < 0 {
		for j := range step {
			d.fillSleep(j)
		}
	}
}

// fillSleep gives node k the sleepers of the node before it that are
// independent of the event between them.
func (d *dpor) fillSleep(k int) {
	n := &d.nodes[k]
	if n.sleep >= 0 {
		return
	}
	if k == 0 {
		n.sleep, n.sleepTo = 0, 0
		return
	}
	above := &d.nodes[k-1]
	e := &d.trace.events[k-1]
	n.accTo, n.sleep, n.sleepTo = above.accTo, above.sleep, above.sleepTo
	if above.who&(1<<(e.g&63)) == 0 && (e.local || !above.reach.meets(e.reach)) {
		n.who, n.reach = above.who, above.reach
		return
	}
	acc := d.trace.accesses(int32(k - 1))
	d.sleepers = d.sleepers[:above.sleepTo]
	n.sleep = above.sleepTo
	for i := above.sleep; i < above.sleepTo; i++ {
		s := &d.sleepers[i]
		if s.G == e.g || s.reach.meets(e.reach) && dependent(d.accOf(s), acc) && mutant != "sleep" {
			continue
		}
		n.count(s)
		d.sleepers = append(d.sleepers, *s)
	}
	n.sleepTo = int32(len(d.sleepers))
}
