//go:build unix

package ffi

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// A guard is a small shell process that outlives us, however we die, and then ends what workers have started: the kernel
// kills the workers themselves (on Linux), but not their children. It is told the process groups of living workers on
// its standard input, and acts when that ends. It has a session of its own, so that no key pressed in a terminal ends it.
type guard struct {
	mu  sync.Mutex
	cmd *exec.Cmd // nil until the first worker, and if there is no shell
	to  *os.File
}

const guardText = `
groups=
while read -r op group; do
	case $op in
	+) groups="$groups $group" ;;
	-) left=
	   for g in $groups; do [ "$g" = "$group" ] || left="$left $g"; done
	   groups=$left ;;
	esac
done
for g in $groups; do kill -s KILL -- "-$g"; done
`

// add has the guard look after a worker.
func (g *guard) add(pid int) { g.tell("+", pid) }

// remove is for a worker that has ended: its number may soon be another's.
func (g *guard) remove(pid int) { g.tell("-", pid) }

func (g *guard) tell(op string, pid int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.to == nil && op == "+" {
		g.start()
	}
	if g.to != nil {
		_, _ = fmt.Fprintln(g.to, op, pid) // without a guard there is no more to do
	}
}

func (g *guard) start() {
	in, to, err := os.Pipe()
	if err != nil {
		return
	}
	defer func() { _ = in.Close() }()
	cmd := exec.Command("/bin/sh", "-c", guardText)
	cmd.Dir, cmd.Stdin = "/", in
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		_ = to.Close()
		return
	}
	g.cmd, g.to = cmd, to
}

// stop ends the guard, when no worker is left.
func (g *guard) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.to != nil {
		_ = g.to.Close()
		_ = g.cmd.Wait()
		g.to = nil
	}
}
