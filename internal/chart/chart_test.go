package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/internal/chart"
)

func Example() {
	speed := chart.Chart{
		Title:  "Monte-Carlo pi",
		Unit:   "samples/s",
		Labels: []string{"plain", "avx2"},
		Series: []chart.Series{{Name: "1 worker", Values: []float64{160e6, 640e6}}},
	}
	fmt.Print(speed.Text(48))
	// Output:
	// Monte-Carlo pi [samples/s]
	// plain     160 M ███████▊
	// avx2      640 M ███████████████████████████████
}

// No line of a chart is wider than what was asked for, whatever the names.
func TestTextFits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a very long name ", 20)
	c := chart.Chart{
		Title: long, Unit: long, Log: true,
		Labels: []string{long, "é", ""},
		Series: []chart.Series{{Name: long, Values: []float64{1, 1e9}}, {Name: "", Values: []float64{-3, math.NaN(), math.Inf(1)}}},
	}
	for _, columns := range []int{40, 80, 132} {
		for _, line := range strings.Split(c.Text(columns), "\n") {
			if got := utf8.RuneCountInString(line); got > columns {
				t.Errorf("line of %d columns, want at most %d: %q", got, columns, line)
			}
		}
	}
}

// Every chart, also one without figures, is well-formed XML without NaN or Inf.
func TestSVGWellFormed(t *testing.T) {
	t.Parallel()
	charts := map[string]chart.Chart{
		"empty": {},
		"bars": {Title: "Monte-Carlo pi", Unit: "samples/s", Labels: []string{"plain", "avx2"},
			Series: []chart.Series{{Name: "1 worker", Values: []float64{160e6, 640e6}}}},
		"lines": {Title: "a < b & c", Kind: chart.Lines, Labels: []string{"1", "2", "4"}, Axis: "workers",
			Series: []chart.Series{{Name: "<x>", Values: []float64{1, math.NaN(), 3}}, {Name: "y", Values: []float64{2}}}},
		"log":  {Log: true, Labels: []string{"a", "b"}, Series: []chart.Series{{Values: []float64{0.5, 3000}}}},
		"zero": {Labels: []string{"a"}, Series: []chart.Series{{Values: []float64{0}}}},
	}
	for name, c := range charts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			svg := c.SVG()
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
				t.Errorf("a coordinate that is no number:\n%s", svg)
			}
			decoder := xml.NewDecoder(strings.NewReader(svg))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("not well-formed: %v\n%s", err, svg)
				}
			}
		})
	}
}

// Figures are written as a person would write them.
func TestFormatValue(t *testing.T) {
	t.Parallel()
	tests := map[float64]string{
		0: "0", 0.25: "0.25", 562: "562", 1000: "1000", 9999: "9999", 12345: "12.3 k",
		3.7e9: "3.7 G", 1.234e6: "1.23 M", 3.14159: "3.14", -42.5: "-42.5", 2e12: "2 T",
	}
	for v, want := range tests {
		if got := chart.FormatValue(v); got != want {
			t.Errorf("FormatValue(%v) = %q, want %q", v, got, want)
		}
	}
}
