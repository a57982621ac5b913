package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// namespace tells apart computers of the same name that number their processes by themselves, as containers do.
func namespace() string {
	link, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	return "." + strings.Trim(strings.TrimPrefix(link, "pid:"), "[]")
}

// isThere says whether there is a process of that number.
func isThere(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// startOf is when a process started, in ticks since the computer did; "" if that cannot be known. One that has ended but has not
// been waited for has not started any more.
func startOf(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// The name, which may contain anything, is in parentheses; the start is the 22nd field, the state the third.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return ""
	}
	return fields[19]
}
