package sqlitestore_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
)

// What may go wrong with the file: the error names it and says what to do, what was stored stays, and sessions go on when the
// cause is gone.

var now = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

// says asserts that an error names the file and has all that a user needs.
func says(t *testing.T, err error, path string, parts ...string) {
	t.Helper()
	require.Error(t, err)
	for _, part := range append(parts, path) {
		assert.Contains(t, err.Error(), part)
	}
}

// shell runs statements on a file with a connection that knows nothing of stores.
func shell(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	for _, statement := range statements {
		_, err := db.Exec(statement)
		require.NoError(t, err, statement)
	}
	require.NoError(t, db.Close())
}

func thread(session string) engine.ID { return engine.ID{Session: session, Thread: engine.Root} }

func create(t *testing.T, s *sqlitestore.Store, session string) {
	t.Helper()
	put, err := s.Create(t.Context(), engine.Head{ID: thread(session), Function: "main", Entry: text("an entry of some length"), Started: now})
	require.NoError(t, err)
	require.True(t, put)
}

func function(t *testing.T, s *sqlitestore.Store, session string) string {
	t.Helper()
	heads, err := s.Heads(t.Context(), []engine.ID{thread(session)})
	require.NoError(t, err)
	require.NotNil(t, heads[0])
	return heads[0].Function
}

func TestWhatIsNoStoreIsLeftAsItIs(t *testing.T) {
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want []string
	}{
		"a text": {func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("not a database\n"), 500), 0o600))
		}, []string{"not a database", "move it away"}},
		"another program's": {func(t *testing.T, path string) { shell(t, path, "CREATE TABLE t (x)") },
			[]string{"a database of another program", "choose another file"}},
		"a newer version's": {func(t *testing.T, path string) {
			require.NoError(t, open(t, path, sqlitestore.Options{}).Close())
			shell(t, path, "PRAGMA user_version = 7")
		}, []string{"a newer version of hark-ls", "its format is 7, this one knows 1", "update hark-ls"}},
		"a directory": {func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o700)) }, []string{"neither opened nor created"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sessions.db")
			c.make(t, path)
			before, _ := os.ReadFile(path)
			_, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
			says(t, err, path, c.want...)
			after, _ := os.ReadFile(path)
			assert.True(t, bytes.Equal(before, after), "the file was changed")
		})
	}
}

func TestNoDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	path := filepath.Join(file, "sessions.db")
	_, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
	says(t, err, path, "create the directory", "may write there")
	require.NoError(t, os.Remove(file))
	create(t, open(t, path, sqlitestore.Options{}), "s")
}

// A row that was written by a newer version, or is damaged, stops its own session only, and is not touched.
func TestBadRows(t *testing.T) {
	for name, c := range map[string]struct {
		spoil string
		want  []string
	}{
		"newer":            {"UPDATE head SET format = 2", []string{"a newer version of hark-ls", "update hark-ls"}},
		"a changed byte":   {"UPDATE head SET entry = CAST(replace(hex(entry), 'E', 'F') AS BLOB)", []string{"head of bad#0", "entry", "damaged", "restore a copy"}},
		"nothing left":     {"UPDATE head SET entry = x'00'", []string{"head of bad#0", "entry", "damaged"}},
		"no waiters":       {"UPDATE head SET waiters = 'x'", []string{"head of bad#0", "waiters", "damaged"}},
		"too many waiters": {"UPDATE head SET waiting = 3", []string{"head of bad#0", "waiting", "damaged"}},
		"no targets":       {"UPDATE head SET targets = '['", []string{"head of bad#0", "targets", "damaged"}},
		"no boolean":       {"UPDATE head SET more = 2", []string{"head of bad#0", "more", "damaged"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "sessions.db")
			s := open(t, path, sqlitestore.Options{})
			create(t, s, "bad")
			create(t, s, "good")
			shell(t, path, "CREATE TABLE copy AS SELECT * FROM head", c.spoil+" WHERE session = 'bad'")
			_, err := s.Heads(t.Context(), []engine.ID{thread("bad")})
			says(t, err, path, c.want...)
			_, _, err = s.Claim(t.Context(), engine.Claim{ID: thread("bad"), Token: "a", Now: now, Lease: now})
			says(t, err, path, c.want...)
			_, err = s.Preempt(t.Context(), engine.Preempt{ID: thread("bad"), Snap: text("new")})
			if name == "newer" {
				says(t, err, path, c.want...)
			}
			assert.Equal(t, "main", function(t, s, "good"))
			_, claimed, err := s.Claim(t.Context(), engine.Claim{ID: thread("good"), Token: "a", Now: now, Lease: now})
			require.NoError(t, err)
			assert.True(t, claimed)
			shell(t, path, "DELETE FROM head WHERE session = 'bad'", "INSERT INTO head SELECT * FROM copy WHERE session = 'bad'")
			h, claimed, err := s.Claim(t.Context(), engine.Claim{ID: thread("bad"), Token: "a", Now: now, Lease: now})
			require.NoError(t, err)
			assert.True(t, claimed)
			assert.EqualValues(t, 1, h.Epoch, "what failed before changed nothing")
		})
	}
}

