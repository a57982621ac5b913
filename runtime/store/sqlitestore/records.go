package sqlitestore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What lies beside a head: waiters, slots, marks; and programs and values.

var (
	hasHead = "EXISTS (SELECT 1 FROM head WHERE session = ?1 AND thread = ?2)"

	putSlot   = "INSERT INTO slot (" + names(slotColumns) + ") SELECT " + marks(slotColumns) + " WHERE " + hasHead + " ON CONFLICT DO NOTHING RETURNING 1"
	readSlot  = "SELECT " + names(slotColumns) + " FROM slot WHERE session = ?1 AND thread = ?2 AND number = ?3"
	readSlots = "SELECT " + names(slotColumns) + " FROM slot WHERE session = ?1 AND thread = ?2 AND number >= ?3 ORDER BY number"
	putMark   = "INSERT INTO mark (" + names(markColumns) + ") SELECT " + marks(markColumns) + " WHERE " + hasHead + " ON CONFLICT DO NOTHING RETURNING 1"
	readMark  = "SELECT " + names(markColumns) + " FROM mark WHERE session = ?1 AND thread = ?2 AND number = ?3 AND attempt = ?4 AND kind = ?5"
	readMarks = "SELECT " + names(markColumns) + " FROM mark WHERE session = ?1 AND thread = ?2 AND number >= ?3 ORDER BY number, attempt, kind"

	putWaiter   = "INSERT INTO waiter (session, thread, waiter, wait) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
	readWaiters = "SELECT waiter, wait FROM waiter WHERE session = ?1 AND thread = ?2"

	putProgram  = "INSERT INTO program (hash, stored, sum, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET stored = excluded.stored"
	readProgram = "SELECT bytes, sum FROM program WHERE hash = ?1"
	putValue    = "INSERT INTO value (session, digest, sum, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
	readValue   = "SELECT bytes, sum FROM value WHERE session = ?1 AND digest = ?2"
)

var dueColumns = []column[engine.Due]{
	{name: "session", set: func(d *engine.Due, c *cell) { d.ID.Session = c.text() }},
	{name: "thread", set: func(d *engine.Due, c *cell) { d.ID.Thread = c.text() }},
	{name: "due", set: func(d *engine.Due, c *cell) { d.At = c.time() }},
}

var waiterColumns = []column[engine.Waiter]{
	{name: "waiter", set: func(w *engine.Waiter, c *cell) { w.Thread = c.text() }},
	{name: "wait", set: func(w *engine.Waiter, c *cell) { w.Wait = uint64(c.int()) }},
}

func isNotFound(err error) bool { return errors.Is(err, engine.ErrNotFound) }

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// records runs a statement whose rows are records of one kind.
func records[R any](c *conn, columns []column[R], what, query string, args ...any) (all []R, err error) {
	err = c.each(query, args, func(row []driver.Value) error {
		r, err := decode(columns, row)
		if err != nil {
			return fmt.Errorf("%s of %v#%v: %w", what, row[0], row[1], err)
		}
		all = append(all, r)
		return nil
	})
	return all, err
}

// put stores a record if there is none of its key, the first columns of a number, and returns the one that is stored.
func put[R any](c *conn, columns []column[R], what, insert, read string, key int, r *R) (stored R, mine bool, err error) {
	args := values(columns, r)
	if mine, err = applies(c, insert, args...); mine || err != nil {
		return *r, mine, err
	}
	found, err := records(c, columns, what, read, args[:key]...)
	if err != nil {
		return stored, false, err
	}
	if len(found) == 0 {
		return stored, false, fmt.Errorf("%s %v of %v#%v: %w", what, args[2], args[0], args[1], engine.ErrNotFound)
	}
	return found[0], false, nil
}

// PutSlot stores an answer, once.
func (s *Store) PutSlot(ctx context.Context, new engine.Slot) (stored engine.Slot, mine bool, err error) {
	err = s.write(ctx, "log an answer", func(c *conn) (err error) {
		stored, mine, err = put(c, slotColumns, "slot", putSlot, readSlot, 3, &new)
		return err
	})
	return stored, mine && err == nil, err
}

// PutMark stores a mark, once. It is on the disk when this returns: what it is put before must not happen twice.
func (s *Store) PutMark(ctx context.Context, new engine.Mark) (stored engine.Mark, mine bool, err error) {
	err = s.writer.write(ctx, &request{durable: true, do: func(c *conn) (err error) {
		stored, mine, err = put(c, markColumns, "mark", putMark, readMark, 5, &new)
		return err
	}})
	return stored, mine && err == nil, s.explain("mark a call", err)
}

