package search

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// As many random programs as one likes, any of them:
//
//	go test ./internal/search -run Random -programs 1000000 -first 40000 -timeout 0
var (
	somePrograms = flag.Uint64("programs", 0, "how many random programs are tried (default: as many as CI can afford)")
	firstProgram = flag.Uint64("first", 0, "the number of the first one")
)

// asked is how many programs a test is to try, which CI tries so many of.
func asked(programs uint64) uint64 {
	switch {
	case *somePrograms > 0:
		return *somePrograms
	case testing.Short():
		return min(programs, 1000)
	}
	return programs
}

// shrink leaves out of a program that fails whatever it fails without: whole
// goroutines, then instructions, then what makes their operands differ from 0.
func shrink(p generated, fails func(generated) bool) generated {
	for again := true; again; {
		again = false
		for _, q := range smaller(p) {
			if fails(q) {
				p, again = q, true
				break
			}
		}
	}
	return p
}

// smaller returns the programs that are one step smaller, the largest steps
// first.
func smaller(p generated) []generated {
	var list []generated
	with := func(i int, body []instruction) {
		q := slices.Clone(p)
		q[i] = body
		list = append(list, q)
	}
	for i := range p {
		if len(p) > 1 {
			list = append(list, slices.Delete(slices.Clone(p), i, i+1))
		}
	}
	for i, body := range p {
		for k := range body {
			if len(body) > 1 {
				with(i, slices.Delete(slices.Clone(body), k, k+1))
			}
		}
	}
	for i, body := range p {
		for k, in := range body {
			for _, less := range []instruction{{in.op, 0, in.b}, {in.op, in.a, 0}} {
				if less != in {
					changed := slices.Clone(body)
					changed[k] = less
					with(i, changed)
				}
			}
		}
	}
	return list
}

// A property of programs: fails says how one does not have it, or nothing.
type property struct {
	name  string
	fails func(generated) string
}

// tried says how a program does not have a property; a panic is one way.
func (p property) tried(q generated) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint("the search fails: ", r)
		}
	}()
	return p.fails(q)
}

// holds reports whether a program has a property. One that has not is shrunk and
// printed as a test.
func holds(t *testing.T, seed uint64, q generated, p property) bool {
	t.Helper()
	message := p.tried(q)
	if message != "" {
		q = shrink(q, func(q generated) bool { return p.tried(q) != "" })
		t.Errorf("seed %d: %s\n%s", seed, p.tried(q), goTest(q, p.name))
	}
	return message == ""
}

// goTest is a program as a test of this package.
func goTest(p generated, property string) string {
	var b strings.Builder
	b.WriteString("func TestShrunk(t *testing.T) {\n\tp := generated{\n")
	for _, body := range p {
		b.WriteString("\t\t{")
		for k, in := range body {
			if k > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "{%q, %d, %d}", in.op, in.a, in.b)
		}
		b.WriteString("},\n")
	}
	fmt.Fprintf(&b, "\t}\n\tif message := %s(p); message != \"\" {\n\t\tt.Error(message)\n\t}\n}\n", property)
	return b.String()
}

// What is left of a program is what it takes to fail, and it is printed as a test.
func TestShrink(t *testing.T) {
	p := generated{{{"load", 1, 1}, {"lock", 1, 1}}, {{"store", 1, 0}}, {{"send", 0, 1}, {"cas", 1, 0}, {"recv", 1, 1}}}
	has := func(p generated, op string, a int) bool {
		return slices.ContainsFunc(p, func(body []instruction) bool {
			return slices.ContainsFunc(body, func(in instruction) bool { return in.op == op && in.a == a })
		})
	}
	p = shrink(p, func(p generated) bool { return has(p, "lock", 1) && has(p, "cas", 1) })
	want := `func TestShrunk(t *testing.T) {
	p := generated{
		{{"lock", 1, 0}},
		{{"cas", 1, 0}},
	}
	if message := disagreement(p); message != "" {
		t.Error(message)
	}
}
`
	if got := goTest(p, "disagreement"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