func TestDamagedSlot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	create(t, s, "s")
	slot := engine.Slot{ID: thread("s"), Number: 3, Answer: engine.Answer{Value: text("an answer")}}
	_, _, err := s.PutSlot(t.Context(), slot)
	require.NoError(t, err)
	shell(t, path, "UPDATE slot SET answer = x'0001020304050607'")
	_, _, err = s.Slots(t.Context(), thread("s"), 0)
	says(t, err, path, "slot of s#0", "answer", "damaged")
	_, _, err = s.PutSlot(t.Context(), slot)
	says(t, err, path, "slot of s#0", "damaged")
}

func TestDamagedValue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	require.NoError(t, s.PutBlob(t.Context(), engine.Blob{Session: "s", Digest: "abc", Value: []byte("a value")}))
	require.NoError(t, s.PutProgram(t.Context(), "def", []byte("a program")))
	shell(t, path, "UPDATE value SET bytes = x'01'", "UPDATE program SET bytes = x'02'")
	_, err := s.Blob(t.Context(), "s", "abc")
	says(t, err, path, "value abc of s", "damaged", "restore a copy")
	_, err = s.Program(t.Context(), "def")
	says(t, err, path, "program def", "damaged")
}

// Pages that are overwritten are found when they are read; requests that need others go on.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	for i := range 300 {
		create(t, s, fmt.Sprintf("s%03d", i))
	}
	require.NoError(t, s.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	damaged := bytes.Clone(whole)
	for at := 4096 * 2; at < len(damaged); at += 4096 {
		copy(damaged[at:], bytes.Repeat([]byte{0xa5}, 2000))
	}
	require.NoError(t, os.WriteFile(path, damaged, 0o600))
	s = open(t, path, sqlitestore.Options{})
	_, err = s.Sessions(t.Context(), "", 1000)
	says(t, err, path, "the file is damaged", "restore a copy")
	_, err = s.Create(t.Context(), engine.Head{ID: thread("new")})
	says(t, err, path, "the file is damaged", "restore a copy")
	assert.Error(t, s.Check(t.Context()))
	require.NoError(t, s.Close())
	require.NoError(t, os.WriteFile(path, whole, 0o600))
	s = open(t, path, sqlitestore.Options{})
	require.NoError(t, s.Check(t.Context()))
	assert.Equal(t, "main", function(t, s, "s123"))
}

// Who waits too long for another process says so, can be told to stop waiting, and goes on when it is gone.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{Wait: 50 * time.Millisecond})
	patient := open(t, path, sqlitestore.Options{})
	create(t, s, "s")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	holder, err := db.Conn(t.Context())
	require.NoError(t, err)
	_, err = holder.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	_, err = s.Create(t.Context(), engine.Head{ID: thread("s2")})
	says(t, err, path, "another process has been writing", "resume the session")
	assert.Equal(t, "main", function(t, s, "s"), "who reads waits for nobody")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = patient.Create(ctx, engine.Head{ID: thread("s2")})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = holder.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	create(t, s, "s2")
	require.NoError(t, holder.Close())
	require.NoError(t, db.Close())
}

func TestClosed(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sessions.db"), sqlitestore.Options{})
	create(t, s, "s")
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := s.Create(t.Context(), engine.Head{ID: thread("s2")})
	require.ErrorContains(t, err, "the store is closed")
	_, err = s.Heads(t.Context(), []engine.ID{thread("s")})
	require.ErrorContains(t, err, "the store is closed")
}

