//go:build unix

package ffi

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// inherit passes the worker its ends of the protocol's pipes, as descriptors 3 and 4, and returns how worker_boot.py is told of them.
func inherit(cmd *exec.Cmd, requests, replies *os.File) []string {
	cmd.ExtraFiles = []*os.File{requests, replies}
	return []string{"3", "4"}
}

// isolate puts the worker into a process group of its own: a Ctrl-C in the terminal is for us alone, and a kill reaches what
// the worker started.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(cmd.SysProcAttr)
}

// killGroup ends the worker and all processes it has started. It is called only as long as the worker has not been waited for, so that the
// number is its own.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// describeExit says in words how a process ended.
func describeExit(state *os.ProcessState) string {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return "was killed by signal " + strconv.Itoa(int(status.Signal())) + " (" + status.Signal().String() + ")"
	}
	return "exited with status " + strconv.Itoa(state.ExitCode())
}
