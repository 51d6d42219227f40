package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/internal/diagram"
	"github.com/interleave-go/interleave/sim"
)

// pictureFlags name the files into which the wait-for graph is drawn.
type pictureFlags struct {
	dot, svg, png, pdf string
}

// register adds the flags; picture says what is drawn.
func (f *pictureFlags) register(command *cobra.Command, picture string) {
	set := command.Flags()
	set.StringVar(&f.dot, "dot", "", "draw "+picture+" into a DOT file (- for standard output); a file that is there is replaced")
	set.StringVar(&f.svg, "svg", "", "draw "+picture+" into an SVG file (- for standard output)")
	set.StringVar(&f.png, "png", "", "draw "+picture+" into a PNG file, with Graphviz's dot")
	set.StringVar(&f.pdf, "pdf", "", "draw "+picture+" into a PDF file, with Graphviz's dot")
}

func (f *pictureFlags) toStandardOutput() bool {
	return f.dot == "-" || f.svg == "-" || f.png == "-" || f.pdf == "-"
}

func (f *pictureFlags) files() []flagFile {
	return []flagFile{{"--dot", f.dot}, {"--svg", f.svg}, {"--png", f.png}, {"--pdf", f.pdf}}
}

// pictures are the files of pictureFlags, opened before the work begins.
type pictures struct {
	flags *pictureFlags
	files map[string]*atomicfile.File
}

// open refuses what cannot be written, before the exploration.
func (f *pictureFlags) open(json bool) (*pictures, error) {
	if err := checkApart(f.files()); err != nil {
		return nil, err
	}
	p := &pictures{flags: f, files: map[string]*atomicfile.File{}}
	if f.png != "" || f.pdf != "" {
		if _, err := diagram.FindGraphviz(); err != nil {
			return nil, err
		}
	}
	outputs := 0
	for _, w := range p.wanted() {
		if w.path == "-" {
			outputs++
			continue
		}
		file, err := openOutput(w.path)
		if err != nil {
			p.abort()
			return nil, err
		}
		p.files[w.format] = file
	}
	if outputs > 1 || outputs == 1 && json {
		p.abort()
		return nil, fmt.Errorf("only one thing can be written to standard output")
	}
	return p, nil
}

type wantedPicture struct{ format, path string }

func (p *pictures) wanted() []wantedPicture {
	var out []wantedPicture
	for _, w := range []wantedPicture{{"dot", p.flags.dot}, {"svg", p.flags.svg}, {"png", p.flags.png}, {"pdf", p.flags.pdf}} {
		if w.path != "" {
			out = append(out, w)
		}
	}
	return out
}

func (p *pictures) abort() {
	for _, f := range p.files {
		abortOutput(f)
	}
}

// draw writes the wait-for graph at the end of a token's execution, without a
// token of the one in which goroutines run for as long as they can.
func (p *pictures) draw(out io.Writer, t target, token string, opt checks.Options) error {
	if len(p.wanted()) == 0 {
		return nil
	}
	graph, err := waitGraph(t, token, opt)
	if err != nil {
		return err
	}
	return p.write(out, diagram.WaitFor(graph, diagram.WaitForStyle))
}

// write renders a DOT text in every format that was asked for.
func (p *pictures) write(out io.Writer, text string) error {
	for _, w := range p.wanted() {
		data, err := render(text, w.format)
		if err != nil {
			return err
		}
		if w.path == "-" {
			if _, err := out.Write(data); err != nil {
				return fmt.Errorf("write the picture: %w", err)
			}
			continue
		}
		if err := commitOutput(p.files[w.format], data); err != nil {
			return err
		}
	}
	return nil
}

func render(text, format string) ([]byte, error) {
	switch format {
	case "dot":
		return []byte(text), nil
	case "svg":
		var m diagram.SVGMaker
		return m.SVG(text)
	}
	return diagram.Raster(text, format)
}

// firstToken is the token of a report's first finding, if there is one.
func firstToken(r checks.Report) string {
	if len(r.Findings) == 0 {
		return ""
	}
	return r.Findings[0].Token
}

// waitGraph is the state at the end of a token's execution: see draw. A program
// that leaves the schedule goes on by itself.
func waitGraph(t target, token string, opt checks.Options) (checks.WaitGraph, error) {
	if token == "" {
		token = checks.Token{Identity: t.identity()}.String()
	}
	var graph checks.WaitGraph
	_, err := checks.ReplayToken(t.program, token, opt, func(x *sim.Execution) { graph = checks.WaitFor(x) })
	if _, diverged := checks.Diverged(err); diverged {
		err = nil
	}
	return graph, err
}
