package debugger

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
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
// That function is added to a copy of the program, in which all others keep their index (graft.go), so that values can be copied
// over as bytes. It runs there in a machine of its own, which changes nothing that belongs to the program.

const expressionName = "debugger.expression"

// expression is a compiled one.
type expression struct {
	code     *vm.Code
	function int
	names    []string
}

// Evaluate is the value of an expression in the frame. What has effects is refused: a call of Python, a new thread, a wait, unless it
// is for a future that futures knows to have ended. What is printed goes nowhere.
func (f *Frame) Evaluate(ctx context.Context, text string, futures func(id string) Future) (vm.Value, error) {
	if f.machine == nil || f.place.Function < 0 {
		return vm.Null, errors.New("there are no values in this frame")
	}
	known := f.values()
	e, err := f.program.compile(f, text, usedNames(text, known))
	if err != nil {
		return vm.Null, err
	}
	args := make([]vm.Value, len(e.names))
	for i, name := range e.names {
		if args[i], err = move(known[name], f.machine.Code(), e.code); err != nil {
			return vm.Null, err
		}
	}
	m, err := vm.New(e.code, vm.Start{
		Session: f.machine.Session(), Thread: f.machine.Thread(), Function: e.code.Function(e.function), Args: args,
	})
	if err != nil {
		return vm.Null, err
	}
	return (&evaluation{m, f.machine.Code(), futures}).run(ctx)
}

// move copies a value to another program.
func move(v vm.Value, from, to *vm.Code) (vm.Value, error) {
	b, err := vm.EncodeValue(from, v)
	if err != nil {
		return vm.Null, fmt.Errorf("copy a value: %w", err)
	}
	return vm.DecodeValue(to, b)
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
func usedNames(text string, known map[string]vm.Value) []string {
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

// compile makes a function of an expression. Those compiled lately are remembered: an editor asks for the same at every stop.
func (d *Program) compile(f *Frame, text string, names []string) (*expression, error) {
	file := int(d.Funcs[f.place.Function].File)
	if IsPrelude(d.Files[file].Path) {
		file = 0
	}
	key := fmt.Sprintf("%d %q %s", file, names, text)
	if e := d.expressions[key]; e != nil {
		return e, nil
	}
	e, err := d.compileAnew(file, text, names)
	if err != nil {
		return nil, err
	}
	const remembered = 100
	if d.expressions == nil || len(d.expressions) >= remembered {
		d.expressions = map[string]*expression{}
	}
	d.expressions[key] = e
	return e, nil
}

func (d *Program) compileAnew(file int, text string, names []string) (*expression, error) {
	function := fmt.Sprintf("fn %s(%s) {\n%s\n}\n", expressionName, strings.Join(names, ", "), text)
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
	code, err := vm.Load(program)
	if err != nil {
		return nil, fmt.Errorf("compile the expression: %w", err)
	}
	return &expression{code, index, names}, nil
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

// evaluation is an expression that runs.
type evaluation struct {
	m       *vm.Machine
	from    *vm.Code
	futures func(id string) Future
}

const (
	// evaluationFuel is what an expression may use: about a second.
	evaluationFuel  = 200_000_000
	evaluationSlice = 1_000_000
)

func (e *evaluation) run(ctx context.Context) (vm.Value, error) {
	for used := 0; used < evaluationFuel; {
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
			if err := e.answer(outcome); err != nil {
				return vm.Null, err
			}
		}
	}
	return vm.Null, errors.New("the expression takes too long")
}

// answer is for what the expression asks of the world: only a future that has ended can be had without effects.
func (e *evaluation) answer(outcome vm.Outcome) error {
	switch outcome {
	case vm.Foreign:
		imported := e.m.Code().Program().Imports[e.m.Foreign().Import].Alias
		return fmt.Errorf("the expression calls the Python function %s, which may have effects", imported)
	case vm.Spawn:
		return errors.New("the expression starts a thread")
	case vm.Await:
		return e.await(e.m.Await())
	}
	return errors.New("the expression waits")
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
		v, err := move(*f.Value, e.from, e.m.Code())
		if err != nil {
			return err
		}
		values = append(values, v)
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
