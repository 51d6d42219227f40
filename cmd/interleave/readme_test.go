package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
)

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", ".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every session in the README prints what it says.
func TestReadmeSessions(t *testing.T) {
	readme := readFile(t, "README.md")
	found := 0
	for _, m := range regexp.MustCompile("(?s)```console\n\\$ go run ./cmd/interleave (.*?)\n(.*?)```").FindAllStringSubmatch(readme, -1) {
		found++
		var stdout, stderr bytes.Buffer
		run(strings.Fields(m[1]), &stdout, &stderr)
		if stdout.String() != m[2] {
			t.Errorf("interleave %s prints\n%s\nnot\n%s", m[1], stdout.String(), m[2])
		}
	}
	if found < 2 {
		t.Errorf("%d sessions found", found)
	}
}

// Every Go block in the README is part of an example that runs as a test.
func TestReadmeExamples(t *testing.T) {
	examples := readFile(t, "checks", "example_test.go")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(readFile(t, "README.md"), -1)
	if len(blocks) == 0 {
		t.Error("no Go block found")
	}
	for _, m := range blocks {
		if !strings.Contains(examples, m[1]) {
			t.Errorf("not in checks/example_test.go:\n%s", m[1])
		}
	}
}

// docs/report.md names every field of the report and of its findings.
func TestReportIsDocumented(t *testing.T) {
	doc := readFile(t, "docs", "report.md")
	raw, err := json.Marshal(checks.Report{Findings: []checks.Finding{{}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"([a-z_]+)":`).FindAllStringSubmatch(string(raw), -1) {
		if !strings.Contains(doc, "`"+m[1]+"`") {
			t.Errorf("field %q is not described", m[1])
		}
	}
}
