package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/sim"
)

// scenarioFlags choose the program: a variant and parameters.
type scenarioFlags struct {
	variant string
	params  []string
	numbers map[string]*int // the flags of parameters, by name
}

func (f *scenarioFlags) register(command *cobra.Command) {
	set := command.Flags()
	set.StringVar(&f.variant, "variant", "", "variant of the scenario; see list")
	set.StringArrayVar(&f.params, "param", nil, "a parameter of the scenario, as NAME=NUMBER")
	f.numbers = map[string]*int{}
	for _, s := range hazards.Catalogue() {
		for _, p := range s.Parameters {
			if f.numbers[p.Name] == nil && set.Lookup(p.Name) == nil {
				f.numbers[p.Name] = set.Int(p.Name, 0, p.Summary+"; see list")
			}
		}
	}
	_ = command.RegisterFlagCompletionFunc("variant", completeVariant)
	command.ValidArgsFunction = completeScenario
}

// A target is a program of the catalogue, ready to run.
type target struct {
	scenario hazards.Scenario
	variant  hazards.Variant
	params   hazards.Params
	program  func(*sim.G)
}

func (t target) identity() checks.Identity {
	return checks.Identity{Scenario: t.scenario.Name, Variant: t.variant.Name, Parameters: t.params}
}

// least are the smallest values of the parameters.
func (t target) least() map[string]int {
	out := map[string]int{}
	for _, p := range t.scenario.Parameters {
		out[p.Name] = p.Min
	}
	return out
}

// find returns the program that a scenario's name and the flags mean.
func (f *scenarioFlags) find(name string, set *pflag.FlagSet) (target, error) {
	params, err := f.given(set)
	if err != nil {
		return target{}, err
	}
	return find(name, f.variant, params)
}

// given are the parameters that the flags name.
func (f *scenarioFlags) given(set *pflag.FlagSet) (hazards.Params, error) {
	params := hazards.Params{}
	for p, v := range f.numbers {
		if set.Changed(p) {
			params[p] = *v
		}
	}
	for _, p := range f.params {
		k, v, ok := strings.Cut(p, "=")
		n, err := strconv.Atoi(v)
		if !ok || err != nil {
			return nil, fmt.Errorf("--param %q is not NAME=NUMBER", p)
		}
		if _, twice := params[k]; twice {
			return nil, fmt.Errorf("--param %s: the parameter %s is given twice", p, k)
		}
		params[k] = n
	}
	return params, nil
}

func find(name, variant string, params hazards.Params) (target, error) {
	s, ok := hazards.Find(name)
	if !ok {
		return target{}, unknown("scenario", name, scenarioNames())
	}
	v, ok := s.Variant(variant)
	if !ok {
		return target{}, unknown("variant of "+name, variant, variantNames(s))
	}
	full, err := s.Fill(params)
	if err != nil {
		return target{}, err
	}
	return target{s, v, full, v.Program(full)}, nil
}

// findOfToken is find for what a token names. Its checksum is right, so that
// its scenario is no slip of the pen.
func findOfToken(name, variant string, params hazards.Params) (target, error) {
	if _, ok := hazards.Find(name); !ok {
		return target{}, fmt.Errorf("there is no scenario %q; what go test printed is run again by checks.Replay(t, program, token) in that test", name)
	}
	return find(name, variant, params)
}

func scenarioNames() []string {
	var names []string
	for _, s := range hazards.Catalogue() {
		names = append(names, s.Name)
	}
	return names
}

func variantNames(s hazards.Scenario) []string {
	var names []string
	for _, v := range s.Variants {
		names = append(names, v.Name)
	}
	return names
}

func completeScenario(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return matching(scenarioNames(), prefix), cobra.ShellCompDirectiveNoFileComp
}

func completeVariant(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	name := args[0]
	if orders, err := checks.ParseOrders(name); err == nil {
		name = orders.Identity.Scenario
	}
	s, ok := hazards.Find(name)
	if !ok {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return matching(variantNames(s), prefix), cobra.ShellCompDirectiveNoFileComp
}

func matching(names []string, prefix string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, prefix) })
}
