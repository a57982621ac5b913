package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/diag"
)

func cancelCommand(env *environment) *cobra.Command {
	var l looking
	cmd := &cobra.Command{
		Use:   "cancel ID",
		Short: "End a session",
		Long: `Ends all threads of the session ID that have not ended, with an error of kind Cancelled, wherever they run;
"latest" is the session that was started last. A thread in a Python call is stopped within half a
minute. What has ended before stays as it is; of a session that has ended as a whole nothing changes.`,
		Example: `hark-ls cancel latest
hark-ls cancel 06f8x3k2`,
		Annotations:       map[string]string{exitKey: "0 it has ended, 2 wrong usage or no such session, 3 the sessions cannot be read"},
		Args:              arguments(1, 1),
		ValidArgsFunction: completeSessions(&l),
	}
	l.add(cmd, env, func(ctx context.Context, args []string) error { return l.cancel(ctx, env, args) })
	return cmd
}

func (l *looking) cancel(ctx context.Context, env *environment, args []string) error {
	s, root, err := l.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.close()
	ended, err := s.live(ctx, root.ID.Session)
	if err != nil {
		return err
	}
	if err := s.reader().Cancel(ctx, root.ID.Session); err != nil {
		return err
	}
	if l.json {
		return writeJSON(env.Out, map[string]any{"session": root.ID.Session, "ended": ended})
	}
	if ended == 0 {
		fmt.Fprintf(env.Out, "%s had ended already\n", root.ID.Session)
		return nil
	}
	fmt.Fprintf(env.Out, "%s is cancelled: %s ended\n", root.ID.Session, diag.Count(ended, "thread"))
	return nil
}
