package wrap_test

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/wrap"
)

func ExampleLines() {
	fmt.Println(strings.Join(wrap.Lines("who waits → for whom, unconditionally and for ever", 12), "\n"))
	// Output:
	// who waits →
	// for whom,
	// unconditionally
	// and for ever
}
