package engine

import (
	"context"
	"fmt"
)

// Lines of output are stored with the next record of their thread: the slot of the next answer, or its end. Which record
// that is depends only on the thread's history, so that a run that repeats another one stores the same lines in the same
// place, and only the run whose record is the first commits them. Until then a snapshot carries them.

// maxPending is how many bytes of output may wait for the next record before they get a slot of their own.
const maxPending = 16 << 10

// EncodeLines is lines as a record holds them.
func EncodeLines(lines []Line) []byte {
	if len(lines) == 0 {
		return nil
	}
	w := newWriter()
	w.lines(lines)
	return w.b
}

// DecodeLines is the lines of a thread's record.
func DecodeLines(id ID, b []byte) ([]Line, error) {
	if len(b) == 0 {
		return nil, nil
	}
	r := newReader(b)
	lines := r.lines(id)
	return lines, r.end()
}

func (w *writer) lines(lines []Line) {
	w.uint(uint64(len(lines)))
	for _, l := range lines {
		w.uint(uint64(l.Stream))
		if l.Stream == Print {
			w.uint(l.Number)
		} else {
			w.uint(l.Call)
			w.uint(uint64(l.Attempt))
			w.uint(uint64(l.Index))
		}
		w.text(l.Text)
	}
}

func (r *reader) lines(id ID) []Line {
	lines := make([]Line, r.count())
	for i := range lines {
		l := Line{ID: id, Stream: Stream(r.uint())}
		if l.Stream == Print {
			l.Number = r.uint()
		} else {
			l.Call, l.Attempt, l.Index = r.uint(), int(r.uint()), int(r.uint())
		}
		l.Text = r.text()
		lines[i] = l
	}
	return lines
}

// Output reads the lines that a record of a thread holds or names.
func (e *Engine) Output(ctx context.Context, id ID, record Data) ([]Line, error) {
	b, err := e.load(ctx, id.Session, record)
	if err != nil {
		return nil, err
	}
	lines, err := DecodeLines(id, b)
	if err != nil {
		return nil, fmt.Errorf("read the output of %s: %w", id, err)
	}
	return lines, nil
}

// Lines reads what a thread has printed, as far as it is committed, in order.
func (e *Engine) Lines(ctx context.Context, id ID) ([]Line, error) {
	head, err := e.head(ctx, id)
	if err != nil {
		return nil, err
	}
	lines, _, err := e.LinesFrom(ctx, head, 0)
	return lines, err
}

// Threads reads the heads of all threads of a session, parents before their children.
func (e *Engine) Threads(ctx context.Context, session string) ([]*Head, error) {
	var heads []*Head
	err := e.walk(ctx, session, func(h *Head) error {
		heads = append(heads, h)
		return nil
	})
	return heads, err
}
