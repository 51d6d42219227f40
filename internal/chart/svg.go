package chart

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"
)

// The picture's measures, in SVG user units.
const (
	pictureWidth  = 760
	pictureHeight = 420
	plotLeft      = 80
	plotRight     = pictureWidth - 20
	plotTop       = 70
	plotBottom    = pictureHeight - 56
)

// SVG draws the chart as one self-contained SVG document.
func (c Chart) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" `+
		`font-family="sans-serif" font-size="12" role="img">`+"\n",
		pictureWidth, pictureHeight, pictureWidth, pictureHeight)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(c.heading()))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", pictureWidth, pictureHeight)
	writeText(&b, textAt{x: plotLeft, y: 24, size: 16}, c.heading())
	c.writeLegend(&b)
	axis := c.scale().rounded()
	writeAxis(&b, axis)
	c.writeLabels(&b)
	if c.Kind == Lines {
		c.writeLines(&b, axis)
	} else {
		c.writeBars(&b, axis)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// colour is the i-th of eight colours that colour-blind readers tell apart.
func colour(i int) string {
	palette := []string{"#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6d00", "#555555"}
	return palette[i%len(palette)]
}

// middle is the horizontal centre of a row's place.
func (c Chart) middle(row int) float64 {
	return plotLeft + (float64(row)+0.5)*c.step()
}

func (c Chart) step() float64 {
	return float64(plotRight-plotLeft) / float64(max(1, len(c.Labels)))
}

func height(share float64) float64 { return plotBottom - share*(plotBottom-plotTop) }

func (c Chart) writeLegend(b *strings.Builder) {
	if len(c.Series) < 2 {
		return
	}
	x := float64(plotLeft)
	for i, s := range c.Series {
		fmt.Fprintf(b, `<rect x="%.1f" y="40" width="12" height="12" fill="%s"/>`+"\n", x, colour(i))
		writeText(b, textAt{x: x + 17, y: 50}, s.Name)
		x += 17 + 7.2*float64(len([]rune(s.Name))) + 16
	}
}

func writeAxis(b *strings.Builder, axis scale) {
	for _, tick := range axis.ticks() {
		y := height(axis.at(tick))
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#dddddd"/>`+"\n", plotLeft, y, plotRight, y)
		writeText(b, textAt{x: plotLeft - 8, y: y + 4, anchor: "end"}, FormatValue(tick))
	}
	fmt.Fprintf(b, `<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#333333"/>`+"\n",
		plotLeft, plotBottom, plotRight, plotBottom)
}

func (c Chart) writeLabels(b *strings.Builder) {
	// Past some number of rows the labels would overlap: every n-th is written.
	fit := max(4, int(c.step()/7.2))
	for row, label := range c.Labels {
		every := 1 + (c.labelWidth(40)+1)/max(1, fit)
		if len(c.Labels) <= 12 {
			label, every = cut(label, fit), 1
		}
		if row%every == 0 {
			writeText(b, textAt{x: c.middle(row), y: plotBottom + 18, anchor: "middle"}, label)
		}
	}
	if c.Axis != "" {
		writeText(b, textAt{x: (plotLeft + plotRight) / 2, y: plotBottom + 42, anchor: "middle"}, c.Axis)
	}
}

func (c Chart) writeBars(b *strings.Builder, axis scale) {
	width := c.step() * 0.8 / float64(max(1, len(c.Series)))
	for row := range c.Labels {
		left := c.middle(row) - c.step()*0.4
		for i, s := range c.Series {
			v := s.value(row)
			top, x := height(axis.at(v)), left+float64(i)*width
			if !math.IsNaN(v) {
				fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n",
					x, top, width*0.94, plotBottom-top, colour(i))
			}
			if width >= 44 {
				writeText(b, textAt{x: x + width*0.47, y: top - 4, anchor: "middle"}, FormatValue(v))
			}
		}
	}
}

func (c Chart) writeLines(b *strings.Builder, axis scale) {
	for i, s := range c.Series {
		var points []string
		for row := range c.Labels {
			v := s.value(row)
			if math.IsNaN(v) {
				continue
			}
			x, y := c.middle(row), height(axis.at(v))
			points = append(points, fmt.Sprintf("%.1f,%.1f", x, y))
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`+"\n", x, y, colour(i))
		}
		fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n",
			strings.Join(points, " "), colour(i))
	}
}

type textAt struct {
	x, y   float64
	anchor string // "" means start
	size   int    // 0 means the document's
}

func writeText(b *strings.Builder, at textAt, text string) {
	if at.anchor == "" {
		at.anchor = "start"
	}
	if at.size == 0 {
		at.size = 12
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" font-size="%d" fill="#222222">%s</text>`+"\n",
		at.x, at.y, at.anchor, at.size, escape(text))
}

func escape(text string) string {
	var b strings.Builder
	// A strings.Builder returns no error.
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}
