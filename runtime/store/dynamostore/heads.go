package dynamostore

import (
	"bytes"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The operations on a head.

// What operations are conditional on.
const (
	isThere   = "attribute_exists(#pk)"
	isOpen    = "attribute_not_exists(#done)"
	isMine    = "#epoch = :epoch"
	isAwake   = "(attribute_not_exists(#wait) OR #wake >= #wait)"
	isFree    = "(attribute_not_exists(#lease) OR #lease <= :now OR #token = :token)"
	isNew     = "(attribute_not_exists(#nonce) OR #nonce <> :nonce)"
	isKnown   = "attribute_not_exists(#format)" // else a later version has written it
	notWoken  = "(attribute_not_exists(#wake) OR #wake < :wait)"
	notLater  = "(attribute_not_exists(#wait) OR #wait <= :wait)"
	hasRoom   = "(attribute_not_exists(#waiters) OR size(#waiters) < :max OR contains(#waiters, :waiter))"
	hasFailed = "attribute_exists(#error)"
	and       = " AND "
)

// Create puts a head that is not there.
func (s *Store) Create(ctx context.Context, h engine.Head) (bool, error) {
	if err := checkSession(h.ID.Session); err != nil {
		return false, err
	}
	i, mine := headItem(&h), nonce()
	i["nonce"] = binary(mine)
	stored, put, err := s.putNew(ctx, i)
	if err != nil {
		return false, s.explained(err)
	}
	return put || decidedBy(stored, mine), nil
}

// decidedBy says whether the item was last decided by the request with this number.
func decidedBy(i item, nonce []byte) bool {
	b, ok := i["nonce"].(*types.AttributeValueMemberB)
	return ok && bytes.Equal(b.Value, nonce)
}

// Claim gives a run the thread.
func (s *Store) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	mine, one := nonce(), number(1)
	change := newChange().increase("epoch", one).increase("tries", one).
		put("lease", moment(c.Lease)).put("token", text(c.Token)).put("nonce", binary(mine)).
		with("now", &types.AttributeValueMemberN{Value: micros(c.Now)})
	i, ok, err := s.update(ctx, headKey(c.ID), change, isThere+and+isOpen+and+isAwake+and+isFree+and+isNew+and+isKnown, true)
	if err != nil {
		return engine.Head{}, false, s.explained(err)
	}
	if i == nil {
		return engine.Head{}, false, nil
	}
	h, err := readHead(i)
	return h, ok || decidedBy(i, mine), err
}

// Park takes the thread from its run until it is woken.
func (s *Store) Park(ctx context.Context, p engine.Park) (engine.ParkOutcome, error) {
	thread := p.ID.Thread
	change := newChange().put("wait", number(p.Wait)).put("target", targets(thread, p.Targets)).put("unnamed", number(p.Unnamed)).
		put("until", moment(p.Until)).put("snap", dataValue(p.Snap)).put("spawned", number(p.Spawned)).
		drop("lease", "token", "tries").with("epoch", exactly(p.Epoch))
	if !p.Due.IsZero() {
		change.put("due", moment(p.Due))
	}
	i, ok, err := s.update(ctx, headKey(p.ID), change, isMine+and+isOpen+and+notWoken, false)
	if err != nil {
		return 0, s.explained(err)
	}
	if ok {
		return engine.Parked, nil
	}
	if i == nil {
		return engine.Fenced, nil
	}
	h, err := readHead(i)
	if err != nil {
		return 0, err
	}
	if h.Done || h.Epoch != p.Epoch {
		return engine.Fenced, nil
	}
	return engine.Woken, nil
}

