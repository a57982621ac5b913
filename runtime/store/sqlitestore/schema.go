package sqlitestore

import (
	"context"
	"errors"
	"fmt"

	codes "modernc.org/sqlite/lib"
)

// The tables. Every row of a head, slot or mark says which version wrote it, so that a process that still runs when a newer one
// has opened the file does not misread what that one writes.

const (
	// application marks the file as ours: "HARK".
	application = 0x4841524b
	// schemaVersion is PRAGMA user_version, recordVersion what rows are marked with. editVersion is that of slots that hold an edit: a
	// version that does not know those must not take one for an answer.
	schemaVersion = 1
	recordVersion = 1
	editVersion   = 2
)

// schema creates an empty store. Values come last in their rows, so that what is looked for is found without reading them.
// They are of type ANY: see encodeData.
var schema = []string{
	`CREATE TABLE head (
	session TEXT NOT NULL, thread TEXT NOT NULL, format INTEGER NOT NULL,
	epoch INTEGER NOT NULL, lease INTEGER NOT NULL, token TEXT NOT NULL, tries INTEGER NOT NULL,
	wait INTEGER NOT NULL, wake INTEGER NOT NULL, targets TEXT NOT NULL, unnamed INTEGER NOT NULL, until INTEGER NOT NULL,
	waiters TEXT NOT NULL, waiting INTEGER NOT NULL, more INTEGER NOT NULL,
	done INTEGER NOT NULL, failed INTEGER NOT NULL, ended INTEGER NOT NULL, outside INTEGER NOT NULL, seen INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	function TEXT NOT NULL, parent TEXT NOT NULL, program TEXT NOT NULL, version TEXT NOT NULL,
	started INTEGER NOT NULL, deadline INTEGER NOT NULL, expires INTEGER NOT NULL,
	spawned INTEGER NOT NULL, due INTEGER NOT NULL, poll INTEGER NOT NULL,
	entry ANY, snap ANY, answer ANY, output ANY,
	PRIMARY KEY (session, thread)) STRICT`,
	`CREATE INDEX head_due ON head (session, due, thread) WHERE due > 0`,
	`CREATE INDEX head_started ON head (session, program) WHERE thread = '0'`,
	`CREATE INDEX head_expires ON head (expires, session) WHERE expires > 0`,
	`CREATE TABLE slot (
	session TEXT NOT NULL, thread TEXT NOT NULL, number INTEGER NOT NULL, format INTEGER NOT NULL,
	epoch INTEGER NOT NULL, kind INTEGER NOT NULL, function TEXT NOT NULL, arguments TEXT NOT NULL,
	failed INTEGER NOT NULL, attempts INTEGER NOT NULL, begun INTEGER NOT NULL, ended INTEGER NOT NULL,
	expires INTEGER NOT NULL, answer ANY, output ANY,
	PRIMARY KEY (session, thread, number)) STRICT, WITHOUT ROWID`,
	`CREATE TABLE mark (
	session TEXT NOT NULL, thread TEXT NOT NULL, number INTEGER NOT NULL, attempt INTEGER NOT NULL, kind INTEGER NOT NULL,
	format INTEGER NOT NULL, epoch INTEGER NOT NULL, expires INTEGER NOT NULL,
	PRIMARY KEY (session, thread, number, attempt, kind)) STRICT, WITHOUT ROWID`,
	`CREATE TABLE waiter (
	session TEXT NOT NULL, thread TEXT NOT NULL, waiter TEXT NOT NULL, wait INTEGER NOT NULL,
	PRIMARY KEY (session, thread, waiter, wait)) STRICT, WITHOUT ROWID`,
	`CREATE TABLE value (session TEXT NOT NULL, digest TEXT NOT NULL, sum INTEGER NOT NULL, bytes BLOB NOT NULL,
	PRIMARY KEY (session, digest)) STRICT`,
	`CREATE TABLE program (hash TEXT NOT NULL PRIMARY KEY, stored INTEGER NOT NULL, sum INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT`,
	fmt.Sprintf("PRAGMA application_id = %d", application),
	fmt.Sprintf("PRAGMA user_version = %d", schemaVersion),
}

// What a file may be that is no store, and must not become one.
var (
	errForeign = errors.New("it is a database of another program")
	errNewer   = errors.New("it was written by a newer version of hark-ls")
)

// prepare opens the file and makes it a store if it is empty.
func (f *file) prepare(ctx context.Context) (*conn, error) {
	c, err := f.connect(ctx)
	if err != nil {
		return nil, err
	}
	err = f.patiently(ctx, func() error { return f.adopt(c) })
	if err == nil {
		err = f.tune(c)
	}
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// reconnect opens the file again. It must be the same one: the log of one file beside another would spoil both.
func (f *file) reconnect(ctx context.Context) (*conn, error) {
	if err := f.there(); err != nil {
		return nil, err
	}
	return f.prepare(ctx)
}

// adopt makes sure that the file is a store of this version. Nothing is changed in a file that is something else.
func (f *file) adopt(c *conn) error {
	empty, err := f.look(c)
	if err != nil {
		return err
	}
	if empty {
		// Before there is a table, or never.
		if err := c.exec("PRAGMA auto_vacuum = INCREMENTAL"); err != nil {
			return err
		}
	}
	mode, err := c.rows("PRAGMA journal_mode = WAL")
	if err != nil {
		return err
	}
	if got := mode[0][0]; got != "wal" {
		return fmt.Errorf("its file system does not let several processes use it: the journal is %v instead of wal", got)
	}
	if !empty {
		return nil
	}
	return create(c)
}

// look inspects the file as it is at one moment: another process may be creating the tables.
func (f *file) look(c *conn) (empty bool, err error) {
	if err := c.exec("BEGIN"); err != nil {
		return false, err
	}
	empty, err = inspect(c)
	return empty, errors.Join(err, c.exec("ROLLBACK"))
}

// inspect says, in a transaction, whether the file is empty; if it is not, it is a store.
func inspect(c *conn) (empty bool, err error) {
	var numbers []int64
	for _, query := range []string{"SELECT count(*) FROM sqlite_schema", "PRAGMA application_id", "PRAGMA user_version"} {
		rows, err := c.rows(query)
		if err != nil {
			return false, err
		}
		numbers = append(numbers, rows[0][0].(int64))
	}
	objects, id, version := numbers[0], numbers[1], numbers[2]
	switch {
	case id == 0 && version == 0 && objects == 0:
		return true, nil
	case id != application:
		return false, errForeign
	case version > schemaVersion:
		return false, fmt.Errorf("%w (its format is %d, this one knows %d)", errNewer, version, schemaVersion)
	}
	return false, nil
}

// create makes the tables, unless another process has.
func create(c *conn) error {
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	empty, err := inspect(c)
	for _, statement := range schema {
		if !empty || err != nil {
			break
		}
		err = c.exec(statement)
	}
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil {
		_ = c.exec("ROLLBACK")
	}
	return err
}

// ofTheFile says whether an error is about the file, so that a connection may have a wrong idea of it.
func ofTheFile(err error) bool {
	switch code(err) {
	case codes.SQLITE_IOERR, codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB, codes.SQLITE_CANTOPEN, codes.SQLITE_READONLY, codes.SQLITE_PROTOCOL:
		return true
	}
	return false
}
