package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

func replCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:   "repl [FILE]",
		Short: "Type Hark and see what it does",
		Long: `Reads definitions and expressions and evaluates each at once. Definitions and what is assigned to a
name stay; a definition of the same name replaces the one before. Threads run, and an input ends when
its threads have ended. An input goes on over several lines until its brackets are closed.

With FILE, its functions and imports are there from the start. Python modules are found as with run.

  :help    what one can type        :names   what is defined        :quit    or Ctrl-D: leave`,
		Example: `hark-ls repl
hark-ls repl service.hk
echo 'map(str, range(3))' | hark-ls repl`,
		Args:              arguments(0, 1),
		ValidArgsFunction: harkFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := newREPL(cmd.Context(), env, args)
			if err != nil {
				return shownAlready(err)
			}
			defer r.close()
			return r.loop(cmd.Context())
		},
	}
}

// newREPL starts in the project of a file, or in the current folder's.
func newREPL(ctx context.Context, env *environment, args []string) (*repl, error) {
	if len(args) == 0 {
		conf, err := config.ForDir(".")
		if err != nil {
			return nil, &failure{exitUsage, err}
		}
		return startREPL(env, &project{Config: conf}, ""), nil
	}
	p, _, err := compile(ctx, env, args[0])
	if err != nil {
		return nil, err
	}
	return startREPL(env, p, p.program.Entry().Tree.Text+"\n"), nil
}

// loop reads and evaluates inputs until there are no more.
func (r *repl) loop(ctx context.Context) error {
	lines := newLineReader(r.env, lineOptions{r.complete, "history", ":help says what one can type, Ctrl-D leaves."})
	defer lines.close()
	if _, terminal := lines.(*editedLines); terminal {
		r.env.releaseSignals() // Ctrl-C ends what runs, not the loop
	}
	for {
		input, err := readInput(lines)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errAborted):
			continue
		case err != nil:
			return fmt.Errorf("read an input: %w", err)
		}
		if done := r.command(strings.TrimSpace(input)); done == quit {
			return nil
		} else if done == notACommand {
			r.evaluateUntilInterrupt(ctx, input)
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

func (r *repl) evaluateUntilInterrupt(ctx context.Context, input string) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	r.evaluate(ctx, input)
}

// command is what came of an input that may be a command of the loop itself.
type command int

const (
	notACommand command = iota
	done
	quit
)

const replHelp = `An expression is evaluated at once:            1 + 2 * 3
A name keeps its value:                         x = range(5)
A function, over several lines if need be:      fn double(n) { 2 * n }
A Python function:                              import(sqrt, math, 1);
A thread:                                       f = async sleep(1);  await f
`

func (r *repl) command(input string) command {
	switch input {
	case "":
		return done
	case ":quit":
		return quit
	case ":help":
		fmt.Fprint(r.env.Out, replHelp)
		return done
	case ":names":
		for _, name := range r.names() {
			fmt.Fprintln(r.env.Out, name)
		}
		return done
	}
	return notACommand
}

// names are all names that can be used, those of the user first.
func (r *repl) names() []string {
	var names []string
	for _, v := range r.variables {
		names = append(names, v.name)
	}
	names = append(names, definitions(r.text)...)
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "repl.") })
	slices.Sort(names)
	return slices.Compact(names)
}

// complete finds what the name before the cursor can become.
func (r *repl) complete(line string, cursor int) (head string, words []string, tail string) {
	start := cursor
	for start > 0 && syntax.PartOfName(line[start-1]) {
		start--
	}
	for _, name := range append(r.names(), standardNames()...) {
		if strings.HasPrefix(name, line[start:cursor]) {
			words = append(words, name)
		}
	}
	return line[:start], words, line[cursor:]
}

// standardNames are the builtins, the prelude and the keywords.
func standardNames() []string {
	names := []string{"async", "await", "else", "false", "if", "lambda", "null", "true", "try", "fn", "import"}
	for _, b := range bytecode.Builtins {
		if !b.Internal {
			names = append(names, b.Name)
		}
	}
	for _, file := range resolve.Load("repl.hk", func(string) (string, error) { return "", nil }).Files {
		if file.Prelude {
			for _, def := range file.Scope.Defs {
				if !strings.Contains(def.Name, ".") { // a part of another one
					names = append(names, def.Name)
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
