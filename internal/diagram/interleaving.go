package diagram

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/interleave-go/interleave/checks/explain"
)

// columnLeast is the narrowest column that still reads well.
const columnLeast = 11

// stepColumn is the width of the column of step numbers.
const stepColumn = 5

// Interleaving returns an execution as a table with a column for each
// goroutine, at most width columns wide. A run of rows that do not matter
// becomes one row. Goroutines that do not fit are left out, main and those
// with the fewest rows that matter first, and a line below says so.
func Interleaving(t explain.Table, width int) string {
	shown := chooseColumns(t, max(1, (width-stepColumn)/columnLeast))
	w := (width - stepColumn) / max(1, len(shown))
	w = min(w, widest(t)+2)
	g := &grid{width: w, place: map[int]int{}}
	names := make([]string, len(shown))
	for i, c := range shown {
		g.place[c] = i
		names[i] = t.Columns[c]
	}
	g.row("step", names)
	g.rule(len(shown))
	g.body(t)
	if g.critical {
		g.out.WriteString("* the point of no return: after it this cannot be avoided any more\n")
	}
	if left := len(t.Columns) - len(shown); left > 0 {
		g.out.WriteString(fmt.Sprintf("(%d more goroutines are not shown)\n", left))
	}
	return g.out.String()
}

// widest is the length of the longest cell.
func widest(t explain.Table) int {
	n := columnLeast
	for _, r := range t.Rows {
		n = max(n, utf8.RuneCountInString(r.Text))
	}
	for _, c := range t.Columns {
		n = max(n, utf8.RuneCountInString(c))
	}
	return n
}

// chooseColumns returns at most n of a table's columns, in their order.
func chooseColumns(t explain.Table, n int) []int {
	weight := make([]int, len(t.Columns))
	for _, r := range t.Rows {
		if r.Matters {
			weight[r.Column]++
		}
	}
	var shown []int
	dropped := len(t.Columns) - n
	for dropped > 0 {
		least := 0
		for c := range weight {
			if weight[c] >= 0 && (weight[least] < 0 || weight[c] < weight[least]) {
				least = c
			}
		}
		weight[least] = -1
		dropped--
	}
	for c := range weight {
		if weight[c] >= 0 {
			shown = append(shown, c)
		}
	}
	return shown
}

// grid writes rows of cells of one width, wrapped.
type grid struct {
	out   strings.Builder
	width int
	place map[int]int // of a column of the table among those shown
	// critical says that a step is marked as the point of no return.
	critical bool
}

func (g *grid) body(t explain.Table) {
	rows := t.Rows
	for i := 0; i < len(rows); {
		if n := foldable(rows[i:]); n > 1 {
			g.out.WriteString(fmt.Sprintf("%4d… %d steps that do not matter here\n", rows[i].Step, n))
			i += n
			continue
		}
		if rows[i].Step < 0 {
			break
		}
		if !rows[i].Returns || rows[i].Matters {
			g.event(rows[i])
		}
		i++
	}
	g.ending(t)
}

func (g *grid) event(r explain.Row) {
	place, ok := g.place[r.Column]
	if !ok {
		return
	}
	cells := make([]string, len(g.place))
	cells[place] = r.Text
	step := fmt.Sprint(r.Step)
	if r.Critical {
		step += "*"
		g.critical = true
	}
	g.row(step, cells)
}

// ending writes how the execution ended: in a livelock, that it does not.
func (g *grid) ending(t explain.Table) {
	i := len(t.Rows)
	for i > 0 && t.Rows[i-1].Step < 0 {
		i--
	}
	switch {
	case t.Lap > 0:
		last := t.Rows[i-1].Step
		g.out.WriteString(fmt.Sprintf(" ... and so on: steps %d to %d again and again\n", last-t.Lap+1, last))
	case i < len(t.Rows):
		g.pending(t.Rows[i:])
	}
}

// pending writes what goroutines still waited for at the end, as one row.
func (g *grid) pending(rows []explain.Row) {
	cells := make([]string, len(g.place))
	for _, r := range rows {
		if place, ok := g.place[r.Column]; ok {
			cells[place] = r.Text
		}
	}
	g.row("end", cells)
}

// foldable counts the rows that do not matter at the start.
func foldable(rows []explain.Row) int {
	n := 0
	for n < len(rows) && !rows[n].Matters && rows[n].Step >= 0 && len(rows[n].Notes) == 0 {
		n++
	}
	return n
}

func (g *grid) rule(columns int) {
	g.out.WriteString(strings.Repeat("─", stepColumn+columns*g.width-1) + "\n")
}

// row writes cells side by side, each wrapped at its width.
func (g *grid) row(step string, cells []string) {
	wrapped := make([][]string, len(cells))
	height := 1
	for i, c := range cells {
		wrapped[i] = wrap(c, g.width-1)
		height = max(height, len(wrapped[i]))
	}
	for line := range height {
		text := fmt.Sprintf("%*s ", stepColumn-1, step)
		step = ""
		for _, w := range wrapped {
			cell := ""
			if line < len(w) {
				cell = w[line]
			}
			text += cell + strings.Repeat(" ", g.width-utf8.RuneCountInString(cell))
		}
		g.out.WriteString(strings.TrimRight(text, " ") + "\n")
	}
}

// wrap breaks text at spaces into lines of at most width characters; a longer
// word is cut.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > width {
			runes := []rune(word)
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, string(runes[:width])), string(runes[width:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}
