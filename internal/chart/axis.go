package chart

import "math"

// ticksMost is how many grid lines a linear axis has at the most.
const ticksMost = 8

// rounded extends the scale to the next tick above its top.
func (s scale) rounded() scale {
	if s.log {
		s.high = math.Pow(10, math.Ceil(math.Log10(s.high)-1e-9))
		return s
	}
	s.high = math.Ceil(s.high/s.tickStep()-1e-9) * s.tickStep()
	return s
}

// ticks are the figures at which a grid line is drawn.
func (s scale) ticks() []float64 {
	var ticks []float64
	if s.log {
		for v := s.low; v <= s.high*1.001; v *= 10 {
			ticks = append(ticks, v)
		}
		return ticks
	}
	step := s.tickStep()
	for i := 0; float64(i)*step <= s.high*1.001; i++ {
		ticks = append(ticks, float64(i)*step)
	}
	return ticks
}

// tickStep is the smallest of 1, 2 and 5 times a power of ten that gives few
// enough ticks.
func (s scale) tickStep() float64 {
	power := math.Pow(10, math.Floor(math.Log10(s.high/ticksMost)))
	for _, m := range []float64{1, 2, 5} {
		if s.high/(m*power) <= ticksMost {
			return m * power
		}
	}
	return 10 * power
}
