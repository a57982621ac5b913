package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/process"
	"github.com/hark-lang/hark-ls/runtime/ffi"
)

// Runs of threads in processes of their own: those of this program, on the same store.

// childSetup is what a child is told of the store and the project.
type childSetup struct {
	Kind   string `json:"kind"`
	Table  string `json:"table,omitempty"`
	Bucket string `json:"bucket,omitempty"`
	Root   string `json:"root"`
}

func addIsolated(cmd *cobra.Command, isolated *bool) {
	cmd.Flags().BoolVar(isolated, "isolated", false, "run each thread in a process of its own, from one wait to the next")
}

// newIsolated is a worker whose threads run in children.
func newIsolated(s *storage, observer engine.Observer) *worker {
	collectLess()
	path, err := os.Executable()
	if err != nil {
		path = os.Args[0]
	}
	setup, _ := json.Marshal(childSetup{s.source.kind, s.source.table, s.source.bucket, s.project.Root}) // strings always can be
	children := process.New(process.Config{
		Path: path, Args: []string{os.Args[0], "run-thread"}, Setup: setup, Places: ffi.DefaultWorkers(), Observer: observer,
	})
	c := engine.Config{Store: s.Store, Executor: children, Observer: observer}
	return &worker{store: s, children: children, engine: engine.New(lasting(c, s.project, processName()))}
}

// runThreadCommand is what children are started with.
func runThreadCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use:    "run-thread",
		Short:  "Run one thread, for another process that says which",
		Hidden: true,
		Args:   arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			// Ctrl-C reaches all processes of a terminal: the parent decides what becomes of this one.
			signal.Ignore(os.Interrupt)
			c := &child{ctx: context.WithoutCancel(cmd.Context())}
			defer c.close()
			return process.Child(env.In, env.Out, c.open)
		},
	}
}

// child is a process that runs one thread.
type child struct {
	ctx   context.Context
	store *storage
	pool  *ffi.Pool
}

// open makes the engine that runs the thread.
func (c *child) open(text json.RawMessage, p process.Ports) (*engine.Engine, error) {
	collectLess()
	var setup childSetup
	if err := json.Unmarshal(text, &setup); err != nil {
		return nil, fmt.Errorf("read where the session is: %w", err)
	}
	project, err := config.ForDir(setup.Root)
	if err != nil {
		return nil, fmt.Errorf("read what the project is: %w", err)
	}
	source := storeFlags{kind: setup.Kind, table: setup.Table, bucket: setup.Bucket, project: setup.Root}
	if c.store, err = source.find(c.ctx); err != nil {
		return nil, err
	}
	c.pool = pythonOf(project, 1)
	conf := engine.Config{Store: c.store.Store, Executor: p.Executor, Observer: p.Observer, Foreign: c.pool}
	return engine.New(lasting(conf, project, p.Owner)), nil
}

func (c *child) close() {
	if c.pool != nil {
		_ = c.pool.Close()
	}
	if c.store != nil {
		_ = c.store.close()
	}
}
