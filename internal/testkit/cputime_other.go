//go:build !unix

package testkit

import (
	"testing"
	"time"
)

var started = time.Now()

// CPUTime is the time since the process started, where the system does not tell how much of it was computing.
func CPUTime(testing.TB) time.Duration { return time.Since(started) }
