//go:build !race

package counters

// plainBuilt says that the racy counter is in this program.
const plainBuilt = true

// plainCounter is wrong on purpose: the increments of two workers that read the
// same value count once.
type plainCounter struct{ n, read int64 }

func newPlain() (counter, error) { return &plainCounter{}, nil }

// add keeps what it has read, so that an increment is a read and a write, and not
// one instruction that does both: no worker is ever stopped in the middle of
// that, and where the system lets workers take turns nothing would be lost.
func (c *plainCounter) add(_, times int) {
	var read int64
	for range times {
		read = c.n
		c.n = read + 1
	}
	c.read = read
}

func (c *plainCounter) total() int64 { return c.n }
