package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// What has become of a session.
const (
	statusDone        = "done"
	statusFailed      = "failed"
	statusCancelled   = "cancelled"
	statusRunning     = "running"     // a process has one of its threads
	statusWaiting     = "waiting"     // all of its threads wait
	statusInterrupted = "interrupted" // it could go on, but no process runs it
)

var statuses = []string{statusRunning, statusWaiting, statusInterrupted, statusDone, statusFailed, statusCancelled}

// listing are the flags of sessions.
type listing struct {
	looking
	limit                    int
	before, status, function string
}

func sessionsCommand(env *environment) *cobra.Command {
	var l listing
	cmd := &cobra.Command{
		Use:   "sessions",
		Short: "List the sessions that were run",
		Long: `Lists the sessions that are kept for the project of the current folder, the latest first: what has become
of each, when it started and how long it took. "interrupted" is one whose process has gone:
"resume" goes on with it. One that is "waiting" waits for a time or for a future from outside.

With --json: {"sessions": [{"id", "status", "function", "started", "ended", "seconds", "error", "fork"}],
"next"}, where "next" is what --before wants for the next page, or null, and "fork" is null or says what a
session was made from: {"session", "thread", "at"}. Times are those of RFC 3339.`,
		Example: `hark-ls sessions --status failed
hark-ls sessions --limit 100 --json`,
		Annotations: map[string]string{exitKey: "0 also if there are none, 2 wrong usage, 3 the sessions cannot be read"},
		Args:        arguments(0, 0),
	}
	l.add(cmd, env, func(ctx context.Context, _ []string) error { return l.list(ctx, cmd, env) })
	cmd.Flags().IntVarP(&l.limit, "limit", "n", 20, "list at most `N`")
	cmd.Flags().StringVar(&l.before, "before", "", "list those that started before the session `ID`")
	cmd.Flags().StringVar(&l.status, "status", "", "only those with the status `S`: "+orList(statuses))
	cmd.Flags().StringVarP(&l.function, "function", "f", "", "only those that started with the function `FN`")
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(statuses, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("before", completeSessions(&l.looking))
	return cmd
}

// jsonSession is a session in a list.
type jsonSession struct {
	ID       string       `json:"id"`
	Status   string       `json:"status"`
	Function string       `json:"function"`
	Started  string       `json:"started"`
	Ended    *string      `json:"ended"`
	Seconds  *float64     `json:"seconds"`
	Error    *jsonProblem `json:"error"`
	Fork     *jsonFork    `json:"fork"`
}

// jsonFork is where a session was forked.
type jsonFork struct {
	Session string `json:"session"`
	Thread  string `json:"thread"`
	At      uint64 `json:"at"`
}

func (l *listing) list(ctx context.Context, cmd *cobra.Command, env *environment) error {
	if l.limit < 1 {
		return usageError(cmd, "--limit has to be at least 1")
	}
	if err := l.checkStatus(cmd); err != nil {
		return err
	}
	s, err := l.find(ctx)
	var none *errNoStore
	if errors.As(err, &none) {
		if l.json {
			return writeJSON(env.Out, jsonSessions{Sessions: []jsonSession{}})
		}
		fmt.Fprintln(env.Err, none)
		return nil
	}
	if err != nil {
		return err
	}
	defer s.close()
	page, err := l.page(ctx, s)
	if err != nil {
		return err
	}
	if l.json {
		return writeJSON(env.Out, page)
	}
	return printSessions(env, s, page)
}

func (l *listing) checkStatus(cmd *cobra.Command) error {
	for _, status := range append(statuses, "") {
		if status == l.status {
			return nil
		}
	}
	return usageError(cmd, "there is no status '%s': %s", l.status, orList(statuses))
}

// jsonSessions is a page of the list.
type jsonSessions struct {
	Sessions []jsonSession `json:"sessions"`
	Next     *string       `json:"next"`
}

func (l *listing) page(ctx context.Context, s *storage) (jsonSessions, error) {
	page := jsonSessions{Sessions: []jsonSession{}}
	before := l.before
	if before != "" {
		root, err := s.named(ctx, before)
		if err != nil {
			return page, err
		}
		before = root.ID.Session
	}
	var failed error
	err := s.eachSession(ctx, before, func(h *engine.Head) bool {
		if l.function != "" && h.Function != l.function {
			return true
		}
		var row jsonSession
		if row, failed = s.describe(ctx, h); failed != nil {
			return false
		}
		if l.status != "" && row.Status != l.status {
			return true
		}
		if len(page.Sessions) == l.limit {
			page.Next = &page.Sessions[l.limit-1].ID
			return false
		}
		page.Sessions = append(page.Sessions, row)
		return true
	})
	return page, errors.Join(err, failed)
}

// describe says what has become of a session.
func (s *storage) describe(ctx context.Context, root *engine.Head) (jsonSession, error) {
	row := jsonSession{ID: root.ID.Session, Function: root.Function, Started: stamp(root.Started)}
	origin, err := engine.OriginOf(ctx, s.Store, root)
	if err != nil {
		return row, err
	}
	if origin.Session != "" {
		row.Fork = &jsonFork{origin.Session, origin.Thread, origin.At}
	}
	if row.Status, err = s.status(ctx, root); err != nil {
		return row, err
	}
	if !root.Done {
		return row, nil
	}
	ended, seconds := stamp(root.Ended), root.Ended.Sub(root.Started).Seconds()
	row.Ended, row.Seconds = &ended, &seconds
	if root.Answer.Failed {
		_, fault, err := s.reader().EndOf(ctx, root)
		if errors.Is(err, bytecode.ErrSemantics) { // the list has others
			row.Error = &jsonProblem{kindOf(err), withoutHint(err)}
			return row, nil
		}
		if err != nil {
			return row, err
		}
		row.Error = &jsonProblem{fault.Kind, fault.Message}
		if root.Outside && fault.Kind == vm.ErrCancelled {
			row.Status = statusCancelled
		}
	}
	return row, nil
}

// status is what has become of a session, as far as its head and those of its threads say.
func (s *storage) status(ctx context.Context, root *engine.Head) (string, error) {
	switch {
	case root.Done && root.Answer.Failed:
		return statusFailed, nil
	case root.Done:
		return statusDone, nil
	}
	return s.standing(ctx, root.ID.Session)
}

// standing is what a session is at whose thread 0 has not ended.
func (s *storage) standing(ctx context.Context, session string) (string, error) {
	threads, err := s.reader().Threads(ctx, session)
	if err != nil {
		return "", err
	}
	status := statusWaiting
	for _, h := range threads {
		if !h.Done && s.reader().Held(h) {
			return statusRunning, nil
		}
		ready, err := s.reader().Ready(ctx, h)
		if err != nil {
			return "", err
		}
		if ready {
			status = statusInterrupted
		}
	}
	return status, nil
}

// live counts the threads of a session that have not ended.
func (s *storage) live(ctx context.Context, session string) (int, error) {
	threads, err := s.reader().Threads(ctx, session)
	n := 0
	for _, h := range threads {
		if !h.Done {
			n++
		}
	}
	return n, err
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func printSessions(env *environment, s *storage, page jsonSessions) error {
	if len(page.Sessions) == 0 {
		fmt.Fprintf(env.Err, "no such sessions in %s\n", s.place)
		return nil
	}
	rows := [][]string{{"SESSION", "STATUS", "STARTED", "TOOK", "FUNCTION"}}
	for _, session := range page.Sessions {
		rows = append(rows, []string{session.ID, session.Status, shortStamp(session.Started), took(session.Seconds), session.Function + aboutFork(session.Fork) + aboutError(session.Error)})
	}
	for _, line := range table(rows) {
		fmt.Fprintln(env.Out, line)
	}
	if page.Next != nil {
		fmt.Fprintln(env.Err, env.err.faint("older ones: --before "+*page.Next))
	}
	return nil
}

func aboutFork(fork *jsonFork) string {
	if fork == nil {
		return ""
	}
	return "  fork of " + fork.Session
}

func aboutError(problem *jsonProblem) string {
	if problem == nil {
		return ""
	}
	message, _, _ := strings.Cut(problem.Message, "\n")
	if characters := []rune(message); len(characters) > 60 {
		message = string(characters[:59]) + "…"
	}
	return "  " + printable(problem.Kind+": "+message)
}

func shortStamp(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return t.Local().Format(time.DateTime)
}

// took is a duration as people say it.
func took(seconds *float64) string {
	if seconds == nil {
		return "-"
	}
	return shortDuration(time.Duration(*seconds * float64(time.Second)))
}

// shortDuration is a duration in three digits or so.
func shortDuration(d time.Duration) string {
	switch {
	case d <= 0:
		return "0"
	case d < time.Millisecond:
		return fmt.Sprintf("%dµs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}

// table is rows with their columns one below the other; the last column is as long as it is.
func table(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(cell + strings.Repeat(" ", widths[j]-len([]rune(cell))+2))
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}
