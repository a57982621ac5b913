package lambdalocal

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// initTime is how long a process may take until it asks for its first event.
const initTime = 10 * time.Second

// environment is where the invocations of a function happen, one at a time. Its process is started for the first one, and again
// when it has ended; the folder for temporary files stays.
type environment struct {
	l      *Lambda
	f      *Function
	number int
	stream string
	dir    string
	api    string // address of its Runtime API

	ended    sync.WaitGroup // of processes
	process  *os.Process    // nil if there is none
	started  int            // processes so far
	first    int            // number of the first
	next     chan *delivery // of a process that has asked for an event
	current  *delivery
	answer   *outcome // of current, if there is one already
	given    bool     // current has been delivered
	cold     bool     // the process has not had an event yet
	deadline *time.Timer
}

// newEnvironment is one without a process. l.mu is held.
func (l *Lambda) newEnvironment(f *Function) (*environment, error) {
	e := &environment{l: l, f: f, number: len(l.environments) + 1}
	e.dir = filepath.Join(l.dir, strconv.Itoa(e.number))
	e.stream = "2026/01/01/[" + f.Version + "]" + strings.NewReplacer("/", "-").Replace(e.dir)
	if err := os.MkdirAll(filepath.Join(e.dir, "tmp"), 0o700); err != nil {
		return nil, err
	}
	var err error
	if e.api, err = l.serve(e.runtimeAPI()); err != nil {
		return nil, err
	}
	l.environments = append(l.environments, e)
	return e, nil
}

// take gives the environment an event: to its process, which has asked for one, or to a new one as soon as it asks. l.mu is held.
func (e *environment) take(d *delivery) {
	e.current, e.given, e.answer = d, false, nil
	if e.next != nil {
		signalAll(e.stream, e.first, syscall.SIGCONT)
		e.give()
		return
	}
	if err := e.start(); err != nil {
		e.l.conclude(e, outcome{kind: "error", detail: err.Error()})
	}
}

// free says whether the environment can take an event: not while it works, nor while its process is about to end.
func (e *environment) free() bool { return e.current == nil && (e.next != nil || e.process == nil) }

// give answers the process that has asked. l.mu is held.
func (e *environment) give() {
	how := "warm"
	if e.cold {
		how = "cold"
	}
	e.given, e.cold = true, false
	e.l.note("deliver", e.current.event, e, how)
	e.guard(e.f.Timeout, fmt.Sprintf("Task timed out after %.2f seconds", e.f.Timeout.Seconds()))
	e.next <- e.current
	e.next = nil
}

// guard ends the process after a time.
func (e *environment) guard(d time.Duration, why string) {
	at, process := e.current, e.started
	stopped(e.deadline)
	e.deadline = time.AfterFunc(d, func() {
		e.l.mu.Lock()
		defer e.l.mu.Unlock()
		if e.current == at && e.started == process {
			e.crash(outcome{kind: "timeout", detail: why})
		}
	})
}

// crash ends the process and what it is doing. l.mu is held.
func (e *environment) crash(o outcome) {
	killAll(e.stream, e.first)
	e.process, e.next, e.deadline = nil, nil, stopped(e.deadline)
	if e.current != nil {
		e.l.conclude(e, o)
	}
	e.l.dispatch()
}

func stopped(t *time.Timer) *time.Timer {
	if t != nil {
		t.Stop()
	}
	return nil
}

// start starts a process. l.mu is held.
func (e *environment) start() error {
	said, err := os.OpenFile(filepath.Join(e.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer said.Close()
	cmd := exec.Command(e.f.Binary)
	if e.f.Python != "" {
		cmd.Args = append(cmd.Args, e.f.Python, "/var/runtime/bootstrap.py")
	}
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = e.f.Root, e.variables(), said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	result := make(chan error)
	e.l.starter <- func() { result <- cmd.Start() }
	if err := <-result; err != nil {
		return fmt.Errorf("Runtime.InvalidEntrypoint: %w", err)
	}
	e.process = cmd.Process
	if e.first == 0 {
		e.first = cmd.Process.Pid
	}
	e.started++
	e.cold = true
	e.ended.Go(func() { e.watch(cmd) })
	e.guard(initTime, "the process did not ask for an event in time")
	return nil
}

// watch sees the end of a process.
func (e *environment) watch(cmd *exec.Cmd) {
	_ = cmd.Wait()
	e.l.mu.Lock()
	defer e.l.mu.Unlock()
	if e.process == cmd.Process {
		said, _ := os.ReadFile(filepath.Join(e.dir, "log"))
		e.crash(outcome{kind: "exit", detail: fmt.Sprintf("Runtime.ExitError: %v: %s", cmd.ProcessState, said[max(0, len(said)-2000):])})
	}
}

func (e *environment) variables() []string {
	all := []string{
		"_HANDLER=service.handler", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_EXECUTION_ENV=AWS_Lambda_python3.13",
		"AWS_LAMBDA_FUNCTION_NAME=" + e.f.Name, "AWS_LAMBDA_FUNCTION_VERSION=" + e.f.Version,
		fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", e.f.MemoryMB), "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + e.f.Name, streamVariable + "=" + e.stream,
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token", "AWS_LAMBDA_RUNTIME_API=" + e.api,
		"AWS_ENDPOINT_URL_LAMBDA=" + e.l.URL, "LAMBDA_TASK_ROOT=" + e.f.Root, "LAMBDA_RUNTIME_DIR=/var/runtime", "PYTHONPATH=/var/runtime",
		"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=en_US.UTF-8", "TZ=:UTC", "TMPDIR=" + filepath.Join(e.dir, "tmp"), ClockVariable + "=" + e.l.clockFile(),
	}
	if e.f.Python != "" {
		all = append(all, "AWS_LAMBDA_EXEC_WRAPPER="+e.f.Binary)
	}
	if e.f.Store != "" {
		all = append(all, fmt.Sprintf("%s=%s/store/%d", StoreVariable, e.l.URL, e.number))
	}
	return append(all, e.f.Variables...)
}

// runtimeAPI is what the process asks.
func (e *environment) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	const prefix = "/2018-06-01/runtime"
	mux.HandleFunc("GET "+prefix+"/invocation/next", e.serveNext)
	mux.HandleFunc("POST "+prefix+"/invocation/{id}/response", func(w http.ResponseWriter, r *http.Request) { e.serveAnswer(w, r, "") })
	mux.HandleFunc("POST "+prefix+"/invocation/{id}/error", func(w http.ResponseWriter, r *http.Request) { e.serveAnswer(w, r, "error") })
	mux.HandleFunc("POST "+prefix+"/init/error", e.serveInitError)
	return mux
}
