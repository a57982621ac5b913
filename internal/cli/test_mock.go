package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// mockModule is the Python module from which tests import mock. There is none of that name: the calls are answered here.
const mockModule = "hark.testing"

// mocked is Python in a test, some of whose functions are replaced.
type mocked struct {
	pool    engine.Foreign
	program *bytecode.Program
	code    *vm.Code

	mu       sync.Mutex
	replaced map[string]vm.Value // by "module.name"
}

// Call answers a call: here if it is replaced, else by Python.
func (m *mocked) Call(ctx context.Context, c engine.Call) (engine.CallResult, error) {
	name := c.Module + "." + c.Name
	if name == mockModule+".mock" {
		c.Begin()
		return m.replace(c.Args), nil
	}
	m.mu.Lock()
	by, ok := m.replaced[name]
	m.mu.Unlock()
	if !ok {
		return m.pool.Call(ctx, c)
	}
	c.Begin()
	if by.Kind() != vm.KindFunction {
		return engine.CallResult{Value: by}, nil
	}
	return m.answer(ctx, by, c)
}

// replace does what a call of mock asks for.
func (m *mocked) replace(args []vm.Value) engine.CallResult {
	if len(args) != 2 || args[0].Kind() != vm.KindString {
		return raised(vm.ErrType, "mock takes the name of an imported function, as a String, and a function or a value")
	}
	name := args[0].Text()
	known := map[string][]string{}
	for i := range m.program.Imports {
		spec := &m.program.Imports[i]
		full := spec.Module + "." + spec.Name
		if spec.Module == mockModule {
			continue
		}
		for _, called := range []string{spec.Alias, full} {
			if !slices.Contains(known[called], full) {
				known[called] = append(known[called], full)
			}
		}
	}
	full := known[name]
	if len(full) == 0 {
		message := fmt.Sprintf("mock: the program imports no Python function '%s'", name)
		if near := resolve.Nearest(name, maps.Keys(known)); near != "" {
			message += fmt.Sprintf("; did you mean '%s'?", near)
		}
		return raised(vm.ErrName, message)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.replaced == nil {
		m.replaced = map[string]vm.Value{}
	}
	for _, f := range full {
		m.replaced[f] = args[1]
	}
	return engine.CallResult{Value: vm.Null}
}

func raised(kind, message string) engine.CallResult {
	return engine.CallResult{Raised: &vm.Error{Kind: kind, Message: message}}
}

// mockFuel is how many instructions are executed between two looks at whether the test goes on.
const mockFuel = 100_000

// answer runs a Hark function in the place of Python. It may print, sleep and call, as a Python function may, and start no threads.
func (m *mocked) answer(ctx context.Context, f vm.Value, c engine.Call) (engine.CallResult, error) {
	machine, err := vm.New(m.code, vm.Start{Session: c.ID.Session, Thread: c.ID.Thread, Function: f, Args: c.Args, Names: c.Names})
	if err != nil {
		return engine.CallResult{}, fmt.Errorf("run the mock of %s: %w", c.Alias, err)
	}
	for ctx.Err() == nil {
		switch machine.Run(mockFuel) {
		case vm.Done:
			return engine.CallResult{Value: machine.Result()}, nil
		case vm.Fault:
			fault := machine.Fault()
			return engine.CallResult{Raised: &vm.Error{Kind: fault.Kind, Message: fault.Message}}, nil
		case vm.Output:
			for line := range strings.SplitSeq(machine.Output(), "\n") {
				c.Output(engine.Stdout, line)
			}
		case vm.Sleep:
			if err := (engine.SystemClock{}).Sleep(ctx, time.Duration(machine.Seconds()*float64(time.Second))); err != nil {
				return engine.CallResult{}, err
			}
			machine.Answer(machine.SleepValue())
		case vm.Foreign:
			if err := m.callFrom(ctx, machine, c); err != nil {
				return engine.CallResult{}, err
			}
		case vm.Spawn, vm.Await:
			return raised(vm.ErrType, "the mock of "+c.Alias+" starts or awaits threads: what stands for a Python function cannot"), nil
		}
	}
	return engine.CallResult{}, ctx.Err()
}

// callFrom makes the call that a mock asks for.
func (m *mocked) callFrom(ctx context.Context, machine *vm.Machine, c engine.Call) error {
	f := machine.Foreign()
	spec := &m.program.Imports[f.Import]
	inner := c
	inner.Module, inner.Name, inner.Alias, inner.Args, inner.Names = spec.Module, spec.Name, spec.Alias, f.Args, f.Names
	inner.Begin = func() {}
	result, err := m.Call(ctx, inner)
	if err != nil {
		return err
	}
	if result.Crashed != "" {
		result.Raised = &vm.Error{Kind: vm.ErrCrash, Message: result.Crashed}
	}
	engine.Tell(machine, result.Value, result.Raised)
	return nil
}
