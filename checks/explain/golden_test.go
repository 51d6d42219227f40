package explain_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

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
			if !v.Buggy() || v.Endless {
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
		var b bytes.Buffer
		if err := e.Write(&b, explain.Layout{Replay: "interleave replay"}); err != nil {
			t.Fatal(err)
		}
		return lineNumber.ReplaceAll(b.Bytes(), []byte("$1:N$2"))
	}
	t.Skipf("no %s is found, only %v", v.Primary(), r.Outcomes)
	return nil
}

func compareGolden(t *testing.T, file string, got []byte) {
	t.Helper()
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
