package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/lsp"
)

// Running a program again and again, whenever a file of its project has changed. The files are looked at: that works on every system and
// every disk, and projects are small.

// watchLook is how often the files are looked at. A change counts when the next look finds nothing more: editors write in several
// steps, and several files at once.
const watchLook = 150 * time.Millisecond

// errChanged is why a run is broken off.
var errChanged = errors.New("a file has changed")

// stamps are the files of a project, with when they were changed and their sizes.
type stamps map[string]string

// watched are the files on which a run depends.
func watched(root string) stamps {
	all := stamps{}
	for _, name := range slices.Concat(lsp.HarkFiles(root), lsp.PythonFiles(root), []string{config.FileName}) {
		if info, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err == nil {
			all[name] = fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size())
		}
	}
	return all
}

// difference is a file that is not as it was, "" if all are.
func (s stamps) difference(now stamps) string {
	var changed []string
	for name, stamp := range now {
		if s[name] != stamp {
			changed = append(changed, name)
		}
	}
	for name := range s {
		if _, there := now[name]; !there {
			changed = append(changed, name)
		}
	}
	if len(changed) == 0 {
		return ""
	}
	return slices.Min(changed)
}

// change waits until files have changed and are at rest again, and names one. It returns "" at the end of the context.
func change(ctx context.Context, root string, known stamps) (name string, now stamps) {
	tick := time.NewTicker(watchLook)
	defer tick.Stop()
	before := known
	for {
		select {
		case <-ctx.Done():
			return "", known
		case <-tick.C:
		}
		now = watched(root)
		if name := known.difference(now); name != "" && maps.Equal(before, now) {
			return name, now
		}
		before = now
	}
}

// watchFile runs a file whenever something of its project has changed, until it is interrupted.
func watchFile(cmd *cobra.Command, env *environment, o runOptions, path string, args []string) error {
	ctx := cmd.Context()
	if o.json {
		return usageError(cmd, "--json prints one object, and --watch runs the program again and again")
	}
	if isPipe(path) {
		return usageError(cmd, "--watch wants a file that can be read again, and %s is none", path)
	}
	entry, err := entryFile(path)
	if err != nil {
		return err
	}
	p, _, err := projectOf(entry)
	if err != nil {
		return err
	}
	known := watched(p.Root)
	for {
		running, stop := context.WithCancelCause(ctx)
		cmd.SetContext(running)
		ended := make(chan error, 1)
		go func() { ended <- runFile(cmd, env, o, path, args) }()
		told := make(chan struct{})
		go func() {
			defer close(told)
			env.tellOfRun(ctx, running, <-ended)
		}()
		name, now := change(ctx, p.Root, known)
		stop(errChanged)
		<-told
		if name == "" {
			return context.Cause(ctx)
		}
		known, env.afterword = now, ""
		fmt.Fprintln(env.Err, env.err.faint("— "+name+" has changed —"))
	}
}

// tellOfRun says how a run ended, unless it was broken off.
func (env *environment) tellOfRun(ctx, running context.Context, err error) {
	if ctx.Err() != nil || errors.Is(context.Cause(running), errChanged) {
		return
	}
	env.exitCode(running, err)
	fmt.Fprintln(env.Err, env.err.faint("— waiting for changes; Ctrl-C ends —"))
}
