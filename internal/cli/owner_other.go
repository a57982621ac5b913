//go:build !linux

package cli

import (
	"errors"
	"os"
	"syscall"
)

func namespace() string { return "" }

// isThere says whether there is a process of that number, as far as that can be known.
func isThere(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// startOf is not known here: a number that is used again is taken for the process that had it before.
func startOf(int) string { return "" }