// Slots reads a thread's log.
func (s *Store) Slots(ctx context.Context, id engine.ID, from uint64) (slots []engine.Slot, marks []engine.Mark, err error) {
	err = s.read(ctx, "read a log", func(c *conn) (err error) {
		if slots, err = records(c, slotColumns, "slot", readSlots, id.Session, id.Thread, int64(from)); err != nil {
			return err
		}
		marks, err = records(c, markColumns, "mark", readMarks, id.Session, id.Thread, int64(from))
		return err
	})
	return slots, marks, err
}

// PutWaiter keeps a waiter beside a head.
func (s *Store) PutWaiter(ctx context.Context, target engine.ID, w engine.Waiter, _ time.Time) error {
	return s.write(ctx, "register", func(c *conn) error {
		h, err := find(c, target)
		if err == nil && h == nil {
			err = fmt.Errorf("%s: %w", target, engine.ErrNotFound)
		}
		if err != nil {
			return err
		}
		return c.exec(putWaiter, target.Session, target.Thread, w.Thread, int64(w.Wait))
	})
}

// Waiters reads the waiters beside a head.
func (s *Store) Waiters(ctx context.Context, target engine.ID) (waiters []engine.Waiter, err error) {
	err = s.read(ctx, "read waiters", func(c *conn) (err error) {
		waiters, err = records(c, waiterColumns, "waiter", readWaiters, target.Session, target.Thread)
		return err
	})
	return waiters, err
}

// PutProgram stores a program.
func (s *Store) PutProgram(ctx context.Context, hash string, program []byte) error {
	return s.write(ctx, "store a program", func(c *conn) error {
		return c.exec(putProgram, hash, time.Now().UnixNano(), sum(program), blob(program))
	})
}

// Program reads a program.
func (s *Store) Program(ctx context.Context, hash string) ([]byte, error) {
	return s.bytes(ctx, "program "+hash, readProgram, hash)
}

// PutBlob stores a value.
func (s *Store) PutBlob(ctx context.Context, b engine.Blob) error {
	return s.write(ctx, "store a value", func(c *conn) error { return c.exec(putValue, b.Session, b.Digest, sum(b.Value), blob(b.Value)) })
}

// Blob reads a value.
func (s *Store) Blob(ctx context.Context, session, digest string) ([]byte, error) {
	return s.bytes(ctx, fmt.Sprintf("value %s of %s", digest, session), readValue, session, digest)
}

// blob is bytes that are there even if there are none.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (s *Store) bytes(ctx context.Context, what, query string, args ...any) (found []byte, err error) {
	err = s.read(ctx, "read "+what, func(c *conn) error {
		rows, err := c.rows(query, args...)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return engine.ErrNotFound
		}
		found, _ = rows[0][0].([]byte)
		if rows[0][1] != sum(found) {
			return errDamaged
		}
		return nil
	})
	return found, err
}

// Expired names sessions of which a head has expired.
func (s *Store) Expired(ctx context.Context, by time.Time, limit int) (sessions []string, err error) {
	err = s.read(ctx, "look for what has expired", func(c *conn) error {
		rows, err := c.rows(expired, nanos(by), int64(limit))
		sessions = nil
		for _, row := range rows {
			name, _ := row[0].(string)
			sessions = append(sessions, name)
		}
		return err
	})
	return sessions, err
}

// programsStay is how long a program stays that no session runs: one may be about to.
const programsStay = 24 * time.Hour

// Delete removes what there is of a session, and programs that are not needed any more. The file gets smaller by it.
func (s *Store) Delete(ctx context.Context, session string) error {
	const unused = "DELETE FROM program WHERE stored < ?1 AND hash NOT IN (SELECT program FROM head WHERE thread = '0')"
	err := s.write(ctx, "delete "+session, func(c *conn) error {
		tables := []string{"slot", "mark", "waiter", "value", "head"}
		live, err := anyLive(c)
		if err != nil {
			return err
		}
		if live {
			tables = append(tables, "live")
		}
		for _, table := range tables {
			if err := c.exec("DELETE FROM "+table+" WHERE session = ?1", session); err != nil {
				return err
			}
		}
		return c.exec(unused, time.Now().Add(-programsStay).UnixNano())
	})
	if err != nil {
		return err
	}
	return s.read(ctx, "give space back", giveBack)
}

// giveBack makes the file smaller by what is free in it, a little at a time: others have to write too.
func giveBack(c *conn) error {
	const pages = 2000
	for last := int64(0); ; {
		rows, err := c.rows("PRAGMA freelist_count")
		if err != nil {
			return err
		}
		free := rows[0][0].(int64)
		if free == 0 || free == last {
			return nil // or there is nothing more to be had
		}
		last = free
		if err := c.exec(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", pages)); err != nil {
			return err
		}
	}
}
