package engine

import (
	"context"
	"time"
)

// Config is what an engine works with.
type Config struct {
	// Store and Executor have to be given; Foreign too if programs call Python.
	Store    Store
	Executor Executor
	Foreign  Foreign
	// Clock, Random, Observer and Runner are the system's clock, unguessable numbers, Quiet and Direct if nil.
	Clock    Clock
	Random   Source
	Observer Observer
	Runner   Runner
	// Lease is how long a claim holds, 1 hour if 0. A run that goes on renews it.
	Lease time.Duration
	// Slice is how long a run may take before it stores a snapshot and begins anew; 0 for no limit.
	Slice time.Duration
	// Fuel is how much a machine gets before others have their turn, 200,000 if 0.
	Fuel uint64
	// Private says that no other process uses the store: what nothing here can wake, nothing ever will.
	Private bool
	// Version is the deployment that runs the threads started here.
	Version string
}

// Engine drives the threads of any number of sessions.
type Engine struct {
	Config
}

// New is an engine on the ports of a configuration.
func New(c Config) *Engine { return &Engine{Config: c} }

// Run claims the thread and runs it until it has ended, waits, or has used up its slice. A nil error means that there is
// nothing to do about it, also when there was nothing to run.
func (e *Engine) Run(ctx context.Context, id ID) error { return nil }
