package replay_test

import (
	"context"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// reader is a store that can only be read, and counts.
type reader struct {
	engine.Reader
	// requests counts them.
	requests int
	// broken, if it is set, may say that a record cannot be read.
	broken func(what string, key any) error
	// changed may replace slots as they are read.
	changed func([]engine.Slot) []engine.Slot
	// program, if it is set, replaces the program.
	program func([]byte) []byte
	// blob and head change values and heads.
	blob func([]byte) []byte
	head func(*engine.Head)
}

func readOnly(s engine.Reader) *reader { return &reader{Reader: s} }

func (r *reader) look(what string, key any) error {
	if r.broken == nil {
		return nil
	}
	return r.broken(what, key)
}

func (r *reader) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	r.requests++
	for _, id := range ids {
		if err := r.look("head", id); err != nil {
			return nil, err
		}
	}
	heads, err := r.Reader.Heads(ctx, ids)
	for _, h := range heads {
		if r.head != nil && h != nil {
			r.head(h)
		}
	}
	return heads, err
}

func (r *reader) Slots(ctx context.Context, id engine.ID, from uint64) ([]engine.Slot, []engine.Mark, error) {
	r.requests++
	if err := r.look("slots", id); err != nil {
		return nil, nil, err
	}
	slots, marks, err := r.Reader.Slots(ctx, id, from)
	if r.changed != nil {
		slots = r.changed(slots)
	}
	return slots, marks, err
}

func (r *reader) Blob(ctx context.Context, session, digest string) ([]byte, error) {
	r.requests++
	if err := r.look("blob", digest); err != nil {
		return nil, err
	}
	b, err := r.Reader.Blob(ctx, session, digest)
	if r.blob != nil {
		b = r.blob(b)
	}
	return b, err
}

func (r *reader) Program(ctx context.Context, hash string) ([]byte, error) {
	r.requests++
	if err := r.look("program", hash); err != nil {
		return nil, err
	}
	b, err := r.Reader.Program(ctx, hash)
	if r.program != nil {
		b = r.program(b)
	}
	return b, err
}
