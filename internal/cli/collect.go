package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// How much memory is traded for time. What the user has set by GOGC and GOMEMLIMIT is left alone.

// collecting: the first word counts, as a process that serves editors runs programs too.
var collecting sync.Once

// collectLess is for a process that runs one program and ends: garbage is collected when the heap has grown to five times what is in
// use, not twice; beyond 2 GiB, as soon as needed.
func collectLess() { collecting.Do(func() { collect(2 << 30) }) }

// collectForEditors is for a server that stands beside an editor all day: fast while its heap is small, and no larger than it has to be.
func collectForEditors() {
	collecting.Do(func() {
		if collect(serverMemory) {
			(&collection{limit: serverMemory}).watch()
		}
	})
}

// serverMemory is what a server takes without asking whether it needs it.
const serverMemory = 264 << 20

// collect lets the heap grow to five times what is in use, but not beyond a limit as long as that can be avoided. It is false if the user
// has set another limit.
func collect(limit int64) bool {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return false
	}
	debug.SetMemoryLimit(limit)
	return true
}

// collection raises the limit when what is in use comes close to it: the collector would do nothing but collect.
type collection struct{ limit int64 }

// watch looks after each collection: the sentinel that it leaves is found dead by the next one.
func (c *collection) watch() {
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if used := int64(live[0].Value.Uint64()); used > c.limit*7/8 {
			c.limit = used * 3 / 2
			debug.SetMemoryLimit(c.limit)
		}
		c.watch()
	})
}

// sentinel has a pointer in it, so that it is an object by itself.
type sentinel struct{ _ *int }
