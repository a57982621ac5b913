package debugger

import (
	"context"
	"sort"

	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/vm"
)

// Where locals were set a thread stands at several instants of the same place, before and after. What stops there stops once, as it did
// while the program ran: forwards at the first of them, backwards at the last; whether to stop is judged at the first.

// atPlace is Stops.AtPlace where the position is.
func (p *past) atPlace(ctx context.Context, m *vm.Machine) (Stop, []Log) {
	if p.unedited(ctx, InstantOf(m)) != InstantOf(m) {
		return Stop{}, nil
	}
	return p.stops.AtPlace(ctx, m, p.futures(ctx))
}

// hit is Stops.Hit where the position is.
func (p *past) hit(ctx context.Context, m *vm.Machine) Stop {
	if p.unedited(ctx, InstantOf(m)) != InstantOf(m) {
		return Stop{}
	}
	return p.stops.Hit(ctx, m, p.futures(ctx))
}

// unedited is the instant at which a thread came to the place where it stands at one: only that locals were set lies in between.
func (p *past) unedited(ctx context.Context, i replay.Instant) replay.Instant {
	edits := p.editsOf(ctx, i.Thread)
	for k := edited(edits, i.At) - 1; k >= 0 && sets(edits[k], i.At-1); k-- {
		i.At--
	}
	return i
}

// allEdited is the instant at which a thread goes on from where it stands at one, after all locals that were set there.
func (p *past) allEdited(ctx context.Context, i replay.Instant) replay.Instant {
	edits := p.editsOf(ctx, i.Thread)
	for k := edited(edits, i.At); k < len(edits) && sets(edits[k], i.At); k++ {
		i.At++
	}
	return i
}

// untilEdit is how far a thread can be executed from an instant, to another one at most, without passing one at which it was changed:
// not at all from there.
func (p *past) untilEdit(ctx context.Context, i replay.Instant, to uint64) uint64 {
	edits := p.editsOf(ctx, i.Thread)
	if k := edited(edits, i.At); k < len(edits) {
		return min(to, edits[k].At)
	}
	return to
}

// edited is the index of the first change at an instant, or after it.
func edited(edits []replay.Edited, at uint64) int {
	return sort.Search(len(edits), func(k int) bool { return edits[k].At >= at })
}

// sets says whether a change sets a local at an instant.
func sets(e replay.Edited, at uint64) bool { return e.At == at && e.Edit.Kind == vm.EditRegister }

// editsOf are the changes of a thread. Those that cannot be read are found out when they are made.
func (p *past) editsOf(ctx context.Context, thread string) []replay.Edited {
	all, known := p.edits[thread]
	if known {
		return all
	}
	if t, err := p.session.Thread(ctx, thread); err == nil {
		all, _ = t.Edits(ctx)
	}
	if ctx.Err() == nil {
		p.edits[thread] = all
	}
	return all
}
