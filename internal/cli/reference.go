package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Finding the session that somebody means: by its ID, by the beginning or the end of it if no other one has the same, as
// the latest one.

const (
	// latest is the session that was started last.
	latest = "latest"
	// page is how many sessions are read at once, mostSessions how many are looked through.
	page         = 200
	mostSessions = 20_000
	// shortest is the least that one has to type of an ID's end, which is random; its beginning is the time.
	shortest = 3
)

// looking is what the commands have in common that are about sessions which were run.
type looking struct {
	storeFlags
	json bool
}

// add adds the flags, and lets run do the command's work. With --json whatever goes wrong is an object too.
func (l *looking) add(cmd *cobra.Command, env *environment, run func(ctx context.Context, args []string) error) {
	kinds := []string{inSQLite, inDynamo}
	l.storeFlags.add(cmd, kinds...)
	l.addProject(cmd)
	cmd.Flags().BoolVar(&l.json, "json", false, "print one JSON object")
	refuse := func(err error) error {
		if l.json || env.wantsJSON() {
			_ = writeJSON(env.Out, map[string]any{"error": jsonProblem{kindOf(err), withoutHint(err)}})
		}
		return err
	}
	keepsJSON(cmd, env, refuse)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		err := l.check(cmd, kinds...)
		if err == nil {
			err = run(cmd.Context(), args)
		}
		var said *saidAlready
		if err == nil || errors.As(err, &said) {
			return err
		}
		return refuse(err)
	}
}

// jsonProblem is why a command did nothing.
type jsonProblem struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// saidAlready is a failure whose object has been written.
type saidAlready struct{ error }

func said(err error) error {
	if err == nil {
		return nil
	}
	return &saidAlready{err}
}

func (s *saidAlready) Unwrap() error { return s.error }

// session opens the store and finds the session of the first argument, the latest one if there is none.
func (l *looking) session(ctx context.Context, args []string) (*storage, *engine.Head, error) {
	s, err := l.find(ctx)
	var none *errNoStore
	if errors.As(err, &none) {
		return nil, nil, &failure{exitUsage, err}
	}
	if err != nil {
		return nil, nil, err
	}
	reference := latest
	if len(args) > 0 {
		reference = args[0]
	}
	root, err := s.named(ctx, reference)
	if err != nil {
		return nil, nil, errors.Join(err, s.close())
	}
	return s, root, nil
}

// named finds a session.
func (s *storage) named(ctx context.Context, reference string) (*engine.Head, error) {
	if reference == latest {
		return s.latest(ctx, func(*engine.Head) bool { return true }, "no session has been kept in "+s.place)
	}
	heads, err := s.Heads(ctx, []engine.ID{{Session: reference, Thread: engine.Root}})
	if err != nil {
		return nil, fmt.Errorf("look for the session: %w", err)
	}
	if heads[0] != nil {
		return heads[0], nil
	}
	return s.partly(ctx, reference)
}

// latest is the last session that is wanted.
func (s *storage) latest(ctx context.Context, wanted func(*engine.Head) bool, none string) (*engine.Head, error) {
	var found *engine.Head
	err := s.eachSession(ctx, "", func(h *engine.Head) bool {
		if wanted(h) {
			found = h
		}
		return found == nil
	})
	if err == nil && found == nil {
		err = &failure{exitUsage, errors.New(none)}
	}
	return found, err
}

// partly finds a session by a part of its ID.
func (s *storage) partly(ctx context.Context, part string) (*engine.Head, error) {
	var matches []*engine.Head
	var all []string
	err := s.eachSession(ctx, "", func(h *engine.Head) bool {
		all = append(all, h.ID.Session)
		if part != "" && strings.HasPrefix(h.ID.Session, part) || len(part) >= shortest && strings.HasSuffix(h.ID.Session, part) {
			matches = append(matches, h)
		}
		return true
	})
	switch {
	case err != nil:
		return nil, err
	case len(matches) == 1:
		return matches[0], nil
	case len(matches) > 1:
		return nil, &failure{exitUsage, fmt.Errorf("'%s' may be %s; type more of it", part, orList(fewOf(ids(matches))))}
	}
	return nil, &failure{exitUsage, errors.New(s.unknown(part, all))}
}

