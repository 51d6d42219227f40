package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/internal/chart"
)

// textColumns is the width that all text output keeps to.
const textColumns = 80

// openOutput prepares a file that a flag names, before the work begins, so
// that a name that cannot be written costs nobody an hour. No name gives nil.
func openOutput(path string) (*atomicfile.File, error) {
	if path == "" {
		return nil, nil
	}
	return atomicfile.Create(path)
}

// commitOutput writes a prepared file. A nil file is no output.
func commitOutput(file *atomicfile.File, data []byte) error {
	if file == nil {
		return nil
	}
	if _, err := file.Write(data); err != nil {
		return err
	}
	return file.Commit()
}

// abortOutput removes a prepared file that was not committed.
func abortOutput(file *atomicfile.File) {
	if file != nil {
		file.Abort()
	}
}

// A flagFile is a file that a flag names, "" for none.
type flagFile struct{ flag, path string }

// checkApart refuses two outputs to one file, and an output to one that is read:
// one of the two would be lost.
func checkApart(outputs []flagFile, inputs ...string) error {
	for i, o := range outputs {
		for _, other := range outputs[:i] {
			if isSame(o.path, other.path) {
				return fmt.Errorf("%s and %s: both are %s, and one would be lost", other.flag, o.flag, o.path)
			}
		}
		for _, path := range inputs {
			if isSame(o.path, path) {
				return fmt.Errorf("%s %s: this is one of the files to read", o.flag, o.path)
			}
		}
	}
	return nil
}

// isSame reports whether two paths lead to one file, which need not be there
// yet. None and standard output are no files.
func isSame(a, b string) bool {
	if a == "" || a == "-" || b == "" || b == "-" {
		return false
	}
	is := func(a, b string) bool {
		infoA, errA := os.Stat(a)
		infoB, errB := os.Stat(b)
		return errA == nil && errB == nil && os.SameFile(infoA, infoB)
	}
	return is(a, b) || filepath.Base(a) == filepath.Base(b) && is(filepath.Dir(a), filepath.Dir(b))
}

// writeJSON writes one value, indented.
func writeJSON(to io.Writer, value any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// interruptible is a context that ends at the first Ctrl-C. A second one ends
// the process as usual.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// writeChart writes a chart as text, with an empty line above it.
func writeChart(to io.Writer, c chart.Chart) {
	fmt.Fprintf(to, "\n%s", c.Text(textColumns))
}
