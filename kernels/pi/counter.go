package pi

// Counter is a function that counts the hits of a seed's first samples on the
// goroutine that calls it, for programs that hand out the work themselves. It
// may be called by many goroutines at a time.
func (k Kernel) Counter() (func(seed, samples uint64) (hits uint64), error) {
	_, code, err := k.load()
	if err != nil {
		return nil, err
	}
	return func(seed, samples uint64) uint64 {
		hits := uint64(0)
		for next := uint64(0); next < samples; {
			n := code.samplesAtOnce(samples - next)
			hits += code.count(seed, next/BlockSamples, n)
			next += n
		}
		return hits
	}, nil
}
