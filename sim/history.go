package sim

import (
	"github.com/interleave-go/interleave/internal/object"
)

// A History records the operations on an object under test: who called what,
// when, and what came out. Call and return are events, so that every order is
// explored in which one operation returns before another one is called: judges
// of linearizability need that, and the operations' own events may not tell.
// The zero value is ready and empty. No operation blocks.
type History struct {
	Name string
	id   ident
}

// An Operation is one on an object under test.
type Operation struct {
	History int32 // the object that recorded it
	G       int32
	Call    int // the event by which it was called
	Return  int // the event by which it returned; -1 when it has not
	Input   any // what was asked for
	Output  any // what came out; nil as long as it has not returned
}

// Pending reports whether the operation has not returned.
func (o *Operation) Pending() bool { return o.Return < 0 }

// Call records that the goroutine asks the object under test for something. The
// input must say all that the result depends on, and must not change later.
func (h *History) Call(g *G, input any) {
	g.check()
	obj := h.touch(g)
	g.ask(object.Invoke, obj, 0, 0)
	g.x.operations = append(g.x.operations, Operation{History: obj, G: g.id, Call: int(g.last), Return: -1, Input: input})
	g.tell(input)
}

// Return records what came out of the goroutine's last operation that has not
// returned. Without one it is a misuse. An input with a method Result(any)
// string says what the output looks like in words.
func (h *History) Return(g *G, output any) {
	g.check()
	obj := h.touch(g)
	if h.open(g, obj) == nil {
		g.misuse(obj, "a return without a call", "record every operation's Call before its Return, in one goroutine")
	}
	g.ask(object.Respond, obj, 0, 0)
	o := h.open(g, obj)
	o.Return, o.Output = int(g.last), output
	if in, ok := o.Input.(interface{ Result(output any) string }); ok && g.x.detail {
		output = in.Result(output)
	}
	g.tell(output)
}

// Record runs f as the operation in on the object that h is about: it records
// the call, and what f returned. When f does not return, neither does the
// operation.
func Record[I, O any](g *G, h *History, in I, f func() O) O {
	h.Call(g, in)
	out := f()
	h.Return(g, out)
	return out
}

// open is the goroutine's last operation that has not returned, or nil.
func (h *History) open(g *G, obj int32) *Operation {
	all := g.x.operations
	for i := len(all) - 1; i >= 0; i-- {
		if o := &all[i]; o.G == g.id && o.History == obj && o.Pending() {
			return o
		}
	}
	return nil
}

func (h *History) touch(g *G) int32 {
	return g.touch(&h.id, spec{kind: object.History, name: &h.Name})
}

// Operations are those on objects under test, in the order of their calls. See
// [History].
func (x *Execution) Operations() []Operation { return x.operations }
