//go:build unix && !linux

package ffi

import (
	"os"
	"syscall"
)

// dieWithParent does nothing here: an idle worker ends with the pipe of requests, a busy one by the guard.
func dieWithParent(*syscall.SysProcAttr) {}

// awaitExit leaves the waiting to others: only Linux can do it and keep the number.
func awaitExit(*os.Process) bool { return false }

func widen(*os.File) {}
