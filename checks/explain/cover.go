package explain

import (
	"math"
	"slices"
)

// A cover finds the smallest set of elements that meets every one of some sets.
type cover struct {
	sets  [][]int // each with the cheapest elements first
	cost  func(element int) int
	taken []int
	best  []int
	least int
	nodes int
}

// coverNodesMax bounds the search; beyond it a set is made greedily.
const coverNodesMax = 200_000

// smallest returns a set of elements that meets all sets, the cheapest of the
// smallest ones, and whether there is no smaller one.
func (c *cover) smallest() ([]int, bool) {
	for size := 0; size <= len(c.sets); size++ {
		c.taken, c.best, c.least = c.taken[:0], nil, math.MaxInt
		c.search(size, 0)
		if c.best != nil {
			return c.best, true
		}
		if c.nodes > coverNodesMax {
			break
		}
	}
	return c.greedy(), false
}

// search adds up to size elements to those taken, which cost so much.
func (c *cover) search(size, cost int) {
	missed := c.missed()
	if missed < 0 {
		if cost < c.least {
			c.best, c.least = append([]int{}, c.taken...), cost
		}
		return
	}
	if c.nodes++; size == 0 || c.nodes > coverNodesMax {
		return
	}
	for _, e := range c.sets[missed] {
		if now := cost + c.cost(e); now < c.least {
			c.taken = append(c.taken, e)
			c.search(size-1, now)
			c.taken = c.taken[:len(c.taken)-1]
		}
	}
}

// missed returns the first set that has none of the taken elements, or -1.
func (c *cover) missed() int {
	return slices.IndexFunc(c.sets, func(set []int) bool {
		return !slices.ContainsFunc(set, func(e int) bool { return slices.Contains(c.taken, e) })
	})
}

// greedy takes the preferred element of every set that is missed, and then
// drops what the later ones made superfluous.
func (c *cover) greedy() []int {
	c.taken = c.taken[:0]
	for missed := c.missed(); missed >= 0; missed = c.missed() {
		c.taken = append(c.taken, c.sets[missed][0])
	}
	all := slices.Clone(c.taken)
	for _, e := range all {
		i := slices.Index(c.taken, e)
		c.taken = slices.Delete(c.taken, i, i+1)
		if c.missed() >= 0 {
			c.taken = append(c.taken, e)
		}
	}
	return slices.Clone(c.taken)
}
