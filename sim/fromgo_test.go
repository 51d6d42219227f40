package sim_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exported are the names of this package: "Mutex", and "Mutex.Lock" for a method.
func exported(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for name := range file.Scope.Objects {
			names[name] = true
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				of := regexp.MustCompile(`\w+`).FindString(strings.TrimLeft(typeText(f.Recv.List[0].Type), "*"))
				names[of+"."+f.Name.Name] = true
			}
		}
	}
	return names
}

func typeText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeText(e.X)
	case *ast.IndexExpr:
		return typeText(e.X)
	case *ast.IndexListExpr:
		return typeText(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// docs/from-go.md names nothing that there is not.
func TestFromGo(t *testing.T) {
	page, err := os.ReadFile("../docs/from-go.md")
	if err != nil {
		t.Fatal(err)
	}
	names, seen := exported(t), 0
	for prefix, of := range map[string]string{"sim": "", "g": "G.", "c": "Chan.", "d": "Chan.", "ctx": "Context."} {
		for _, m := range regexp.MustCompile(`\b`+prefix+`\.([A-Z]\w*)`).FindAllStringSubmatch(string(page), -1) {
			if name := of + m[1]; name != "Chan.Cap" && !names[name] {
				t.Errorf("there is no %s", name)
			}
			seen++
		}
	}
	for _, name := range regexp.MustCompile(`\bWith[A-Z]\w*`).FindAllString(string(page), -1) {
		if !names[name] {
			t.Errorf("there is no %s", name)
		}
	}
	if seen < 50 {
		t.Errorf("%d names", seen)
	}
}
