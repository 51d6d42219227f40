package explain

import (
	"fmt"
	"io"
)

// Write prints what became of the finding as text.
func (r Replay) Write(w io.Writer, l Layout) error {
	l = l.withDefaults()
	p := &page{width: l.Width, replay: l.Replay}
	total := r.Kept + len(r.Diverged)
	if r.There {
		p.paragraph("", "The finding is still there: "+sentence(r.Summary))
	} else {
		p.paragraph("", "The finding is gone"+r.how())
	}
	if total > 0 {
		p.paragraph("", fmt.Sprintf("%d of %s could be kept.", r.Kept, count(total, "order")))
	}
	for _, s := range r.Renamed {
		p.bullet("  - ", s)
	}
	for _, d := range r.Diverged {
		at := ""
		if d.Step >= 0 {
			at = fmt.Sprintf(", given up at step %d", d.Step)
		}
		p.bullet("  - ", fmt.Sprintf("%s: %s%s", d.Constraint, d.Why, at))
	}
	for _, s := range r.Other {
		p.paragraph("", "In the same execution: "+sentence(s))
	}
	if r.Certificate != nil {
		p.paragraph("", r.Certificate.String())
	}
	p.token("Replay this schedule:", r.Token)
	_, err := io.WriteString(w, p.String())
	return err
}

// how says how sure it is that no schedule under the orders shows the finding.
func (r Replay) how() string {
	if r.All {
		return " from every schedule that keeps these orders."
	}
	return fmt.Sprintf(" from the %s that were tried under these orders.", count(r.Searched+1, "execution"))
}

// String says whether the finding is gone altogether.
func (c Certificate) String() string {
	switch {
	case !c.Holds:
		return "Not mended: in another order it still happens: " + sentence(c.Summary)
	case c.All:
		return fmt.Sprintf("Certified: no schedule at all shows it (%s, all that there are).", count(c.Executions, "execution"))
	}
	return fmt.Sprintf("Not seen in %s around these orders; that is not all that there are.", count(c.Executions, "execution"))
}
