package pi

import "math"

// A Result is an estimate of pi and how far it can be trusted.
type Result struct {
	Hits          uint64
	Samples       uint64
	Estimate      float64
	StandardError float64 // of the estimate, from the share of hits
	Confidence    float64 // the probability that the interval below is made for
	Low, High     float64 // Wilson's interval, which also holds for few samples
	Kernel        Kernel  // never Auto
	Workers       []Share // what each worker did, which differs from run to run
}

// A Share is what one worker did.
type Share struct {
	Samples uint64 `json:"samples"`
	Hits    uint64 `json:"hits"`
}

// sum is the result that the shares add up to.
func sum(shares []Share, confidence float64) Result {
	all := Share{}
	for _, s := range shares {
		all.Samples += s.Samples
		all.Hits += s.Hits
	}
	result := FromHits(all.Hits, all.Samples, confidence)
	result.Workers = shares
	return result
}

// FromHits is the result that a number of hits amounts to. confidence is
// between 0 and 1, and 0 means 0.95. No samples give no estimate: NaN.
func FromHits(hits, samples uint64, confidence float64) Result {
	if confidence == 0 {
		confidence = 0.95
	}
	n := float64(samples)
	share := float64(hits) / n
	z := math.Sqrt2 * math.Erfinv(confidence)
	// The conversions keep compilers from fusing products and sums, so that all
	// platforms get the same bits.
	square := float64(z * z)
	variance := float64(share*(1-share)) / n
	scale := 1 / (1 + square/n)
	centre := float64(scale * (share + square/(2*n)))
	half := float64(scale * z * math.Sqrt(variance+square/(4*n*n)))
	return Result{
		Hits: hits, Samples: samples,
		Estimate:      4 * share,
		StandardError: 4 * math.Sqrt(variance),
		Confidence:    confidence, Low: 4 * (centre - half), High: 4 * (centre + half),
	}
}
