package debugger

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Expressions.
//
// An expression is compiled as a function at the end of the frame's file, whose parameters are those names of the frame that it
// uses:
//
//	fn debugger.expression(x, y) {
//	x + y
//	}
//
// That function is added to a copy of the program, in which all others keep their index (graft.go), so that it takes values as they
// are. It runs there in a machine of its own, which changes nothing that belongs to the program (vm.NewGuest).

const expressionName = "debugger.expression"

// expression is a compiled one, for machines of one Code.
type expression struct {
	code     *vm.Code
	function int
	names    []string
}

// Evaluate is the value of an expression in the frame. What has effects is refused: a call of Python, a new thread, a wait, unless it
// is for a future that futures knows to have ended. What is printed goes nowhere.
func (f *Frame) Evaluate(ctx context.Context, text string, futures func(id string) Future) (vm.Value, error) {
	return f.evaluate(ctx, text, &world{futures: futures})
}

func (f *Frame) evaluate(ctx context.Context, text string, w *world) (vm.Value, error) {
	if f.machine == nil || f.place.Function < 0 {
		return vm.Null, errors.New("there are no values in this frame")
	}
	known := f.values()
	names := usedNames(text, known)
	e, err := f.program.compile(f.machine.Code(), f.program.fileOf(f.place), text, names)
	if err != nil {
		return vm.Null, err
	}
	args := make([]vm.Value, len(names))
	for i, name := range names {
		args[i] = known[name]
	}
	return e.run(ctx, f.machine, args, w)
}

// values are those of all names of the frame.
func (f *Frame) values() map[string]vm.Value {
	known := map[string]vm.Value{}
	if function := &f.program.Funcs[f.place.Function]; len(function.Captures) == 0 && function.Name != "" {
		known[function.Name] = f.machine.Code().Function(f.place.Function) // it may be a lambda's own name
	}
	vars := f.Variables()
	for _, scope := range [][]Variable{vars.Captures, vars.Arguments, vars.Locals} {
		for _, v := range scope {
			known[v.Name] = v.Value
		}
	}
	return known
}

var nameInText = regexp.MustCompile(`[a-z_][A-Za-z0-9_?.]*`)

// usedNames are the names of the frame that occur in a text, in order.
func usedNames[V any](text string, known map[string]V) []string {
	var used []string
	seen := map[string]bool{}
	for _, name := range nameInText.FindAllString(text, -1) {
		if _, ok := known[name]; ok && !seen[name] {
			seen[name] = true
			used = append(used, name)
		}
	}
	return used
}

// fileOf is the file in whose scope the expressions of a place are.
func (d *Program) fileOf(p Place) int {
	if p.Function < 0 || p.Function >= len(d.Funcs) {
		return 0
	}
	file := int(d.Funcs[p.Function].File)
	if IsPrelude(d.Files[file].Path) {
		return 0
	}
	return file
}

// expressions are those compiled lately: an editor asks for the same at every stop. Several goroutines use them.
type expressions struct {
	mu    sync.Mutex
	known map[expressionKey]*expression
}

type expressionKey struct {
	code        *vm.Code
	file        int
	names, text string
}

// compile makes a function of an expression, for machines of a Code.
func (d *Program) compile(code *vm.Code, file int, text string, names []string) (*expression, error) {
	key := expressionKey{code, file, strings.Join(names, ","), text}
	d.expressions.mu.Lock()
	defer d.expressions.mu.Unlock()
	if e := d.expressions.known[key]; e != nil {
		return e, nil
	}
	e, err := d.compileAnew(code, file, text, names)
	if err != nil {
		return nil, err
	}
	const remembered = 100
	if d.expressions.known == nil || len(d.expressions.known) >= remembered {
		d.expressions.known = map[expressionKey]*expression{}
	}
	d.expressions.known[key] = e
	return e, nil
}

func (d *Program) compileAnew(code *vm.Code, file int, text string, names []string) (*expression, error) {
	function := functionOf(text, names)
	if err := oneExpression(function); err != nil {
		return nil, err
	}
	changed := d.Files[file].Text + "\n" + function
	resolved := resolve.Load(d.Files[0].Path, func(path string) (string, error) {
		for i, known := range d.Files {
			if known.Path == path && i == file {
				return changed, nil
			} else if known.Path == path {
				return known.Text, nil
			}
		}
		return "", fmt.Errorf("%s is not in the program", path)
	})
	for _, of := range resolved.Diagnostics() {
		for _, problem := range of.Problems {
			if problem.Severity == diag.Error {
				return nil, errors.New(problem.Message)
			}
		}
	}
	program, index := graft(d.Program, codegen.Generate(resolved))
	extended, err := code.Extend(program)
	if err != nil {
		return nil, fmt.Errorf("compile the expression: %w", err)
	}
	return &expression{extended, index, names}, nil
}

