package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// retrying are the flags of retry.
type retrying struct {
	looking
	quiet bool
	code  string
	from  string
}

// Whose code a session is retried with.
const (
	oldCode = "old"
	newCode = "new"
)

func retryCommand(env *environment) *cobra.Command {
	var r retrying
	cmd := &cobra.Command{
		Use:   "retry ID",
		Short: "Run a failed session on from where it failed",
		Long: `Runs the failed session ID on in a new one; "latest" is the session that was started last. The new session
takes over what the threads of the old one came to, and the answers of their Python calls, up to the
failure: the call that raised, and what followed from that, is tried again; what the program caught and
went on from is not. It prints what "run" does, the lines that were taken over first.

With --from THREAD it is run on as if that thread had not run yet: everything that follows from what it
did is done again, whether it failed or not, and all else is taken over.

With --code new it is run with the program as it is in the files now. If that asks for other calls than
those whose answers are taken over, or starts threads with other arguments, it says where, and nothing
is run.`,
		Example: `hark-ls retry latest
hark-ls retry 06f8x3k2 --code new
hark-ls retry 06f8x3k2 --from 0.2`,
		Annotations:       map[string]string{exitKey: "0 done, 1 it failed again or cannot be retried, 2 wrong usage or no such session, 3 Python is missing,\n130 interrupted"},
		Args:              arguments(1, 1),
		ValidArgsFunction: completeSessions(&r.looking),
	}
	r.add(cmd, env, func(ctx context.Context, args []string) error {
		if r.code != oldCode && r.code != newCode {
			return usageError(cmd, "--code is old or new, not '%s'", r.code)
		}
		if r.from != "" && r.code == newCode {
			return usageError(cmd, "--from is for the session's own program: without --code new")
		}
		return r.run(ctx, env, args)
	})
	cmd.Flags().StringVar(&r.code, "code", oldCode, "whose `CODE` is run: old, the session's, or new, that of the files")
	cmd.Flags().StringVar(&r.from, "from", "", "run the thread `THREAD` (0, 0.2) again, and what follows from it")
	cmd.Flags().BoolVarP(&r.quiet, "quiet", "q", false, "leave out the line with the result")
	_ = cmd.RegisterFlagCompletionFunc("code", cobra.FixedCompletions([]string{oldCode, newCode}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (r *retrying) run(ctx context.Context, env *environment, args []string) error {
	s, old, err := r.session(ctx, args)
	if err != nil {
		return err
	}
	report, root, err := r.prepare(ctx, env, s, old)
	if err != nil {
		_ = s.close()
		return err
	}
	return said(execute(env, s, report, func(w *worker) ended { return w.resume(ctx, root.ID.Session) }))
}

// prepare makes the new session, and its report.
func (r *retrying) prepare(ctx context.Context, env *environment, s *storage, old *engine.Head) (*report, *engine.Head, error) {
	program, err := r.program(ctx, env, s, old)
	if err != nil {
		return nil, nil, err
	}
	maker := engine.New(lasting(engine.Config{Store: s.Store, Executor: handingOver{s.Store}}, s.project, processName()))
	var session string
	if r.from != "" {
		session, err = r.fork(ctx, maker, old)
	} else {
		session, err = maker.Retry(ctx, old.ID.Session, program)
	}
	if err != nil {
		return nil, nil, r.explain(old, err)
	}
	root, err := s.named(ctx, session)
	if err != nil {
		return nil, nil, err
	}
	report, err := reportOn(ctx, env, s, root, runOptions{json: r.json, quiet: r.quiet})
	return report, root, err
}

// fork makes a session in which one thread has not run yet.
func (r *retrying) fork(ctx context.Context, maker *engine.Engine, old *engine.Head) (string, error) {
	if !old.Done {
		return "", engine.ErrNotOver
	}
	records, err := replay.Open(ctx, maker.Store, old.ID.Session)
	if err != nil {
		return "", err
	}
	if _, err := records.Thread(ctx, r.from); errors.Is(err, engine.ErrNotFound) {
		return "", &failure{exitUsage, fmt.Errorf("session %s has no thread %s", old.ID.Session, r.from)}
	}
	o := fork.Options{At: replay.Instant{Thread: r.from}, MaxAge: maker.MaxAge, TTL: maker.TTL}
	made, err := fork.Make(ctx, records, maker.Store, o)
	if err != nil {
		return "", err
	}
	return made.Session, nil
}

// program is the one to run, nil for the session's own.
func (r *retrying) program(ctx context.Context, env *environment, s *storage, old *engine.Head) (*bytecode.Program, error) {
	if r.code == oldCode {
		return nil, nil
	}
	code, err := s.code(ctx, old)
	if err != nil {
		return nil, err
	}
	_, program, err := compile(ctx, env, filepath.Join(s.project.Root, filepath.FromSlash(code.Program().Files[0].Path)))
	return program, shownAlready(err)
}

// explain says why a session cannot be retried, and what can be done instead.
func (r *retrying) explain(old *engine.Head, err error) error {
	session := old.ID.Session
	var different *engine.Difference
	switch {
	case errors.Is(err, engine.ErrNotOver):
		err = fmt.Errorf("%s has not ended; hark-ls resume %s goes on with it, hark-ls cancel %s ends it", session, session, session)
	case errors.Is(err, engine.ErrNothingFailed):
		err = fmt.Errorf("nothing failed in %s", session)
	case errors.As(err, &different):
		err = fmt.Errorf("the answers of %s do not fit today's code: %w\n(without --code new it is retried with its own)", session, err)
	default:
		return err
	}
	return &failure{exitFailed, err}
}
