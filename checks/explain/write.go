package explain

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Layout says how an explanation is printed. The zero value is 80 columns
// wide, with folded steps.
type Layout struct {
	// Width in columns; 0 means 80, the least is 40. Tokens are never broken.
	Width int
	// All shows the steps that do not matter as well.
	All bool
	// Replay makes a command of a token: it is put before it, or around it when
	// it holds the word TOKEN.
	Replay string
}

func (l Layout) withDefaults() Layout {
	if l.Width == 0 {
		l.Width = 80
	}
	l.Width = max(l.Width, 40)
	return l
}

// Write prints the explanation as text.
func (e Explanation) Write(w io.Writer, l Layout) error {
	l = l.withDefaults()
	p := &page{width: l.Width, replay: l.Replay}
	p.paragraph("", e.title())
	for _, text := range e.Happened {
		p.paragraph("  ", text)
	}
	p.blank()
	p.paragraph("", e.Shrunk.String())
	if e.Parameters.Smaller() {
		p.paragraph("", e.Parameters.String())
	}
	if e.Horizon > 0 {
		p.paragraph("", fmt.Sprintf("The program need not end: what goes on for %s without this counts as passing.",
			count(e.Horizon, "step")))
	}
	p.blank()
	p.mark(e.Table, l.All)
	p.table(e.Table, l.All)
	p.blank()
	e.Cause.write(p)
	e.Critical.write(p, e.Table)
	if len(e.Prevent) > 0 {
		p.paragraph("", "What would prevent it")
		for _, text := range e.Prevent {
			p.bullet("  - ", text)
		}
		p.blank()
	}
	p.sites(e.Table)
	p.token("Replay this schedule:", e.Token)
	if len(e.Cause.Conditions) > 0 {
		p.token("Replay the orders, in an edited program too:", e.Orders)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

func (e Explanation) title() string {
	s := strings.ReplaceAll(e.Kind, "-", " ")
	if len(e.Objects) > 0 {
		s += ": " + strings.Join(e.Objects, ", ")
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// String says how small the schedule is and how sure that is.
func (s Shrunk) String() string {
	text := fmt.Sprintf("The schedule below has %s and %s. ", count(s.Preemptions, "preemption"), count(s.Steps, "step"))
	switch {
	case s.Preemptions == 0:
	case s.Proved:
		text += "No schedule with fewer preemptions shows this: all of them were explored. "
	default:
		text += fmt.Sprintf("It is the smallest found in %s; smaller ones are not excluded. ", count(s.Executions, "execution"))
	}
	if s.StepsProved {
		text += "None with as many has fewer steps."
	}
	return strings.TrimSpace(text)
}

// String says which parameters are enough.
func (p Parameters) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(p.Values)) {
		parts = append(parts, fmt.Sprintf("%s=%d", name, p.Values[name]))
	}
	text := "It happens already with " + strings.Join(parts, ", ")
	if p.Proved {
		return text + "; smaller values do not show it, or are not allowed."
	}
	return text + fmt.Sprintf(" (found in %s; less is not excluded).", count(p.Executions, "execution"))
}

func (c Cause) write(p *page) {
	p.paragraph("", "Why")
	orders := plural(len(c.Conditions), "this order", "these orders")
	switch {
	case c.Inexpressible:
		p.paragraph("  ", "There are schedules that differ from this one in no order of two events and are "+
			"without the finding: the orders below are not enough.")
	case len(c.Conditions) == 0 && c.Exact:
		p.paragraph("  ", "It happens in every schedule: all were explored.")
	case len(c.Conditions) == 0:
		p.paragraph("  ", fmt.Sprintf("It happened in every one of the %s that were tried.", count(c.Executions, "execution")))
	case c.Exact:
		p.paragraph("  ", fmt.Sprintf("Whenever a schedule keeps %s, it happens: all such schedules were explored.", orders))
	case c.Unsettled():
		p.paragraph("  ", fmt.Sprintf("No orders were found that are enough, in %d rounds. A schedule that breaks "+
			"one of %s passed; one that keeps them may pass as well.", roundsMax, orders))
	default:
		p.paragraph("  ", fmt.Sprintf("In all of the %s that were tried, keeping %s was enough.", count(c.Executions, "execution"), orders))
	}
	for i, k := range c.Conditions {
		p.bullet(fmt.Sprintf("  %d. ", i+1), k.String())
		p.token("     Without it, this one passes:", k.Token)
	}
	if len(c.Conditions) > 1 && c.Fewest {
		p.paragraph("  ", fmt.Sprintf("Fewer than %d would not do.", len(c.Conditions)))
	}
	p.blank()
}

func (c Critical) write(p *page, t Table) {
	p.paragraph("", "The point of no return")
	how := "all of them were explored"
	if !c.Exact {
		how = fmt.Sprintf("%s were tried", count(c.Executions, "execution"))
	}
	if c.Step < 0 || c.Step >= len(t.Rows) {
		p.paragraph("  ", fmt.Sprintf("There is none: every execution shows it from the start on (%s).", how))
		p.blank()
		return
	}
	r := t.Rows[c.Step]
	text := fmt.Sprintf("Step %d, %s: %s, marked * above. ", r.Step, t.Columns[r.Column], r.Text)
	if c.Step == lastStep(t) {
		text += "Up to there it can still be avoided."
	} else {
		text += fmt.Sprintf("After it every continuation shows the finding (%s); before it there is still a way out.", how)
	}
	p.paragraph("  ", text)
	p.token("     A way out:", c.Token)
	p.blank()
}

func lastStep(t Table) int {
	last := -1
	for _, r := range t.Rows {
		last = max(last, r.Step)
	}
	return last
}

// plural returns one of two texts, the second with the number before it.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return strings.Replace(many, " ", fmt.Sprintf(" %d ", n), 1)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
