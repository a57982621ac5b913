package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
	"github.com/hark-lang/hark-ls/vm"
)

func dapCommand(env *environment) *cobra.Command {
	return serverCommand(env, &cobra.Command{
		Use:   "dap [--listen HOST:PORT]",
		Short: "Debug programs from an editor with the Debug Adapter Protocol",
		Long: `Speaks the Debug Adapter Protocol with an editor, over standard input and output unless it is told
to listen, and ends when the editor is gone. Standard output carries the protocol and nothing else; logs
go to standard error.

An editor launches a program with
  {"program": FILE, "function": "main", "args": [JSON values], "cwd": FOLDER, "stopOnEntry": false,
   "python": INTERPRETER, "env": {NAME: VALUE}, "noDebug": false}
of which only program is needed; docs/dap.md says how to set an editor up.`,
		Example: `hark-ls dap
hark-ls dap --listen 127.0.0.1:4711`,
	}, func(ctx context.Context, conn io.ReadWriteCloser, log *zap.Logger) error {
		collectLess()
		return dap.Serve(ctx, conn, conn, dap.Config{Prepare: prepareDebugging, Log: log})
	})
}

// prepareDebugging compiles what an editor wants to debug. An error is for the editor to show.
func prepareDebugging(ctx context.Context, l dap.Launch) (*dap.Prepared, error) {
	if l.Program == "" {
		return nil, errors.New("program is missing: the file to run")
	}
	path, err := debuggedFile(l)
	if err != nil {
		return nil, err
	}
	p, program, err := build(ctx, path)
	var refused *refusal
	if errors.As(err, &refused) {
		var shown strings.Builder
		printFindings(&shown, paintFor(&shown), refused.findings)
		err = fmt.Errorf("%s: not run\n%s", tally(refused.findings), shown.String())
	}
	if err != nil {
		return nil, err
	}
	args, err := argumentsFromJSON(l.Args)
	if err != nil {
		return nil, err
	}
	if err := checkEntry(&cobra.Command{}, program, l.Function, len(args)); err != nil {
		message, _, _ := strings.Cut(err.Error(), "\nsee ")
		return nil, errors.New(message)
	}
	return &dap.Prepared{Program: program, Root: p.Root, Args: args, World: debuggedWorld(p, l)}, nil
}

// debuggedFile is the entry file, found from the client's folder.
func debuggedFile(l dap.Launch) (string, error) {
	path := l.Program
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.Cwd, path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", l.Program, err)
	}
	return entryFile(path)
}

func argumentsFromJSON(raw []json.RawMessage) ([]vm.Value, error) {
	all := make([]vm.Value, len(raw))
	for i, text := range raw {
		var err error
		all[i], err = parseOne(string(text))
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	return all, nil
}

// debuggedWorld is what a program runs in that is debugged: this process, as with run.
func debuggedWorld(p *project, l dap.Launch) debugger.World {
	python := p.Project.Python
	if l.Python != "" {
		python = l.Python
	}
	pool := ffi.New(ffi.Config{Python: python, Root: p.Root, Source: p.Project.PythonSrc, Dir: l.Cwd, Env: environmentWith(l.Env)})
	return debugger.World{Store: memstore.New(), Executor: local.New(), Foreign: pool, Close: pool.Close}
}

// environmentWith is our environment with changes; one without a value is taken away.
func environmentWith(changes map[string]*string) []string {
	if len(changes) == 0 {
		return nil
	}
	all := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		_, changed := changes[name]
		return changed
	})
	for name, value := range changes {
		if value != nil {
			all = append(all, name+"="+*value)
		}
	}
	return all
}
