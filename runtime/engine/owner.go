package engine

import (
	"context"
	"strings"
	"time"
)

// Leases of processes that are no more. A token says which process drew it (Config.Owner). Where processes can be asked for
// (those of this computer), the lease of one that has ended is over, whatever the record says. That saves waiting, and no
// more: were the answer wrong, two runs would have the thread at the same time, which changes nothing.

// ownerMark separates a token's random part from its owner.
const ownerMark = "@"

// gone says whether the run that has the thread belongs to a process that has ended.
func (e *Engine) gone(h *Head) bool {
	if e.Gone == nil {
		return false
	}
	_, owner, named := strings.Cut(h.Token, ownerMark)
	return named && owner != e.Owner && e.Gone(owner)
}

// claimable says whether a run may begin.
func (e *Engine) claimable(h *Head, now time.Time) bool {
	return !h.Done && !h.Parked() && (!h.Live(now) || e.gone(h))
}

// takeOver claims a thread whose lease holds, if nobody is there any more to whom it belongs: as of the end of that lease,
// so that it fails if somebody else was faster.
func (e *Engine) takeOver(ctx context.Context, id ID, token string, now time.Time) (Head, bool, error) {
	heads, err := e.heads(ctx, id.Session, []string{id.Thread})
	if err != nil || heads[0] == nil {
		return Head{}, false, err
	}
	h := heads[0]
	if !e.claimable(h, now) || !h.Live(now) {
		return Head{}, false, nil
	}
	return e.Store.Claim(ctx, Claim{ID: id, Token: token, Now: h.Lease, Lease: now.Add(e.Lease)})
}
