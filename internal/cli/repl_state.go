package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// How the repl remembers.
//
// All inputs together are one growing file. Definitions are added to it as they are; an expression is added as a function
// whose parameters are the names that have a value, and which returns its own value and those of the names that it assigns:
//
//	x = 3                    fn repl.7(y) {
//	x + y                    x = 3
//	                         repl.result = (x + y);
//	                         [repl.result, x]
//	                         }
//
// Each input runs as a session of its own, started with that function. Text that was once there stays where it is, so a
// lambda of an earlier input is found again in the program of a later one by its place in the file. A future of an
// earlier session goes on as a future that was resolved from outside.

// repl is the state between two inputs.
type repl struct {
	env     *environment
	project *project
	worker  *worker
	// entry is the path of the growing file, text what is in it.
	entry string
	text  string
	// names have values; program and code are those of the last input, which the values belong to.
	variables []variable
	program   *bytecode.Program
	code      *vm.Code
	futures   map[string]settled
	inputs    int
}

// variable is a name that has a value.
type variable struct {
	name  string
	value vm.Value
}

// settled is what a future of an earlier input resolved to.
type settled struct {
	value vm.Value
	fault *vm.Error
}

func startREPL(env *environment, p *project, text string) *repl {
	r := &repl{env: env, project: p, entry: "repl.hk", text: text, futures: map[string]settled{}}
	if p.program != nil {
		r.entry = p.program.Entry().Path
	}
	r.worker = newWorker(p.Config, newReport(env, runOptions{}))
	return r
}

func (r *repl) close() { r.worker.close() }

// evaluate deals with one input. What goes wrong is shown and forgotten.
func (r *repl) evaluate(ctx context.Context, input string) {
	if names := definitions(input); names != nil {
		if program := r.load(addition{before: len(r.text), text: r.text + input + "\n", input: input}); program != nil {
			r.text += input + "\n"
			fmt.Fprintln(r.env.Out, r.env.out.faint("defined "+strings.Join(names, ", ")))
		}
		return
	}
	r.inputs++
	a := r.wrap(input)
	program := r.load(a)
	if program == nil {
		return
	}
	r.text = a.text
	r.run(ctx, codegen.Generate(program), a)
}

// definitions are the names that an input defines, nil if it is something else.
func definitions(input string) []string {
	var names []string
	for _, item := range syntax.Parse(input).Items {
		switch def := item.Def.(type) {
		case *syntax.FuncDef:
			names = append(names, def.Name.Text)
		case *syntax.ImportDef:
			name := def.Alias
			if name == nil {
				name = def.Name
			}
			if name == nil {
				return []string{"nothing"} // refused for its syntax
			}
			names = append(names, name.Text)
		default:
			return nil
		}
	}
	return names
}

// addition is the file with an input in it.
type addition struct {
	text string
	// function is what to start, "" for definitions; assigned are the names whose values it returns after its own.
	function string
	assigned []string
	// input begins at before in text; from split on it has moved by a further shift.
	input               string
	before, split, move int
}

// place is where an offset of the file lies in the input.
func (a addition) place(offset int32) int32 {
	at := int(offset) - a.before
	if a.move > 0 && int(offset) >= a.split {
		at -= a.move
	}
	return int32(max(0, min(at, len(a.input))))
}

const resultName = "repl.result"

// wrap makes a function of an expression.
func (r *repl) wrap(input string) addition {
	a := addition{function: fmt.Sprintf("repl.%d", r.inputs), input: input}
	params := make([]string, len(r.variables))
	for i, v := range r.variables {
		params[i] = v.name
	}
	head := fmt.Sprintf("fn %s(%s) {\n", a.function, strings.Join(params, ", "))
	a.before = len(r.text) + len(head)
	body := head + input + "\n}\n"
	a.text = r.text + body
	file := syntax.Parse(body)
	if len(file.Items) == 0 || len(file.Problems) > 0 {
		return a // it is refused
	}
	fn, ok := file.Items[0].Def.(*syntax.FuncDef)
	if !ok || fn.Body == nil || len(fn.Body.Exprs) == 0 {
		return a
	}
	a.assigned = assignedNames(fn.Body.Exprs)
	last := file.Items[0].Abs(fn.Body.Exprs[len(fn.Body.Exprs)-1].Span())
	opening := resultName + " = ("
	a.split, a.move = len(r.text)+int(last.Start), len(opening)
	a.text = r.text + body[:last.Start] + opening + body[last.Start:last.End] +
		fmt.Sprintf(");\n[%s]\n}\n", strings.Join(append([]string{resultName}, a.assigned...), ", "))
	return a
}

// assignedNames are the names that the expressions surely assign: "x = 1", "x = y = 1", but not what an "if" may assign.
func assignedNames(exprs []syntax.Expr) []string {
	var names []string
	for _, expr := range exprs {
		for {
			assign, ok := expr.(*syntax.Assign)
			if !ok {
				break
			}
			if !slices.Contains(names, assign.Name.Text) {
				names = append(names, assign.Name.Text)
			}
			expr = assign.Value
		}
	}
	return names
}

