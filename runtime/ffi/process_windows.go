package ffi

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// inherit passes the worker its ends of the protocol's pipes as handles.
func inherit(cmd *exec.Cmd, requests, replies *os.File) []string {
	var numbers []string
	for _, f := range []*os.File{requests, replies} {
		handle := syscall.Handle(f.Fd())
		_ = syscall.SetHandleInformation(handle, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT)
		cmd.SysProcAttr.AdditionalInheritedHandles = append(cmd.SysProcAttr.AdditionalInheritedHandles, handle)
		numbers = append(numbers, strconv.Itoa(int(handle)))
	}
	return numbers
}

func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// killGroup ends the worker; what it has started goes on.
func killGroup(p *os.Process) { _ = p.Kill() }

func describeExit(state *os.ProcessState) string {
	return "exited with status " + strconv.Itoa(state.ExitCode())
}

// awaitExit leaves the waiting to others: only Linux can do it and keep the number.
func awaitExit(*os.Process) bool { return false }

func widen(*os.File) {}
