// Package sqlitestore keeps sessions in one SQLite file, which any number of processes use at the same time.
//
// A request is one transaction, and its condition is in the SQL. Writes of this process go through one connection: who
// finds it free commits for all who wait (see writer.go). Reads have connections of their own, and wait for nobody.
// docs/durability.md says what survives a kill and what survives a power cut.
//
// SQLite's locks belong to the process: nobody else here may open and close the file, which would drop them.
package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Sync says what a power cut, or a crash of the whole machine, may cost. A process that is killed costs nothing either way.
type Sync uint8

const (
	// SyncSoon writes to the disk what was committed within a second, and marks of calls that must not be made twice
	// before they are made. A power cut may cost the last second: what was done then is done again.
	SyncSoon Sync = iota
	// SyncAlways writes to the disk before each commit returns.
	SyncAlways
)

// Options are how a store is opened. The zero value is right for a local run.
type Options struct {
	Sync Sync
	// Wait is how long a request waits for another process that is writing before it fails, a minute if 0.
	Wait time.Duration
	// MaxBytes is how large the file may become; 0 for as large as the disk allows. A request beyond it fails like one on
	// a full disk.
	MaxBytes int64
}

const (
	// inline is how many bytes a row holds of each of its values. Each change of a head writes all of its row.
	inline = 8 << 10
	batch  = 100
	// pipeline requests are committed together: more than ever wait at the same time gain nothing.
	pipeline = 64
	// readers is how many connections are kept for reading.
	readers     = 4
	defaultWait = time.Minute
)

// Store keeps sessions in a file.
type Store struct {
	file
	writer  writer
	flusher flusher
	// readers are the connections that read, nil for one that is to be made.
	readers chan *conn
	closing sync.Once
	closed  chan struct{}
}

var (
	_ engine.Store     = (*Store)(nil)
	_ engine.Versioned = (*Store)(nil)
)

// errClosed is the error of a request after Close.
var errClosed = errors.New("the store is closed")

// Open opens the file, and creates it, and its directory, if it is not there. Its errors say what is wrong with which file,
// and what to do.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if o.Wait == 0 {
		o.Wait = defaultWait
	}
	s := &Store{file: file{path: whole, options: o}, readers: make(chan *conn, readers), closed: make(chan struct{})}
	// What sessions hold is their owner's.
	if err := os.MkdirAll(filepath.Dir(whole), 0o700); err != nil {
		return nil, &Error{Path: whole, Doing: "create the directory", Reason: "that is not possible", Advice: mayWrite, Err: err}
	}
	c, err := s.prepare(ctx)
	if err == nil {
		s.identity, err = os.Stat(whole)
	}
	if err != nil {
		return nil, s.explain("open", err)
	}
	for range readers {
		s.readers <- nil
	}
	s.writer.init(&s.file, c)
	s.flusher.init(s)
	return s, nil
}

// Close closes the file. Requests that are under way are waited for; those that come later fail.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		close(s.closed)
		s.flusher.stop()
		for range readers {
			if c := <-s.readers; c != nil {
				err = errors.Join(err, c.close())
			}
		}
		err = s.explain("close", errors.Join(err, s.writer.close()))
	})
	return err
}

// Limits are those of the file's rows.
func (s *Store) Limits() engine.Limits {
	return engine.Limits{Inline: inline, Batch: batch, Pipeline: pipeline, Shards: 1}
}

// write does a request that writes. What it does may be done again after it was rolled back.
func (s *Store) write(ctx context.Context, what string, do func(c *conn) error) error {
	return s.explain(what, s.writer.write(ctx, &request{do: do}))
}

// read does a request that reads, on a connection of its own.
func (s *Store) read(ctx context.Context, what string, do func(c *conn) error) error {
	return s.explain(what, s.reading(ctx, do))
}

func (s *Store) reading(ctx context.Context, do func(c *conn) error) (err error) {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var c *conn
	select {
	case <-s.closed:
		return errClosed
	default:
	}
	select {
	case c = <-s.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return errClosed
	}
	defer func() { s.readers <- c }()
	if c == nil {
		if c, err = s.reconnect(ctx); err != nil {
			return err
		}
	}
	err = s.patiently(ctx, func() error { return do(c) })
	if ofTheFile(err) {
		_ = c.close()
		c = nil
	}
	return err
}

// Check reads the whole file and fails if something in it is damaged.
func (s *Store) Check(ctx context.Context) error {
	return s.read(ctx, "check the file", func(c *conn) error {
		rows, err := c.rows("PRAGMA integrity_check")
		if err == nil && rows[0][0] != "ok" {
			err = fmt.Errorf("%v: %w", rows[0][0], errDamaged)
		}
		return err
	})
}