// functionOf is the text of the function that an expression becomes.
func functionOf(text string, names []string) string {
	return fmt.Sprintf("fn %s(%s) {\n%s\n}\n", expressionName, strings.Join(names, ", "), text)
}

// oneExpression says what is wrong with a text that is not that of one function.
func oneExpression(function string) error {
	file := syntax.Parse(function)
	for _, problem := range file.Problems {
		return errors.New(problem.Message)
	}
	if len(file.Items) != 1 {
		return errors.New("that is not an expression")
	}
	return nil
}

// world is what an expression may use of what is outside of its frame.
type world struct {
	futures func(id string) Future
	// call makes the Python call that a machine waits for; nil if none may be made.
	call func(ctx context.Context, m *vm.Machine) (vm.Value, *vm.Error, error)
	// fuel is what it may use, 0 for the usual.
	fuel int
}

// evaluation is an expression that runs.
type evaluation struct {
	m *vm.Machine
	*world
}

// run evaluates the expression for a machine of its Code.
func (e *expression) run(ctx context.Context, of *vm.Machine, args []vm.Value, w *world) (vm.Value, error) {
	m, err := vm.NewGuest(e.code, vm.Start{
		Session: of.Session(), Thread: of.Thread(), Function: e.code.Function(e.function), Args: args,
	})
	if err != nil {
		return vm.Null, err
	}
	return (&evaluation{m, w}).run(ctx)
}

const (
	// evaluationFuel is what an expression may use: about a second.
	evaluationFuel = 200_000_000
	// conditionFuel is less, since a program waits for conditions.
	conditionFuel   = 20_000_000
	evaluationSlice = 1_000_000
)

func (e *evaluation) run(ctx context.Context) (vm.Value, error) {
	fuel := e.fuel
	if fuel == 0 {
		fuel = evaluationFuel
	}
	for used := 0; used < fuel; {
		if err := ctx.Err(); err != nil {
			return vm.Null, err
		}
		switch outcome := e.m.Run(evaluationSlice); outcome {
		case vm.Done:
			return e.m.Result(), nil
		case vm.Fault:
			return vm.Null, e.m.Fault()
		case vm.Fuel:
			used += evaluationSlice
		case vm.Output:
			used++
		default:
			if err := e.answer(ctx, outcome); err != nil {
				return vm.Null, err
			}
		}
	}
	return vm.Null, errors.New("the expression takes too long")
}

// answer is for what the expression asks of the world: only a future that has ended can be had without effects.
func (e *evaluation) answer(ctx context.Context, outcome vm.Outcome) error {
	switch outcome {
	case vm.Foreign:
		return e.foreign(ctx)
	case vm.Spawn:
		return errors.New("the expression starts a thread")
	case vm.Await:
		return e.await(e.m.Await())
	}
	return errors.New("the expression waits")
}

func (e *evaluation) foreign(ctx context.Context) error {
	if e.call == nil {
		imported := e.m.Code().Program().Imports[e.m.Foreign().Import].Alias
		return fmt.Errorf("the expression calls the Python function %s, which may have effects", imported)
	}
	v, fault, err := e.call(ctx, e.m)
	if err == nil {
		engine.Tell(e.m, v, fault)
	}
	return err
}

func (e *evaluation) await(a vm.Awaiting) error {
	var values []vm.Value
	for _, id := range a.Futures {
		f := e.futures(id)
		if f.Error != nil && a.Mode != vm.AwaitFirst {
			e.m.Raise(f.Error)
			return nil
		}
		if f.Value == nil {
			return fmt.Errorf("the expression waits for thread %s, which has not ended", id)
		}
		values = append(values, *f.Value)
	}
	switch a.Mode {
	case vm.AwaitOne:
		e.m.Answer(values[0])
	case vm.AwaitAll:
		e.m.AnswerAll(values)
	default:
		return errors.New("the expression waits for the first of several futures, which only the program decides")
	}
	return nil
}
