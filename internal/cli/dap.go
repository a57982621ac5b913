package cli

import (
	"cmp"
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
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/ffi"
	"github.com/hark-lang/hark-ls/vm"
)

func dapCommand(env *environment) *cobra.Command {
	var cloud storeFlags
	cmd := &cobra.Command{
		Use:   "dap [--listen HOST:PORT]",
		Short: "Debug programs and sessions from an editor with the Debug Adapter Protocol",
		Long: `Speaks the Debug Adapter Protocol with an editor, over standard input and output unless it is told
to listen, and ends when the editor is gone. Standard output carries the protocol and nothing else; logs
go to standard error.

An editor launches a program with
  {"program": FILE, "function": "main", "args": [JSON values], "cwd": FOLDER, "stopOnEntry": false,
   "python": INTERPRETER, "env": {NAME: VALUE}, "record": true, "noDebug": false}
of which only program is needed; it replays a session that was kept with
  {"session": ID, "store": "local" or "cloud", "cwd": FOLDER, "stopOnEntry": false}
goes on for real from one of its instants with
  {"session": ID, "fork": {"thread": "0", "at": 1234, "answers": [{"thread": "0", "slot": 0, "value": 1}]}}
and attaches to one that is running with {"session": ID, "live": true}; docs/dap.md has it all.`,
		Example: `hark-ls dap
hark-ls dap --listen 127.0.0.1:4711`,
	}
	cmd = serverCommand(env, cmd, func(ctx context.Context, conn io.ReadWriteCloser, log *zap.Logger) error {
		collectLess()
		return dap.Serve(ctx, conn, conn, dap.Config{Prepare: prepareDebugging, Open: cloud.openDebugging, Log: log})
	})
	cmd.Flags().StringVar(&cloud.table, "table", "", "the table of sessions in the cloud, `NAME` (default: $"+tableVariable+")")
	cmd.Flags().StringVar(&cloud.bucket, "bucket", "", "the bucket for its large values, `NAME` (default: $"+bucketVariable+", else the table)")
	return cmd
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
	kept, warning := keptWorld(ctx, p.Config, l)
	return &dap.Prepared{Program: program, Root: p.Root, Args: args, Kept: kept, Warning: warning}, nil
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

// keptWorld is what a program runs in that is debugged: this process, as with run, and the store that run keeps sessions in. Where that
// cannot be had, or is not wanted, memory will do; warning says why.
func keptWorld(ctx context.Context, p *config.Config, l dap.Launch) (kept dap.Kept, warning string) {
	if !l.Records() {
		return worldOn(inMemoryOnly(p), l), ""
	}
	flags := storeFlags{kind: cmp.Or(os.Getenv(storeVariable), inSQLite), table: os.Getenv(tableVariable), bucket: os.Getenv(bucketVariable)}
	s, err := flags.open(ctx, p)
	if err != nil {
		warning = fmt.Sprintf("the session is kept in memory only: %v", withoutAdvice(err))
		s = inMemoryOnly(p)
	}
	return worldOn(s, l), warning
}

// withoutAdvice is the first line of an error: what follows is about the command line.
func withoutAdvice(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

// worldOn is a world with a store.
func worldOn(s *storage, l dap.Launch) dap.Kept {
	p := s.project
	python := cmp.Or(l.Python, p.Project.Python)
	pool := ffi.New(ffi.Config{Python: python, Root: p.Root, Source: p.Project.PythonSrc, Dir: l.Cwd, Env: environmentWith(l.Env)})
	world := debugger.World{Store: s.Store, Executor: local.New(), Foreign: pool, Close: pool.Close}
	if s.kept() {
		world.Keep = func(c engine.Config) engine.Config { return lasting(c, p, processName()) }
	}
	return dap.Kept{World: world, Place: s.place, Close: s.close}
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
