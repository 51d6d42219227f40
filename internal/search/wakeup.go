package search

import "github.com/interleave-go/interleave/sim"

// wakeupTree holds the wakeup trees of all nodes of a path: ordered trees of
// steps that are to be explored. Node numbers are handed out again once freed.
type wakeupTree struct {
	nodes   []wakeupNode
	unused  []int32
	long    [][]access // the accesses of steps that have many; nodes hold no pointers
	idle    []int32    // those that are free
	pending int32      // the subtree below the last choice, for the node to come
	live    int        // nodes in use
}

// A wakeupNode is a step, or the root of a tree.
type wakeupNode struct {
	choice      sim.Choice
	child, last int32 // the first and the last branch, or -1
	sibling     int32 // the next branch beside it, or -1
	nth         int32 // its number among the events of its goroutine, or 0 if that is not known
	decide      bool  // it has alternatives, to be learnt when it runs
	relied      bool  // a sequence that it is independent of was not planned beside it: see isLeft
	ends        bool  // its goroutine ends right after it, and is to: see descend
	count       int8  // of its accesses, the first of which are in acc; if there are more, long has all
	long        int32
	race        second // of a leaf: the race that it reverses; zero if none
	reach       footprint
	acc         [2]access
}

func (t *wakeupTree) reset() {
	t.nodes, t.unused = t.nodes[:0], t.unused[:0]
	t.long, t.idle = t.long[:0], t.idle[:0]
	t.live, t.pending = 0, -1
}

// make returns a new node without branches.
func (t *wakeupTree) make(c sim.Choice) int32 {
	t.live++
	if n := len(t.unused); n > 0 {
		i := t.unused[n-1]
		t.unused = t.unused[:n-1]
		t.nodes[i] = wakeupNode{choice: c, child: -1, last: -1, sibling: -1, long: -1}
		return i
	}
	t.nodes = append(t.nodes, wakeupNode{choice: c, child: -1, last: -1, sibling: -1, long: -1})
	return int32(len(t.nodes) - 1)
}

// access sets the accesses of a step.
func (t *wakeupTree) access(i int32, acc []access) {
	n := &t.nodes[i]
	n.reach.add(acc)
	if len(acc) <= len(n.acc) {
		n.count = int8(copy(n.acc[:], acc))
		return
	}
	if k := len(t.idle); k > 0 {
		n.long = t.idle[k-1]
		t.idle = t.idle[:k-1]
	} else {
		n.long = int32(len(t.long))
		t.long = append(t.long, nil)
	}
	t.long[n.long] = append(t.long[n.long][:0], acc...)
}

// accesses are those of a step. They hold until a node is made.
func (t *wakeupTree) accesses(i int32) []access {
	n := &t.nodes[i]
	if n.long >= 0 {
		return t.long[n.long]
	}
	return n.acc[:n.count]
}

// free gives a node and all below it back. -1 is no node.
func (t *wakeupTree) free(i int32) {
	if i < 0 {
		return
	}
	for c := t.nodes[i].child; c >= 0; {
		next := t.nodes[c].sibling
		t.free(c)
		c = next
	}
	t.live--
	t.unused = append(t.unused, i)
	if n := &t.nodes[i]; n.long >= 0 {
		t.idle = append(t.idle, n.long)
		n.long = -1
	}
}

// first returns the first branch of a tree, or -1.
func (t *wakeupTree) first(root int32) int32 {
	if root < 0 {
		return -1
	}
	return t.nodes[root].child
}

// attach makes c the last branch below parent.
func (t *wakeupTree) attach(parent, c int32) {
	p := &t.nodes[parent]
	if p.last < 0 {
		p.child = c
	} else {
		t.nodes[p.last].sibling = c
	}
	p.last = c
}

// add appends a branch of one step, whose accesses are not known.
func (t *wakeupTree) add(root int32, c sim.Choice, decide bool) int32 {
	i := t.make(c)
	t.nodes[i].decide = decide
	t.attach(root, i)
	return i
}

// remove takes a branch and all below it away.
func (t *wakeupTree) remove(parent, c int32) {
	p := &t.nodes[parent]
	before := int32(-1)
	for i := p.child; i != c; i = t.nodes[i].sibling {
		before = i
	}
	after := t.nodes[c].sibling
	if before < 0 {
		p.child = after
	} else {
		t.nodes[before].sibling = after
	}
	if p.last == c {
		p.last = before
	}
	t.nodes[c].sibling = -1
	t.free(c)
}

// branch returns the branch that starts with a choice, or -1.
func (t *wakeupTree) branch(root int32, c sim.Choice) int32 {
	i := t.first(root)
	for i >= 0 && t.nodes[i].choice != c {
		i = t.nodes[i].sibling
	}
	return i
}

// take removes the first branch of a tree; it returns its step and what is
// below it, as the tree of the next node.
func (t *wakeupTree) take(root int32) (sim.Choice, int32) {
	r := &t.nodes[root]
	i := r.child
	n := &t.nodes[i]
	r.child = n.sibling
	if r.child < 0 {
		r.last = -1
	}
	n.sibling = -1
	return n.choice, i
}

// takePending returns the tree of the node that is made now, or -1.
func (t *wakeupTree) takePending() int32 {
	i := t.pending
	t.pending = -1
	return i
}

// dropPending frees what no node was made for.
func (t *wakeupTree) dropPending() {
	t.free(t.pending)
	t.pending = -1
}
