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
	p.paragraph("", e.Headline)
	for _, text := range e.Happened {
		p.paragraph("  ", text)
	}
	p.blank()
	p.paragraph("", e.size())
	if e.Parameters.Smaller() {
		p.paragraph("", e.Parameters.String())
	}
	if e.Horizon > 0 && e.Table.Lap == 0 {
		p.paragraph("", fmt.Sprintf("The program need not end: what goes on for %s without this counts as passing.",
			count(e.Horizon, "step")))
	}
	p.blank()
	p.mark(e.Table, l.All)
	p.table(e.Table, l.All)
	p.signs()
	p.blank()
	e.Cause.write(p, e.Table.Lap > 0)
	e.Critical.write(p, e.Table, e.Cause)
	if len(e.Prevent) > 0 {
		p.paragraph("", "What would prevent it")
		for _, text := range e.Prevent {
			p.bullet("  - ", text)
		}
		p.blank()
	}
	p.sites(e.Table)
	p.token("Replay this schedule:", e.Token)
	if e.Orders != "" {
		p.token("Replay the orders, in an edited program too:", e.Orders)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// size says how long the schedule is.
func (e Explanation) size() string {
	if e.Table.Lap == 0 {
		return e.Shrunk.String()
	}
	return fmt.Sprintf("The schedule below has %s that lead to it and a lap of %d, with %s"+whatIsPreemption+". It is the shortest that was found; "+
		"shorter ones are not excluded.", count(e.Shrunk.Steps-e.Table.Lap, "step"), e.Table.Lap, count(e.Shrunk.Preemptions, "preemption"))
}

// whatIsPreemption says, once on a page, what a preemption is.
const whatIsPreemption = " (a switch away from a goroutine that could have gone on)"

// String says how small the schedule is and how sure that is.
func (s Shrunk) String() string {
	text := fmt.Sprintf("The schedule below has %s and %s"+whatIsPreemption+". ", count(s.Steps, "step"), count(s.Preemptions, "preemption"))
	switch {
	case s.Preemptions == 0:
	case s.Proved:
		text += "No schedule with fewer preemptions shows this: all of them were explored. "
	default:
		text += fmt.Sprintf("It is the smallest found in %s; fewer preemptions are not excluded. ", count(s.Executions, "execution"))
	}
	switch {
	case s.StepsProved && s.Preemptions == 0:
		return text + "It is the shortest one without a preemption that shows this."
	case s.StepsProved:
		return text + fmt.Sprintf("It is the shortest one with %s that shows this.", count(s.Preemptions, "preemption"))
	}
	text += "That none of as few preemptions is shorter is not proved: "
	if s.Bound == "steps" {
		return text + "some executions were cut by the bound on steps."
	}
	return text + fmt.Sprintf("the search ended after %s.", count(s.Executions, "execution"))
}

// String says which parameters are enough.
func (p Parameters) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(p.Values)) {
		parts = append(parts, fmt.Sprintf("%s=%d", name, p.Values[name]))
	}
	text := "It happens already with " + strings.Join(parts, ", ")
	switch {
	case p.Proved && p.least() && len(parts) == 1:
		return text + ", the least that is allowed."
	case p.Proved && p.least():
		return text + ", the least that are allowed."
	case p.Proved:
		return text + ", and with no smaller value of any one of them: all that are allowed were tried."
	}
	return text + fmt.Sprintf(" (found in %s; less is not excluded).", count(p.Executions, "execution"))
}

// least reports whether every value is the least that is allowed.
func (p Parameters) least() bool {
	for name, v := range p.Values {
		if v != p.Least[name] {
			return false
		}
	}
	return true
}

func (c Cause) write(p *page, laps bool) {
	p.paragraph("", "Why")
	p.paragraph("  ", c.sufficiency(laps))
	for i, k := range c.Conditions {
		p.bullet(fmt.Sprintf("  %d. ", i+1), k.Text)
		p.token(fmt.Sprintf("     A schedule in which %d does not hold, %s:", i+1, passes(k.But)), k.Token)
		if text := inWords(k.Passing, k.Absent); text != "" {
			p.bullet("       ", text)
		}
	}
	if len(c.Conditions) > 1 && c.Fewest {
		fewer := "No single condition is enough."
		if len(c.Conditions) > 2 {
			fewer = fmt.Sprintf("No %d conditions are enough.", len(c.Conditions)-1)
		}
		p.paragraph("  ", fewer)
	}
	p.blank()
}

