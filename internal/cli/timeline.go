package cli

import (
	"context"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/timeline"
)

// timelineOf reads what the threads of a session did when, for events and trace. The second result says what of it is missing.
func (s *storage) timelineOf(ctx context.Context, root *engine.Head) (*timeline.Timeline, []error, error) {
	session, err := replay.Open(ctx, s.Store, root.ID.Session)
	if err != nil {
		return nil, nil, err
	}
	row, err := s.describe(ctx, root)
	if err != nil {
		return nil, nil, err
	}
	var w timeline.Window
	if row.Status == statusRunning || row.Status == statusWaiting {
		w.Now = time.Now()
	}
	t, gaps, err := timeline.Read(ctx, session, w)
	if err != nil {
		return nil, nil, err
	}
	t.Status = row.Status
	return t, gaps, nil
}

// problemOf is an error of a thread in a list.
func problemOf(p *timeline.Problem) *jsonProblem { return (*jsonProblem)(p) }

func later(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }
