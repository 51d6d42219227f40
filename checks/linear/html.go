package linear

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"github.com/interleave-go/interleave/sim"
)

// WriteHTML draws a history of an execution as a page for a browser, by
// porcupine: a row for each goroutine with its operations, the orders that go
// furthest, and the events of the execution beneath. It is the first history
// that is not explained, else the first one that is judged. Call it where the
// execution is at hand, in the visit of checks.ReplayToken. Orders are drawn for
// Linearizable only. The error says that there is no history, that it cannot be
// decided, or that w cannot be written.
func (j *Judge) WriteHTML(w io.Writer, x *sim.Execution) error {
	h := j.first(x)
	if h == nil {
		return fmt.Errorf("draw a history: the execution has none that is judged")
	}
	c := j.checker
	c.criterion = Linearizable
	c.steps = 0
	m := c.drawn(x, h)
	_, info := porcupine.CheckOperationsVerbose(m, c.timed(x, h), 0)
	c.rethrow()
	if c.steps > c.stepsMax {
		return fmt.Errorf("draw the history of %s: it needs more than %d steps of the model", x.ObjectName(h.object), c.stepsMax)
	}
	c.stepsMax = math.MaxInt // the page needs them again
	for _, orders := range info.PartialLinearizations() {
		slices.SortFunc(orders, slices.Compare[[]int]) // porcupine takes them from a map
	}
	info.AddAnnotations(annotations(x, h))
	if err := porcupine.Visualize(m, info, w); err != nil {
		return fmt.Errorf("draw the history of %s: %w", x.ObjectName(h.object), err)
	}
	return nil
}

// first is the history to draw.
func (j *Judge) first(x *sim.Execution) *history {
	var first *history
	for _, h := range j.reader.read(x) {
		switch {
		case j.opt.Object != "" && x.ObjectName(h.object) != j.opt.Object:
		case j.rule(h, atRest(x)).verdict == unexplained:
			return h
		case first == nil:
			first = h
		}
	}
	return first
}

// drawn is the checker's model of a history, with words.
func (c *checker) drawn(x *sim.Execution, h *history) porcupine.Model {
	m := c.model(h)
	m.DescribeOperation = func(input, _ any) string {
		o := &h.ops[input.(int)]
		who := x.GoroutineName(o.G) + " "
		if o.Pending() {
			return who + c.spec.asked(o.Input) + ", not returned"
		}
		return who + c.spec.describe(o.Input, o.Output)
	}
	m.DescribeState = func(s any) string {
		var texts []string
		for _, one := range s.(state).possible {
			texts = append(texts, c.spec.state(one))
		}
		return strings.Join(texts, " or ")
	}
	return m
}

// timed are the operations with the steps of the execution as their times.
func (c *checker) timed(x *sim.Execution, h *history) []porcupine.Operation {
	ops := c.operations(h)
	for i := range ops {
		o := &h.ops[i]
		ops[i].Call, ops[i].Return = int64(o.Call), int64(o.Return)
		if o.Pending() {
			ops[i].Return = int64(x.Steps() + i)
		}
	}
	return ops
}

// annotations are the events other than calls and returns, a row for each
// goroutine.
func annotations(x *sim.Execution, h *history) []porcupine.Annotation {
	recorded := map[int]bool{}
	for _, o := range h.ops {
		recorded[o.Call], recorded[o.Return] = true, true
	}
	var out []porcupine.Annotation
	for step := range x.Events() {
		if recorded[step] {
			continue
		}
		e := &x.Events()[step]
		a := porcupine.Annotation{Tag: "steps of " + x.GoroutineName(e.G()), Start: int64(step),
			Description: e.Op().String(), Details: fmt.Sprintf("step %d", step)}
		switch obj := e.Call.Obj; {
		case e.Child >= 0:
			a.Description += " " + x.GoroutineName(e.Child)
		case obj >= 0 || ^obj < int32(x.Goroutines()) && ^obj != e.G():
			a.Description += " " + x.ObjectName(obj)
		}
		if text := x.Text(step); text != "" {
			a.Description += ": " + text
		}
		if site := x.Site(step); site.Line > 0 {
			a.Details += fmt.Sprintf(", %s:%d", base(site.File), site.Line)
		}
		out = append(out, a)
	}
	return out
}

// base is the last element of a file's path.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
