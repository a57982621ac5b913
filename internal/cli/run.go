package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// runOptions are the flags of run.
type runOptions struct {
	function string
	json     bool
	jsonArgs string
	hasArgs  bool // whether jsonArgs was given: it is an array, however empty
	quiet    bool
	// isolated says that each run of a thread gets a process of its own.
	isolated bool
	// watch says that the program is run again when a file has changed.
	watch bool
	store storeFlags
}

// storesForRuns are where a session may be kept that is run here.
var storesForRuns = []string{inSQLite, inMemory, inDynamo}

func runCommand(env *environment) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run FILE [-f FN] [ARG…]",
		Short: "Run a program here",
		Long: `Runs the function main of FILE, or FN, with the ARGs as Strings. FILE may be the folder of a project:
its hark.toml names the entry file. The program's output comes on standard output, line by line as it
is written, then "=> RESULT"; errors, with the way to where they happened, come on standard error.

The session is kept in the project's folder .hark, so that it can be gone on with after a crash or
Ctrl-C (hark-ls resume) and looked at afterwards (hark-ls sessions, stdout, events, trace). With --store
memory nothing is kept.

Python modules are found in the project's root and in its python_src. The root is where the hark.toml
is: beside the file or in a folder above it; without one it is the file's folder. The interpreter is
that of hark.toml, else of $VIRTUAL_ENV, else python3.

With --json, standard output is one object:
  {"session", "status": "done" | "failed", "result", "output": [lines],
   "error": {"kind", "message", "traceback": [{"function", "file", "line", "thread"}]}}
What JSON does not have: ":name" is a Symbol, {"$fn": name} a Function, {"$future": thread} a Future,
{"$float": "nan"} NaN (infinities likewise), {"$hash": [[key, value], …]} a Hash with other keys than Strings.`,
		Example: `hark-ls run service.hk
hark-ls run report.hk sales.csv 8
hark-ls run service.hk -f on_upload --json-args '["bucket", "key"]'
hark-ls run service.hk --watch
hark-ls run calc.hk -- -1`,
		Annotations:       map[string]string{exitKey: "0 done, 1 the program failed or has errors, 2 wrong usage, 3 Python is missing, 130 interrupted"},
		Args:              arguments(1, -1),
		ValidArgsFunction: harkFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.watch {
				return watchFile(cmd, env, o, args[0], args[1:])
			}
			return runFile(cmd, env, o, args[0], args[1:])
		},
	}
	cmd.Flags().StringVarP(&o.function, "function", "f", "main", "start with the function `FN`")
	cmd.Flags().StringVar(&o.jsonArgs, "json-args", "", "the arguments as a JSON `ARRAY`")
	cmd.Flags().BoolVar(&o.json, "json", false, "print nothing but one JSON object at the end")
	cmd.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "leave out the line with the result")
	cmd.Flags().BoolVar(&o.watch, "watch", false, "run again whenever a .hk or .py file of the project has changed, until Ctrl-C")
	addIsolated(cmd, &o.isolated)
	o.store.add(cmd, storesForRuns...)
	_ = cmd.RegisterFlagCompletionFunc("function", completeFunctions)
	keepsJSON(cmd, env, func(err error) error { return newReport(env, runOptions{json: true}).refuse(kindUsage, err) })
	return cmd
}

func runFile(cmd *cobra.Command, env *environment, o runOptions, path string, args []string) error {
	o.hasArgs = cmd.Flags().Changed("json-args")
	report := newReport(env, o)
	if err := o.store.check(cmd, storesForRuns...); err != nil {
		return report.refuse(kindUsage, err)
	}
	if o.isolated && o.store.kind == inMemory {
		return report.refuse(kindUsage, usageError(cmd, "processes share no memory: --isolated wants a store that keeps the session"))
	}
	values, err := argumentValues(o, args)
	if err != nil {
		return report.refuse(kindUsage, usageError(cmd, "%v", err))
	}
	piped := isPipe(path) // which can be read once
	p, program, err := compile(cmd.Context(), env, path)
	if err == nil && piped {
		p.Config, err = config.ForDir(".")
	}
	if err != nil {
		return report.refuse(kindOf(err), err)
	}
	if err := checkEntry(cmd, program, o.function, len(values)); err != nil {
		return report.refuse(kindUsage, err)
	}
	s, err := o.store.open(cmd.Context(), p.Config)
	if err != nil {
		return report.refuse(kindEnvironment, err)
	}
	report.about(program, p)
	report.piped = piped
	return execute(env, s, report, func(w *worker) ended {
		return w.run(cmd.Context(), job{program: program, function: o.function, args: values})
	})
}

