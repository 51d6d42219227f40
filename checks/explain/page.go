package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/interleave-go/interleave/internal/wrap"
)

// A page is text of a fixed width in the making.
type page struct {
	strings.Builder
	width  int
	replay string
	marks  map[int]string  // of the sites that are referred to
	seen   map[string]bool // the signs in the table
}

func (p *page) line(s string) { p.WriteString(strings.TrimRight(s, " ") + "\n") }

func (p *page) blank() { p.WriteString("\n") }

// paragraph prints text, broken between words.
func (p *page) paragraph(indent, text string) {
	for _, s := range wrap.Lines(text, p.width-len(indent)) {
		p.line(indent + s)
	}
}

// bullet prints text behind a mark, its further lines indented.
func (p *page) bullet(mark, text string) {
	for i, s := range wrap.Lines(text, p.width-len(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		p.line(mark + s)
	}
}

// token prints a token on a line of its own, after what it is.
func (p *page) token(what, token string) {
	if token == "" {
		return
	}
	indent := what[:len(what)-len(strings.TrimLeft(what, " "))]
	p.paragraph(indent, what)
	switch {
	case strings.Contains(p.replay, "TOKEN"):
		token = strings.ReplaceAll(p.replay, "TOKEN", token)
	case p.replay != "":
		token = p.replay + " " + token
	}
	p.line(indent + "  " + token)
}

// mark gives letters to the sites that the shown rows refer to.
func (p *page) mark(t Table, all bool) {
	p.marks = map[int]string{}
	for _, r := range t.Rows {
		if _, ok := p.marks[r.Site]; !ok && r.Site >= 0 && (r.Matters || all) {
			p.marks[r.Site] = letter(len(p.marks))
		}
	}
}

// sign notes that the table has a sign.
func (p *page) sign(s string) {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[s] = true
}

// signs says what the signs in the table mean, those that it has.
func (p *page) signs() {
	var parts []string
	for _, s := range [][2]string{{"!!", "a needed preemption"}, {"!", "another preemption"}, {"-", "a switch that is no preemption"},
		{"»", "a note of the program"}, {"*", "the point of no return"}} {
		if p.seen[s[0]] {
			parts = append(parts, s[0]+" "+s[1])
		}
	}
	if len(p.marks) > 0 {
		parts = append(parts, "small letter: line of the program (see Where)")
	}
	p.paragraph("      ", strings.Join(parts, "; "))
}

// sites prints the lines of the program that the table refers to.
func (p *page) sites(t Table) {
	if len(p.marks) == 0 {
		return
	}
	p.paragraph("", "Where")
	wide := 0
	for i := range p.marks {
		wide = max(wide, len(t.Sites[i].place()))
	}
	for n := range len(p.marks) {
		for i, s := range t.Sites {
			if p.marks[i] == letter(n) {
				head := fmt.Sprintf("  %-2s %-*s  ", letter(n), wide, s.place())
				p.line(head + window(s.Text, s.At, p.width-utf8.RuneCountInString(head)))
			}
		}
	}
	p.blank()
}

func (s Site) place() string { return fmt.Sprintf("%s:%d", s.File, s.Line) }

// letter names the sites: a to z, then a1 and so on.
func letter(i int) string {
	s := string(rune('a' + i%26))
	if i >= 26 {
		s += fmt.Sprint(i / 26)
	}
	return s
}

// windowBefore is how much of a long line is shown before what it is about.
const windowBefore = 12

// window shortens a line to a width so that what stands at a place in it can be
// read.
func window(s string, at, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	from := min(max(at-windowBefore, 0), len(r)-width+1)
	if at+windowBefore < width || from <= 0 {
		return cut(s, width)
	}
	return cut("…"+string(r[from:]), width)
}

// cut shortens a line to a width.
func cut(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:max(width-1, 0)]) + "…"
}

// pad fills a cell up to a width.
func pad(s string, width int) string {
	s = cut(s, width)
	return s + strings.Repeat(" ", width-utf8.RuneCountInString(s))
}
