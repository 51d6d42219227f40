//go:build race

package counters

import "errors"

// plainBuilt says that the racy counter is not in this program, because the
// race detector would report it.
const plainBuilt = false

func newPlain() (counter, error) {
	return nil, errors.New("the plain counter is left out of programs that are built with -race")
}
