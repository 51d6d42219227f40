package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/interleave-go/interleave/internal/wrap"
)

// A grid is a table on its way to a page.
type grid struct {
	table   Table
	page    *page
	columns []int // of table that are shown
	cell    int   // width of each; 0: a line names its goroutine instead
	shared  []int // widths of the shared objects' columns
	changes int   // width of one column for all changes of shared objects instead; 0: none
	letters bool  // goroutines are A, B and so on, and a legend says who
	last    []string
}

// extraWidth is the width of the objects that are only shown where there is room.
func (g *grid) extraWidth() int {
	w := 0
	for _, n := range g.shared[len(g.shared)-g.table.extra:] {
		w += n + 2
	}
	return w
}

// withoutExtra leaves out the objects that are only shown where there is room.
func (g *grid) withoutExtra() {
	n := len(g.table.Shared) - g.table.extra
	g.table.Shared, g.table.extra = g.table.Shared[:n], 0
	g.last = g.last[:min(n, len(g.last))]
	for i := range g.table.Rows {
		g.table.Rows[i].Shared = g.table.Rows[i].Shared[:n]
	}
}

const (
	marginWidth  = 6  // step, mark and a space
	siteWidth    = 3  // the letter of the source line and a space
	cellWidthMin = 14 // a narrower column is hard to read
	narrowMin    = 9  // of a column that only has a letter at its head
	narrowChange = 9  // the least width of the column for changes beside those
)

// Write prints the table: see [Explanation.Write].
func (t Table) Write(w io.Writer, l Layout) error {
	l = l.withDefaults()
	p := &page{width: l.Width}
	p.table(t, l.All)
	_, err := io.WriteString(w, p.String())
	return err
}

// table prints the interleaving: a column per goroutine, the shared state at
// the right, and between them why the goroutine changes.
func (p *page) table(t Table, all bool) {
	t.Rows = append([]Row{}, t.Rows...)
	for i := range t.Rows {
		t.Rows[i].Matters = t.Rows[i].Matters || all && !t.Rows[i].Returns
	}
	if !all {
		shorten(t.Rows)
	}
	g := &grid{table: t, page: p, last: t.Initial}
	g.measure()
	g.header()
	for i := 0; i < len(t.Rows); {
		if n := g.fold(i); n > 0 {
			i += n
			continue
		}
		if t.Lap > 0 && t.Rows[i].Step < 0 {
			break // that somebody waits is not the matter
		}
		if t.Rows[i].Failure {
			g.failure(t.Rows[i])
			i++
			continue
		}
		if t.Rows[i].Step < 0 {
			g.pending(t.Rows[i:])
			return
		}
		g.change(t.Rows[i])
		i += g.row(i)
	}
	if t.Lap > 0 {
		last := lastStep(t)
		g.page.bullet("  ... ", fmt.Sprintf("and so on: steps %d to %d again and again, nobody gets on (seen %d times)",
			last-t.Lap+1, last, t.Laps))
	}
}

// rowsMax is how many rows a reader is given: the first and the last ones.
const rowsMax = 60

// shorten lets the middle of a long table be folded as well.
func shorten(rows []Row) {
	matter := 0
	for _, r := range rows {
		if r.Matters {
			matter++
		}
	}
	if matter <= rowsMax {
		return
	}
	seen := 0
	for i := range rows {
		if !rows[i].Matters {
			continue
		}
		seen++
		rows[i].Matters = rows[i].Critical || seen <= rowsMax/2 || seen > matter-rowsMax/2
	}
}

// measure chooses the layout: goroutines and shared objects side by side if
// both fit, else one column for what changes, else letters instead of names,
// which need less room, else no columns for goroutines.
func (g *grid) measure() {
	g.chooseColumns()
	widest, sum := g.widest()
	g.shared = make([]int, len(g.table.Shared))
	total := 0
	for i := range g.shared {
		g.shared[i] = g.widthOf(i)
		total += g.shared[i] + 2
	}
	room := g.page.width - marginWidth - siteWidth
	least := len(g.columns) * (min(cellWidthMin, widest) + 1)
	if core := total - g.extraWidth(); least+total > room && least+core <= room {
		g.withoutExtra()
		total, g.shared = core, g.shared[:len(g.table.Shared)]
	}
	switch {
	case least+total <= room:
		g.cell = (room-total)/max(len(g.columns), 1) - 1
	case least+changeWidth <= room:
		g.shared, g.changes = nil, changeWidth
		g.cell = (room-changeWidth)/max(len(g.columns), 1) - 1
	case len(g.columns)*(narrowMin+1)+narrowChange <= room:
		g.shared, g.letters = nil, true
		g.changes = min(g.widestChange(), room-len(g.columns)*(narrowMin+1))
		g.cell = (room-g.changes)/len(g.columns) - 1
	case sum+total > room:
		g.shared, g.changes = nil, changeWidth
	}
	g.cell = min(g.cell, max(widest, g.widestPending())+1)
	if g.cell > 0 && g.changes > 0 {
		g.changes = room - len(g.columns)*(g.cell+1)
	}
}

// changeWidth is the least width of the column for changes, and changeLines how
// many lines of them a row may have.
const (
	changeWidth = 24
	changeLines = 3
)

// chooseColumns takes the goroutines that do something that matters.
func (g *grid) chooseColumns() {
	for c := range g.table.Columns {
		for _, r := range g.table.Rows {
			if r.Column == c && r.Matters && r.Step >= 0 {
				g.columns = append(g.columns, c)
				break
			}
		}
	}
}