// What is written to a file that was removed would be lost without a word. When it is back it is gone on with.
func TestRemoved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	create(t, s, "s")
	require.NoError(t, os.Rename(path, path+".away"))
	var err error
	require.Eventually(t, func() bool {
		_, err = s.Create(t.Context(), engine.Head{ID: thread("t")})
		return err != nil
	}, 20*time.Second, 10*time.Millisecond)
	says(t, err, path, "removed or replaced", "put it back")
	require.NoError(t, os.Rename(path+".away", path))
	_, err = s.Create(t.Context(), engine.Head{ID: thread("t")})
	says(t, err, path, "removed or replaced")
	_, err = s.Create(t.Context(), engine.Head{ID: thread("u")})
	require.NoError(t, err)
	assert.Equal(t, "main", function(t, s, "s"))
}

// hoard keeps more than the disk has room for in threads that have ended.
const hoard = `
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn keep(i) { grow("0123456789abcdef", 13) + str(i) }
fn main(n) { print("begun"); length(await map_async(keep, range(n))) }`

// On a full disk a session stops, with what it has; it goes on when there is room.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{MaxBytes: 1 << 20})
	session := stopsOnFullDisk(t, s, path)
	require.NoError(t, s.Close())
	goesOn(t, open(t, path, sqlitestore.Options{}), session)
}

const hoarded = 40

func stopsOnFullDisk(t *testing.T, s *sqlitestore.Store, path string) (session string) {
	t.Helper()
	e := engine.New(engine.Config{Store: s, Executor: local.New(), Private: true, Owner: "first"})
	session, err := e.Start(t.Context(), engine.Session{Program: compiled.Program(t, hoard), Function: "main", Args: []vm.Value{vm.Int(hoarded)}})
	require.NoError(t, err)
	_, err = e.Wait(t.Context(), session)
	says(t, err, path, "the disk is full", "resume the session: what was stored is still there")
	require.NoError(t, e.Close())
	return session
}

func goesOn(t *testing.T, s *sqlitestore.Store, session string) {
	t.Helper()
	e := engine.New(engine.Config{Store: s, Executor: local.New(), Private: true, Owner: "second", Gone: func(string) bool { return true }})
	require.NoError(t, e.Resume(t.Context(), session))
	result, err := e.Wait(t.Context(), session)
	require.NoError(t, err)
	assert.Nil(t, result.Err)
	assert.Equal(t, fmt.Sprint(hoarded), vm.Show(result.Value))
	lines, err := e.Lines(t.Context(), engine.ID{Session: session, Thread: engine.Root})
	require.NoError(t, err)
	assert.Len(t, lines, 1)
	require.NoError(t, e.Close())
}

// A value that a record names and that is not there stops the session, and names it; when it is back the session goes on.
func TestMissingValue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	program := compiled.Program(t, `
fn grow(s, n) { if n == 0 { s } else { grow(s + s, n - 1) } }
fn main() { length(await async grow("0123456789abcdef", 13)) }`)
	holds := func(err error) { require.NoError(t, err) }
	shell(t, path, "CREATE TABLE away AS SELECT * FROM value", `CREATE TRIGGER steal AFTER INSERT ON value BEGIN
		INSERT INTO away SELECT * FROM value; DELETE FROM value; END`)
	e := engine.New(engine.Config{Store: s, Executor: local.New(), Private: true, Owner: "first"})
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	holds(err)
	_, err = e.Wait(t.Context(), session)
	require.ErrorIs(t, err, engine.ErrNotFound)
	assert.ErrorContains(t, err, "value ")
	assert.ErrorContains(t, err, session)
	holds(e.Close())
	shell(t, path, "DROP TRIGGER steal", "INSERT INTO value SELECT * FROM away")
	e = engine.New(engine.Config{Store: s, Executor: local.New(), Private: true, Owner: "second", Gone: func(string) bool { return true }})
	holds(e.Resume(t.Context(), session))
	result, err := e.Wait(t.Context(), session)
	holds(err)
	assert.Equal(t, "131072", vm.Show(result.Value))
	holds(e.Close())
}
