package explain

import (
	"fmt"
	"strings"
)

// fold prints the steps from row i on that do not matter as one line, and
// returns how many there are. A preemption is never folded away.
func (g *grid) fold(i int) int {
	var who []string
	n := 0
	for _, r := range g.table.Rows[i:] {
		if r.Matters || len(r.Notes) > 0 || n > 0 && r.Switch != nil && r.Switch.Preemption {
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
		who = []string{who[0], who[1], "…", who[len(who)-1]}
	}
	steps := stepText(g.table.Rows[i].Step)
	if n > 1 {
		steps = fmt.Sprintf("%s–%d", strings.TrimRight(steps, " "), g.table.Rows[i+n-1].Step)
	}
	text := fmt.Sprintf("%-*s %s: %s", marginWidth-1, steps, strings.Join(who, ", "), g.folded(i, n))
	g.page.line(cut(text, g.page.width))
	return n
}

// stepText is a step's number, right-aligned; nothing for a pending operation.
func stepText(step int) string {
	if step < 0 {
		return "    "
	}
	return fmt.Sprintf("%3d ", step)
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

// change prints what the program noted and why the goroutine changes before a
// row.
func (g *grid) change(r Row) {
	for _, note := range r.Notes {
		g.page.bullet(strings.Repeat(" ", marginWidth)+"» ", note)
	}
	s := r.Switch
	switch {
	case s == nil:
	case s.Preemption && s.Necessary:
		g.page.bullet("   !! ", fmt.Sprintf("%s is preempted, and must be: %s", s.From, s.Why))
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
