package engine

import "time"

// shortSleep is the longest sleep in the process; during a longer one nobody holds the thread.
const shortSleep = time.Second

// sleep waits for the time that the program asked for, never less.
func (r *run) sleep(s float64) error {
	wait := r.rest
	if seconds(s) > shortSleep {
		wait = r.parkFor
	}
	if err := wait(seconds(s)); err != nil {
		return err
	}
	r.deliver(r.m.SleepValue(), nil)
	return nil
}

// rest waits in the process.
func (r *run) rest(d time.Duration) error {
	if left, ends := r.left(); ends && left < d {
		if err := r.cede(); err != nil {
			return err
		}
	}
	if err := r.flush(); err != nil {
		return err
	}
	var err error
	r.e.Executor.Outside(func() { err = r.e.Clock.Sleep(r.ctx, d) })
	return err
}

// parkFor gives the thread up for a time, and returns in the run that goes on after it.
func (r *run) parkFor(d time.Duration) error {
	if r.wait.until.IsZero() {
		r.wait.begun, r.wait.until = true, r.e.Clock.Now().Add(d)
	}
	for r.e.Clock.Now().Before(r.wait.until) {
		r.number++
		if err := r.park(nil, r.wait.until); err != nil {
			return err
		}
	}
	return nil
}
