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
func collectLess() {
	collecting.Do(func() {
		if os.Getenv("GOGC") == "" {
			debug.SetGCPercent(most)
		}
		if os.Getenv("GOMEMLIMIT") == "" {
			debug.SetMemoryLimit(2 << 30)
		}
	})
}

// collectForEditors is for a server that stands beside an editor all day: fast while its heap is small, and not much larger than what is in
// use where that is much.
func collectForEditors() {
	collecting.Do(func() {
		if os.Getenv("GOGC") == "" {
			(&collection{}).watch()
		}
	})
}

// A server's heap may grow by headroom before garbage is collected, but at least by least and at most by most percent of what is in use.
const (
	headroom    = 100 << 20
	least, most = 45, 400
)

// collection is how much the heap may grow, in percent.
type collection struct{ percent int }

// watch looks after each collection: the sentinel that it leaves is found dead by the next one.
func (c *collection) watch() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent := most
	if used := int(live[0].Value.Uint64()); used > 0 {
		percent = min(max(headroom*100/used, least), most)
	}
	if percent != c.percent {
		c.percent = percent
		debug.SetGCPercent(percent)
	}
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) { c.watch() })
}

// sentinel has a pointer in it, so that it is an object by itself.
type sentinel struct{ _ *int }
