package checks

import "github.com/interleave-go/interleave/sim"

// A sketcher is a judge that can say what it found without putting it into
// words. In an exploration that keeps going, most findings are known already.
type sketcher interface {
	Judge
	// sketch returns what Judge returns, without summaries. The list is valid until
	// the next call.
	sketch(x *sim.Execution) []Finding
	// describe fills in the summary of a sketch of the present execution.
	describe(x *sim.Execution, f *Finding)
}

// described is Judge, for a sketcher.
func described(j sketcher, x *sim.Execution) []Finding {
	var out []Finding
	for _, f := range j.sketch(x) {
		j.describe(x, &f)
		out = append(out, f)
	}
	return out
}

// A pairing is two goroutines and an object, by name.
type pairing struct{ one, other, object string }

// pairings keeps what findings of one kind about pairings have in common, so that
// it is made once. Its zero value is ready.
type pairings map[pairing]Finding

// finding returns one without steps and summary. Its lists are shared.
func (p *pairings) finding(x *sim.Execution, k Kind, one, other, obj int32) Finding {
	key := pairing{x.GoroutineName(one), x.GoroutineName(other), x.ObjectName(obj)}
	f, ok := (*p)[key]
	if !ok {
		f = Finding{Kind: k, Goroutines: []string{key.one, key.other}, Objects: []string{key.object}}
		f.known = f.place()
		if *p == nil {
			*p = pairings{}
		}
		(*p)[key] = f
	}
	return f
}
