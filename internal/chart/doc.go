// Package chart draws one small chart, as text for a terminal and as SVG.
//
// A [Chart] is a table of figures: one row per label, one column per series.
// [Chart.Text] draws it as horizontal bars in a given number of columns;
// [Chart.SVG] draws it as grouped bars or as lines. Both are functions of the
// chart alone, so the same figures give the same bytes.
//
//	speed := chart.Chart{
//		Title:  "Monte-Carlo pi",
//		Unit:   "samples/s",
//		Labels: []string{"plain", "avx2"},
//		Series: []chart.Series{{Name: "1 worker", Values: []float64{160e6, 640e6}}},
//	}
//	fmt.Print(speed.Text(48))
package chart
