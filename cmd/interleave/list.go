package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
)

func newListCommand() *cobra.Command {
	asJSON := false
	command := &cobra.Command{
		Use:   "list [SCENARIO]",
		Short: "List the scenarios, or the variants and parameters of one",
		Example: `  interleave list
  interleave list philosophers`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("%d arguments: give a scenario, or none", len(args))
			}
			return nil
		},
		ValidArgsFunction: completeScenario,
		RunE: func(command *cobra.Command, args []string) error {
			all := hazards.Catalogue()
			if len(args) == 1 {
				s, ok := hazards.Find(args[0])
				if !ok {
					return unknown("scenario", args[0], scenarioNames())
				}
				all = []hazards.Scenario{s}
			}
			if asJSON {
				return writeJSON(command.OutOrStdout(), listed(all))
			}
			writeList(command.OutOrStdout(), all, len(args) == 1)
			return nil
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return command
}

// A listedScenario is a scenario as list --json writes it.
type listedScenario struct {
	Name       string            `json:"name"`
	Summary    string            `json:"summary"`
	Lesson     string            `json:"lesson"`
	Parameters []listedParameter `json:"parameters"`
	Variants   []listedVariant   `json:"variants"`
}

type listedParameter struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	Default int    `json:"default"`
	Min     int    `json:"min"`
	Max     int    `json:"max"`
}

type listedVariant struct {
	Name    string        `json:"name"`
	Summary string        `json:"summary"`
	Expect  []checks.Kind `json:"expect"` // the primary kind first; none for a fixed variant
}

func listed(all []hazards.Scenario) []listedScenario {
	var out []listedScenario
	for _, s := range all {
		l := listedScenario{Name: s.Name, Summary: s.Summary, Lesson: s.Lesson, Parameters: []listedParameter{}}
		for _, p := range s.Parameters {
			l.Parameters = append(l.Parameters, listedParameter{p.Name, p.Summary, p.Default, p.Min, p.Max})
		}
		for _, v := range s.Variants {
			l.Variants = append(l.Variants, listedVariant{v.Name, v.Summary, append([]checks.Kind{}, v.Expect...)})
		}
		out = append(out, l)
	}
	return out
}

func writeList(out io.Writer, all []hazards.Scenario, full bool) {
	for i, s := range all {
		if i > 0 && full {
			fmt.Fprintln(out)
		}
		if !full {
			name := fmt.Sprintf("%-20s ", s.Name)
			fmt.Fprintf(out, "%s%s\n", name, fold(s.Summary, strings.Repeat(" ", len(name)))[len(name):])
			continue
		}
		fmt.Fprintf(out, "%s\n\n%s\n\nVariants\n", fold(s.Name+": "+s.Summary, ""), fold(s.Lesson, ""))
		for _, v := range s.Variants {
			expect := "nothing wrong"
			if v.Buggy() {
				var kinds []string
				for _, k := range v.Expect {
					kinds = append(kinds, string(k))
				}
				expect = strings.Join(kinds, ", ")
			}
			fmt.Fprintf(out, "  %-16s %s\n%s\n", v.Name, expect, fold(v.Summary, strings.Repeat(" ", 19)))
		}
		if len(s.Parameters) > 0 {
			fmt.Fprintln(out, "\nParameters")
		}
		for _, p := range s.Parameters {
			fmt.Fprintf(out, "  --%-14s %s (%d, from %d to %d)\n", p.Name, p.Summary, p.Default, p.Min, p.Max)
		}
	}
	if !full {
		fmt.Fprintf(out, "\ninterleave list SCENARIO shows variants and parameters.\n")
	}
}
