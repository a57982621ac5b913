package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.lsp.dev/protocol"
)

// The command hark.run: a function of a program runs here, as by "hark-ls run", with the text that the editor shows.

func init() { command("hark.run", run) }

// Run is what a client wants to be run.
type Run struct {
	// Path is the program's file, Function its entry, Args its arguments as JSON values.
	Path     string
	Function string
	Args     []json.RawMessage
	// Open are the texts of the Hark files that are open, by absolute path, which count instead of those on disk.
	Open map[string]string
	// Line is called with each line that the program writes, as it comes, one at a time.
	Line func(text string)
}

// ErrArguments is wrapped by the error of a run that cannot be started because of what the client asked for.
var ErrArguments = errors.New("wrong arguments")

// Runner runs programs. Its result is JSON, the object of "hark-ls run --json".
type Runner func(ctx context.Context, run Run) (json.RawMessage, error)

type runParams struct {
	URI      string            `json:"uri"`
	Function *string           `json:"function,omitempty"`
	Args     []json.RawMessage `json:"args,omitempty"`
}

func run(r *request, p *runParams, token json.RawMessage) (any, error) {
	if r.server.options.Run == nil {
		return nil, errors.New("this server runs no programs")
	}
	job := Run{Function: "main", Args: p.Args, Open: map[string]string{}}
	if p.Function != nil {
		job.Function = *p.Function
	}
	for _, doc := range r.documents {
		if file, ok := filePath(doc.uri); ok && doc.hark {
			job.Open[file] = doc.text()
		}
	}
	if err := r.locateRun(p.URI, &job); err != nil {
		return nil, err
	}
	title := fmt.Sprintf("Running %s of %s", job.Function, filepath.Base(job.Path))
	w := r.server.working(r.ctx, r.client, token, title, func() { r.abandon(errCancelled) })
	defer w.end()
	job.Line = func(text string) {
		w.report(text)
		r.server.notify("window/logMessage", &protocol.LogMessageParams{Type: protocol.MessageTypeLog, Message: text})
	}
	result, err := r.server.options.Run(r.ctx, job)
	if errors.Is(err, ErrArguments) {
		return nil, invalidParams("%v", err)
	}
	return result, err
}

// locateRun finds the file of a run. A document that is no file runs as if it were one in the folder for temporary files.
func (r *request) locateRun(spelled string, job *Run) error {
	file, isFile := filePath(spelled)
	doc := r.documents[keyOf(spelled)]
	switch {
	case isFile && (doc != nil || exists(file)):
		job.Path = file
		return nil
	case doc != nil:
		job.Path = filepath.Join(os.TempDir(), "untitled.hk")
		job.Open[job.Path] = doc.text()
		return nil
	}
	return invalidParams("hark.run: %s is not open, and there is no such file", spelled)
}
