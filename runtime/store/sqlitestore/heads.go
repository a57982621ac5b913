package sqlitestore

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The operations on heads. The condition of each is in its statement, which applies to no row if it does not hold. Why it did
// not is read in the same transaction.

// this is the row of a thread, if it is one that this version understands.
const this = " WHERE session = ?1 AND thread = ?2 AND format <= 1"

var (
	allOfHead  = names(headColumns)
	returning  = " RETURNING " + allOfHead
	readHead   = "SELECT " + allOfHead + " FROM head WHERE session = ?1 AND thread = ?2"
	createHead = "INSERT INTO head (" + allOfHead + ") VALUES (" + marks(headColumns) + ") ON CONFLICT DO NOTHING RETURNING 1"
	claimHead  = "UPDATE head SET epoch = epoch + 1, lease = ?3, token = ?4, tries = tries + 1" + this +
		" AND done = 0 AND wait <= wake AND (lease <= ?5 OR token = ?4)" + returning
	parkHead = "UPDATE head SET wait = ?4, targets = ?5, unnamed = ?6, until = ?7, snap = ?8, spawned = ?9, lease = 0, token = ''," +
		" tries = 0, due = iif(?10 = 0, due, ?10)" + this + " AND epoch = ?3 AND done = 0 AND wake < ?4 RETURNING 1"
	finishHead = "UPDATE head SET done = 1, failed = ?3, answer = ?4, ended = ?5, outside = ?6, output = iif(?6, output, ?7)," +
		" spawned = iif(?6, spawned, ?8), attempts = iif(?6, attempts, ?9), snap = iif(?6, snap, NULL), lease = 0, token = '', targets = '', unnamed = 0, until = 0," +
		" due = ?10" + this + " AND done = 0" + returning
	wakeHead    = "UPDATE head SET wake = ?3, due = ?4" + this + " AND done = 0 AND wake < ?3 AND wait <= ?3" + returning
	preemptHead = "UPDATE head SET snap = ?4, spawned = ?5, due = ?6, lease = ?7, tries = 0, token = iif(?7 = 0, '', token)" + this +
		" AND epoch = ?3 AND done = 0 RETURNING 1"
	registerHead = "UPDATE head SET waiting = waiting + (instr(waiters, ?3) = 0)," +
		" waiters = iif(instr(waiters, ?3), waiters, waiters || ?3)" + this +
		" AND done = 0 AND (waiting < ?4 OR instr(waiters, ?3)) RETURNING 1"
	setMore     = "UPDATE head SET more = 1" + this + " AND done = 0 RETURNING 1"
	seeHead     = "UPDATE head SET seen = 1" + this + " AND done = 1 AND failed = 1"
	setDue      = "UPDATE head SET due = ?4, poll = ?5" + this + " AND due = ?3 RETURNING 1"
	readHeads   = "SELECT " + allOfHead + " FROM head WHERE session = ?1 AND thread IN (SELECT value FROM json_each(?2))"
	readDue     = "SELECT session, thread, due FROM head WHERE due > 0 AND due <= ?1 ORDER BY due, session, thread LIMIT ?2"
	readDueOf   = "SELECT session, thread, due FROM head WHERE session = ?3 AND due > 0 AND due <= ?1 ORDER BY due, session, thread LIMIT ?2"
	allSessions = "SELECT " + allOfHead + " FROM head WHERE thread = '0' ORDER BY session DESC LIMIT ?1"
	sessionsOf  = "SELECT " + allOfHead + " FROM head WHERE thread = '0' AND session < ?2 ORDER BY session DESC LIMIT ?1"
	expired     = "SELECT DISTINCT session FROM head WHERE expires > 0 AND expires <= ?1 LIMIT ?2"
)

// heads runs a statement whose rows are heads.
func heads(c *conn, query string, args ...any) (all []*engine.Head, err error) {
	err = c.each(query, args, func(row []driver.Value) error {
		h, err := decode(headColumns, row)
		if err != nil {
			return fmt.Errorf("head of %v#%v: %w", row[0], row[1], err)
		}
		all = append(all, &h)
		return nil
	})
	return all, err
}

// applies runs a statement that returns a row if its condition holds.
func applies(c *conn, query string, args ...any) (bool, error) {
	rows, err := c.rows(query, args...)
	return len(rows) > 0, err
}

