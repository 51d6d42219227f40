package explain

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// header prints the names of the columns.
func (g *grid) header() {
	if g.letters {
		g.legend()
	}
	heads := []string{strings.Repeat(" ", g.room())}
	if g.cell > 0 {
		names := map[int]string{}
		for _, c := range g.columns {
			names[c] = g.name(c)
		}
		heads = g.cells(names)
	}
	longest, empty := 0, true
	for i, head := range heads {
		line := strings.Repeat(" ", marginWidth) + head
		if i == len(heads)-1 {
			line += strings.Repeat(" ", siteWidth) + g.sharedHead()
		}
		if line = strings.TrimRight(line, " "); line != "" {
			g.page.line(line)
			empty = false
		}
		longest = max(longest, utf8.RuneCountInString(line))
	}
	if empty {
		return
	}
	g.page.line(strings.Repeat("─", max(min(longest, g.page.width), g.page.width/2)))
}

func (g *grid) sharedHead() string {
	switch {
	case g.changes >= utf8.RuneCountInString("changes of state"):
		return "changes of state"
	case g.changes > 0:
		return "changes"
	}
	s := ""
	for i, w := range g.shared {
		s += "  " + pad(g.table.Shared[i], w)
	}
	return s
}

// name is what stands at the head of a column.
func (g *grid) name(c int) string {
	if g.letters {
		return strings.ToUpper(letter(slices.Index(g.columns, c)))
	}
	return g.table.Columns[c]
}

// legend says whom the letters stand for.
func (g *grid) legend() {
	line := ""
	for _, c := range g.columns {
		item := g.name(c) + " = " + g.table.Columns[c]
		if line != "" && marginWidth+utf8.RuneCountInString(line+", "+item) >= g.page.width {
			g.page.line(strings.Repeat(" ", marginWidth) + line + ",")
			line = ""
		}
		if line != "" {
			line += ", "
		}
		line += item
	}
	g.page.line(strings.Repeat(" ", marginWidth) + line)
}

// lettered puts letters for the names of goroutines: in the text of an event, of
// the one that it is about, and as a state.
func (g *grid) lettered(text string) string {
	if !g.letters {
		return text
	}
	for _, c := range g.columns {
		if before, ok := strings.CutSuffix(text, wakes+g.table.Columns[c]); ok {
			return before + wakes + g.name(c)
		}
		for _, before := range []string{"", "spawn ", "join ", "waits: join "} {
			if text == before+g.table.Columns[c] {
				return before + g.name(c)
			}
		}
	}
	return text
}
