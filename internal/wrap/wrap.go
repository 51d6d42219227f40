// Package wrap breaks text into lines for a page of limited width.
package wrap

import (
	"strings"
	"unicode/utf8"
)

// Lines breaks text at spaces into lines of at most width characters; a word that
// is longer stands alone. Empty text is one empty line.
func Lines(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
