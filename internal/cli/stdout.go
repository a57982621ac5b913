package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// outputFlags are the flags of stdout.
type outputFlags struct {
	looking
	thread string
	follow bool
}

func stdoutCommand(env *environment) *cobra.Command {
	var o outputFlags
	cmd := &cobra.Command{
		Use:   "stdout [ID]",
		Short: "Print what a session has printed",
		Long: `Prints the lines that the session ID has printed, or the session that was started last, in the order in which
they were printed: those of the Hark program, and those of its Python calls. What Python wrote on its
standard error comes on standard error. The session may still be running, or may have failed; its lines
are found out by executing it again from its records, without any call of Python.

Of a Python call that is under way there are the lines that it has written up to about a second ago. With
--follow the lines of a running session are printed as they come, until it has ended; with --json too, one
object of those in "lines" per line.

With --json: {"session", "status", "lines": [{"thread", "stream", "text", "instant": {"thread", "at"}}]};
the stream is "print", "stdout" or "stderr". Lines that are printed but not stored yet, of a session that
has not ended, are there too, with "committed": false.`,
		Example: `hark-ls stdout
hark-ls stdout --follow
hark-ls stdout 06f8x3k2 --thread 0.1`,
		Annotations:       map[string]string{exitKey: "0 good, 2 wrong usage or no such session, 3 it cannot be read"},
		Args:              arguments(0, 1),
		ValidArgsFunction: completeSessions(&o.looking),
	}
	o.add(cmd, env, func(ctx context.Context, args []string) error { return o.print(ctx, env, args) })
	cmd.Flags().StringVar(&o.thread, "thread", "", "only the lines of the thread `N`, as 0.1")
	cmd.Flags().BoolVar(&o.follow, "follow", false, "print further lines as they come, until the session has ended")
	return cmd
}

// jsonLine is a line of output.
type jsonLine struct {
	Thread    string         `json:"thread"`
	Stream    string         `json:"stream"`
	Text      string         `json:"text"`
	Committed bool           `json:"committed"`
	Instant   replay.Instant `json:"instant"`
}

var streamNames = map[engine.Stream]string{engine.Print: "print", engine.Stdout: "stdout", engine.Stderr: "stderr"}

func lineOf(l *replay.Line) jsonLine {
	return jsonLine{l.ID.Thread, streamNames[l.Stream], l.Text, l.Committed, l.Instant}
}

func (o *outputFlags) print(ctx context.Context, env *environment, args []string) error {
	s, root, err := o.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.close()
	if o.follow {
		return o.followed(ctx, env, s, root)
	}
	lines, gaps, err := s.lines(ctx, root)
	if err != nil {
		return err
	}
	if !o.json {
		for i := range lines {
			if o.wants(&lines[i]) {
				printLine(env, &lines[i])
			}
		}
		return missing(env, gaps)
	}
	status, err := s.describe(ctx, root)
	if err != nil {
		return err
	}
	rows := []jsonLine{}
	for i := range lines {
		if o.wants(&lines[i]) {
			rows = append(rows, lineOf(&lines[i]))
		}
	}
	if err := writeJSON(env.Out, map[string]any{"session": root.ID.Session, "status": status.Status, "lines": rows}); err != nil {
		return err
	}
	return said(missing(env, gaps))
}

func (o *outputFlags) wants(l *replay.Line) bool { return o.thread == "" || l.ID.Thread == o.thread }

func printLine(env *environment, l *replay.Line) {
	out := env.Out
	if l.Stream == engine.Stderr {
		out = env.Err
	}
	fmt.Fprintln(out, l.Text)
}

// lines are all that a session has printed, in its order.
func (s *storage) lines(ctx context.Context, root *engine.Head) (lines []replay.Line, gaps []error, err error) {
	session, err := replay.Open(ctx, s.Store, root.ID.Session)
	if err != nil {
		return nil, nil, err
	}
	return s.linesOf(ctx, session)
}

// linesOf are all that a session has printed. The lines of a call that is under way are among them only if a process makes it: one that
// was cut off will be made again.
func (s *storage) linesOf(ctx context.Context, session *replay.Session) (lines []replay.Line, gaps []error, err error) {
	if lines, gaps, err = session.Lines(ctx); err != nil {
		return nil, nil, err
	}
	held := map[string]bool{}
	return slices.DeleteFunc(lines, func(l replay.Line) bool {
		if l.Committed || l.Stream == engine.Print {
			return false
		}
		is, known := held[l.ID.Thread]
		if !known {
			t, threadErr := session.Thread(ctx, l.ID.Thread)
			if threadErr == nil {
				h := t.Head()
				is = s.reader().Held(&h)
			}
			held[l.ID.Thread] = is
		}
		return !is
	}), gaps, nil
}

// missing reports what of a session could not be read; what could has been shown.
func missing(env *environment, gaps []error) error {
	if len(gaps) == 0 {
		return nil
	}
	const most = 5
	for _, gap := range gaps[:min(len(gaps), most)] {
		fmt.Fprintf(env.Err, "%s %v\n", env.err.yellow("warning:"), gap)
	}
	return environmentError(fmt.Errorf("%s of the session cannot be read", diag.Count(len(gaps), "part")))
}
