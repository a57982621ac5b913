package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/runtime/replay"
)

// debugOptions are the flags of debug.
type debugOptions struct {
	looking
	run runOptions
	// session is the saved session to look at, "" for a program that is run; at is where to begin in it.
	session, at  string
	fork, attach bool
	// commands are lines of commands; interactive says that others follow on standard input all the same.
	commands    []string
	interactive bool
	keepGoing   bool
	python      string
}

func debugCommand(env *environment) *cobra.Command {
	var o debugOptions
	cmd := &cobra.Command{
		Use:   "debug [FILE [-f FN] [ARG…]]",
		Short: "Debug a program or a saved session in the terminal, forwards and backwards",
		Long: `Runs the function main of FILE, or FN, with the ARGs as Strings, and stops at its first line. With --session
it opens a session that was kept, of which the beginning or the end of its ID is enough, or "latest": where
it failed, else at its end, or --at an instant. That runs nothing and changes nothing; --fork goes on for
real from there, as a new session; --attach follows one that is still running.

Commands are read from the terminal or from standard input, or are those of -c, with ";" between them;
"help" lists them. An instant is written THREAD:STEPS, as 0.1:345. Ctrl-C pauses a running program.

With --json everything is said as an object in a line of its own, whose "type" is "stopped", "output",
"value", "ended", "error" …; the page docs/debug.md describes them.`,
		Example: `hark-ls debug service.hk
hark-ls debug service.hk -c 'break 12; run; print x; back'
hark-ls debug --session latest
hark-ls debug --session 06f8x3k2 --at 0.1:345 -c 'stack; locals' --json`,
		Annotations:       map[string]string{exitKey: "0 good, 1 the program or a command failed, 2 wrong usage, 3 the environment failed, 130 interrupted"},
		Args:              arguments(0, -1),
		ValidArgsFunction: harkFiles,
	}
	o.storeFlags.add(cmd, storesForRuns...)
	o.addProject(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "say everything as a JSON object in a line of its own")
	refuse := func(err error) error {
		if o.json || env.wantsJSON() {
			_ = writeJSON(env.Out, shownProblem{Type: "error", Message: withoutHint(err)})
		}
		return err
	}
	keepsJSON(cmd, env, refuse)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := o.debug(cmd.Context(), cmd, env, args)
		var said *saidAlready
		if err == nil || errors.As(err, &said) {
			return err
		}
		return refuse(err)
	}
	cmd.Flags().StringVarP(&o.run.function, "function", "f", "main", "start with the function `FN`")
	cmd.Flags().StringVar(&o.run.jsonArgs, "json-args", "", "the arguments as a JSON `ARRAY`")
	cmd.Flags().StringVar(&o.python, "python", "", "call Python with `PROGRAM` (default: the project's)")
	cmd.Flags().StringVarP(&o.session, "session", "s", "", "look at the saved session `ID`")
	cmd.Flags().StringVar(&o.at, "at", "", "begin at the instant `THREAD:STEPS` of the session")
	cmd.Flags().BoolVar(&o.fork, "fork", false, "go on for real from there, as a new session")
	cmd.Flags().BoolVar(&o.attach, "attach", false, "follow the session while it runs")
	cmd.Flags().StringArrayVarP(&o.commands, "command", "c", nil, "carry out `LINE` instead of standard input")
	cmd.Flags().BoolVarP(&o.interactive, "interactive", "i", false, "after those of -c, go on with standard input")
	cmd.Flags().BoolVar(&o.keepGoing, "keep-going", false, "go on after a command that fails")
	_ = cmd.RegisterFlagCompletionFunc("function", completeFunctions)
	sessions := completeSessions(&o.looking)
	_ = cmd.RegisterFlagCompletionFunc("session", func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return sessions(cmd, nil, begun)
	})
	return cmd
}

// debug opens what is to be debugged, and carries commands out until there are no more.
func (o *debugOptions) debug(ctx context.Context, cmd *cobra.Command, env *environment, args []string) error {
	o.run.hasArgs = cmd.Flags().Changed("json-args")
	stores := storesForRuns
	if o.session != "" {
		stores = []string{inSQLite, inDynamo}
	}
	if err := o.check(cmd, stores...); err != nil {
		return err
	}
	open, err := o.opener(cmd, env, args)
	if err != nil {
		return err
	}
	c := newConsole(env, o, open)
	defer c.close()
	err = c.start(ctx)
	if err == nil && o.fork {
		err = c.fork(ctx, "")
	}
	if err != nil {
		return shownAlready(err)
	}
	return said(c.loop(ctx))
}

// opener is how the target is made, after a look at whether the flags belong together.
func (o *debugOptions) opener(cmd *cobra.Command, env *environment, args []string) (opener, error) {
	switch {
	case o.session == "" && len(args) == 0:
		return nil, usageError(cmd, "name the FILE to run, or a saved session with --session ID (hark-ls sessions lists them)")
	case o.session != "" && len(args) > 0:
		return nil, usageError(cmd, "a session knows its program: '%s' is one thing too many", args[0])
	case o.session == "" && (o.at != "" || o.fork || o.attach):
		return nil, usageError(cmd, "--at, --fork and --attach are for a saved session: --session ID")
	case o.session == "":
		return o.live(cmd, env, args), nil
	case o.fork && o.attach:
		return nil, usageError(cmd, "--fork and --attach are one or the other")
	case o.attach && o.at != "":
		return nil, usageError(cmd, "--attach is about now: leave out --at")
	}
	return o.saved(cmd)
}

// parseInstant reads THREAD:STEPS.
func parseInstant(text string) (replay.Instant, error) {
	thread, steps, ok := strings.Cut(strings.TrimSpace(text), ":")
	at, err := strconv.ParseUint(steps, 10, 64)
	if !ok || err != nil || !isThread(thread) {
		return replay.Instant{}, fmt.Errorf("'%s' is no instant: one is written THREAD:STEPS, as 0.1:345 (the command \"instant\" shows the one of now)", text)
	}
	return replay.Instant{Thread: thread, At: at}, nil
}

// isThread says whether a text is the number of a thread: 0, 0.1, 0.1.12.
func isThread(text string) bool {
	for _, part := range strings.Split(text, ".") {
		if _, err := strconv.ParseUint(part, 10, 32); err != nil {
			return false
		}
	}
	return true
}

func instantText(i replay.Instant) string {
	if i.Thread == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", i.Thread, i.At)
}

// errStopped says that a command of a script failed, and that it was said why.
var errStopped = errors.New("a command failed")
