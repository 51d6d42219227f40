package explain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// sources reads the lines of source files, each file once. A file that cannot
// be read has no lines: the program may run elsewhere than it was built.
type sources struct{ files map[string][]string }

func (s *sources) line(file string, number int) string {
	if s.files == nil {
		s.files = map[string][]string{}
	}
	lines, ok := s.files[file]
	if !ok {
		if text, err := os.ReadFile(file); err == nil {
			lines = strings.Split(string(text), "\n")
		}
		s.files[file] = lines
	}
	if number < 1 || number > len(lines) {
		return ""
	}
	line := strings.TrimSpace(lines[number-1])
	if line == "}" {
		return "}  // what was deferred"
	}
	return line
}

// site returns the index of a site in the table, or -1 when it is not known.
func (t *tabulator) site(at sim.Site) int {
	if at.File == "" {
		return -1
	}
	s := Site{File: filepath.Base(at.File), Line: at.Line, Text: t.sources.line(at.File, at.Line)}
	if i := slices.Index(t.table.Sites, s); i >= 0 {
		return i
	}
	t.table.Sites = append(t.table.Sites, s)
	return len(t.table.Sites) - 1
}
