package sqlitestore

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// What the file looks like from outside: its log, its size, its version, and who may read it.

// frames is how much has been written to the log and not yet to the file: 0 after a checkpoint.
func frames(t *testing.T, s *Store) (left int64) {
	t.Helper()
	require.NoError(t, s.read(t.Context(), "look", func(c *conn) error {
		rows, err := c.rows("PRAGMA wal_checkpoint(NOOP)")
		if err != nil {
			return err
		}
		left = rows[0][1].(int64) - rows[0][2].(int64)
		return nil
	}))
	return left
}

func root(session string) engine.ID { return engine.ID{Session: session, Thread: engine.Root} }

// What was committed is on the disk soon, without anybody waiting for it.
func TestCommitsAreFlushed(t *testing.T) {
	s := open(t, Options{})
	_, err := s.Create(t.Context(), engine.Head{ID: root("s")})
	require.NoError(t, err)
	assert.Positive(t, frames(t, s))
	assert.Eventually(t, func() bool { return frames(t, s) == 0 }, 20*soon, soon/20)
	_, err = s.Create(t.Context(), engine.Head{ID: root("t")})
	require.NoError(t, err)
	assert.Eventually(t, func() bool { return frames(t, s) == 0 }, 20*soon, soon/20, "again")
}

// A mark is on the disk when it is answered, and so is what was committed before; what comes after it waits for nothing again.
func TestMarksAreDurable(t *testing.T) {
	s := open(t, Options{})
	level := func() int64 {
		rows, err := s.writer.conn.rows("PRAGMA synchronous")
		require.NoError(t, err)
		return rows[0][0].(int64)
	}
	const normal, full = 1, 2
	_, err := s.Create(t.Context(), engine.Head{ID: root("s")})
	require.NoError(t, err)
	assert.EqualValues(t, normal, level())
	_, mine, err := s.PutMark(t.Context(), engine.Mark{ID: root("s"), Number: 1, Kind: engine.MarkBegun})
	require.NoError(t, err)
	assert.True(t, mine)
	assert.EqualValues(t, full, level())
	require.NoError(t, s.See(t.Context(), root("s")))
	assert.EqualValues(t, normal, level())
}

// Requests that come together are done together, durable or not.
func TestTogether(t *testing.T) {
	for _, o := range []Options{{}, {Sync: SyncAlways}} {
		s := open(t, o)
		_, err := s.Create(t.Context(), engine.Head{ID: root("s")})
		require.NoError(t, err)
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				switch i % 4 {
				case 0:
					_, mine, err := s.PutMark(t.Context(), engine.Mark{ID: root("s"), Number: uint64(i), Kind: engine.MarkBegun})
					assert.True(t, mine && err == nil)
				case 1:
					_, err := s.Version(t.Context())
					assert.NoError(t, err)
				case 2:
					ctx, cancel := context.WithCancel(t.Context())
					go cancel()
					_, err := s.Create(ctx, engine.Head{ID: root(fmt.Sprint("c", i))})
					assert.True(t, err == nil || ctx.Err() != nil, "%v", err)
				default:
					_, mine, err := s.PutSlot(t.Context(), engine.Slot{ID: root("s"), Number: uint64(i)})
					assert.True(t, mine && err == nil)
				}
			})
		}
		all.Wait()
		slots, marks, err := s.Slots(t.Context(), root("s"), 0)
		require.NoError(t, err)
		assert.Len(t, slots, 50)
		assert.Len(t, marks, 50)
	}
}

// A request that cannot be done takes no others along that are committed with it.
func TestOneFailsAlone(t *testing.T) {
	s := open(t, Options{})
	_, err := s.Create(t.Context(), engine.Head{ID: root("s")})
	require.NoError(t, err)
	holding, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		assert.NoError(t, s.write(t.Context(), "hold", func(*conn) error {
			close(holding)
			<-release
			return nil
		}))
	})
	<-holding
	for i := range 20 {
		all.Go(func() {
			err := s.write(t.Context(), "insert", func(c *conn) error {
				if i == 7 {
					return c.exec("INSERT INTO head (session) VALUES (1)")
				}
				return c.exec(putWaiter, "s", "0", fmt.Sprint(i), int64(1))
			})
			assert.Equal(t, i == 7, err != nil, "%d: %v", i, err)
		})
	}
	require.Eventually(t, func() bool {
		s.writer.mu.Lock()
		defer s.writer.mu.Unlock()
		return len(s.writer.queue) == 20
	}, 10*time.Second, time.Millisecond)
	close(release)
	all.Wait()
	waiters, err := s.Waiters(t.Context(), root("s"))
	require.NoError(t, err)
	assert.Len(t, waiters, 19)
}

// The version changes with what others write, and not with what is written here.
func TestVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	mine, other := openAt(t, path, Options{}), openAt(t, path, Options{})
	version := func() int64 {
		v, err := mine.Version(t.Context())
		require.NoError(t, err)
		return v
	}
	first := version()
	_, err := mine.Create(t.Context(), engine.Head{ID: root("a")})
	require.NoError(t, err)
	assert.Equal(t, first, version())
	_, err = other.Create(t.Context(), engine.Head{ID: root("b")})
	require.NoError(t, err)
	second := version()
	assert.NotEqual(t, first, second)
	assert.Equal(t, second, version())
}

// What is deleted gives its space back to the disk; a program goes when no session has run it for a day.
func TestDeletedSpace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sessions.db")
	s := openAt(t, path, Options{})
	for _, session := range []string{"s", "t"} {
		require.NoError(t, s.PutProgram(t.Context(), "p"+session, []byte("program")))
		_, err := s.Create(t.Context(), engine.Head{ID: root(session), Program: "p" + session})
		require.NoError(t, err)
	}
	require.NoError(t, s.PutProgram(t.Context(), "fresh", []byte("program")))
	require.NoError(t, s.write(t.Context(), "age", func(c *conn) error { return c.exec("UPDATE program SET stored = 0 WHERE hash != 'fresh'") }))
	for i := range 8 {
		b := engine.Blob{Session: "s", Digest: fmt.Sprint(i), Value: bytes.Repeat([]byte{byte(i)}, 1<<20)}
		require.NoError(t, s.PutBlob(t.Context(), b))
	}
	require.NoError(t, s.Close())
	before := size(t, path)
	s = openAt(t, path, Options{})
	require.NoError(t, s.Delete(t.Context(), "s"))
	for program, stays := range map[string]bool{"ps": false, "pt": true, "fresh": true} {
		_, err := s.Program(t.Context(), program)
		assert.Equal(t, stays, err == nil, program)
	}
	require.NoError(t, s.Close())
	assert.Less(t, size(t, path), before-8<<20+1<<16)
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// What sessions hold is nobody else's.
func TestPermissions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	openAt(t, filepath.Join(dir, "sessions.db"), Options{})
	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o077)
}

// A path with characters that mean something in a URL is a path.
func TestOddPaths(t *testing.T) {
	for _, name := range []string{"a b.db", "a?mode=ro", "a#b", "a%41", "a&b=c", "ä", "a'b"} {
		path := filepath.Join(t.TempDir(), name)
		s := openAt(t, path, Options{})
		_, err := s.Create(t.Context(), engine.Head{ID: root("s")})
		require.NoError(t, err)
		assert.FileExists(t, path)
	}
}
