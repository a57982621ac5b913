package ffi

import (
	"os"
	"syscall"
)

// dieWithParent has the kernel kill the worker when the thread that starts it ends: see Pool.starter.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGKILL }

const (
	byPID   = 1          // P_PID
	onExit  = 4          // WEXITED
	keepIt  = 0x01000000 // WNOWAIT
	setSize = 1031       // F_SETPIPE_SZ
	// pipeSize is what a pipe holds: a large value then crosses in few steps.
	pipeSize = 256 << 10
)

// awaitExit waits until the process has ended and leaves it a zombie, so that its number and its group's stay its
// own: true if it is one.
func awaitExit(p *os.Process) bool {
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(p.Pid), 0, onExit|keepIt, 0, 0)
		if errno != syscall.EINTR {
			return errno == 0
		}
	}
}

// widen enlarges a pipe, if the system lets us.
func widen(f *os.File) {
	if raw, err := f.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, setSize, pipeSize) })
	}
}
