package sqlitestore

import (
	"context"
	"errors"
	"sync"
	"time"
)

// What was committed without waiting for the disk is written to it soon after: a checkpoint syncs the log, copies it into
// the file, and syncs that. It runs on a reading connection, and no request waits for it.

// soon is how long a commit may be in the system's memory only.
const soon = time.Second

type flusher struct {
	s *Store

	mu      sync.Mutex
	timer   *time.Timer // nil if nothing is to be written
	stopped bool
	running sync.WaitGroup
}

func (f *flusher) init(s *Store) {
	f.s = s
	s.writer.committed = f.committed
}

func (f *flusher) committed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.timer != nil || f.stopped {
		return
	}
	f.running.Add(1)
	f.timer = time.AfterFunc(soon, f.flush)
}

func (f *flusher) flush() {
	defer f.running.Done()
	f.mu.Lock()
	f.timer = nil // what is committed from now on needs another one
	f.mu.Unlock()
	err := f.s.reading(context.Background(), func(c *conn) error { return c.exec("PRAGMA wal_checkpoint(PASSIVE)") })
	if gone := f.s.there(); gone != nil {
		err = gone
	}
	if err == nil || !ofTheFile(err) && !errors.Is(err, errGone) {
		return // a full disk, or a file that somebody holds, is in nobody's way here: the log keeps what was committed
	}
	f.s.writer.mu.Lock()
	defer f.s.writer.mu.Unlock()
	f.s.writer.trouble = err
}

// stop waits for what is under way. Closing the last connection writes the rest.
func (f *flusher) stop() {
	f.mu.Lock()
	f.stopped = true
	if f.timer != nil && f.timer.Stop() {
		f.running.Done()
	}
	f.mu.Unlock()
	f.running.Wait()
}