// change runs a statement that returns the head if its condition holds, else reads the head as it is. It is nil if there is
// none.
func change(c *conn, id engine.ID, query string, args ...any) (*engine.Head, bool, error) {
	changed, err := heads(c, query, append([]any{id.Session, id.Thread}, args...)...)
	if err != nil {
		return nil, false, err
	}
	if len(changed) > 0 {
		return changed[0], true, nil
	}
	h, err := find(c, id)
	return h, false, err
}

func find(c *conn, id engine.ID) (*engine.Head, error) {
	found, err := heads(c, readHead, id.Session, id.Thread)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// changeHead is a request that changes one head; it fails with ErrNotFound if there is none.
func (s *Store) changeHead(ctx context.Context, what string, id engine.ID, query string, args ...any) (engine.Head, bool, error) {
	var h *engine.Head
	var applied bool
	err := s.write(ctx, what, func(c *conn) (err error) {
		h, applied, err = change(c, id, query, args...)
		return err
	})
	if err != nil {
		return engine.Head{}, false, err
	}
	if h == nil {
		return engine.Head{}, false, fmt.Errorf("%s %s: %w", what, id, engine.ErrNotFound)
	}
	return *h, applied, nil
}

// Create puts a head that is not there.
func (s *Store) Create(ctx context.Context, h engine.Head) (put bool, err error) {
	args := values(headColumns, &h)
	err = s.write(ctx, "create a thread", func(c *conn) (err error) {
		put, err = applies(c, createHead, args...)
		return err
	})
	return put && err == nil, err
}

// Claim gives a run the thread.
func (s *Store) Claim(ctx context.Context, c engine.Claim) (engine.Head, bool, error) {
	h, ok, err := s.changeHead(ctx, "claim", c.ID, claimHead, nanos(c.Lease), c.Token, nanos(c.Now))
	if isNotFound(err) {
		return engine.Head{}, false, nil
	}
	return h, ok, err
}

// Park takes the thread from its run until it is woken.
func (s *Store) Park(ctx context.Context, p engine.Park) (outcome engine.ParkOutcome, err error) {
	args := []any{
		p.ID.Session, p.ID.Thread, int64(p.Epoch), int64(p.Wait), encodeTargets(p.Targets), int64(p.Unnamed), nanos(p.Until),
		encodeData(p.Snap), int64(p.Spawned), nanos(p.Due),
	}
	err = s.write(ctx, "park", func(c *conn) error {
		outcome = engine.Parked
		if parked, err := applies(c, parkHead, args...); parked || err != nil {
			return err
		}
		h, err := find(c, p.ID)
		if err != nil {
			return err
		}
		outcome = engine.Woken
		if h == nil || h.Epoch != p.Epoch || h.Done {
			outcome = engine.Fenced
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return outcome, nil
}

// Finish decides what the thread ends with.
func (s *Store) Finish(ctx context.Context, f engine.Finish) (engine.Head, bool, error) {
	return s.changeHead(ctx, "finish", f.ID, finishHead, number(f.Answer.Failed), encodeData(f.Answer.Value), nanos(f.Ended),
		number(f.Outside), encodeData(f.Output), int64(f.Spawned), int64(f.Attempts), nanos(f.Due))
}

// Wake releases a wait.
func (s *Store) Wake(ctx context.Context, w engine.Wake) (engine.Head, bool, error) {
	return s.changeHead(ctx, "wake", w.ID, wakeHead, int64(w.Wait), nanos(w.Due))
}

// Preempt stores a snapshot.
func (s *Store) Preempt(ctx context.Context, p engine.Preempt) (bool, error) {
	return s.unlessNewer(ctx, "preempt", p.ID, preemptHead, int64(p.Epoch), encodeData(p.Snap), int64(p.Spawned), nanos(p.Due), nanos(p.Lease))
}

// Register adds a waiter to a head.
func (s *Store) Register(ctx context.Context, target engine.ID, w engine.Waiter) (engine.Head, bool, error) {
	return s.orElse(ctx, "register with", target, registerHead, encodeWaiter(w), int64(engine.MaxWaiters))
}

// SetMore says that there are waiters beside a head.
func (s *Store) SetMore(ctx context.Context, target engine.ID) (engine.Head, bool, error) {
	return s.orElse(ctx, "register with", target, setMore)
}

// orElse is a request that returns the head only if it does not apply.
func (s *Store) orElse(ctx context.Context, what string, id engine.ID, query string, args ...any) (h engine.Head, applied bool, err error) {
	args = append([]any{id.Session, id.Thread}, args...)
	var found *engine.Head
	err = s.write(ctx, what, func(c *conn) (err error) {
		if applied, err = applies(c, query, args...); !applied && err == nil {
			found, err = find(c, id)
		}
		return err
	})
	switch {
	case err != nil:
		return h, false, err
	case applied:
		return h, true, nil
	case found == nil:
		return h, false, fmt.Errorf("%s %s: %w", what, id, engine.ErrNotFound)
	}
	return *found, false, nil
}

// unlessNewer is a request that only says whether it applied; that of a row that this version does not understand fails.
func (s *Store) unlessNewer(ctx context.Context, what string, id engine.ID, query string, args ...any) (bool, error) {
	_, applied, err := s.orElse(ctx, what, id, query, args...)
	if isNotFound(err) {
		return false, nil
	}
	return applied, err
}

// See marks a failure as raised in another thread.
func (s *Store) See(ctx context.Context, id engine.ID) error {
	return s.write(ctx, "mark a failure as seen", func(c *conn) error { return c.exec(seeHead, id.Session, id.Thread) })
}

// SetDue changes an entry of the sweep's index.
func (s *Store) SetDue(ctx context.Context, id engine.ID, was, due time.Time, poll time.Duration) (bool, error) {
	return s.unlessNewer(ctx, "change when to look at", id, setDue, nanos(was), nanos(due), int64(poll))
}

// Heads reads heads.
func (s *Store) Heads(ctx context.Context, ids []engine.ID) ([]*engine.Head, error) {
	if len(ids) > batch {
		return nil, fmt.Errorf("read %d heads at once: at most %d go", len(ids), batch)
	}
	bySession := map[string][]string{}
	for _, id := range ids {
		bySession[id.Session] = append(bySession[id.Session], id.Thread)
	}
	found := make(map[engine.ID]*engine.Head, len(ids))
	err := s.read(ctx, "read heads", func(c *conn) error {
		for session, threads := range bySession {
			list, err := json.Marshal(threads)
			if err != nil {
				return err
			}
			some, err := heads(c, readHeads, session, string(list))
			if err != nil {
				return err
			}
			for _, h := range some {
				found[h.ID] = h
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]*engine.Head, len(ids))
	for i, id := range ids {
		all[i] = found[id]
	}
	return all, nil
}

// Due reads the sweep's index.
func (s *Store) Due(ctx context.Context, shard int, session string, before time.Time, limit int) (entries []engine.Due, err error) {
	if shard != 0 {
		return nil, nil
	}
	query, args := readDue, []any{nanos(before), int64(limit)}
	if session != "" {
		query, args = readDueOf, append(args, session)
	}
	err = s.read(ctx, "read what is due", func(c *conn) error {
		entries = nil
		return c.each(query, args, func(row []driver.Value) error {
			entry, err := decode(dueColumns, row)
			entries = append(entries, entry)
			return err
		})
	})
	return entries, err
}

// Sessions lists sessions, latest first.
func (s *Store) Sessions(ctx context.Context, before string, limit int) (all []engine.Head, err error) {
	query, args := allSessions, []any{int64(limit)}
	if before != "" {
		query, args = sessionsOf, append(args, before)
	}
	err = s.read(ctx, "list sessions", func(c *conn) error {
		found, err := heads(c, query, args...)
		all = make([]engine.Head, len(found))
		for i, h := range found {
			all[i] = *h
		}
		return err
	})
	return all, err
}

// Version is another number after another process has written, or after this one had to open the file again.
func (s *Store) Version(ctx context.Context) (version int64, err error) {
	err = s.writer.write(ctx, &request{aside: true, do: func(c *conn) error {
		// Of the connection that writes: its own changes do not count.
		rows, err := c.rows("PRAGMA data_version")
		if err == nil {
			version = s.writer.connected<<32 | rows[0][0].(int64)
		}
		return err
	}})
	return version, s.explain("see whether another process has written", err)
}
