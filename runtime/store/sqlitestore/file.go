package sqlitestore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// Connections to the file, and patience with other processes that hold it.

// file is where the store is, and how it is opened.
type file struct {
	path    string
	options Options
	// identity is what Stat says of the file that was opened.
	identity os.FileInfo
}

// there makes sure that the file which is open is the one that the path names: what is written to a file that was removed
// is lost.
func (f *file) there() error {
	info, err := os.Stat(f.path)
	if err == nil && !os.SameFile(info, f.identity) {
		err = errors.New("there is another file of this name")
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	return nil
}

// conn is a connection, used by one goroutine at a time, with the statements that it has prepared.
type conn struct {
	driver.Conn
	statements map[string]driver.StmtQueryContext
}

// connect opens the file. It creates an empty one if there is none, but only the first time.
func (f *file) connect(ctx context.Context) (*conn, error) {
	path := filepath.ToSlash(f.path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive's letter
	}
	name := url.URL{Scheme: "file", Path: path}
	if f.identity != nil {
		name.RawQuery = "mode=rw"
	}
	connector, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	c, err := connector.Connect(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	wrapped := &conn{Conn: c, statements: map[string]driver.StmtQueryContext{}}
	// SQLite waits a little for a lock itself; the rest is done by patiently, which can be cancelled.
	if err := wrapped.exec("PRAGMA busy_timeout = 25"); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return wrapped, nil
}

// tune sets what a connection has to be told each time.
func (f *file) tune(c *conn) error {
	pragmas := []string{
		"PRAGMA synchronous = " + f.level(false),
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", 4000),
		fmt.Sprintf("PRAGMA journal_size_limit = %d", 64<<20),
		"PRAGMA temp_store = MEMORY",
	}
	for _, pragma := range pragmas {
		if err := c.exec(pragma); err != nil {
			return err
		}
	}
	if f.options.MaxBytes == 0 {
		return nil
	}
	rows, err := c.rows("PRAGMA page_size")
	if err != nil {
		return err
	}
	return c.exec(fmt.Sprintf("PRAGMA max_page_count = %d", max(1, f.options.MaxBytes/rows[0][0].(int64))))
}

// level is PRAGMA synchronous of a commit.
func (f *file) level(atOnce bool) string {
	if atOnce || f.options.Sync == SyncAlways {
		return "FULL"
	}
	return "NORMAL"
}

// rows runs a statement to its end.
func (c *conn) rows(query string, args ...any) (all [][]driver.Value, err error) {
	err = c.each(query, args, func(row []driver.Value) error {
		all = append(all, append([]driver.Value(nil), row...))
		return nil
	})
	return all, err
}

func (c *conn) exec(query string, args ...any) error {
	return c.each(query, args, func([]driver.Value) error { return nil })
}

// each runs a statement to its end, also if it wants to hear no more: a change counts when its statement has ended.
func (c *conn) each(query string, args []any, visit func(row []driver.Value) error) error {
	statement, kept, err := c.statement(query)
	if err != nil {
		return err
	}
	if !kept {
		defer func() { _ = statement.(driver.Stmt).Close() }()
	}
	named := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	rows, err := statement.QueryContext(context.Background(), named)
	if err != nil {
		return err
	}
	row := make([]driver.Value, len(rows.Columns()))
	var refused error
	for {
		err := rows.Next(row)
		if isEOF(err) {
			break
		}
		if err != nil {
			return errors.Join(err, rows.Close())
		}
		if refused == nil {
			refused = visit(row)
		}
	}
	return errors.Join(refused, rows.Close())
}

// statement prepares a statement; one that may occur again is kept.
func (c *conn) statement(query string) (s driver.StmtQueryContext, kept bool, err error) {
	if s := c.statements[query]; s != nil {
		return s, true, nil
	}
	prepared, err := c.Prepare(query)
	if err != nil {
		return nil, false, err
	}
	s = prepared.(driver.StmtQueryContext)
	kept = !strings.HasPrefix(query, "PRAGMA") && !strings.HasPrefix(query, "CREATE")
	if kept {
		c.statements[query] = s
	}
	return s, kept, nil
}

func (c *conn) close() error {
	var err error
	for _, s := range c.statements {
		err = errors.Join(err, s.(driver.Stmt).Close())
	}
	return errors.Join(err, c.Close())
}

// code is SQLite's result code of an error, without its extension; 0 if the error is not SQLite's.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func busy(err error) bool {
	return code(err) == codes.SQLITE_BUSY || code(err) == codes.SQLITE_LOCKED
}

// patiently repeats what fails because another process holds the file.
func (f *file) patiently(ctx context.Context, do func() error) error {
	var begun time.Time
	for {
		err := do()
		if err == nil || !busy(err) {
			return err
		}
		if begun.IsZero() {
			begun = time.Now()
		}
		if time.Since(begun) > f.options.Wait {
			return err
		}
		// Those who wait must not all come back at the same time.
		timer := time.NewTimer(time.Millisecond + rand.N(4*time.Millisecond))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}
