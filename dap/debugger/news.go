package debugger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// What others do with a session shows in its store only. A store that can say whether somebody has written is asked often, and read
// only then; another one is read once in a while. Looking never writes, and takes a small part of the time at most.

const (
	// askStore is how often a store is asked that can say whether anybody has written, readStore how often another one is read.
	askStore  = 50 * time.Millisecond
	readStore = time.Second
	// idleFor is how many times as long as a look has taken there is none.
	idleFor = 4
)

// watcher reads what is new in a session.
type watcher struct {
	store   engine.Reader
	session *replay.Session
	program *Program
	version int64
	known   bool // the version is, and everything that was there then could be read
	threads map[string]*watched
	// told are the gaps that were told, by their text.
	told map[string]bool
}

// watched is what was known of a thread at the last look.
type watched struct {
	head  engine.Head
	lines int // without those of a call that is under way
}

// news is what a look has found.
type news struct {
	// heads are those of threads that are new or have changed, parents before their children.
	heads []engine.Head
	// lines are those that are there now, in the session's order. Those of a call that is under way may be told of again.
	lines []Line
	// over: all threads have ended.
	over bool
	// gaps are what cannot be read, each once. again: some of it may be there the next time.
	gaps  []error
	again bool
}

func newWatcher(store engine.Reader, session *replay.Session, program *Program) *watcher {
	return &watcher{store: store, session: session, program: program, threads: map[string]*watched{}, told: map[string]bool{}}
}

// pause is how long to wait after a look that has taken so long.
func (w *watcher) pause(took time.Duration) time.Duration {
	usual := readStore
	if _, ok := w.store.(engine.Versioned); ok && w.known {
		usual = askStore
	}
	return max(usual, idleFor*took)
}

// look reads what is new, nil if nobody has written. After an error the next look finds it.
func (w *watcher) look(ctx context.Context) (*news, error) {
	version, changed, err := w.changed(ctx)
	if err != nil || !changed {
		return nil, err
	}
	n, err := w.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at session %s: %w", w.session.ID(), err)
	}
	w.version, w.known = version, !n.again
	return n, nil
}

func (w *watcher) changed(ctx context.Context) (version int64, changed bool, err error) {
	store, ok := w.store.(engine.Versioned)
	if !ok {
		return 0, true, nil
	}
	version, err = store.Version(ctx)
	if err != nil {
		return 0, false, fmt.Errorf("ask the store of session %s whether anything has changed: %w", w.session.ID(), err)
	}
	return version, !w.known || version != w.version, nil
}

func (w *watcher) read(ctx context.Context) (*news, error) {
	if err := w.session.Refresh(ctx); err != nil {
		return nil, err
	}
	threads, gaps, err := w.session.Threads(ctx)
	if err != nil {
		return nil, err
	}
	n, seen := &news{over: true}, map[string]*watched{}
	var lines []replay.Line
	for _, t := range threads {
		head := t.Head()
		n.over = n.over && head.Done
		before := w.threads[t.ID()]
		if before != nil && !moved(&before.head, &head) {
			continue
		}
		now, fresh, err := w.thread(ctx, t, &head, before)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			gaps = append(gaps, err)
			now.head, n.again = engine.Head{}, true
		}
		if before == nil || differ(&before.head, &head) {
			n.heads = append(n.heads, head)
		}
		lines = append(lines, fresh...)
		seen[t.ID()] = now
	}
	slices.SortStableFunc(lines, func(a, b replay.Line) int { return replay.CompareSegments(&a.Segment, &b.Segment) })
	for i := range lines {
		n.lines = append(n.lines, w.program.line(&lines[i]))
	}
	maps.Copy(w.threads, seen)
	n.gaps = w.untold(gaps)
	return n, nil
}

// differ says whether one who looks at a thread sees a difference between two of its heads.
func differ(a, b *engine.Head) bool {
	return a.Done != b.Done || a.Epoch != b.Epoch || a.Wait != b.Wait || a.Wake != b.Wake
}

// moved says whether a thread may have got an answer since its head was what it was.
func moved(before, now *engine.Head) bool { return differ(before, now) || !now.Done && !now.Parked() }

// thread reads the lines of a thread that are new.
func (w *watcher) thread(ctx context.Context, t *replay.Thread, head *engine.Head, before *watched) (*watched, []replay.Line, error) {
	now := &watched{head: *head}
	if before != nil {
		now.lines = before.lines
	}
	lines, err := t.Lines(ctx)
	live := slices.IndexFunc(lines, func(l replay.Line) bool { return !l.Committed && l.Stream != engine.Print })
	if live < 0 {
		live = len(lines)
	}
	from, to := min(now.lines, live), len(lines)
	if !head.Live(time.Now()) {
		to = live // a call that nobody makes will be made again
	}
	now.lines = max(now.lines, live)
	return now, lines[from:to], err
}

func (w *watcher) untold(gaps []error) (news []error) {
	for _, gap := range gaps {
		if text := gap.Error(); !w.told[text] {
			w.told[text] = true
			news = append(news, gap)
		}
	}
	return news
}
