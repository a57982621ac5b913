package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Processes have names, by which others on the same computer find out whether they are still there: the computer (in a
// container, what it takes for one), the process's number, and when it started, as numbers are used again.

// processName is the name of this process.
func processName() string {
	return fmt.Sprintf("%s/%d/%s", computer(), os.Getpid(), startOf(os.Getpid()))
}

// hasEnded says whether the process of a name has surely ended. Of those on other computers nothing is known.
func hasEnded(name string) bool {
	parts := strings.Split(name, "/")
	if len(parts) != 3 || parts[0] != computer() {
		return false
	}
	pid, err := strconv.Atoi(parts[1])
	if err != nil {
		return false
	}
	return !isThere(pid) || startOf(pid) != parts[2]
}

func computer() string {
	name, err := os.Hostname()
	if err != nil {
		name = "unknown"
	}
	return strings.ReplaceAll(name, "/", "-") + namespace()
}
