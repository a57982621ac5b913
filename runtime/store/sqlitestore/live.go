package sqlitestore

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Live output. Its table is made when the first batch comes: files of before have none, and need none.

const (
	makeLive = `CREATE TABLE IF NOT EXISTS live (
	session TEXT NOT NULL, thread TEXT NOT NULL, slot INTEGER NOT NULL, attempt INTEGER NOT NULL, chunk INTEGER NOT NULL,
	epoch INTEGER NOT NULL, expires INTEGER NOT NULL, output BLOB NOT NULL,
	PRIMARY KEY (session, thread, slot, attempt, chunk)) STRICT`
	putLive  = "INSERT OR REPLACE INTO live (session, thread, slot, attempt, chunk, epoch, expires, output) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	readLive = "SELECT slot, attempt, chunk, epoch, expires, output FROM live WHERE session = ?1 AND thread = ?2 ORDER BY slot, attempt, chunk"
	dropLive = "DELETE FROM live WHERE session = ?1 AND thread = ?2 AND slot = ?3"
	hasLive  = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'live'"
)

// anyLive says whether the table is there.
func anyLive(c *conn) (bool, error) {
	rows, err := c.rows(hasLive)
	return len(rows) > 0, err
}

// PutLive stores a batch.
func (s *Store) PutLive(ctx context.Context, l engine.Live) error {
	return s.write(ctx, "show a call's output", func(c *conn) error {
		if made, err := anyLive(c); err != nil {
			return err
		} else if !made {
			if err := c.exec(makeLive); err != nil {
				return err
			}
		}
		return c.exec(putLive, l.ID.Session, l.ID.Thread, int64(l.Slot), int64(l.Attempt), int64(l.Chunk), int64(l.Epoch), nanos(l.Expires), blob(l.Output))
	})
}

// Live reads a thread's batches.
func (s *Store) Live(ctx context.Context, id engine.ID) (all []engine.Live, err error) {
	err = s.read(ctx, "read a call's output", func(c *conn) error {
		all = nil
		made, err := anyLive(c)
		if err != nil || !made {
			return err
		}
		return c.each(readLive, []any{id.Session, id.Thread}, func(row []driver.Value) error {
			l := engine.Live{ID: id, Slot: uint64(row[0].(int64)), Attempt: int(row[1].(int64)), Chunk: int(row[2].(int64)), Epoch: uint64(row[3].(int64))}
			if expires := row[4].(int64); expires != 0 {
				l.Expires = time.Unix(0, expires)
			}
			l.Output = append([]byte(nil), row[5].([]byte)...)
			all = append(all, l)
			return nil
		})
	})
	return all, err
}

// DropLive deletes a call's batches.
func (s *Store) DropLive(ctx context.Context, id engine.ID, slot uint64) error {
	return s.write(ctx, "forget a call's output", func(c *conn) error {
		made, err := anyLive(c)
		if err != nil || !made {
			return err
		}
		return c.exec(dropLive, id.Session, id.Thread, int64(slot))
	})
}
