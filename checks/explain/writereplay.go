package explain

import (
	"fmt"
	"io"
	"strings"
)

// Write prints what became of the finding as text.
func (r Replay) Write(w io.Writer, l Layout) error {
	l = l.withDefaults()
	p := &page{width: l.Width, replay: l.Replay}
	total := r.Kept + len(r.Diverged)
	if r.There {
		p.paragraph("", "The finding is still there: "+sentence(r.Summary))
	} else {
		p.paragraph("", "The finding is gone from "+r.where())
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
	p.blank()
	r.verdict(p)
	_, err := io.WriteString(w, p.String())
	return err
}

// verdict prints the certificate, if one was asked for, and the tokens.
func (r Replay) verdict(p *page) {
	c := r.Certificate
	switch {
	case c == nil:
	case r.There:
		p.paragraph("", "So there is nothing to certify.")
	default:
		p.paragraph("", c.String())
		if len(c.Other) > 0 {
			p.paragraph("", "Seen on the way, but of another kind or about other objects: "+strings.Join(c.Other, ", ")+".")
		}
		p.token("Replay that schedule:", c.Token)
	}
	if c == nil || r.There || c.Holds {
		p.token("Replay this schedule:", r.Token)
	}
}

// where says of which schedules it is known that they are without the finding.
func (r Replay) where() string {
	keeps, under := " that keeps its orders", " under its orders"
	switch {
	case r.Kept == 0:
		keeps, under = "", ""
	case len(r.Diverged) > 0:
		keeps, under = " that keeps those of its orders that can be kept", " under those of its orders that can be kept"
	}
	switch {
	case r.All:
		return "every schedule" + keeps + "."
	case r.Searched == 0:
		return "the one execution that was tried" + under + "."
	}
	return fmt.Sprintf("the %d executions that were tried%s.", r.Searched+1, under)
}

// String says whether the finding is gone altogether.
func (c Certificate) String() string {
	switch {
	case !c.Holds:
		return "Not mended: in another order it still happens: " + sentence(c.Summary)
	case c.All:
		return fmt.Sprintf("Certified: no schedule at all shows it (%s, all that there are).", count(c.Executions, "execution"))
	}
	return fmt.Sprintf("Not certified: it was not seen in %s, the nearest to these orders first, but there are more.",
		count(c.Executions, "execution"))
}
