package sim

import (
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// A detail is what an execution that keeps details knows of an event besides the
// log.
type detail struct {
	site  uintptr // where the program asked for it
	text  string  // the value that it read or wrote
	key   string  // of a map: what it is about
	taken int32   // of a select that waited: the case that ended it; otherwise -1
	// content is a number for the value, if it is known: see contentOf.
	content uint64
	known   bool
}

// Notes are the lines that the program wrote into the log; only an execution
// that keeps details has them.
func (x *Execution) Notes() []Note { return x.notes }

// detailOf is the detail of an event; its zero value where none is kept.
func (x *Execution) detailOf(step int) detail {
	if step < len(x.details) {
		return x.details[step]
	}
	return detail{taken: -1}
}

// Text is the value that an event read or wrote, as text; only an execution
// that keeps details has it. Pointers are numbered in the order in which they come
// up.
func (x *Execution) Text(step int) string { return x.detailOf(step).text }

// Content is a number for the value that an event read or wrote, the same for equal
// values and hardly ever for others; false says that it is unknown, as it is of
// pointers. Only an execution that keeps details has it.
func (x *Execution) Content(step int) (uint64, bool) {
	d := x.detailOf(step)
	return d.content, d.known
}

// Key is the key of a map that an event read or wrote, as text; empty of other
// events, and in an execution that keeps no details.
func (x *Execution) Key(step int) string { return x.detailOf(step).key }

// Taken is the case by which a select that had to wait went on, or -1; only an
// execution that keeps details knows it.
func (x *Execution) Taken(step int) int32 { return x.detailOf(step).taken }

// Site is the place in the program that asked for an event; only an execution
// that keeps details knows it.
func (x *Execution) Site(step int) Site { return siteOf(x.detailOf(step).site) }

// PendingSite is the place in the program where goroutine g asked for the
// operation that it waits for; only an execution that keeps details knows it.
func (x *Execution) PendingSite(g int32) Site {
	if !x.detail {
		return Site{}
	}
	return siteOf(x.gs[g].site)
}

// here is the line of the program that is running, when details are kept.
func (x *Execution) here() Site {
	if !x.detail {
		return Site{}
	}
	return siteOf(callSite())
}

func siteOf(pc uintptr) Site {
	if pc == 0 {
		return Site{}
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return Site{File: f.File, Line: f.Line}
}

// callSite finds the first caller that is the program's, or 0.
func callSite() uintptr {
	var pcs [64]uintptr
	n := runtime.Callers(3, pcs[:])
	return userFrame(pcs[:n])
}

// roots are where the files of this module are, and those of Go.
var roots = sync.OnceValues(func() (module, goes string) {
	_, file, _, _ := runtime.Caller(0)
	inGo, _ := runtime.FuncForPC(reflect.ValueOf(runtime.GC).Pointer()).FileLine(0)
	return strings.TrimSuffix(file, "sim/detail.go"), inGo[:strings.LastIndex(inGo, "runtime/")]
})

// userFrame returns the first of pcs that is the program's: not in a package of
// this module that runs the program's code, nor in those of Go that call
// functions or stand between a panic and the deferred calls that it runs. It goes
// by files: a function that was inlined is called after its caller.
func userFrame(pcs []uintptr) uintptr {
	module, goes := roots()
	for _, pc := range pcs {
		f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		if strings.HasSuffix(f.File, "_test.go") || !isLibrary(f.File, module, goes) {
			return pc
		}
	}
	return 0
}

// isLibrary reports whether a file is one of those that run the program's code.
func isLibrary(file, module, goes string) bool {
	for _, dir := range []string{"sim/", "checks/"} {
		if strings.HasPrefix(file, module+dir) {
			return true
		}
	}
	for _, dir := range []string{"runtime/", "iter/", "maps/", "slices/", "sort/"} {
		if strings.HasPrefix(file, goes+dir) {
			return true
		}
	}
	return false
}

// show keeps the value of g's last event as text, when details are kept, and in its
// history, where names need one.
func show[T any](g *G, v T) {
	if g.x.detail || g.x.hashing {
		keep(g, v)
	}
}

func keep[T any](g *G, v T) {
	if g.x.detail {
		d := &g.x.details[g.last]
		d.text = g.x.told.text(v)
		d.content, d.known = contentOf(v)
	}
	learned(g, v)
}

// showReceived is show for a receive: of a closed channel there is no value.
func showReceived[T any](g *G, v T, ok bool) {
	show(g, v)
	if !ok && g.x.detail {
		g.x.details[g.last].text = "closed"
	}
}

// showEntry keeps what a map has at a key after g's last event, when details are
// kept.
func showEntry[K comparable, V any](g *G, m map[K]V, key K) {
	if !g.x.detail {
		return
	}
	d := &g.x.details[g.last]
	d.key, d.text = g.x.told.text(key), "nothing"
	if k, ok := any(key).(string); ok {
		d.key = strconv.Quote(k)
	}
	if v, ok := m[key]; ok {
		d.text = g.x.told.text(v)
	}
}

// tell keeps a value of g's last event as text, when details are kept.
func (g *G) tell(v any) {
	if g.x.detail && v != nil {
		g.x.details[g.last].text = g.x.told.text(v)
	}
}
