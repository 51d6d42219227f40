package checks

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
)

// lapFinder looks for a state that recurs in a stretch, where the execution has
// kept details: of variables the value counts, which a log without details does
// not tell.
//
// A state is the states of all objects, what every goroutine is about to do and
// from which line, and the last fingerprint that each has given.
type lapFinder struct {
	*playback
	from int
	seen map[string]int // a state and how many events had taken place
}

// look notes the present state, and in the stretch when it was there before.
func (l *lapFinder) look(s *stretch) {
	if len(l.x.Events()) == 0 || l.x.Site(l.at-1).Line == 0 || s.lap > 0 {
		return
	}
	state := l.state()
	if before, ok := l.seen[state]; ok {
		s.lap, s.proved = l.at-before, l.fingerprinted(before)
		return
	}
	l.seen[state] = l.at
}

func (l *lapFinder) state() string {
	var b strings.Builder
	for i := range l.world.Objects {
		o := &l.world.Objects[i]
		if o.Kind == object.Cell {
			fmt.Fprintf(&b, "%s;", l.valueOf(int32(i)))
		} else {
			fmt.Fprintf(&b, "%v;", o.State)
		}
	}
	for g := range int32(l.x.Goroutines()) {
		if c := l.pending(g); c != nil {
			line := 0
			if i := l.first[g]; i >= 0 {
				line = l.x.Site(int(i)).Line
			}
			fmt.Fprintf(&b, "%d %v %d %d;", g, c.Op, c.Obj, line)
		}
	}
	for g, v := range l.fingerprints() {
		fmt.Fprintf(&b, "%d=%d;", g, v)
	}
	return b.String()
}

// valueOf is the value of a variable: what its last write wrote.
func (l *lapFinder) valueOf(obj int32) string {
	if w := l.lastWrite[obj]; w >= 0 {
		return l.x.Text(int(w))
	}
	return ""
}

// fingerprints are the last ones, by goroutine; 0 where there is none.
func (l *lapFinder) fingerprints() []uint64 {
	out := make([]uint64, l.x.Goroutines())
	for _, m := range l.x.Marks() {
		if m.Step <= l.at && !m.Progress {
			out[m.G] = m.Fingerprint
		}
	}
	return out
}

// fingerprinted reports whether everybody who took a step since an event gave a
// fingerprint since then.
func (l *lapFinder) fingerprinted(since int) bool {
	gave := make([]bool, l.x.Goroutines())
	for _, m := range l.x.Marks() {
		gave[m.G] = gave[m.G] || !m.Progress && m.Step >= since && m.Step <= l.at
	}
	for _, e := range l.x.Events()[since:l.at] {
		if !gave[e.G()] {
			return false
		}
	}
	return true
}
