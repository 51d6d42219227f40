package checks

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/sim"
)

// kept are the findings of a test's earlier runs, a line each in a file of the
// test's own.
type kept struct {
	file  string
	lines []keptLine
}

// A keptLine is the token of a finding's schedule, and after it that of the
// orders that cause it, when there are any. Either may stand alone.
type keptLine struct {
	text             string // as in the file
	schedule, orders string
	stale            bool // the program has nothing of it any more
}

// tokensFile is the file of a test: what a name of a file cannot have in the
// test's name is written otherwise.
func tokensFile(t testing.TB, opt Options) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '.'
	}, t.Name())
	return filepath.Join(cmp.Or(opt.Tokens, filepath.Join("testdata", "interleave")), name+".tokens")
}

// readKept reads what earlier runs have kept. A line that is damaged fails the
// test: what it was to guard is not guarded.
func readKept(t testing.TB, opt Options) *kept {
	t.Helper()
	k := &kept{file: tokensFile(t, opt)}
	text, err := os.ReadFile(k.file)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Logf("the tokens of earlier runs cannot be read, so they are not replayed: %v", err)
		}
		return k
	}
	for line := range strings.Lines(string(text)) {
		l, err := parseKept(strings.TrimSpace(line))
		k.lines = append(k.lines, l)
		if err != nil {
			t.Errorf("%s is not replayed: %v; mend the line or delete it", k.place(len(k.lines)-1), err)
		}
	}
	return k
}

func parseKept(text string) (keptLine, error) {
	l := keptLine{text: text}
	for token := range strings.FieldsSeq(text) {
		var err error
		if IsOrders(token) {
			_, err = ParseOrders(token)
			l.orders = token
		} else {
			_, err = ParseToken(token)
			l.schedule = token
		}
		if err != nil {
			return keptLine{text: text}, err
		}
	}
	return l, nil
}

// place is where a line stands.
func (k *kept) place(i int) string { return fmt.Sprintf("%s:%d", k.file, i+1) }

// replay replays all lines and fails with the first that still shows its
// finding; it reports whether one does.
func (k *kept) replay(t testing.TB, program func(*sim.G), opt Options) (failed bool) {
	t.Helper()
	for i := range k.lines {
		l := &k.lines[i]
		found := k.again(t, program, opt, i)
		if len(found) == 0 || failed {
			continue
		}
		failed = true
		text, orders := explained(program, found, opt)
		t.Errorf("%s\nIt was kept in %s.", text, k.place(i))
		l.schedule, l.orders = found[0].Token, cmp.Or(orders, l.orders)
	}
	if failed {
		k.write(t)
	}
	return failed
}

// again returns what a line shows now: under its schedule, else in a schedule
// that keeps its orders. It logs why it shows nothing.
func (k *kept) again(t testing.TB, program func(*sim.G), opt Options, i int) []Finding {
	t.Helper()
	l := &k.lines[i]
	gone := ""
	l.stale = l.schedule == ""
	if l.schedule != "" {
		found, err := ReplayToken(program, l.schedule, opt, nil)
		why, diverged := Diverged(err)
		switch {
		case len(found) > 0 && err == nil:
			return leading(found, opt.Primary)
		case err != nil && !diverged:
			t.Errorf("%s: replay %s: %v", k.place(i), l.schedule, err)
			return nil
		case diverged:
			gone = fmt.Sprintf("token %s does not apply any more: %s", l.schedule, why)
			l.stale = true
		default:
			gone = fmt.Sprintf("token %s shows nothing any more", l.schedule)
		}
	}
	if l.orders != "" {
		found, how := k.ordered(t, program, opt, i)
		if len(found) > 0 || how == "" {
			l.stale = false
			return found
		}
		gone = strings.TrimPrefix(gone+"; "+how, "; ")
	}
	switch {
	case gone == "":
		l.stale = false
	case l.stale:
		t.Logf("%s is stale and can be deleted: %s", k.place(i), gone)
	default:
		t.Logf("%s: %s; that says nothing of other schedules", k.place(i), gone)
	}
	return nil
}

// ordered follows a line's orders; without a finding it says how far they could
// be kept, or nothing when the test has failed for an error.
func (k *kept) ordered(t testing.TB, program func(*sim.G), opt Options, i int) (found []Finding, how string) {
	t.Helper()
	l := &k.lines[i]
	o, err := ParseOrders(l.orders)
	if err != nil {
		panic("checks: a line of tokens was read that cannot be: " + err.Error())
	}
	r, err := ReplayOrders(program, l.orders, opt.explanation())
	if err != nil {
		t.Errorf("%s: replay %s: %v", k.place(i), l.orders, err)
		return nil, ""
	}
	total := r.Kept + len(r.Diverged)
	if !r.There {
		l.stale = l.stale && r.Kept == 0
		return nil, fmt.Sprintf("%d of %d orders of token %s can be kept, and the finding is gone under them", r.Kept, total, l.orders)
	}
	found, err = ReplayToken(program, r.Token, opt, nil)
	if err != nil || len(found) == 0 {
		t.Errorf("%s: the orders lead to %s, whose replay finds %d: %v", k.place(i), r.Token, len(found), err)
	}
	return leading(found, o.Kind), ""
}

// add keeps new findings; the orders are those of the first.
func (k *kept) add(found []Finding, orders string) {
	for i, f := range found {
		l := keptLine{schedule: f.Token}
		if i == 0 {
			l.orders = orders
		}
		if !slices.ContainsFunc(k.lines, func(other keptLine) bool { return other.schedule == f.Token }) {
			k.lines = append(k.lines, l)
		}
	}
}

// write writes the file, without the lines that are stale, when it is to
// change.
func (k *kept) write(t testing.TB) {
	t.Helper()
	var b strings.Builder
	dropped, changed := 0, false
	for _, l := range k.lines {
		text := l.text
		if l.schedule+l.orders != "" {
			text = strings.TrimSpace(l.schedule + " " + l.orders)
		}
		changed = changed || text != l.text
		if l.stale {
			dropped++
			continue
		}
		b.WriteString(text + "\n")
	}
	if !changed && dropped == 0 {
		return
	}
	err := os.MkdirAll(filepath.Dir(k.file), 0o777)
	if err == nil {
		err = atomicfile.Write(k.file, []byte(b.String()))
	}
	switch {
	case err != nil:
		t.Logf("the finding is not kept for the next run: %v", err)
	case dropped == 1:
		t.Logf("the finding is kept in %s and replayed first from now on; 1 stale line was dropped there", k.file)
	case dropped > 1:
		t.Logf("the finding is kept in %s and replayed first from now on; %d stale lines were dropped there", k.file, dropped)
	default:
		t.Logf("the finding is kept in %s and replayed first from now on", k.file)
	}
}
