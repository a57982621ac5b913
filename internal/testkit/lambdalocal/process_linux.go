package lambdalocal

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"syscall"
)

// start starts processes on a thread of its own, with which they die (Pdeathsig goes by threads): it ends with the service, and
// with this process.
func start(jobs chan func()) {
	runtime.LockOSThread() // never unlocked: the thread ends with this function
	for job := range jobs {
		job()
	}
}

// streamVariable is the variable that the processes of an environment are known by.
const streamVariable = "AWS_LAMBDA_LOG_STREAM_NAME"

// processes are those that have inherited the variable, from the first one on. One that is a zombie has none any more.
func processes(stream string, first int) []int {
	mark := []byte(streamVariable + "=" + stream + "\x00")
	if lastPID() < first {
		first = 0 // the numbers have begun anew
	}
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1)
	var all []int
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid < first {
			continue
		}
		variables, err := os.ReadFile("/proc/" + name + "/environ")
		if err == nil && bytes.Contains(append(variables, 0), mark) {
			all = append(all, pid)
		}
	}
	return all
}

// standsStill says whether a process is stopped.
func standsStill(pid int) bool {
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, after, found := bytes.Cut(text, []byte(") ")) // behind the name
	return !found || bytes.HasPrefix(after, []byte("T"))
}

// lastPID is the number of the process that was started last.
func lastPID() int {
	text, _ := os.ReadFile("/proc/loadavg")
	fields := bytes.Fields(text)
	if len(fields) == 0 {
		return 0
	}
	last, _ := strconv.Atoi(string(fields[len(fields)-1]))
	return last
}

// signalAll sends a signal to all processes of an environment, also those that come up meanwhile.
func signalAll(stream string, first int, signal syscall.Signal) {
	told := map[int]bool{}
	for news := true; news; {
		news = false
		for _, pid := range processes(stream, first) {
			if !told[pid] {
				told[pid], news = true, true
				_ = syscall.Kill(pid, signal)
			}
		}
	}
}

// killAll ends all processes of an environment. They are stopped first, so that none starts another one.
func killAll(stream string, first int) {
	signalAll(stream, first, syscall.SIGSTOP)
	signalAll(stream, first, syscall.SIGKILL)
}
