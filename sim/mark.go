package sim

// A Mark is what a program says of itself, in the log, between two events.
type Mark struct {
	Step        int // the event before which it was made
	G           int32
	Progress    bool   // made with Progress; otherwise with Fingerprint
	Fingerprint uint64 // what was given
}

// Progress says that the goroutine has got something done. Retrying without it
// is what a livelock is made of: see package checks. It is no event.
func (g *G) Progress() {
	g.check()
	g.x.marks = append(g.x.marks, Mark{Step: len(g.x.events), G: g.id, Progress: true})
}

// Fingerprint says in which state the goroutine's own variables are: equal
// states have equal fingerprints, others different ones. Where all goroutines
// that go round in a loop say so, a livelock is proved rather than suspected,
// and a state-space graph is finite. A goroutine that goes round for ever and gets
// something done each time says so with Progress: where it does not, coming back
// to a state is a livelock. It is no event.
func (g *G) Fingerprint(state uint64) {
	g.check()
	g.x.marks = append(g.x.marks, Mark{Step: len(g.x.events), G: g.id, Fingerprint: state})
}

// Marks are what the program said with Progress and Fingerprint, in order.
func (x *Execution) Marks() []Mark { return x.marks }
