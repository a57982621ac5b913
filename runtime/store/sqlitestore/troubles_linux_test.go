package sqlitestore_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
)

const nobody = 65534

// asNobody does something without the rights of the superuser, which tests may be run by and to whom nothing is forbidden.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() == 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.NoError(t, syscall.Setfsuid(nobody))
		defer func() { require.NoError(t, syscall.Setfsuid(0)) }()
	}
	do()
}

// reachable is a directory that everybody can get to.
func reachable(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; filepath.Dir(d) != filepath.Clean(os.TempDir()) && d != "/"; d = filepath.Dir(d) {
		require.NoError(t, os.Chmod(filepath.Dir(d), 0o755))
	}
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

func TestReadOnlyDirectory(t *testing.T) {
	dir := reachable(t)
	path := filepath.Join(dir, "sessions.db")
	require.NoError(t, os.Chmod(dir, 0o555))
	asNobody(t, func() {
		_, err := sqlitestore.Open(t.Context(), path, sqlitestore.Options{})
		says(t, err, path, "neither opened nor created", "this user may write in it")
		_, err = sqlitestore.Open(t.Context(), filepath.Join(dir, "more", "sessions.db"), sqlitestore.Options{})
		says(t, err, dir, "create the directory", "permission denied", "may write there")
	})
	require.NoError(t, os.Chmod(dir, 0o777))
	asNobody(t, func() { create(t, open(t, path, sqlitestore.Options{}), "s") })
}

func TestReadOnlyFile(t *testing.T) {
	dir := reachable(t)
	path := filepath.Join(dir, "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	create(t, s, "s")
	require.NoError(t, s.Close())
	require.NoError(t, os.Chmod(path, 0o444))
	require.NoError(t, os.Chmod(dir, 0o777))
	asNobody(t, func() {
		s = open(t, path, sqlitestore.Options{})
		assert.Equal(t, "main", function(t, s, "s"), "one can look at it")
		_, err := s.Create(t.Context(), engine.Head{ID: thread("new")})
		says(t, err, path, "may not be written", "allow this user to write")
	})
	for _, suffix := range []string{"", "-wal", "-shm"} { // which are created with the permissions of the file
		require.NoError(t, os.Chmod(path+suffix, 0o666))
	}
	asNobody(t, func() { create(t, s, "new") })
}

// TestNoSpaceLeft is TestFullDisk on a disk that is full, where one can be made.
func TestNoSpaceLeft(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		require.ErrorIs(t, err, syscall.EPERM, "only the superuser mounts; TestFullDisk is for others")
		return
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, 0)) })
	path := filepath.Join(dir, "sessions.db")
	s := open(t, path, sqlitestore.Options{})
	session := stopsOnFullDisk(t, s, path)
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	goesOn(t, s, session) // the same store
	require.NoError(t, s.Close())
}