// unknown says that there is no such session, which ones are like it, and where it was looked for.
func (s *storage) unknown(reference string, all []string) string {
	message := fmt.Sprintf("there is no session '%s' in %s", reference, s.place)
	if len(all) == 0 {
		return message + "; none has been kept there"
	}
	if near := resolve.Nearest(reference, slices.Values(all)); near != "" {
		return message + fmt.Sprintf("; did you mean '%s'?", near)
	}
	return message + "; the latest are " + strings.Join(all[:min(len(all), 3)], ", ")
}

func ids(heads []*engine.Head) []string {
	all := make([]string, len(heads))
	for i, h := range heads {
		all[i] = h.ID.Session
	}
	return all
}

// fewOf are the first few of several.
func fewOf(all []string) []string { return all[:min(len(all), 4)] }

// orList is "a", "a or b", "a, b or c".
func orList(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " or " + all[last]
}

// eachSession visits sessions, the latest first, beginning behind one, until it is told to stop.
func (s *storage) eachSession(ctx context.Context, before string, visit func(*engine.Head) bool) error {
	for seen := 0; seen < mostSessions; {
		heads, err := s.Sessions(ctx, before, page)
		if err != nil {
			return fmt.Errorf("list the sessions: %w", err)
		}
		for i := range heads {
			if !visit(&heads[i]) {
				return nil
			}
		}
		if len(heads) < page {
			return nil
		}
		seen, before = seen+len(heads), heads[len(heads)-1].ID.Session
	}
	return nil
}

// reader is an engine that looks at the sessions, and changes them if it is told to, but runs none: what it lets go on it makes
// due, for the process that is there for the session.
func (s *storage) reader() *engine.Engine {
	if s.reading != nil {
		return s.reading
	}
	s.reading = engine.New(engine.Config{Store: s.Store, Executor: handingOver{s.Store}, Owner: processName(), Gone: hasEnded})
	return s.reading
}

// handingOver lets another process run what goes on: the one that waits for the session looks at what is due.
type handingOver struct{ store engine.Store }

func (handingOver) Outside(wait func())     { wait() }
func (handingOver) Yield()                  {}
func (handingOver) Together(jobs ...func()) { engine.Alone{}.Together(jobs...) }
func (x handingOver) Invoke(ctx context.Context, e *engine.Engine, id engine.ID) error {
	defer e.Returned(id, nil)
	heads, err := x.store.Heads(ctx, []engine.ID{id})
	if err != nil || heads[0] == nil {
		return err
	}
	_, err = x.store.SetDue(ctx, id, heads[0].Due, time.Now(), 0)
	return err
}

// code is the program of a session.
func (s *storage) code(ctx context.Context, root *engine.Head) (*vm.Code, error) {
	code, err := s.reader().Code(ctx, root.Program)
	if err != nil {
		return nil, fmt.Errorf("read session %s: %w", root.ID.Session, err)
	}
	return code, nil
}

// completeSessions completes an argument with the latest sessions.
func completeSessions(l *looking) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		s, err := l.find(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer s.close()
		choices := []string{latest + "\tthe one that was started last"}
		err = s.eachSession(cmd.Context(), "", func(h *engine.Head) bool {
			if strings.HasPrefix(h.ID.Session, begun) {
				choices = append(choices, fmt.Sprintf("%s\t%s, %s", h.ID.Session, h.Function, h.Started.Local().Format(time.DateTime)))
			}
			return len(choices) < 50
		})
		if err != nil || !strings.HasPrefix(latest, begun) {
			choices = slices.Delete(choices, 0, 1)
		}
		return choices, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}
