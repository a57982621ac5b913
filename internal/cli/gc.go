package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/runtime/engine"
)

// disposal are the flags of gc.
type disposal struct {
	looking
	older, status string
	dryRun        bool
}

func gcCommand(env *environment) *cobra.Command {
	var d disposal
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Delete sessions that nobody needs any more",
		Long: `Deletes the sessions that have expired, 120 days after their start. With --older-than it deletes those too
that ended longer ago than that; one that has not ended is never deleted before it has expired. What is
deleted cannot be looked at, resumed or retried any more.

With --json: {"deleted": [ID], "dryRun": BOOL}.`,
		Example: `hark-ls gc --older-than 30d --dry-run
hark-ls gc --older-than 0s --status done`,
		Annotations: map[string]string{exitKey: "0 also if there was nothing to delete, 2 wrong usage, 3 the sessions cannot be read"},
		Args:        arguments(0, 0),
	}
	d.add(cmd, env, func(ctx context.Context, _ []string) error { return d.run(ctx, cmd, env) })
	cmd.Flags().StringVar(&d.older, "older-than", "", "delete what ended longer ago than `AGE` (12h, 30d)")
	cmd.Flags().StringVar(&d.status, "status", "", "with --older-than, only those with the status `S`: "+orList(endedStatuses))
	cmd.Flags().BoolVar(&d.dryRun, "dry-run", false, "only say what would be deleted")
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(endedStatuses, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

var endedStatuses = []string{statusDone, statusFailed, statusCancelled}

func (d *disposal) run(ctx context.Context, cmd *cobra.Command, env *environment) error {
	age, err := d.check(cmd)
	if err != nil {
		return err
	}
	s, err := d.find(ctx)
	var none *errNoStore
	switch {
	case errors.As(err, &none) && d.json:
		return writeJSON(env.Out, jsonDeleted{Deleted: []string{}, DryRun: d.dryRun})
	case errors.As(err, &none):
		fmt.Fprintln(env.Err, none)
		return nil
	case err != nil:
		return err
	}
	defer s.close()
	doomed, err := d.doomed(ctx, s, age)
	if err != nil {
		return err
	}
	if !d.dryRun {
		for _, session := range doomed {
			if err := s.Delete(ctx, session); err != nil {
				return fmt.Errorf("delete %s: %w", session, err)
			}
		}
	}
	return d.report(env, doomed)
}

func (d *disposal) check(cmd *cobra.Command) (age time.Duration, err error) {
	if d.status != "" && !slices.Contains(endedStatuses, d.status) {
		return 0, usageError(cmd, "--status is %s", orList(endedStatuses))
	}
	if d.older == "" {
		if d.status != "" {
			return 0, usageError(cmd, "--status wants --older-than AGE beside it")
		}
		return -1, nil
	}
	if age, err = parseAge(d.older); err != nil {
		return 0, usageError(cmd, "%v", err)
	}
	return age, nil
}

// parseAge reads 90s, 15m, 12h or 30d.
func parseAge(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err == nil && n >= 0 && n < 1e5 {
			return time.Duration(n * float64(24*time.Hour)), nil
		}
	}
	age, err := time.ParseDuration(text)
	if err != nil || age < 0 {
		return 0, fmt.Errorf("'%s' is no age; write 30d, 12h or 15m", text)
	}
	return age, nil
}

// doomed are the sessions to delete.
func (d *disposal) doomed(ctx context.Context, s *storage, age time.Duration) ([]string, error) {
	now := time.Now()
	doomed, err := s.Expired(ctx, now, mostSessions)
	if err != nil {
		return nil, fmt.Errorf("look for what has expired: %w", err)
	}
	if age < 0 {
		return doomed, nil
	}
	var failed error
	err = s.eachSession(ctx, "", func(h *engine.Head) bool {
		if !h.Done || now.Sub(h.Ended) < age || slices.Contains(doomed, h.ID.Session) {
			return true
		}
		var wanted bool
		if wanted, failed = d.wants(ctx, s, h); wanted {
			doomed = append(doomed, h.ID.Session)
		}
		return failed == nil
	})
	return doomed, errors.Join(err, failed)
}

// wants says whether a session whose thread 0 has ended may go: not while others of its threads have not.
func (d *disposal) wants(ctx context.Context, s *storage, root *engine.Head) (bool, error) {
	row, err := s.describe(ctx, root)
	if err != nil || d.status != "" && row.Status != d.status {
		return false, err
	}
	live, err := s.live(ctx, root.ID.Session)
	return live == 0, err
}

type jsonDeleted struct {
	Deleted []string `json:"deleted"`
	DryRun  bool     `json:"dryRun"`
}

func (d *disposal) report(env *environment, deleted []string) error {
	if d.json {
		return writeJSON(env.Out, jsonDeleted{Deleted: append([]string{}, deleted...), DryRun: d.dryRun})
	}
	did := "deleted"
	if d.dryRun {
		did = "would delete"
	}
	fmt.Fprintf(env.Out, "%s %s\n", did, diag.Count(len(deleted), "session"))
	if d.dryRun {
		for _, session := range deleted {
			fmt.Fprintln(env.Out, session)
		}
	}
	return nil
}
