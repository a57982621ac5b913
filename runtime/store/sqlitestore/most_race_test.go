//go:build race

package sqlitestore_test

// With the race detector it takes ten times as long.
const (
	most    = 2_000
	mostSum = "2664667000"
)
