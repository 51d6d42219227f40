package explain_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/sim"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// lineNumber is what changes in a golden whenever a scenario's file is edited.
var lineNumber = regexp.MustCompile(`(\.go):\d+( *)`)

// Every buggy variant of the catalogue is explained, on one screen of 80
// columns, as the golden says.
func TestCatalogueIsExplained(t *testing.T) {
	t.Parallel()
	for _, s := range hazards.Catalogue() {
		for _, v := range s.Variants {
			if !v.Buggy() {
				continue
			}
			t.Run(s.Name+"/"+v.Name, func(t *testing.T) {
				t.Parallel()
				got := explained(t, s, v)
				compareGolden(t, filepath.Join("testdata", s.Name+"."+v.Name+".golden"), got)
			})
		}
	}
}

func explained(t *testing.T, s hazards.Scenario, v hazards.Variant) []byte {
	t.Helper()
	e, program := explanation(t, s, v)
	var b bytes.Buffer
	if err := e.Write(&b, explain.Layout{Replay: "interleave replay"}); err != nil {
		t.Fatal(err)
	}
	checkClaims(t, e, program)
	if strings.HasPrefix(t.Name(), "TestCatalogue") {
		checkAdvice(t, e)
		checkCited(t, e)
	}
	return lineNumber.ReplaceAll(b.Bytes(), []byte("$1:N$2"))
}

// citedStep is how a text speaks of a step.
var citedStep = regexp.MustCompile(`\bstep (\d+)`)

// checkCited makes sure that the steps of which the explanation speaks are shown.
func checkCited(t *testing.T, e explain.Explanation) {
	t.Helper()
	texts := slices.Concat(e.Happened, e.Prevent)
	for _, k := range e.Cause.Conditions {
		texts = append(texts, k.Text)
	}
	for _, text := range texts {
		for _, m := range citedStep.FindAllStringSubmatch(text, -1) {
			if n, _ := strconv.Atoi(m[1]); n < len(e.Table.Rows) && !e.Table.Rows[n].Matters {
				t.Errorf("step %d is hidden, but spoken of: %s", n, text)
			}
		}
	}
}

// explanation explains a variant; the program is that with the parameters of
// the explanation.
func explanation(t *testing.T, s hazards.Scenario, v hazards.Variant) (explain.Explanation, func(*sim.G)) {
	t.Helper()
	p, err := s.Fill(nil)
	if err != nil {
		t.Fatal(err)
	}
	id := checks.Identity{Scenario: s.Name, Variant: v.Name, Parameters: p}
	r, err := checks.Explore(v.Program(p), checks.Options{Seed: 1, Primary: v.Primary(), Identity: id})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Kind != v.Primary() {
			continue
		}
		least := map[string]int{}
		for _, q := range s.Parameters {
			least[q.Name] = q.Min
		}
		e, err := checks.Explain(v.Program(p), f, checks.ExplainOptions{Identity: id, Least: least,
			Make: func(p map[string]int) func(*sim.G) { return v.Program(p) }})
		if err != nil {
			t.Fatal(err)
		}
		return e, v.Program(e.Parameters.Values)
	}
	t.Fatalf("no %s is found, only %v", v.Primary(), r.Outcomes)
	return explain.Explanation{}, nil
}

// screen is how many lines an explanation may have, those of its tokens and of
// the source included: one screen, at a pinch.
const screen = 100

func compareGolden(t *testing.T, file string, got []byte) {
	t.Helper()
	if n := bytes.Count(got, []byte("\n")); n > screen {
		t.Errorf("%s: %d lines, at most %d are a screen", file, n, screen)
	}
	for line := range strings.Lines(string(got)) {
		if n := utf8.RuneCountInString(line) - 1; n > 80 && !strings.Contains(line, "interleave replay ") {
			t.Errorf("%s: a line of %d columns: %s", file, n, line)
		}
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

// The same finding is explained in the same words every time, and no layout is
// wider than asked for.
func TestExplanationIsDeterministic(t *testing.T) {
	t.Parallel()
	s, _ := hazards.Find("philosophers")
	v := s.Variants[0]
	if a, b := explained(t, s, v), explained(t, s, v); !bytes.Equal(a, b) {
		t.Errorf("one time\n%s\nanother time\n%s", a, b)
	}
	p := map[string]int{"n": 5, "rounds": 1}
	r, err := checks.Explore(v.Program(p), checks.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	e, err := checks.Explain(v.Program(p), r.Findings[0], checks.ExplainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{40, 60, 80, 120, 200} {
		for _, all := range []bool{false, true} {
			var b bytes.Buffer
			if err := e.Table.Write(&b, explain.Layout{Width: width, All: all}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if n := utf8.RuneCountInString(line) - 1; n > width {
					t.Errorf("width %d: a line of %d columns: %s", width, n, line)
				}
			}
		}
	}
}

// The orders that cause the hazard of a buggy variant show it there, and in the
// fixed variants of the same scenario they do not; where all schedules of a
// fixed variant can be explored, the certificate says so.
func TestFixedVariantsAreCertified(t *testing.T) {
	t.Parallel()
	certified := 0
	for _, s := range hazards.Catalogue() {
		for _, v := range s.Variants {
			if !v.Buggy() || v.Endless {
				continue
			}
			orders, p := ordersOf(t, s, v)
			for _, w := range s.Variants {
				if w.Endless || orders == "" || w.Buggy() && w.Name != v.Name {
					continue
				}
				r, err := checks.ReplayOrders(w.Program(p), orders, checks.ExplainOptions{Certify: true})
				if err != nil {
					t.Fatal(err)
				}
				if r.There != w.Buggy() || r.Certificate.Holds == w.Buggy() {
					t.Errorf("%s: the orders of %s in %s: %+v, %+v", s.Name, v.Name, w.Name, r, r.Certificate)
				}
				if r.Certificate.All {
					certified++
				}
			}
		}
	}
	if certified < 20 {
		t.Errorf("%d fixed variants were certified for all schedules, want at least 20", certified)
	}
}

// ordersOf explains a buggy variant; the parameters are those of the
// explanation.
func ordersOf(t *testing.T, s hazards.Scenario, v hazards.Variant) (string, map[string]int) {
	t.Helper()
	p, err := s.Fill(nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := checks.Explore(v.Program(p), checks.Options{Seed: 1, Primary: v.Primary()})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Kind == v.Primary() {
			e, err := checks.Explain(v.Program(p), f, checks.ExplainOptions{Identity: checks.Identity{Parameters: p}})
			if err != nil {
				t.Fatal(err)
			}
			if e.Cause.Inexpressible {
				return "", p
			}
			return e.Orders, p
		}
	}
	return "", nil
}
