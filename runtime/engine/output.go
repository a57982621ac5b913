package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/vm"
)

// print shows lines at once, and lets the next record commit them.
func (r *run) print(text string) error {
	for line := range strings.SplitSeq(text, "\n") {
		l := Line{ID: r.id, Stream: Print, Text: line, Number: r.printed}
		r.printed++
		r.pending = append(r.pending, l)
		r.bytes += len(line) + 1
		r.e.Observer.Provisional(l)
	}
	return r.logLongOutput()
}

// logLongOutput gives lines a slot of their own when there are many. A run that goes on from a snapshot does that first if the
// one before could not.
func (r *run) logLongOutput() error {
	if !NeedSlot(r.bytes) {
		return nil
	}
	if _, err := r.log(Slot{Kind: SlotOutput, Begun: r.e.Clock.Now()}, nil); err != nil {
		return err
	}
	r.advance()
	return nil
}

// log puts the next slot, with the lines printed so far and those of the call, or adopts the one that is there. The run is behind it only
// when it has told the machine (advance).
func (r *run) log(s Slot, called []Line) (Slot, error) {
	if err := r.flush(); err != nil {
		return s, err
	}
	lines := append(r.pending[:len(r.pending):len(r.pending)], called...)
	output, err := r.e.keep(r.ctx, &r.head, EncodeLines(lines))
	if err != nil {
		return s, err
	}
	s.ID, s.Number, s.Epoch, s.Output, s.Ended = r.id, r.slot, r.head.Epoch, output, r.e.Clock.Now()
	s.Expires = r.head.Expires
	stored, mine, err := r.e.Store.PutSlot(r.ctx, s)
	if err != nil {
		return s, fmt.Errorf("log slot %d of %s: %w", s.Number, r.id, err)
	}
	if mine {
		r.e.commit(lines)
	} else if err := r.overtaken(); err != nil {
		return s, err
	} else if stored.Kind == SlotEdit && s.Kind != SlotEdit {
		return s, r.beginAgain() // where the run was changed it has not been asked
	}
	return stored, nil
}

// overtaken is what follows when an answer was there already: another run is ahead. If it is the one that has the thread, this
// one ends; else it is left over, and what else it has logged need not be done again.
func (r *run) overtaken() error {
	if err := r.stillMine(r.ctx); err != nil {
		return err
	}
	_, err := r.readLog()
	return err
}

// advance is what follows a slot, stored or adopted, once the machine has been told: a snapshot that stands at the instruction that asks
// stands at its slot.
func (r *run) advance() {
	r.slot++
	r.pending, r.bytes = nil, 0
}

// recalled is the next slot if an earlier run has logged it already.
func (r *run) recalled() (Slot, bool) {
	s, ok := r.logged[r.slot]
	return s, ok
}

// stillMine ends the run if another one has the thread.
func (r *run) stillMine(ctx context.Context) error {
	head, err := r.e.head(ctx, r.id)
	if err != nil {
		return err
	}
	return overIf(head.Done || head.Epoch != r.head.Epoch)
}

// value is an encoded value as an Answer.
func (r *run) value(v vm.Value) (Answer, error) {
	b, err := vm.EncodeValue(r.code, v)
	if err != nil {
		return Answer{}, fmt.Errorf("store an answer of %s: %w", r.id, err)
	}
	data, err := r.e.keep(r.ctx, &r.head, b)
	return Answer{Value: data}, err
}
