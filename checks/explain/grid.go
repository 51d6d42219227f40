package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A grid is a table on its way to a page.
type grid struct {
	table   Table
	page    *page
	columns []int // of table that are shown
	cell    int   // width of each; 0: a line names its goroutine instead
	shared  []int // widths of the shared objects that are shown
	last    []string
}

const (
	marginWidth  = 6  // step, mark and a space
	siteWidth    = 3  // the letter of the source line and a space
	cellWidthMin = 14 // a narrower column is hard to read
)

// table prints the interleaving: a column per goroutine, the shared state at
// the right, and between them why the goroutine changes.
func (p *page) table(t Table, all bool) {
	t.Rows = append([]Row{}, t.Rows...)
	for i := range t.Rows {
		t.Rows[i].Matters = t.Rows[i].Matters || all
	}
	g := &grid{table: t, page: p}
	g.measure()
	g.header()
	for i := 0; i < len(t.Rows); {
		if n := g.fold(i); n > 0 {
			i += n
			continue
		}
		g.change(t.Rows[i])
		g.row(t.Rows[i])
		i++
	}
}

// measure chooses what fits: shared objects up to half of the width, the first
// ones first, and then the goroutines' columns.
func (g *grid) measure() {
	room := g.page.width / 2
	for i, name := range g.table.Shared {
		w := utf8.RuneCountInString(name)
		for _, r := range g.table.Rows {
			w = max(w, utf8.RuneCountInString(r.Shared[i]))
		}
		w = min(w, 20)
		if room -= w + 2; room < 0 {
			break
		}
		g.shared = append(g.shared, w)
	}
	for c := range g.table.Columns {
		for _, r := range g.table.Rows {
			if r.Column == c && r.Matters {
				g.columns = append(g.columns, c)
				break
			}
		}
	}
	if len(g.columns) > 0 {
		g.cell = g.room()/len(g.columns) - 1
	}
	widest := 0
	for _, r := range g.table.Rows {
		if r.Matters {
			widest = max(widest, utf8.RuneCountInString(r.Text))
		}
	}
	for _, c := range g.columns {
		widest = max(widest, utf8.RuneCountInString(g.table.Columns[c]))
	}
	if g.cell = min(g.cell, widest+2); g.cell < cellWidthMin && g.cell < widest {
		g.cell = 0
	}
}

// room is what the goroutines' columns have together.
func (g *grid) room() int {
	room := g.page.width - marginWidth - siteWidth
	for _, w := range g.shared {
		room -= w + 2
	}
	return room
}

func (g *grid) header() {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", marginWidth))
	if g.cell == 0 {
		b.WriteString(pad("", g.room()))
	} else {
		for _, c := range g.columns {
			b.WriteString(pad(g.table.Columns[c], g.cell) + " ")
		}
	}
	b.WriteString(strings.Repeat(" ", siteWidth))
	for i, w := range g.shared {
		b.WriteString("  " + pad(g.table.Shared[i], w))
	}
	g.page.line(b.String())
	g.page.line(strings.Repeat("─", min(utf8.RuneCountInString(strings.TrimRight(b.String(), " ")), g.page.width)))
}

// fold prints the steps from row i on that do not matter as one line, and
// returns how many there are. A preemption is never folded away.
func (g *grid) fold(i int) int {
	var who []string
	n := 0
	for _, r := range g.table.Rows[i:] {
		if r.Matters || len(r.Notes) > 0 || r.Switch != nil && r.Switch.Preemption && n > 0 {
			break
		}
		if n == 0 && r.Switch != nil && r.Switch.Preemption {
			g.change(r)
		}
		if name := g.table.Columns[r.Column]; len(who) == 0 || who[len(who)-1] != name {
			who = append(who, name)
		}
		n++
	}
	if n == 0 {
		return 0
	}
	if len(who) > 3 {
		who = append(who[:2], "…", who[len(who)-1])
	}
	steps := fmt.Sprintf("%3d", g.table.Rows[i].Step)
	if n > 1 {
		steps += fmt.Sprintf("–%d", g.table.Rows[i+n-1].Step)
	}
	g.page.line(cut(fmt.Sprintf("%s   %s: %s", steps, strings.Join(who, ", "), g.folded(i, n)), g.page.width))
	return n
}

// folded names what was folded, when that is little.
func (g *grid) folded(i, n int) string {
	if n > 3 {
		return fmt.Sprintf("%d steps that do not matter", n)
	}
	var texts []string
	for _, r := range g.table.Rows[i : i+n] {
		texts = append(texts, r.Text)
	}
	return strings.Join(texts, ", ")
}

// change prints why the goroutine changes before a row.
func (g *grid) change(r Row) {
	for _, note := range r.Notes {
		g.page.bullet(strings.Repeat(" ", marginWidth)+"» ", note)
	}
	s := r.Switch
	switch {
	case s == nil:
	case s.Preemption && s.Necessary:
		g.page.bullet("   !! ", fmt.Sprintf("%s is preempted, and has to be: %s", s.From, s.Why))
	case s.Preemption:
		g.page.bullet("    ! ", fmt.Sprintf("%s is preempted; %s runs", s.From, s.To))
	case s.Reason == "preempted":
		g.page.bullet("    - ", fmt.Sprintf("%s could go on; %s runs", s.From, s.To))
	case s.Reason == "ended" || s.Reason == "yielded" || s.Reason == "time moved":
		g.page.bullet("    - ", fmt.Sprintf("%s %s; %s runs", s.From, s.Reason, s.To))
	default:
		g.page.bullet("    - ", fmt.Sprintf("%s is %s; %s runs", s.From, s.Reason, s.To))
	}
}

func (g *grid) row(r Row) {
	step := "    "
	if r.Step >= 0 {
		step = fmt.Sprintf("%3d ", r.Step)
	}
	mark := "  "
	if r.Critical {
		mark = "* "
	}
	site := ""
	if r.Site >= 0 {
		site = siteMark(r.Site)
	}
	state := ""
	for i, w := range g.shared {
		state += "  " + pad(r.Shared[i], w)
	}
	for i, cells := range g.cells(r) {
		if i > 0 {
			g.page.line(strings.Repeat(" ", marginWidth) + cells)
			continue
		}
		g.page.line(step + mark + cells + pad(site, siteWidth) + state)
	}
}

// cells lays a row's text into its column, on several lines when it is long.
func (g *grid) cells(r Row) []string {
	if g.cell == 0 {
		text := wrap(g.table.Columns[r.Column]+": "+r.Text, g.room()-1)
		for i := range text {
			text[i] = pad(text[i], g.room())
		}
		return text
	}
	var out []string
	for _, s := range wrap(r.Text, g.cell) {
		line := ""
		for _, c := range g.columns {
			if c == r.Column {
				line += pad(s, g.cell) + " "
			} else {
				line += strings.Repeat(" ", g.cell+1)
			}
		}
		out = append(out, line)
	}
	return out
}
