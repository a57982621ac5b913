package replay

import (
	"context"
	"fmt"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What another session takes over from one.

// Load is the bytes that a record of the session holds or names.
func (s *Session) Load(ctx context.Context, d engine.Data) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.loader(ctx)(d)
}

// Program is the program of a hash, as it is stored.
func (s *Session) Program(ctx context.Context, hash string) ([]byte, error) {
	b, err := s.store.Program(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("read program %s of session %s: %w", hash, s.id, err)
	}
	return b, nil
}

// Future is the record of a thread or an outside future, nil if there is none.
func (s *Session) Future(ctx context.Context, name string) (*engine.Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	heads, err := s.heads(ctx, []string{name})
	if err != nil {
		return nil, fmt.Errorf("read %s of session %s: %w", name, s.id, err)
	}
	return heads[0], nil
}

// Spawns are the instants at which the thread started others, by their numbers, as far as it can be read.
func (t *Thread) Spawns(ctx context.Context) ([]uint64, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if err := t.readAll(ctx); err != nil {
		return nil, err
	}
	all := make([]uint64, len(t.spawns))
	for i := range t.spawns {
		all[i] = t.spawns[i].at
	}
	return all, nil
}

// State is the thread at an instant, as a run that stood there would know it.
func (t *Thread) State(ctx context.Context, at uint64) (engine.State, error) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if err := t.readTo(ctx, at); err != nil {
		return engine.State{}, err
	}
	if at > t.bound() {
		return engine.State{}, t.noInstant(at)
	}
	c, err := t.at(ctx, at)
	if err != nil {
		return engine.State{}, err
	}
	state := engine.State{Machine: c.m, Slot: c.slot, Printed: c.printed, Pending: t.pending(c)}
	for state.Children < len(t.spawns) && t.spawns[state.Children].at < at {
		state.Children++
	}
	return state, nil
}

// pending are the lines that a thread has printed since its last slot: so many that their bytes are those counted.
func (t *Thread) pending(c *Cursor) []engine.Line {
	var lines []engine.Line
	left := c.bytes
	for i := len(t.prints) - 1; i >= 0 && left > 0; i-- {
		p := &t.prints[i]
		if p.at >= c.m.Steps() {
			continue
		}
		for k := len(p.lines) - 1; k >= 0; k-- {
			line := engine.Line{ID: t.head.ID, Stream: engine.Print, Text: p.lines[k], Number: p.number + uint64(k)}
			lines = append([]engine.Line{line}, lines...)
			left -= len(p.lines[k]) + 1
		}
	}
	return lines
}
