package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// Opening what the debugger of the terminal debugs.

// opened is a target with what goes with it.
type opened struct {
	debugger.Target
	// shownPath is how a file of the program is called.
	shownPath func(path string) string
	// runs: the program is run, rather than looked at, so that its failure is that of the command.
	runs bool
	// close gives up what the target was made from.
	close func()
}

// opener makes the target, again for each restart.
type opener func(ctx context.Context, listener debugger.Listener) (*opened, error)

// live is for a program that is run here.
func (o *debugOptions) live(cmd *cobra.Command, env *environment, args []string) opener {
	return func(ctx context.Context, listener debugger.Listener) (*opened, error) {
		values, err := argumentValues(o.run, args[1:])
		if err != nil {
			return nil, usageError(cmd, "%v", err)
		}
		p, program, err := compile(ctx, env, args[0])
		if err != nil {
			return nil, err
		}
		if err := checkEntry(cmd, program, o.run.function, len(values)); err != nil {
			return nil, err
		}
		collectLess()
		entry := debugger.Entry{Function: o.run.function, Args: values, Stop: true}
		target, err := debugger.NewLive(debugger.NewProgram(program), entry, o.world(p), listener)
		if err != nil {
			return nil, err
		}
		return &opened{Target: target, shownPath: p.shownFile, runs: true, close: func() {}}, nil
	}
}

// world is what the program runs in: this process, which keeps nothing.
func (o *debugOptions) world(p *project) debugger.World {
	python := p.Project.Python
	if o.python != "" {
		python = o.python
	}
	pool := ffi.New(ffi.Config{Python: python, Root: p.Root, Source: p.Project.PythonSrc})
	return debugger.World{Store: memstore.New(), Executor: local.New(), Foreign: pool, Close: pool.Close}
}

// saved is for a session that was kept.
func (o *debugOptions) saved() opener {
	return func(context.Context, debugger.Listener) (*opened, error) {
		return nil, errors.New("saved sessions cannot be opened yet")
	}
}
