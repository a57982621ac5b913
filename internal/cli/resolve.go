package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

func resolveCommand(env *environment) *cobra.Command {
	var l looking
	cmd := &cobra.Command{
		Use:   "resolve ID NAME VALUE",
		Short: "Give a future that a session waits for its value",
		Long: `Gives future(NAME) of the session ID a value, and lets the threads go on that wait for it; "latest" is the
session that was started last. VALUE is JSON, as run --json writes it; what is not JSON is a String. The
first value counts: another one later is an error. The future need not be waited for yet.`,
		Example: `hark-ls resolve latest approval true
hark-ls resolve 06f8x3k2 reviewer '{"name": "Ada", "level": 3}'`,
		Annotations:       map[string]string{exitKey: "0 resolved, 1 it had a value already, 2 wrong usage or no such session, 3 the sessions cannot be read"},
		Args:              arguments(3, 3),
		ValidArgsFunction: completeResolve(&l),
	}
	l.add(cmd, env, func(ctx context.Context, args []string) error { return l.resolve(ctx, env, args) })
	return cmd
}

func (l *looking) resolve(ctx context.Context, env *environment, args []string) error {
	s, root, err := l.session(ctx, args)
	if err != nil {
		return err
	}
	defer s.close()
	session, name := root.ID.Session, args[1]
	value, err := parseOne(args[2])
	if err != nil {
		value = vm.String(args[2])
	}
	first, err := s.reader().Resolve(ctx, session, name, value)
	var fault *vm.Error
	switch {
	case errors.As(err, &fault):
		return &failure{exitFailed, err}
	case err != nil:
		return err
	case !first:
		return &failure{exitFailed, fmt.Errorf("future(%q) of %s has a value already, or its session has ended", name, session)}
	}
	status, err := s.status(ctx, root)
	if err != nil {
		return err
	}
	if l.json {
		return writeJSON(env.Out, map[string]any{"session": session, "future": name, "status": status})
	}
	fmt.Fprintf(env.Out, "future(%q) of %s is %s\n", name, session, vm.Literal(value))
	if !root.Done && status != statusRunning {
		fmt.Fprintln(env.Err, env.err.faint("if no process is there for the session: hark-ls resume "+session))
	}
	return nil
}

// completeResolve completes the session, then the names of the futures that its threads wait for.
func completeResolve(l *looking) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	sessions := completeSessions(l)
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) != 1 {
			return sessions(cmd, args, begun)
		}
		s, root, err := l.session(cmd.Context(), args)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer s.close()
		waiting, _ := s.reader().Waiting(cmd.Context(), root.ID.Session)
		var names []string
		for _, w := range waiting {
			for _, target := range w.Targets {
				if engine.IsOutside(target) {
					names = append(names, outsideName(target))
				}
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
