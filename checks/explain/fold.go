package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// fold prints the steps from row i on that do not matter as one line, and
// returns how many there are. A preemption is never folded away.
func (g *grid) fold(i int) int {
	n := 0
	for _, r := range g.table.Rows[i:] {
		if r.Step < 0 || r.Matters || len(r.Notes) > 0 || n > 0 && r.Switch != nil && r.Switch.Preemption {
			break
		}
		if n == 0 && r.Switch != nil && r.Switch.Preemption {
			g.change(r)
		}
		n++
	}
	if n == 0 {
		return 0
	}
	steps := stepText(g.table.Rows[i].Step)
	if n > 1 {
		steps = stepRange(g.table.Rows[i].Step, g.table.Rows[i+n-1].Step)
	}
	text := fmt.Sprintf("%-*s %s", marginWidth-1, steps, g.folded(i, n))
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

// stepRange is the numbers of the first and the last step of several.
func stepRange(first, last int) string {
	return fmt.Sprintf("%s–%d", strings.TrimRight(stepText(first), " "), last)
}

// folded names what was folded, when that is little.
func (g *grid) folded(i, n int) string {
	var text strings.Builder
	who, turns := "", 0
	for k, r := range g.table.Rows[i : i+n] {
		if r.Returns && k > 0 {
			continue
		}
		if name := g.table.Columns[r.Column]; name != who {
			if turns++; turns > 1 {
				text.WriteString("; ")
			}
			who = name
			text.WriteString(who + ": " + r.Text)
		} else {
			text.WriteString(", " + r.Text)
		}
	}
	if utf8.RuneCountInString(text.String()) <= g.page.width-marginWidth-2 {
		return text.String()
	}
	if turns == 1 {
		return who + ": " + count(n, "step")
	}
	return fmt.Sprintf("%d steps with %s, the last of %s", n, count(turns-1, "switch"), who)
}

// change prints what the program noted and why the goroutine changes before a
// row.
func (g *grid) change(r Row) {
	for _, note := range r.Notes {
		g.page.sign("»")
		g.page.bullet(strings.Repeat(" ", marginWidth)+"» ", note)
	}
	s := r.Switch
	if s == nil {
		return
	}
	sign, text := "-", fmt.Sprintf("%s is %s; %s runs", s.From, s.Reason, s.To)
	switch {
	case s.Preemption && s.Necessary:
		sign, text = "!!", fmt.Sprintf("%s is preempted here, or it would not happen: %s", s.From, s.Why)
	case s.Preemption:
		sign, text = "!", fmt.Sprintf("%s is preempted; %s runs", s.From, s.To)
	case s.Reason == "preempted":
		text = fmt.Sprintf("%s could go on; %s runs", s.From, s.To)
	case s.Reason == "time moved":
		text = fmt.Sprintf("time has moved; %s runs", s.To)
	case s.Reason == "ended" || s.Reason == "yields":
		text = fmt.Sprintf("%s %s; %s runs", s.From, s.Reason, s.To)
	}
	g.page.sign(sign)
	g.page.bullet(fmt.Sprintf("%*s ", marginWidth-1, sign), text)
}
