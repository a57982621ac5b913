// Package cli is the command line: a file per command, each a cobra.Command that reads its flags and calls a package.
//
// It is the only package that puts the others together, and the only one that knows of terminals and exit codes.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
)

// Exit codes.
const (
	exitGood        = 0
	exitFailed      = 1 // the program or the check failed
	exitUsage       = 2 // wrong usage
	exitEnvironment = 3 // the environment (network, credentials, Python) failed
	exitInterrupted = 130
	exitTerminated  = 143
)

// Streams are the standard streams of the process, or what stands for them in tests.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// environment is what a command runs in.
type environment struct {
	Streams
	// args is the command line.
	args     []string
	out, err paint
	// afterword is said at the end of what went wrong: what one can do now.
	afterword string
	// releaseSignals gives the signals back to whoever wants to deal with them in another way.
	releaseSignals func()
}

// Main runs the command line and is the exit code of the process.
func Main(args []string, streams Streams) int {
	if lambda.Wrapping() {
		return serveLambda(streams)
	}
	ctx, release := untilSignal(context.Background())
	defer release()
	env := &environment{Streams: streams, args: args, out: paintFor(streams.Out), err: paintFor(streams.Err), releaseSignals: release}
	root := rootCommand(env)
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	return env.exitCode(ctx, root.ExecuteContext(ctx))
}

// rootCommand is the tree of all commands.
func rootCommand(env *environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "hark-ls COMMAND",
		Short: "The Hark language: pipelines of Python functions",
		Long: `Hark is a small language for pipelines made of Python functions. This is all of it in one
binary: compiler, machine, formatter, language server and debugger.`,
		Example: `hark-ls init hello         make a project
hark-ls run service.hk     run it
hark-ls check              see what is wrong with it
hark-ls explain HK0101     read more about a problem`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	showVersion := root.Flags().Bool("version", false, "show the version of this binary")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *showVersion {
			return printVersion(env)
		}
		return unknownCommand(cmd, args)
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand())
	root.SetIn(env.In)
	root.SetOut(env.Out)
	root.SetErr(env.Err)
	root.SetFlagErrorFunc(flagError)
	for _, command := range []func(*environment) *cobra.Command{
		initCommand, runCommand, runThreadCommand, resumeCommand, testCommand, checkCommand, formatCommand, asmCommand, replCommand, lspCommand, dapCommand, debugCommand, queryCommand, explainCommand,
		sessionsCommand, stdoutCommand, eventsCommand, traceCommand, resolveCommand, cancelCommand, retryCommand, gcCommand, versionCommand, completionCommand,
	} {
		root.AddCommand(command(env))
	}
	setHelp(root)
	return root
}

func unknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return root.Help()
	}
	message := fmt.Sprintf("there is no command '%s'", args[0])
	if near := resolve.Nearest(args[0], slices.Values(names(root.Commands()))); near != "" {
		message += fmt.Sprintf("; did you mean '%s'?", near)
	}
	return usageError(root, "%s", message)
}

func names(commands []*cobra.Command) []string {
	var all []string
	for _, command := range commands {
		if !command.Hidden {
			all = append(all, command.Name())
		}
	}
	return all
}

// failure is an error that knows its exit code. Without an error in it, all has been said already.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string {
	if f.err == nil {
		return "failed"
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// errFailed says that the program or the check failed, and that the reason has been printed.
var errFailed = &failure{code: exitFailed}

// usageError says how a command was used wrongly.
func usageError(cmd *cobra.Command, format string, args ...any) error {
	hint := fmt.Sprintf("\nsee %s -h", cmd.CommandPath())
	return &failure{exitUsage, fmt.Errorf(format+"%s", append(args, hint)...)}
}

// environmentError says that something outside of us and of the program is missing or failed.
func environmentError(err error) error { return &failure{exitEnvironment, err} }

// exitCode reports what a command returned, and is the code of the process.
func (env *environment) exitCode(ctx context.Context, err error) int {
	code := env.report(ctx, err)
	if code != exitGood && env.afterword != "" {
		fmt.Fprintln(env.Err, env.afterword)
	}
	return code
}

func (env *environment) report(ctx context.Context, err error) int {
	if caught := caughtSignal(ctx); caught != nil {
		fmt.Fprintf(env.Err, "%s %s\n", env.err.red("hark-ls:"), caught.message)
		return caught.code
	}
	if err == nil {
		return exitGood
	}
	code := exitEnvironment // what failed was neither the program nor its user: a full disk, say
	var known *failure
	if errors.As(err, &known) {
		code = known.code
	}
	if known == nil || known.err != nil {
		fmt.Fprintf(env.Err, "%s %v\n", env.err.red("hark-ls:"), err)
	}
	return code
}

// signalled is the cause of a context that a signal ended.
type signalled struct {
	message string
	code    int
}

func (s *signalled) Error() string { return s.message }

// untilSignal is a context that Ctrl-C or a request to terminate ends, until the signals are released. A second signal ends
// the process.
func untilSignal(parent context.Context) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	released := make(chan struct{})
	go func() {
		select {
		case caught := <-signals:
			signal.Stop(signals)
			if caught == os.Interrupt {
				cancel(&signalled{"interrupted", exitInterrupted})
			} else {
				cancel(&signalled{"terminated", exitTerminated})
			}
		case <-released:
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(released)
	})
}

func caughtSignal(ctx context.Context) *signalled {
	var caught *signalled
	if errors.As(context.Cause(ctx), &caught) {
		return caught
	}
	return nil
}
