package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	codes "modernc.org/sqlite/lib"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Error is what is wrong with the file, and what to do about it. Nothing of what was stored before is lost by it.
type Error struct {
	// Path is the file, Doing what was being done.
	Path, Doing string
	// Reason says what is wrong, Advice what to do next.
	Reason, Advice string
	// Err is what SQLite, or the operating system, says.
	Err error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s in the session store %s: %s (%v); %s", e.Doing, e.Path, e.Reason, e.Err, e.Advice)
}

func (e *Error) Unwrap() error { return e.Err }

// errGone is a file that was removed while it was in use.
var errGone = errors.New("it is not there any more")

const (
	mayWrite  = "see that this user may write there, or choose another directory"
	setAside  = "move it away, together with the files of the same name that end in -wal and -shm, or restore a copy of them; a new store is begun then"
	whenSpace = "free some space and resume the session: what was stored is still there"
)

// troubles are SQLite's result codes.
var troubles = map[int]struct{ reason, advice string }{
	codes.SQLITE_FULL:     {"the disk is full", whenSpace},
	codes.SQLITE_IOERR:    {"the disk cannot be read or written, or the disk is full", "see that the disk is there, in order, and has space, then resume the session: what was stored is still there"},
	codes.SQLITE_READONLY: {"the file or its directory may not be written", "allow this user to write both, or choose another directory"},
	codes.SQLITE_PERM:     {"the file may not be used", "allow this user to read and write it"},
	codes.SQLITE_CANTOPEN: {"the file can be neither opened nor created", "see that its directory is there and that this user may write in it"},
	codes.SQLITE_CORRUPT:  {"the file is damaged", setAside},
	codes.SQLITE_NOTADB:   {"the file is not a database", setAside},
	codes.SQLITE_BUSY:     {"another process has been writing for a long time", "see which one (fuser, lsof) and let it end, then resume the session"},
	codes.SQLITE_LOCKED:   {"another process has been writing for a long time", "see which one (fuser, lsof) and let it end, then resume the session"},
	codes.SQLITE_PROTOCOL: {"the file system does not lock files as it should", "keep the store on a local disk"},
	codes.SQLITE_TOOBIG:   {"the value is too large for a row", "pass less from thread to thread"},
	codes.SQLITE_NOMEM:    {"there is not enough memory", "give the process more memory, then resume the session"},
}

// explain says what an error is about. Those that are part of the port are left alone.
func (f *file) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Path: f.path, Doing: doing, Err: err}
	trouble, known := troubles[code(err)]
	switch {
	case errors.Is(err, errForeign), errors.Is(err, errNewer):
		e.Reason, e.Advice = "it was left as it is", "update hark-ls if it wrote the file, or choose another file"
	case errors.Is(err, errFuture):
		e.Reason, e.Advice = "it was left as it is", "update hark-ls"
	case errors.Is(err, errDamaged):
		e.Reason, e.Advice = "its session cannot go on", "restore a copy of the file, or start the session again; other sessions go on"
	case errors.Is(err, errGone):
		e.Reason, e.Advice = "the file was removed or replaced while it was in use", "put it back, or start the sessions again"
	case known:
		e.Reason, e.Advice = trouble.reason, trouble.advice
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, engine.ErrNotFound):
		return fmt.Errorf("%s: %w", doing, err)
	default:
		return fmt.Errorf("%s in the session store %s: %w", doing, f.path, err)
	}
	return e
}