// load resolves the file with an input in it, and shows the input's errors; nil if there are any.
func (r *repl) load(a addition) *resolve.Program {
	program := resolve.Load(r.entry, func(path string) (string, error) {
		if path == r.entry {
			return a.text, nil
		}
		return r.project.read(path)
	})
	lines := source.NewLines(a.input)
	var findings []finding
	for _, of := range program.Diagnostics() {
		for _, d := range of.Problems {
			if d.Severity != diag.Error {
				continue
			}
			if of.File == program.Entry() {
				if int(d.Span.Start) < len(r.text) {
					continue // a definition that a later one made wrong; it fails where it is used
				}
				d.Span = source.Span{Start: a.place(d.Span.Start), End: a.place(d.Span.End)}
				findings = append(findings, finding{d, "input", lines, nil})
			} else {
				findings = append(findings, finding{d, r.project.shown(of.File.Path), source.NewLines(of.File.Tree.Text), nil})
			}
		}
	}
	if findings != nil {
		printFindings(r.env.Err, r.env.err, findings)
		return nil
	}
	return program
}

// run starts the function of an input with the values of all names, and keeps the values that it returns.
func (r *repl) run(ctx context.Context, program *bytecode.Program, a addition) {
	code, err := r.worker.engine.Load(ctx, program)
	if err != nil {
		r.complain(err)
		return
	}
	r.move(program, code)
	j := job{program, a.function, make([]vm.Value, len(r.variables)), a.function}
	for i, v := range r.variables {
		j.args[i] = v.value
	}
	for name, s := range r.futures {
		if err := r.worker.settle(ctx, code, j.session, name, s); err != nil {
			r.complain(err)
		}
	}
	e := r.worker.run(ctx, j)
	fault, err := faultOf(e)
	switch {
	case interrupted(e.err):
		_ = r.worker.engine.Cancel(context.WithoutCancel(ctx), e.session) // its threads end sooner or later
		fmt.Fprintln(r.env.Err, "interrupted")
	case err != nil:
		r.complain(err)
	case fault != nil:
		shown, fault := a.unwrap(program, fault)
		printFault(r.env.Err, r.env.err, shown, func(path string) string { return path }, fault)
	default:
		r.keep(ctx, e, a.assigned)
		fmt.Fprintln(r.env.Out, vm.Literal(e.result.Value.Index(0)))
	}
}

// move makes all values those of another program. A function is found there by its place in the text, or, if its definition
// was replaced, by its name.
func (r *repl) move(program *bytecode.Program, code *vm.Code) {
	links := vm.Links{
		Func:   func(i int) (int, bool) { return findFunc(program, r.program, i) },
		Import: func(i int) (int, bool) { return findImport(program, r.program, i) },
	}
	for i := range r.variables {
		r.variables[i].value = vm.Relink(r.variables[i].value, code, links)
	}
	for name, s := range r.futures {
		if s.fault == nil {
			r.futures[name] = settled{value: vm.Relink(s.value, code, links)}
		}
	}
	r.program, r.code = program, code
}

func findFunc(in, from *bytecode.Program, index int) (int, bool) {
	f := &from.Funcs[index]
	path := from.Files[f.File].Path
	named := -1
	for i := range in.Funcs {
		g := &in.Funcs[i]
		if in.Files[g.File].Path != path {
			continue
		}
		if g.Span == f.Span {
			return i, true
		}
		if f.Name != "" && g.Name == f.Name && len(g.Captures) == 0 && len(f.Captures) == 0 {
			named = i
		}
	}
	return named, named >= 0
}

func findImport(in, from *bytecode.Program, index int) (int, bool) {
	f := &from.Imports[index]
	for i := range in.Imports {
		if g := &in.Imports[i]; g.Module == f.Module && g.Name == f.Name && g.Alias == f.Alias {
			return i, true
		}
	}
	return 0, false
}

// unwrap is a fault of an input as its author sees it: lines count from the input's first, and the function around it is
// not named. The program has the texts that the fault's places are in.
func (a addition) unwrap(program *bytecode.Program, fault *vm.Error) (*bytecode.Program, *vm.Error) {
	const file = "input"
	before := strings.Count(a.text[:a.before], "\n")
	shown, moved := *program, *fault
	shown.Files = append([]bytecode.File{{Path: file, Text: a.input}}, program.Files...)
	moved.Traceback = slices.Clone(fault.Traceback)
	for i := range moved.Traceback {
		frame := &moved.Traceback[i]
		if frame.File == program.Files[0].Path && frame.Line > before {
			frame.File, frame.Line = file, frame.Line-before
		}
		if frame.Function == a.function {
			frame.Function = file
		}
	}
	return &shown, &moved
}

func (r *repl) complain(err error) {
	fmt.Fprintf(r.env.Err, "%s %v\n", r.env.err.red("hark-ls:"), err)
}

// keep remembers the values that an input assigned, and what the futures among them have become.
func (r *repl) keep(ctx context.Context, e ended, assigned []string) {
	for i, name := range assigned {
		value := vm.Relink(e.result.Value.Index(i+1), r.code, vm.Links{Future: func(id string) string {
			if engine.IsOutside(id) {
				return id
			}
			kept := fmt.Sprintf("repl.%d.%s", r.inputs, id)
			r.futures[kept] = r.worker.settled(ctx, r.code, engine.ID{Session: e.session, Thread: id})
			return engine.OutsideFuture(kept)
		}})
		r.assign(name, value)
	}
}

func (r *repl) assign(name string, value vm.Value) {
	for i := range r.variables {
		if r.variables[i].name == name {
			r.variables[i].value = value
			return
		}
	}
	r.variables = append(r.variables, variable{name, value})
}
