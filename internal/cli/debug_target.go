package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Opening what the debugger of the terminal debugs.

// opened is a target with what goes with it.
type opened struct {
	debugger.Target
	// shownPath is how a file of the program is called.
	shownPath func(path string) string
	// runs: the program is run, rather than looked at, so that its failure is that of the command.
	runs bool
	// world is what a fork of it runs in.
	world func(ctx context.Context) (dap.Kept, error)
	// code is the program's, loaded when it is wanted.
	code *vm.Code
	// close gives up what the target was made from.
	close func() error
}

// end ends what runs, and its Python.
func (t *opened) end() {
	t.Target.Close()
	_ = t.close()
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
		world := func(ctx context.Context) (dap.Kept, error) {
			s, err := o.storeFlags.open(ctx, p.Config)
			if err != nil {
				return dap.Kept{}, err
			}
			return worldOn(s, dap.Launch{Python: o.python}), nil
		}
		kept, err := world(ctx)
		if err != nil {
			return nil, err
		}
		entry := debugger.Entry{Function: o.run.function, Args: values, Stop: true}
		target, err := debugger.NewLive(debugger.NewProgram(program), entry, kept.World, listener)
		if err != nil {
			_ = kept.Close()
			return nil, err
		}
		return &opened{Target: target, shownPath: p.shownFile, runs: true, world: world, close: kept.Close}, nil
	}
}

// saved is for a session that was kept.
func (o *debugOptions) saved(cmd *cobra.Command) (opener, error) {
	view := debugger.View{}
	if o.at != "" {
		at, err := parseInstant(o.at)
		if err != nil {
			return nil, usageError(cmd, "--at: %v", err)
		}
		view.At = &at
	}
	return func(ctx context.Context, listener debugger.Listener) (*opened, error) {
		s, root, err := o.looking.session(ctx, []string{o.session})
		if err != nil {
			return nil, err
		}
		target, err := o.recorded(ctx, s, root.ID.Session, view, listener)
		if err != nil {
			_ = s.close()
			return nil, err
		}
		return target, nil
	}, nil
}

// recorded is the target for a session of a store, which it closes in the end.
func (o *debugOptions) recorded(ctx context.Context, s *storage, id string, view debugger.View, listener debugger.Listener) (*opened, error) {
	session, err := replay.Open(ctx, s.Store, id)
	if err != nil {
		return nil, environmentError(err)
	}
	if view.At != nil {
		if _, err := session.SegmentAt(ctx, *view.At); err != nil {
			return nil, &failure{exitUsage, fmt.Errorf("--at: %w (the command \"timeline\" shows the threads, \"output\" some instants)", err)}
		}
	}
	var target debugger.Target
	if o.attach {
		target, err = debugger.NewFollow(ctx, s.Store, session, true, listener)
	} else {
		target, err = debugger.NewRecorded(ctx, session, view, listener)
	}
	if err != nil {
		return nil, environmentError(err)
	}
	world := func(ctx context.Context) (dap.Kept, error) { return s.forking(ctx, dap.Launch{Python: o.python}) }
	return &opened{Target: target, shownPath: (&project{Config: s.project}).shownFile, world: world, close: s.close}, nil
}
