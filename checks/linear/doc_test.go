package linear_test

import (
	"os"
	"strings"
	"testing"
)

// What docs/linearizability.md shows occurs in the examples, which are run.
func TestDocument(t *testing.T) {
	page, err := os.ReadFile("../../docs/linearizability.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	flat := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, "// ", "")), " ") }
	blocks := strings.Split(string(page), "```")
	for i := 1; i < len(blocks); i += 2 {
		if block := flat(strings.TrimPrefix(blocks[i], "go\n")); !strings.Contains(flat(string(code)), block) {
			t.Errorf("no example has\n%s", blocks[i])
		}
	}
	if len(blocks) < 10 {
		t.Errorf("%d blocks", len(blocks)/2)
	}
}
