package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A Scenario is one entry of the catalogue.
type Scenario struct {
	Name       string
	Summary    string // one line
	Lesson     string // what it teaches, a paragraph
	Parameters []Parameter
	Variants   []Variant // the first one is the default
}

// A Parameter is a number that a scenario can be run with.
type Parameter struct {
	Name              string
	Summary           string
	Default, Min, Max int
}

// A Variant is one version of a scenario's program.
type Variant struct {
	Name    string
	Summary string // one line: what is wrong, or how it is mended
	// Expect are the kinds that an exploration finds, the primary one first;
	// none for a fixed variant.
	Expect []checks.Kind
	// Endless says that executions do not end by themselves: a search of all of
	// them is cut at the bound on steps.
	Endless bool
	// Program makes the program for parameters that fit.
	Program func(p Params) func(*sim.G)
}

// Params are the values of a scenario's parameters, by name.
type Params map[string]int

// Buggy reports whether the variant has a hazard.
func (v Variant) Buggy() bool { return len(v.Expect) > 0 }

// Primary is the kind of hazard that the variant is about, or empty.
func (v Variant) Primary() checks.Kind {
	if len(v.Expect) == 0 {
		return ""
	}
	return v.Expect[0]
}

// Fill returns p with defaults for what is missing. The error names a
// parameter that the scenario does not have, or one out of range.
func (s Scenario) Fill(p Params) (Params, error) {
	full := Params{}
	for _, d := range s.Parameters {
		v, ok := p[d.Name]
		if !ok {
			v = d.Default
		}
		if v < d.Min || v > d.Max {
			return nil, fmt.Errorf("%s: %s must be from %d to %d, not %d", s.Name, d.Name, d.Min, d.Max, v)
		}
		full[d.Name] = v
	}
	for name := range p {
		if _, ok := full[name]; !ok {
			return nil, fmt.Errorf("%s has no parameter %q", s.Name, name)
		}
	}
	return full, nil
}

// Variant returns the variant of a name; the empty name is the default.
func (s Scenario) Variant(name string) (Variant, bool) {
	if name == "" {
		return s.Variants[0], true
	}
	for _, v := range s.Variants {
		if v.Name == name {
			return v, true
		}
	}
	return Variant{}, false
}

// Find returns the scenario of a name.
func Find(name string) (Scenario, bool) {
	for _, s := range Catalogue() {
		if s.Name == name {
			return s, true
		}
	}
	return Scenario{}, false
}

// ProgramOf is Program for parameters as a plain map.
func (v Variant) ProgramOf(p map[string]int) func(*sim.G) { return v.Program(p) }

// Fixed returns the name of the first variant without a hazard, or "".
func (s Scenario) Fixed() string {
	for _, v := range s.Variants {
		if !v.Buggy() {
			return v.Name
		}
	}
	return ""
}
