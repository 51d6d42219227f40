package wordcount

import (
	"bufio"
	"io"
)

// Plain is the baseline: one goroutine, a scanner and a map, as anyone would
// write it. It holds every word in memory and does not mind invalid UTF-8.
func Plain(in io.Reader) (map[string]int, error) {
	counts := make(map[string]int)
	scanner := bufio.NewScanner(in)
	scanner.Split(bufio.ScanWords)
	for scanner.Scan() {
		counts[scanner.Text()]++
	}
	return counts, scanner.Err()
}
