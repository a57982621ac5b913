//go:build race

package sim_test

// The race detector makes a world several times slower; what it looks for, it finds with fewer.
func init() { schedules = 2_000 }
