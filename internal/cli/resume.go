package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

func resumeCommand(env *environment) *cobra.Command {
	var l looking
	var o runOptions
	cmd := &cobra.Command{
		Use:   "resume [ID]",
		Short: "Go on with a session that was cut off",
		Long: `Goes on with a session whose process is no longer there: without ID with the last one that has not ended;
of an ID the beginning or the end is enough. It prints what "run" does: all lines of the session, the
earlier ones too, and then the result. Python calls whose answers are stored are not made again.
The session runs the program that it was started with, whatever the files contain by now.`,
		Example: `hark-ls resume
hark-ls resume 06f8x3k2 --json`,
		Annotations:       map[string]string{exitKey: "0 done, 1 the program failed, 2 wrong usage or no such session, 3 Python is missing, 130 interrupted"},
		Args:              arguments(0, 1),
		ValidArgsFunction: completeSessions(&l),
	}
	l.add(cmd, env, func(ctx context.Context, args []string) error { return resumeSession(ctx, env, &l, o, args) })
	addIsolated(cmd, &o.isolated)
	cmd.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "leave out the line with the result")
	return cmd
}

func resumeSession(ctx context.Context, env *environment, l *looking, o runOptions, args []string) error {
	s, root, err := l.toResume(ctx, args)
	if err != nil {
		return err
	}
	o.json = l.json
	report, err := reportOn(ctx, env, s, root, o)
	if err != nil {
		_ = s.close()
		return err
	}
	return said(execute(env, s, report, func(w *worker) ended {
		e := w.resume(ctx, root.ID.Session)
		if e.err == nil {
			w.finish()
			e.err = report.catchUp(ctx, s, root)
		}
		return e
	}))
}

// toResume finds the session: without an ID, the last one that has not ended.
func (l *looking) toResume(ctx context.Context, args []string) (*storage, *engine.Head, error) {
	s, root, err := l.session(ctx, args)
	if err != nil || len(args) > 0 || !root.Done {
		return s, root, err
	}
	open, err := s.latest(ctx, func(h *engine.Head) bool { return !h.Done }, "every session in "+s.place+" has ended; name the one to look at")
	if err != nil {
		_ = s.close()
	}
	return s, open, err
}

// reportOn is a report that goes on behind what a session has printed so far.
func reportOn(ctx context.Context, env *environment, s *storage, root *engine.Head, o runOptions) (*report, error) {
	code, err := s.code(ctx, root)
	if err != nil {
		return nil, err
	}
	report := newReport(env, o)
	report.about(code.Program(), &project{Config: s.project})
	return report, report.catchUp(ctx, s, root)
}

// catchUp reports the lines that other processes have brought about, before this one began or at the same time.
func (r *report) catchUp(ctx context.Context, s *storage, root *engine.Head) error {
	lines, err := s.soFar(ctx, root)
	if err != nil {
		return fmt.Errorf("read what the session has printed: %w", err)
	}
	for _, l := range lines {
		if !l.Committed && l.Stream != engine.Print {
			continue // of a call that will be made again
		}
		r.Provisional(l.Line)
		if l.Committed {
			r.Committed(l.Line)
		}
	}
	return nil
}

// rereading is how long the lines of a session that goes on may take to be brought into their order.
const rereading = 2 * time.Second

// soFar are the lines that a session has printed, in their order. The order of a session that has computed for long, which
// shows when it is executed again, is not waited for: its lines are then in the order of its threads.
func (s *storage) soFar(ctx context.Context, root *engine.Head) ([]replay.Line, error) {
	short, cancel := context.WithTimeout(ctx, rereading)
	defer cancel()
	lines, _, err := s.lines(short, root)
	if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
		return lines, err
	}
	threads, err := s.reader().Threads(ctx, root.ID.Session)
	lines = nil
	for _, h := range threads {
		stored, err := s.reader().Lines(ctx, h.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range stored {
			lines = append(lines, replay.Line{Line: l, Committed: true})
		}
	}
	return lines, err
}
