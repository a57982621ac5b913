package ffi

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
)

// starter starts processes on a thread of its own. On Linux a worker dies when the thread that started it does (Pdeathsig means
// threads, not processes), and Go ends threads as it likes; this one lives as long as the pool.
type starter struct {
	once  sync.Once
	jobs  chan func()
	guard guard
}

func (s *starter) start(cmd *exec.Cmd) error {
	s.once.Do(func() {
		s.jobs = make(chan func())
		go s.run()
	})
	done := make(chan error, 1)
	s.jobs <- func() { done <- cmd.Start() }
	err := <-done
	if err == nil {
		s.guard.add(cmd.Process.Pid)
	}
	return err
}

// ended is for a process that has been waited for.
func (s *starter) ended(p *os.Process) { s.guard.remove(p.Pid) }

func (s *starter) run() {
	runtime.LockOSThread() // never unlocked: the thread ends with this function
	for job := range s.jobs {
		job()
	}
}

// stop ends the thread, and with it what still lives of what it started.
func (s *starter) stop() {
	s.once.Do(func() {})
	if s.jobs != nil {
		close(s.jobs)
	}
	s.guard.stop()
}
