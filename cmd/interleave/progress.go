package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A progressLine is one line on a terminal that is written over. Elsewhere
// than on a terminal, and when its writer is nil, it writes nothing.
type progressLine struct {
	to     io.Writer
	title  string
	mu     sync.Mutex
	start  time.Time
	last   time.Time
	isOpen bool // something stands on the line
}

// lineColumns is the width of a progress line: in the last column of a terminal
// some would begin a new one.
const lineColumns = 79

// newProgressLine writes to stderr when that is a terminal.
func newProgressLine(stderr io.Writer, title string) *progressLine {
	if !isTerminal(stderr) {
		stderr = nil
	}
	return &progressLine{to: stderr, title: title, start: time.Now()}
}

// show says how much is done, ten times a second at the most, and after half a
// second at the earliest: what takes less needs no progress.
func (p *progressLine) show(done, total uint64) {
	if total == 0 {
		return
	}
	p.write(func(since time.Duration) string {
		share := float64(done) / float64(total)
		left := time.Duration(float64(since) * (1 - share) / max(share, 1e-9))
		return fmt.Sprintf("%.40s  %5.1f %%  %s left", p.title, 100*share, left.Round(time.Second))
	})
}

// write puts on the line what text returns, as often as show does.
func (p *progressLine) write(text func(since time.Duration) string) {
	if p.to == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.start) < 500*time.Millisecond || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.isOpen = now, true
	fmt.Fprintf(p.to, "\r%-*.*s", lineColumns, lineColumns, text(now.Sub(p.start)))
}

// clear wipes the line, so that output can follow.
func (p *progressLine) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.isOpen {
		fmt.Fprintf(p.to, "\r%s\r", strings.Repeat(" ", lineColumns))
		p.isOpen = false
	}
}
