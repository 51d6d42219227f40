package chart

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// columnsDefault is the width of a terminal that nobody has resized.
const columnsDefault = 80

// Text draws the chart as horizontal bars, one line for each figure, ending in
// a newline. No line is wider than columns; 0 means 80, and a width under 40
// counts as 40.
func (c Chart) Text(columns int) string {
	if columns == 0 {
		columns = columnsDefault
	}
	columns = max(columns, 40)
	var b strings.Builder
	writeLine(&b, c.heading(), columns)
	width := textWidths{label: c.labelWidth(columns / 4), name: c.nameWidth(columns / 4)}
	width.bar = columns - width.label - width.name - len("   ") - valueWidth
	for row, label := range c.Labels {
		for i, s := range c.Series {
			if i > 0 {
				label = ""
			}
			writeLine(&b, c.textRow(width, label, s, row), columns)
		}
	}
	return b.String()
}

// valueWidth is the room for a figure: "-1234.5 G".
const valueWidth = 9

type textWidths struct{ label, name, bar int }

func (c Chart) heading() string {
	heading := c.Title
	if c.Unit != "" {
		heading += " [" + c.Unit + "]"
	}
	if c.Log {
		heading += " (log scale)"
	}
	return heading
}

func (c Chart) textRow(width textWidths, label string, s Series, row int) string {
	line := pad(label, width.label)
	if width.name > 0 {
		line += " " + pad(s.Name, width.name)
	}
	v := s.value(row)
	bar := horizontalBar(c.scale().at(v), width.bar)
	return fmt.Sprintf("%s %*s %s", line, valueWidth, FormatValue(v), bar)
}

// labelWidth is the width of the labels' column, most at the most.
func (c Chart) labelWidth(most int) int {
	width := 0
	for _, label := range c.Labels {
		width = max(width, utf8.RuneCountInString(label))
	}
	return min(width, most)
}

// nameWidth is the width of the column of series names: 0 when there is only
// one series, which the title then speaks for.
func (c Chart) nameWidth(most int) int {
	if len(c.Series) < 2 {
		return 0
	}
	width := 0
	for _, s := range c.Series {
		width = max(width, utf8.RuneCountInString(s.Name))
	}
	return min(width, most)
}

// horizontalBar fills a share of width columns, in steps of an eighth.
func horizontalBar(share float64, width int) string {
	eighths := int(share*float64(width*8) + 0.5)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// pad makes text exactly width columns wide.
func pad(text string, width int) string {
	text = cut(text, width)
	return text + strings.Repeat(" ", width-utf8.RuneCountInString(text))
}

// cut shortens text to width columns and shows that it did.
func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(0, width-1)]) + "…"
}

func writeLine(b *strings.Builder, line string, columns int) {
	b.WriteString(strings.TrimRight(cut(line, columns), " "))
	b.WriteByte('\n')
}
