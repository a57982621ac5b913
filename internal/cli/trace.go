package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// traceFlags are the flags of trace.
type traceFlags struct {
	looking
	svg, html, perfetto bool
	output              string
	width, rows         int
}

func traceCommand(env *environment) *cobra.Command {
	var o traceFlags
	cmd := &cobra.Command{
		Use:   "trace [ID]",
		Short: "Show the threads of a session over time",
		Long: `Draws what the threads of the session ID did when, or of the session that was started last: a lane for each
thread, in it where it ran, where it was in a Python call, and where it waited. The session may still be
running. Without a format it is drawn for the terminal; --svg is a picture, --html a page to look around
in, --perfetto is for https://ui.perfetto.dev and chrome://tracing, --json has the lanes as data,
each span with the "instant" that it begins with.

What a thread computed before it began to wait for another one is not stored; its length in the picture
is estimated by the number of its instructions.`,
		Example: `hark-ls trace
hark-ls trace 06f8x3k2 --html -o trace.html
hark-ls trace latest --perfetto -o trace.json`,
		Annotations:       map[string]string{exitKey: "0 good, 2 wrong usage or no such session, 3 it cannot be read"},
		Args:              arguments(0, 1),
		ValidArgsFunction: completeSessions(&o.looking),
	}
	o.add(cmd, env, func(ctx context.Context, args []string) error {
		if err := o.oneFormat(cmd); err != nil {
			return err
		}
		return o.draw(ctx, env, args)
	})
	cmd.Flags().BoolVar(&o.svg, "svg", false, "draw an SVG picture")
	cmd.Flags().BoolVar(&o.html, "html", false, "draw a page in HTML")
	cmd.Flags().BoolVar(&o.perfetto, "perfetto", false, "write a trace for Perfetto")
	cmd.Flags().StringVarP(&o.output, "output", "o", "-", "write to `FILE`; - is standard output")
	cmd.Flags().IntVar(&o.width, "width", 0, "how many `COLUMNS` the terminal has (default: as it has, else 100)")
	cmd.Flags().IntVar(&o.rows, "rows", 0, "draw at most `N` threads (default: 50 for the terminal, else 2000)")
	return cmd
}

func (o *traceFlags) oneFormat(cmd *cobra.Command) error {
	wanted := 0
	for _, format := range []bool{o.svg, o.html, o.perfetto, o.json} {
		if format {
			wanted++
		}
	}
	if wanted > 1 {
		return usageError(cmd, "--svg, --html, --perfetto and --json are one or the other")
	}
	return nil
}

func (o *traceFlags) draw(ctx context.Context, env *environment, args []string) error {
	s, root, err := o.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.close()
	t, gaps, err := s.timelineOf(ctx, root)
	if err != nil {
		return err
	}
	if err := o.write(env, t); err != nil {
		return err
	}
	return said(missing(env, gaps))
}

// write writes the picture to where it is wanted.
func (o *traceFlags) write(env *environment, t *timeline.Timeline) (err error) {
	to, p := env.Out, env.out
	if o.output != "-" {
		file, err := os.Create(o.output)
		if err != nil {
			return environmentError(fmt.Errorf("write the picture: %w", err))
		}
		defer file.Close()
		to, p = file, false
	}
	out := bufio.NewWriter(to)
	switch {
	case o.json:
		err = writeJSON(out, t)
	case o.svg:
		drawSVG(out, t, o.atMost(manyLanes))
	case o.html:
		err = drawHTML(out, t, o.atMost(manyLanes))
	case o.perfetto:
		err = writePerfetto(out, t)
	default:
		drawText(out, p, t, o.columns(to), o.atMost(50))
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return environmentError(fmt.Errorf("write the picture: %w", err))
	}
	return nil
}

// manyLanes is how many threads a picture shows.
const manyLanes = 2000

func (o *traceFlags) atMost(rows int) int {
	if o.rows > 0 {
		return o.rows
	}
	return rows
}

func (o *traceFlags) columns(out io.Writer) int {
	if o.width > 0 {
		return o.width
	}
	if file, ok := out.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 100
}
