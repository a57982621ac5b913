package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"github.com/hark-lang/hark-ls/lsp"
	"github.com/hark-lang/hark-ls/runtime/engine"
)

func lspCommand(env *environment) *cobra.Command {
	return serverCommand(env, &cobra.Command{
		Use:   "lsp [--listen HOST:PORT]",
		Short: "Serve editors with the Language Server Protocol",
		Long: `Speaks the Language Server Protocol with an editor, over standard input and output unless it is
told to listen. Standard output carries the protocol and nothing else; logs go to standard error.`,
		Example: `hark-ls lsp
hark-ls lsp --listen 127.0.0.1:7070 --log-level debug`,
		Annotations: map[string]string{exitKey: "0 after shutdown and exit, 1 the editor was gone without, 2 wrong usage"},
	}, func(ctx context.Context, conn io.ReadWriteCloser, log *zap.Logger) error {
		collectForEditors()
		if err := lsp.Serve(ctx, conn, lsp.Options{Version: versionOf().Version, Log: log, Run: runForEditor}); err != nil {
			return &failure{exitFailed, err}
		}
		return nil
	})
}

// runForEditor runs a program for a client of the language server: as "run --json" does, with the editor's texts over the disk's.
func runForEditor(ctx context.Context, r lsp.Run) (json.RawMessage, error) {
	var object bytes.Buffer
	report := newReport(&environment{Streams: Streams{Out: &object, Err: io.Discard}}, runOptions{json: true, hasArgs: true})
	args, err := argumentsFromJSON(r.Args)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", lsp.ErrArguments, err)
	}
	p, err := loadOver(r.Path, r.Open)
	if err != nil {
		return nil, err
	}
	program, err := generated(p)
	if err != nil {
		return objectOf(&object, report.refuse(kindOf(err), err))
	}
	if err := checkEntry(&cobra.Command{Use: "hark-ls"}, program, r.Function, len(args)); err != nil {
		return nil, fmt.Errorf("%w: %s", lsp.ErrArguments, withoutHint(err))
	}
	report.about(program, p)
	worker := newWorker(p.Config, streamed{report, r.Line})
	defer worker.close()
	err = report.outcome(worker.run(ctx, job{program: program, function: r.Function, args: args}))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return objectOf(&object, err)
}

// objectOf is the object that a report has written, however the run ended; without one there is the error alone.
func objectOf(written *bytes.Buffer, err error) (json.RawMessage, error) {
	if written.Len() == 0 {
		return nil, err
	}
	return bytes.TrimSpace(written.Bytes()), nil
}

// streamed is a report whose lines are passed on as they come.
type streamed struct {
	*report
	line func(text string)
}

// Provisional implements engine.Observer.
func (s streamed) Provisional(l engine.Line) {
	s.report.Provisional(l)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fresh(l) {
		s.line(l.Text)
	}
}