// sufficiency says what the conditions are enough for, and how sure that is.
func (c Cause) sufficiency(laps bool) string {
	hold := "all of these hold"
	switch len(c.Conditions) {
	case 1:
		hold = "this holds"
	case 2:
		hold = "both of these hold"
	}
	switch {
	case c.Inexpressible:
		return "No set of orders of events was found that is enough to make it happen."
	case laps:
		how := "all schedules of two such laps were explored"
		if !c.Exact {
			how = fmt.Sprintf("%s of two such laps were tried", count(c.Executions, "execution"))
		}
		return fmt.Sprintf("As long as %s in every lap, nobody gets on (%s). The steps are those of the first lap:", hold, how)
	case len(c.Conditions) == 0 && c.Exact:
		return "It happens in every schedule: all were explored."
	case len(c.Conditions) == 0:
		return fmt.Sprintf("It happened in every one of the %s that were tried.", count(c.Executions, "execution"))
	case c.Exact:
		return fmt.Sprintf("It happens in every schedule in which %s (all such schedules were explored):", hold)
	}
	return fmt.Sprintf("It happened in every schedule in which %s, as far as was tried (%s):", hold, count(c.Executions, "execution"))
}

func (c Critical) write(p *page, t Table, cause Cause) {
	p.paragraph("", "The point of no return")
	if t.Lap > 0 {
		p.paragraph("  ", "There is none: after a lap things are as before it, and every schedule in which one of these does not hold is open again. "+
			"But nothing makes anybody take it.")
		p.blank()
		return
	}
	if c.Step < 0 || c.Step >= len(t.Rows) {
		text := "There is none: every execution shows it from the start on (all were explored)."
		if !c.Exact {
			text = fmt.Sprintf("None is known: no execution without it was found in %s.", count(c.Executions, "execution"))
		}
		p.paragraph("  ", text)
		p.blank()
		return
	}
	r := t.Rows[c.Step]
	text := fmt.Sprintf("Step %d, %s: %s, marked * above. Before it there is still a way out; ", r.Step, t.Columns[r.Column], r.Text)
	switch {
	case c.Step == lastStep(t):
		text += "after it there is none: it is the last step."
	case c.Exact:
		text += "after it there is none: all continuations were explored."
	default:
		text += fmt.Sprintf("after it none was found in %s.", count(c.Executions, "execution"))
	}
	p.paragraph("  ", text)
	if i := slices.IndexFunc(cause.Conditions, func(k Condition) bool { return k.Token == c.Token && c.Token != "" }); i >= 0 {
		p.paragraph("  ", fmt.Sprintf("The schedule under %d is a way out.", i+1))
	} else {
		p.token("     A way out"+but(c.But)+":", c.Token)
		if text := inWords(c.Passing, nil); text != "" && c.Token != "" {
			p.bullet("       ", text)
		}
	}
	p.blank()
}

// inWords is what happens in a passing schedule, and what does not.
func inWords(passing []Stretch, absent []string) string {
	parts := make([]string, len(passing))
	for i, s := range passing {
		parts[i] = s.Goroutine + ": " + strings.Join(s.Events, ", ")
	}
	return strings.Join(append(parts, absent...), "; ")
}

// passes says what is true of a schedule without the finding.
func passes(others []string) string {
	if len(others) == 0 {
		return "and nothing goes wrong"
	}
	return "without the finding" + but(others)
}

// but names the other findings of a schedule.
func but(others []string) string {
	if len(others) == 0 {
		return ""
	}
	names := make([]string, len(others))
	for i, kind := range others {
		names[i] = "a " + strings.ReplaceAll(kind, "-", " ")
		if strings.ContainsRune("aeiou", rune(kind[0])) {
			names[i] = "an" + names[i][1:]
		}
	}
	return " (but has " + strings.Join(names, ", ") + ")"
}

func lastStep(t Table) int {
	last := -1
	for _, r := range t.Rows {
		last = max(last, r.Step)
	}
	return last
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if strings.HasSuffix(what, "ch") {
		what += "e"
	}
	return fmt.Sprintf("%d %ss", n, what)
}
