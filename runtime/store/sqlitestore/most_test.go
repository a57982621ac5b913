//go:build !race

package sqlitestore_test

// most is how many threads a session has in TestManyThreads.
const (
	most    = 10_000
	mostSum = "333283335000"
)