// isPipe says whether a program is not a file that stays: it then belongs to the project of the current folder.
func isPipe(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

// argumentValues are the arguments of the entry function.
func argumentValues(o runOptions, args []string) ([]vm.Value, error) {
	if !o.hasArgs {
		values := make([]vm.Value, len(args))
		for i, arg := range args {
			values[i] = vm.String(arg)
		}
		return values, nil
	}
	if len(args) > 0 {
		return nil, fmt.Errorf("arguments are given twice, as --json-args and as '%s'", args[0])
	}
	return parseArguments(o.jsonArgs)
}

// compile makes a program of a file, or of the entry file of a project's folder. What is wrong with it is shown on
// standard error.
func compile(ctx context.Context, env *environment, path string) (*project, *bytecode.Program, error) {
	p, program, err := build(ctx, path)
	var refused *refusal
	if errors.As(err, &refused) {
		printFindings(env.Err, env.err, refused.findings)
		fmt.Fprintf(env.Err, "%s %s: not run\n", env.err.red("hark-ls:"), tally(refused.findings))
	}
	return p, program, err
}

// build makes a program; its error is a *refusal if the program has errors that keep it from running.
func build(ctx context.Context, path string) (*project, *bytecode.Program, error) {
	path, err := entryFile(path)
	if err != nil {
		return nil, nil, err
	}
	p, err := loadProject(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	program, err := generated(p)
	return p, program, err
}

// generated is a project's program; the error is a *refusal if it has errors that keep it from running.
func generated(p *project) (*bytecode.Program, error) {
	if p.program.Stops() {
		return nil, &refusal{p.errors()}
	}
	return codegen.Generate(p.program), nil
}

// refusal is a program that is not run because of what is wrong with it.
type refusal struct{ findings []finding }

func (r *refusal) Error() string {
	messages := make([]string, len(r.findings))
	for i, f := range r.findings {
		messages[i] = fmt.Sprintf("%s: %s: %s", place{f.file, f.lines, f.Span, ""}, f.Code, f.Message)
	}
	return strings.Join(messages, "\n")
}

func entryFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return path, nil // a file that cannot be read is reported where it is read
	}
	if root, found := config.FindRoot(path); !found || !sameFile(root, path) {
		return "", &failure{exitUsage, fmt.Errorf("%s is a folder without a %s; name a file", path, config.FileName)}
	}
	conf, err := config.ForDir(path)
	if err != nil {
		return "", &failure{exitUsage, err}
	}
	return filepath.Join(path, conf.Project.HarkFile), nil
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// checkEntry says so if a program cannot be started with a function and that many arguments.
func checkEntry(cmd *cobra.Command, program *bytecode.Program, name string, given int) error {
	all := exports(program)
	if at := slices.Index(all, name); at >= 0 {
		return checkCount(cmd, program, program.Exports[at], given)
	}
	message := fmt.Sprintf("there is no function '%s' in %s", name, program.Files[0].Path)
	if near := resolve.Nearest(name, slices.Values(all)); near != "" {
		message += fmt.Sprintf("; did you mean '%s'?", near)
	} else if len(all) > 0 {
		message += "; there are " + strings.Join(all[:min(len(all), 10)], ", ")
	}
	return usageError(cmd, "%s", message)
}

func checkCount(cmd *cobra.Command, program *bytecode.Program, e bytecode.Export, given int) error {
	if e.Import {
		return nil // Python decides
	}
	params := program.Funcs[e.Func].Params
	if len(params) == given {
		return nil
	}
	names := make([]string, len(params))
	for i, param := range params {
		names[i] = param.Name
	}
	signature := fmt.Sprintf("%s(%s)", e.Name, strings.Join(names, ", "))
	return usageError(cmd, "%s takes %s, not %d", signature, diag.Count(len(params), "argument"), given)
}

func exports(program *bytecode.Program) []string {
	names := make([]string, len(program.Exports))
	for i, export := range program.Exports {
		names[i] = export.Name
	}
	return names
}

// completeFunctions completes -f with the functions of the file that is already on the command line.
func completeFunctions(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	p, err := loadProject(cmd.Context(), args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, def := range p.program.Entry().Scope.Defs {
		names = append(names, def.Name)
	}
	slices.Sort(names)
	return names, cobra.ShellCompDirectiveNoFileComp
}

// job is what is to be run. session is "" for a new one.
type job struct {
	program  *bytecode.Program
	function string
	args     []vm.Value
	session  string
}

// execute runs a session to its end and reports it.
func execute(env *environment, s *storage, report *report, run func(w *worker) ended) error {
	report.kept = s.kept()
	make := newWorkerOn
	if report.options.isolated {
		make = newIsolated
	}
	worker := make(s, report)
	worker.noticing = func(waiting []engine.Waiting) { notice(env, waiting) }
	defer worker.close()
	e := run(worker)
	if e.err == nil {
		worker.finish()
	}
	env.afterword = whatNext(s, report, e)
	return report.outcome(e)
}

// whatNext is what one can do with a session that has not ended well.
func whatNext(s *storage, r *report, e ended) string {
	var deadlock *engine.Deadlock
	switch {
	case !s.kept() || e.session == "":
		return ""
	case errors.As(e.err, &deadlock):
		return fmt.Sprintf("hark-ls cancel %s ends it", e.session)
	case e.err != nil:
		return fmt.Sprintf("hark-ls resume %s goes on with it", e.session)
	case e.result.Err == nil:
		return ""
	case !certain(r.program, e.result.Err):
		return fmt.Sprintf("hark-ls retry %s runs it on from where it failed", e.session)
	case r.piped:
		return "" // there is no file to mend
	}
	return fmt.Sprintf("mend it, then hark-ls retry %s --code new runs it on from where it failed", e.session)
}

// certain says that an error comes again from the same code and the same answers: it is one of the machine's operations, and not about
// what goes into a Python call or comes out of it, which the call's next try may do better.
func certain(program *bytecode.Program, fault *vm.Error) bool {
	operations := []string{vm.ErrType, vm.ErrArity, vm.ErrName, vm.ErrIndex, vm.ErrKey, vm.ErrZeroDivision}
	if fault.Python != "" || !slices.Contains(operations, fault.Kind) {
		return false
	}
	return !slices.ContainsFunc(program.Imports, func(i bytecode.Import) bool {
		return strings.HasPrefix(fault.Message, i.Module+"."+i.Name+": ")
	})
}

// shownAlready is an error that is only an exit code if it has been shown.
func shownAlready(err error) error {
	var refused *refusal
	if errors.As(err, &refused) {
		return errFailed
	}
	return err
}
