package explain

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/interleave-go/interleave/internal/object"
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
	return strings.TrimSpace(lines[number-1])
}

// site returns the index of a site in the table, or -1 when it is not known. op
// is what the program does there.
func (t *tabulator) site(at sim.Site, op object.Op) int {
	if at.File == "" {
		return -1
	}
	s := Site{File: filepath.Base(at.File), Line: at.Line, Text: t.sources.line(at.File, at.Line)}
	if i := slices.IndexFunc(t.table.Sites, func(k Site) bool { return k.File == s.File && k.Line == s.Line }); i >= 0 {
		return i
	}
	s.At = operationAt(s.Text, op)
	if s.At < 0 {
		s.At = 0
		if strings.HasPrefix(s.Text, "}") || strings.HasPrefix(s.Text, "return") && goName(op) != "" {
			s.Text += "  // deferred"
		}
	}
	t.table.Sites = append(t.table.Sites, s)
	return len(t.table.Sites) - 1
}

// operationAt is where in a line of source an operation stands, in characters;
// -1 when it does not.
func operationAt(line string, op object.Op) int {
	name := goName(op)
	if name == "" {
		return -1
	}
	i := strings.Index(line, "."+name+"(")
	if i < 0 {
		i = strings.Index(line, name+"(")
	}
	if i < 0 {
		return -1
	}
	// With what it is called on.
	for i > 0 && (isWord(line[i-1]) || line[i-1] == '.' || line[i-1] == ']' || line[i-1] == '[') {
		i--
	}
	return utf8.RuneCountInString(line[:i])
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// goName is what a program calls for an operation; empty where that can have
// several names.
func goName(op object.Op) string {
	switch op {
	case object.Spawn:
		return "Go"
	case object.Lock, object.WLock, object.WAnnounce, object.WDrained:
		return "Lock"
	case object.Unlock, object.WUnlock:
		return "Unlock"
	case object.RLock, object.RGranted:
		return "RLock"
	case object.RUnlock:
		return "RUnlock"
	case object.TryLock, object.TryWLock:
		return "TryLock"
	case object.CondWait, object.CondWake, object.Wait, object.WaitReturn, object.LatchWait, object.Arrive, object.Pass:
		return "Wait"
	case object.CloseChan:
		return "Close"
	case object.Select, object.SelectParked:
		return "Select"
	case object.Join, object.Load, object.Store, object.Signal, object.Broadcast, object.Send, object.Receive,
		object.Acquire, object.Release, object.Yield, object.Await, object.Choose:
		name := op.String()
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return ""
}