// widest returns the widths of the widest cell, alone and with its goroutine's
// name before it.
func (g *grid) widest() (cell, line int) {
	for _, r := range g.table.Rows {
		name, text := utf8.RuneCountInString(g.table.Columns[r.Column]), utf8.RuneCountInString(r.Text)
		if r.Matters && g.shows(r.Column) && r.Step >= 0 {
			cell = max(cell, name, text)
			line = max(line, name+2+text+1)
		}
	}
	return cell, line
}

// widestChange is the width that one change of a shared object needs, when
// goroutines are letters.
func (g *grid) widestChange() int {
	w := narrowChange
	for _, r := range g.table.Rows {
		for i, name := range g.table.Shared {
			if r.Matters {
				w = max(w, utf8.RuneCountInString(name+": "+g.lettered(r.Shared[i]))+1)
			}
		}
	}
	return w
}

// widestPending is the width that what is pending at the end would like.
func (g *grid) widestPending() int {
	w := 0
	for _, r := range g.table.Rows {
		if r.Step < 0 && !r.Failure && g.shows(r.Column) {
			w = max(w, utf8.RuneCountInString(r.Text)+4)
		}
	}
	return w
}

func (g *grid) shows(column int) bool { return slices.Contains(g.columns, column) }

// widthOf is what a shared object's column needs.
func (g *grid) widthOf(i int) int {
	w := utf8.RuneCountInString(g.table.Shared[i])
	for _, r := range g.table.Rows {
		w = max(w, utf8.RuneCountInString(r.Shared[i]))
	}
	return min(w, 20)
}

// room is what the goroutines' columns have together.
func (g *grid) room() int {
	room := g.page.width - marginWidth - siteWidth - g.changes
	for _, w := range g.shared {
		room -= w + 2
	}
	return room
}

// row prints a row, and the return of its send or receive along with it. It returns
// how many rows that are.
func (g *grid) row(i int) int {
	r, n := g.table.Rows[i], 1
	mark := stepText(r.Step) + "  "
	if next := i + 1; next < len(g.table.Rows) && g.table.Rows[next].Returns && !g.table.Rows[next].Matters {
		n = 2
		if both := fmt.Sprintf("%d–%d", r.Step, r.Step+1); utf8.RuneCountInString(both) < marginWidth {
			mark = fmt.Sprintf("%*s ", marginWidth-1, both)
		}
	}
	if r.Critical {
		g.page.sign("*")
		mark = stepText(r.Step) + "* "
	}
	if g.cell == 0 {
		text := wrap.Lines(g.table.Columns[r.Column]+": "+r.Text, g.room()-1)
		for i := range text {
			text[i] = pad(text[i], g.room())
		}
		g.lines(mark, text, r)
		return n
	}
	g.lines(mark, g.cells(map[int]string{r.Column: g.lettered(r.Text)}), r)
	return n
}

// pending prints what goroutines still waited for at the end, as one row.
func (g *grid) pending(rows []Row) {
	texts := map[int]string{}
	for _, r := range rows {
		text := g.lettered(r.Text)
		if mark := g.page.marks[r.Site]; mark != "" {
			text += " (" + mark + ")"
		}
		if g.cell == 0 || !g.shows(r.Column) {
			g.page.bullet("  end ", g.table.Columns[r.Column]+" "+r.Text+strings.TrimPrefix(text, g.lettered(r.Text)))
			continue
		}
		texts[r.Column] = text
	}
	if len(texts) > 0 {
		last := rows[len(rows)-1]
		last.Site = -1
		g.lines("  end ", g.cells(texts), last)
	}
}

// failure prints how a goroutine failed, and where.
func (g *grid) failure(r Row) {
	text := g.table.Columns[r.Column] + " " + r.Text
	if mark := g.page.marks[r.Site]; mark != "" {
		text += " (" + mark + ")"
	}
	g.page.bullet(" fail ", text)
}

// lines prints the lines of a row, with its line of the program on the first,
// and the shared state beside them.
func (g *grid) lines(mark string, lines []string, r Row) {
	state := g.state(r)
	for i := range max(len(lines), len(state)) {
		text, site, beside := strings.Repeat(" ", g.room()), "", ""
		if i < len(lines) {
			text = lines[i]
		}
		if i < len(state) {
			beside = state[i]
		}
		if i == 0 {
			site = g.page.marks[r.Site]
		}
		g.page.line(mark + text + pad(site, siteWidth) + beside)
		mark = strings.Repeat(" ", marginWidth)
	}
}

// state is the right side of a row: the state of every shared object, or what
// has changed.
func (g *grid) state(r Row) []string {
	s := ""
	for i, w := range g.shared {
		s += "  " + pad(r.Shared[i], w)
	}
	if g.changes == 0 {
		return []string{s}
	}
	var changed []string
	for i, now := range r.Shared {
		if g.last[i] != now {
			changed = append(changed, g.table.Shared[i]+": "+g.lettered(now))
		}
	}
	g.last = r.Shared
	lines := wrap.Lines(strings.Join(changed, ", "), g.changes)
	for i := range lines {
		lines[i] = cut(lines[i], g.changes)
	}
	if len(lines) > changeLines {
		lines = lines[:changeLines]
		lines[changeLines-1] = cut(lines[changeLines-1], g.changes-1) + "…"
	}
	return lines
}

// cells lays texts into their columns, on several lines when they are long.
func (g *grid) cells(texts map[int]string) []string {
	var lines [][]string
	for at, c := range g.columns {
		text, ok := texts[c]
		if !ok {
			continue
		}
		for n, s := range wrap.Lines(text, g.cell) {
			if n == len(lines) {
				lines = append(lines, make([]string, len(g.columns)))
			}
			lines[n][at] = s
		}
	}
	out := make([]string, len(lines))
	for n, cells := range lines {
		for _, s := range cells {
			out[n] += pad(s, g.cell) + " "
		}
	}
	return out
}
