//go:build !race

package counters

// plainBuilt says that the racy counter is in this program.
const plainBuilt = true

// plainCounter is wrong on purpose: the increments of two workers that read the
// same value count once.
type plainCounter struct{ n int64 }

func newPlain() (counter, error) { return &plainCounter{}, nil }

func (c *plainCounter) add(_, times int) {
	for range times {
		c.n++
	}
}

func (c *plainCounter) total() int64 { return c.n }
