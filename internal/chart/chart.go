package chart

import (
	"math"
	"strconv"
	"strings"
)

// A Kind says how a chart is drawn as SVG. Its zero value is Bars.
type Kind int

// The kinds of chart.
const (
	Bars  Kind = iota // a group of bars for each label
	Lines             // a line through all labels for each series
)

// A Chart is figures to draw. Its zero value is an empty chart.
type Chart struct {
	Title  string
	Unit   string   // what the figures count, "" for a bare number
	Axis   string   // what the labels are, "" to leave it out
	Labels []string // one for each row, from the top or from the left
	Series []Series
	Kind   Kind
	Log    bool // a logarithmic axis, for figures that differ by a factor over 100
}

// A Series is one named column of figures.
type Series struct {
	Name   string
	Values []float64 // one for each label; NaN, and a missing one, is drawn as "no figure"
}

// value is the figure at a row, NaN where there is none.
func (s Series) value(row int) float64 {
	if row >= len(s.Values) || math.IsInf(s.Values[row], 0) {
		return math.NaN()
	}
	return s.Values[row]
}

// extent is the smallest and the largest figure above 0, or 1 and 1 when there
// is none.
func (c Chart) extent() (low, high float64) {
	low, high = math.Inf(1), 0
	for _, s := range c.Series {
		for row := range c.Labels {
			if v := s.value(row); v > 0 {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if high == 0 {
		return 1, 1
	}
	return low, high
}

// A scale maps figures to the unit interval.
type scale struct {
	low, high float64 // low is 0 on a linear scale
	log       bool
}

func (c Chart) scale() scale {
	low, high := c.extent()
	if !c.Log {
		return scale{high: high}
	}
	// Below the smallest figure, so that its bar can be seen.
	return scale{low: math.Pow(10, math.Ceil(math.Log10(low))-1), high: high, log: true}
}

// at is where a figure stands: 0 at the foot of the scale, 1 at its top. NaN
// stands at the foot.
func (s scale) at(v float64) float64 {
	switch {
	case !(v > s.low):
		return 0
	case s.log:
		return math.Log(v/s.low) / math.Log(s.high/s.low)
	default:
		return v / s.high
	}
}

// FormatValue writes a figure with three significant digits and the prefix
// that suits it: 3.71 G, 562, 0.25. NaN is "-".
func FormatValue(v float64) string {
	if math.IsNaN(v) {
		return "-"
	}
	// "k" begins at 10,000, because 1000 is read more easily than 1 k.
	prefixes := []struct {
		from, factor float64
		name         string
	}{{1e12, 1e12, " T"}, {1e9, 1e9, " G"}, {1e6, 1e6, " M"}, {1e4, 1e3, " k"}}
	for _, p := range prefixes {
		if math.Abs(v) >= p.from {
			return significant(v/p.factor) + p.name
		}
	}
	return significant(v)
}

// significant writes three significant digits without an exponent, all digits
// of a larger integer part, and no zeros at the end.
func significant(v float64) string {
	if v == 0 {
		return "0"
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	text := strconv.FormatFloat(v, 'f', min(digits, 9), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