// Finish decides what the thread ends with. Nobody goes on from its snapshot any more. That of a thread which was ended from
// outside says how far it came.
func (s *Store) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	mine := nonce()
	change := newChange().put("done", boolean(true)).put(answerName(f.Answer), answerValue(f.Answer)).
		put("ended", moment(f.Ended)).put("outside", boolean(f.Outside)).put("due", moment(f.Due)).put("nonce", binary(mine)).
		drop("lease", "token", "target", "unnamed", "until")
	if !f.Outside {
		change.put("output", dataValue(f.Output)).put("spawned", number(f.Spawned)).put("attempts", number(f.Attempts)).drop("snap")
	}
	return s.decide(ctx, f.ID, change, isOpen, mine)
}

// Wake releases a wait.
func (s *Store) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	change := newChange().put("wake", number(w.Wait)).put("due", moment(w.Due)).with("wait", exactly(w.Wait))
	return s.decide(ctx, w.ID, change, isOpen+and+notWoken+and+notLater, nil)
}

// decide changes a head that has to be there, and returns it whole either way.
func (s *Store) decide(ctx context.Context, id engine.ID, c *change, condition string, mine []byte) (engine.Head, bool, error) {
	i, ok, err := s.update(ctx, headKey(id), c, isThere+and+condition, true)
	if err == nil && i == nil {
		err = engine.ErrNotFound
	}
	if err != nil {
		return engine.Head{}, false, s.explained(err)
	}
	h, err := readHead(i)
	return h, ok || mine != nil && decidedBy(i, mine), err
}

// Preempt stores a snapshot. One that arrives late must not take back a park.
func (s *Store) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	change := newChange().put("snap", dataValue(p.Snap)).put("spawned", number(p.Spawned)).put("due", moment(p.Due)).
		put("lease", moment(p.Lease)).drop("tries").with("epoch", exactly(p.Epoch))
	if p.Lease.IsZero() {
		change.drop("token")
	}
	_, ok, err := s.update(ctx, headKey(p.ID), change, isMine+and+isOpen+and+isAwake, false)
	return ok, s.explained(err)
}

// Register adds a waiter to a head.
func (s *Store) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	name := waiter(target.Thread, w)
	change := newChange().increase("waiters", &types.AttributeValueMemberSS{Value: []string{name}}).
		with("waiter", text(name)).with("max", number(engine.MaxWaiters))
	return s.register(ctx, target, change, isOpen+and+hasRoom)
}

// SetMore says that there are waiters beside a head.
func (s *Store) SetMore(ctx context.Context, target engine.ID) (engine.Head, bool, error) {
	return s.register(ctx, target, newChange().put("more", boolean(true)), isOpen)
}

// register changes a head that has to be there, and returns it if it is not changed.
func (s *Store) register(ctx context.Context, target engine.ID, c *change, condition string) (engine.Head, bool, error) {
	i, ok, err := s.update(ctx, headKey(target), c, isThere+and+condition, false)
	if err == nil && !ok && i == nil {
		err = engine.ErrNotFound
	}
	if err != nil {
		return engine.Head{}, false, s.explained(err)
	}
	if ok {
		return engine.Head{}, true, nil
	}
	h, err := readHead(i)
	return h, false, err
}

// See marks a failure as raised in another thread.
func (s *Store) See(ctx context.Context, id engine.ID) error {
	_, _, err := s.update(ctx, headKey(id), newChange().put("seen", boolean(true)), "attribute_exists(#done)"+and+hasFailed, false)
	return s.explained(err)
}

// SetDue changes an entry of the sweep's index.
func (s *Store) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	change, condition := newChange().put("due", moment(due)).put("poll", number(int64(poll))), isThere
	if was.IsZero() {
		condition += " AND attribute_not_exists(#due)"
	} else {
		condition += " AND #due = :was"
		change.with("was", moment(was))
	}
	_, ok, err := s.update(ctx, headKey(id), change, condition, false)
	return ok, s.explained(err)
}

// exactly is a number that is compared with, zero too.
func exactly(n uint64) types.AttributeValue {
	if n == 0 {
		return &types.AttributeValueMemberN{Value: "0"}
	}
	return number(n)
}
