package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"
)

// Lines of a Python call that takes long, for those who look at the session from another process: they are put into the store in
// batches while the call lasts, and mean nothing for what becomes of the thread. The answer's slot, or the thread's end, holds all
// lines of the attempt that counts; then the batches are not looked at any more. A call of less than liveEvery puts none.

const (
	// liveEvery is the time from a call's first line to the first batch, and between two.
	liveEvery = time.Second
	// liveMost is how many bytes of lines a batch holds: of more, the last ones.
	liveMost = 16 << 10
	// liveFor is when a batch expires in a store that deletes by itself what has.
	liveFor = 24 * time.Hour
)

// Live is a batch of lines that a Python call has written whose answer is not stored.
type Live struct {
	ID ID
	// Slot is the number of the call in its thread's log, Epoch the run that makes it, Attempt which try it is, and Chunk counts the
	// batches of an attempt, from 0.
	Slot    uint64
	Epoch   uint64
	Attempt int
	Chunk   int
	// Output is the lines (see DecodeLines).
	Output  []byte
	Expires time.Time
}

// LiveReader is a store from which live output can be read.
type LiveReader interface {
	// Live reads the batches of a thread, by slot, attempt and chunk.
	Live(ctx context.Context, id ID) ([]Live, error)
}

// LiveStore is a Store that also keeps live output. One that does not loses nothing else.
type LiveStore interface {
	LiveReader
	// PutLive stores a batch; one of the same thread, slot, attempt and chunk goes.
	PutLive(ctx context.Context, l Live) error
	// DropLive deletes the batches of a call. A store that deletes by itself what has expired may leave that to it.
	DropLive(ctx context.Context, id ID, slot uint64) error
}

// LiveLines are the lines that a thread's open call has written so far, as far as other processes can know: those of the latest
// attempt, without an answer yet. Next is the number of the slot that the thread's log comes to next.
func LiveLines(ctx context.Context, s Reader, h *Head, next uint64) ([]Line, error) {
	store, ok := s.(LiveReader)
	if !ok || h.Done {
		return nil, nil
	}
	batches, err := store.Live(ctx, h.ID)
	if err != nil {
		return nil, fmt.Errorf("read what a call of %s writes: %w", h.ID, err)
	}
	batches = slices.DeleteFunc(batches, func(l Live) bool { return l.Slot != next })
	if len(batches) == 0 {
		return nil, nil
	}
	latest := slices.MaxFunc(batches, func(a, b Live) int { return cmp.Or(cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Attempt, b.Attempt)) })
	var all []Line
	for _, l := range batches {
		if l.Epoch != latest.Epoch || l.Attempt != latest.Attempt {
			continue
		}
		lines, err := DecodeLines(h.ID, l.Output)
		if err != nil {
			return nil, fmt.Errorf("read what a call of %s writes: %w", h.ID, err)
		}
		all = append(all, lines...)
	}
	return all, nil
}

// live puts the lines of one attempt.
type live struct {
	e     *Engine
	store LiveStore
	ctx   context.Context
	batch Live // the next one

	mu      sync.Mutex
	pending []Line
	armed   bool
	over    bool
	put     bool
	stop    func()
}

// live is what puts the attempt's lines; nil if nobody could see them.
func (c *calling) live() *live {
	store, ok := c.r.e.Store.(LiveStore)
	if !ok || c.r.e.Private {
		return nil
	}
	expires := c.r.e.Clock.Now().Add(liveFor).Truncate(time.Second)
	return &live{e: c.r.e, store: store, ctx: c.r.ctx, batch: Live{
		ID: c.r.id, Slot: c.call.Slot, Epoch: c.r.head.Epoch, Attempt: c.call.Attempt, Expires: expires,
	}}
}

// line is told of each line.
func (l *live) line(line Line) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending = append(l.pending, line)
	l.arm()
}

// arm has the next batch put soon, unless one is on its way.
func (l *live) arm() {
	if l.armed || l.over || len(l.pending) == 0 {
		return
	}
	l.armed = true
	l.stop = l.e.Clock.AfterFunc(liveEvery, l.flush)
}

func (l *live) flush() {
	l.mu.Lock()
	lines, over := l.pending, l.over
	l.pending = nil
	l.mu.Unlock()
	if over {
		return
	}
	l.batch.Output = EncodeLines(lastOf(lines))
	// That nobody sees these lines yet is no reason to let the call fail.
	err := l.store.PutLive(l.ctx, l.batch)
	l.batch.Chunk++
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put = l.put || err == nil
	l.armed = false
	l.arm()
}

// end says that the attempt is over, and whether it has put anything.
func (l *live) end() (put bool) {
	if l == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	if l.stop != nil {
		l.stop()
	}
	return l.put || l.armed
}

// lastOf are the last lines that fit into a batch; of a line that is longer by itself, its beginning.
func lastOf(lines []Line) []Line {
	const beside = 8 // bytes of a line's numbers
	size, from := 0, len(lines)
	for from > 0 && size+len(lines[from-1].Text)+beside <= liveMost {
		from--
		size += len(lines[from].Text) + beside
	}
	if from < len(lines) {
		return lines[from:]
	}
	last := lines[len(lines)-1]
	cut := liveMost
	for cut > 0 && !utf8.RuneStart(last.Text[cut]) {
		cut--
	}
	last.Text = last.Text[:cut] + "…"
	return []Line{last}
}

// forgetLive deletes what was put while a call was made that has its answer.
func (c *calling) forgetLive() {
	if !c.shown {
		return
	}
	// What stays is not looked at.
	_ = c.r.e.Store.(LiveStore).DropLive(c.r.ctx, c.r.id, c.call.Slot)
}
