package diagram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"

	"github.com/goccy/go-graphviz"
)

// ErrNoGraphviz says that there is no dot command to make a PNG or a PDF with.
var ErrNoGraphviz = errors.New("a PNG or PDF needs Graphviz's dot command, which is not installed: " +
	"install the package graphviz, or ask for --svg, which needs nothing")

// An SVGMaker turns DOT into SVG without Graphviz being installed. The library
// below it must not be used by two goroutines at once, so every use holds its
// lock. The zero value is ready.
type SVGMaker struct{ mu sync.Mutex }

// SVG renders a graph in the DOT language: the same bytes for the same graph.
// It takes some 30 ms for a small graph.
func (m *SVGMaker) SVG(text string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ctx := context.Background()
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("start the SVG renderer: %w", err)
	}
	defer g.Close()
	graph, err := graphviz.ParseBytes([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("render SVG: read the graph: %w", err)
	}
	defer graph.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, graph, graphviz.SVG, &out); err != nil {
		return nil, fmt.Errorf("render SVG: %w", err)
	}
	return out.Bytes(), nil
}

// Raster renders a graph as "png" or "pdf" through the dot command. It returns
// ErrNoGraphviz when there is none.
func Raster(text, format string) ([]byte, error) {
	path, err := FindGraphviz()
	if err != nil {
		return nil, err
	}
	var out, complaint bytes.Buffer
	command := exec.Command(path, "-T"+format)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(text), &out, &complaint
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("run dot -T%s: %w: %s", format, err, strings.TrimSpace(complaint.String()))
	}
	return out.Bytes(), nil
}

// FindGraphviz returns the path of the dot command, or ErrNoGraphviz.
func FindGraphviz() (string, error) {
	path, err := exec.LookPath("dot")
	if err != nil {
		return "", ErrNoGraphviz
	}
	return path, nil
}
