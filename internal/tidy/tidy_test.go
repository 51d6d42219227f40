package tidy_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/interleave-go/interleave/"

// edges are the imports between packages of this module that are allowed.
func edges() map[string][]string {
	return map[string][]string{
		"internal/object":     {},
		"internal/chart":      {},
		"internal/atomicfile": {},
		"internal/tidy":       {},
		"internal/killed":     {},
		"internal/wrap":       {},
		"sim":                 {"internal/object"},
		"internal/order":      {"sim", "internal/object"},
		"internal/search":     {"sim", "internal/object", "internal/order"},
		"checks/explain":      {"sim", "internal/object", "internal/order", "internal/search", "internal/wrap"},
		"checks":              {"sim", "internal/atomicfile", "internal/object", "internal/order", "internal/search", "internal/wrap", "checks/explain"},
		"checks/property":     {"sim", "internal/object", "checks"},
		"checks/linear":       {"sim", "checks"},
		"hazards":             {"sim", "checks"},
		"internal/diagram":    {"sim", "internal/order", "checks", "checks/explain"},
		"kernels":             {},
		"kernels/pi":          {"kernels"},
		"kernels/counters":    {},
		"kernels/mapreduce":   {"kernels"},
		"kernels/wordcount":   {"kernels", "kernels/mapreduce"},
		"kernels/shard":       {"internal/atomicfile"},
	}
}

// A source file of the module, parsed.
type source struct {
	path string // from the module's root
	text string
	tree *ast.File
	set  *token.FileSet
}

func (s source) dir() string  { return filepath.ToSlash(filepath.Dir(s.path)) }
func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// sources reads every Go file of the main module.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if nested == nil && rel != "." || strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, text, parser.ParseComments)
		out = append(out, source{filepath.ToSlash(rel), string(text), tree, set})
		return err
	})
	if err != nil || len(out) < 100 {
		t.Fatalf("%d files read: %v", len(out), err)
	}
	return out
}

// Packages import only those that the table allows; the command may import all.
func TestImports(t *testing.T) {
	table := edges()
	for _, s := range sources(t) {
		allowed, known := table[s.dir()]
		if strings.HasPrefix(s.dir(), "cmd/") || strings.HasPrefix(s.dir(), "internal/tools") || s.isTest() {
			continue
		}
		if !known {
			t.Errorf("%s: the package is not in the table of imports", s.path)
			continue
		}
		for _, i := range s.tree.Imports {
			path, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), module)
			if ours && !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
	}
}

// A file holds one concept and a function one thought: at most 400 and 60
// lines. Tests may hold long tables.
func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || strings.HasPrefix(s.text, "// Code generated") {
			continue
		}
		if n := strings.Count(s.text, "\n"); n > 400 {
			t.Errorf("%s has %d lines", s.path, n)
		}
		for _, d := range s.tree.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; n > 60 {
				t.Errorf("%s: %s has %d lines", s.path, f.Name.Name, n)
			}
		}
	}
}

// Every exported name of a public package has a comment.
func TestDocumented(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || strings.HasPrefix(s.path, "internal/") {
			continue
		}
		for _, d := range s.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					t.Errorf("%s: %s has no comment", s.path, d.Name.Name)
				}
			case *ast.GenDecl:
				undocumented(t, s, d)
			}
		}
	}
}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	var receiver *ast.Ident
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && receiver == nil {
			receiver = id
		}
		return receiver == nil
	})
	return receiver.IsExported() && f.Name.Name != "String" && f.Name.Name != "Error"
}

func undocumented(t *testing.T, s source, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		if n, ok := spec.(*ast.TypeSpec); ok && n.Name.IsExported() && d.Doc == nil && n.Doc == nil {
			t.Errorf("%s: %s has no comment", s.path, n.Name.Name)
		}
	}
}

// What an execution does depends on the program and the choices alone: no
// clock, no global source of random numbers, no real goroutines. The drivers of
// coroutines are the exception: see sim/coroutine.go; and the watchdog, which
// looks at a clock but decides nothing.
func TestDeterminism(t *testing.T) {
	bad := regexp.MustCompile(`time\.(Now|Since)\(|rand\.(Int|IntN|N|Perm|Shuffle|Float64|Uint64)\(|(?m)^\s*go `)
	for _, s := range sources(t) {
		switch s.dir() {
		case "sim", "internal/search", "checks", "checks/explain", "checks/linear", "hazards", "internal/order":
		default:
			continue
		}
		if s.isTest() || s.path == "sim/coroutine.go" || s.path == "internal/search/watchdog.go" || strings.HasPrefix(filepath.Base(s.path), "parallel") {
			continue
		}
		for _, m := range bad.FindAllString(s.text, -1) {
			t.Errorf("%s: %q", s.path, strings.TrimSpace(m))
		}
	}
}

// Tests do not sleep, and nothing is left undone.
func TestNothingLeftUndone(t *testing.T) {
	undone := regexp.MustCompile(`//.*\b(` + "TO" + "DO|FIX" + "ME|X" + `XX)\b`)
	sleep := regexp.MustCompile(`\btime\.` + `Sleep\(`)
	for _, s := range sources(t) {
		if m := undone.FindString(s.text); m != "" {
			t.Errorf("%s: %s", s.path, m)
		}
		if s.isTest() && sleep.MatchString(s.text) {
			t.Errorf("%s sleeps", s.path)
		}
	}
}
