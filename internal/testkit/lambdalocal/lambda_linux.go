package lambdalocal

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Function is one that has been deployed.
type Function struct {
	Name string
	// Version is the version's number, "1" if it is "".
	Version string
	// Binary is what is started. If Python is set it is as a wrapper of that interpreter, with its arguments.
	Binary string
	Python string
	// Root is the folder of the code, and the processes' current directory.
	Root string
	// Variables are those of the function, as in os/exec.
	Variables []string
	// Timeout is how long an invocation may take, 3 s if 0.
	Timeout time.Duration
	// MemoryMB is told to the processes; it is not enforced. 128 if 0.
	MemoryMB int
	// Environments is how many there may be at a time, 10 if 0. Events wait for one.
	Environments int
	// Recursion says that the function may invoke itself in chains of more than 16.
	Recursion bool
	// Store is the address of a service. The function finds it, by StoreVariable, behind a proxy that counts its requests.
	Store string
}

// Variables of the environments besides those that Lambda has.
const (
	// StoreVariable is where the SDK finds Function.Store.
	StoreVariable = "AWS_ENDPOINT_URL_DYNAMODB"
	// ClockVariable names the file that Moved reads.
	ClockVariable = "LAMBDALOCAL_CLOCK"
)

// Faults is what goes wrong with asynchronous invocations, each in percent of them.
type Faults struct {
	Seed uint64
	// Drop: the event gets lost. Double: it is delivered once more, at the same time or later.
	Drop, Double int
	// Delay: it is up to ten minutes late. Cold: it goes to a new environment, if there may be one.
	Delay, Cold int
	// Shuffle lets events that wait be delivered in any order.
	Shuffle bool
	// Break: the response is accepted, and the answer to it is an error.
	Break int
}

// Lambda is the service.
type Lambda struct {
	// URL is the front door.
	URL string

	dir     string
	faults  Faults
	random  *rand.Rand
	kill    killing
	starter chan func()

	mu           sync.Mutex
	changed      *sync.Cond
	now          time.Duration // that the test has moved the clock by
	functions    []*Function
	queue        []*delivery
	environments []*environment
	events       int
	requests     int // to stores
	log          []Entry
	closed       bool
	servers      []*http.Server
}

// New is a service without functions, which ends with the test.
func New(t testing.TB, f Faults) *Lambda {
	t.Helper()
	l := &Lambda{dir: t.TempDir(), faults: f, random: rand.New(rand.NewPCG(f.Seed, 1)), starter: make(chan func())}
	l.changed = sync.NewCond(&l.mu)
	go start(l.starter)
	t.Cleanup(l.close)
	if err := l.writeClock(); err != nil {
		t.Fatal(err)
	}
	address, err := l.serve(l.frontDoor())
	if err != nil {
		t.Fatal(err)
	}
	l.URL = "http://" + address
	return l
}

// serve answers requests on a port of the loopback interface.
func (l *Lambda) serve(h http.Handler) (address string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h}
	l.servers = append(l.servers, server)
	go func() { _ = server.Serve(listener) }()
	return listener.Addr().String(), nil
}

// Deploy adds a version of a function.
func (l *Lambda) Deploy(f Function) {
	if f.Version == "" {
		f.Version = "1"
	}
	if f.Timeout == 0 {
		f.Timeout = 3 * time.Second
	}
	if f.Environments == 0 {
		f.Environments = 10
	}
	if f.MemoryMB == 0 {
		f.MemoryMB = 128
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.functions = append(l.functions, &f)
}

// find is a version of a function, the newest one for "" and "$LATEST".
func (l *Lambda) find(name, qualifier string) *Function {
	for i := len(l.functions) - 1; i >= 0; i-- {
		f := l.functions[i]
		if f.Name == name && (qualifier == "" || qualifier == "$LATEST" || qualifier == f.Version) {
			return f
		}
	}
	return nil
}

// Advance moves the clock: by it events are late and tried again, and Moved is the time.
func (l *Lambda) Advance(d time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now += d
	err := l.writeClock()
	l.dispatch()
	return err
}

func (l *Lambda) clockFile() string { return filepath.Join(l.dir, "clock") }

func (l *Lambda) writeClock() error {
	next := l.clockFile() + ".next"
	if err := os.WriteFile(next, []byte(strconv.FormatInt(int64(l.now), 10)), 0o600); err != nil {
		return err
	}
	return os.Rename(next, l.clockFile())
}

// Clock is the file for Moved.
func (l *Lambda) Clock() string { return l.clockFile() }

// Moved is how far a clock has been moved by now: a process of an environment has its file from ClockVariable.
func Moved(file string) time.Duration {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	d, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(d)
}

// Settle waits until no invocation is going on and no event is due.
func (l *Lambda) Settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.settled() && !l.closed {
		l.changed.Wait()
	}
}

func (l *Lambda) settled() bool {
	for _, e := range l.environments {
		if e.current != nil {
			return false
		}
	}
	for _, d := range l.queue {
		if d.due <= l.now {
			return false
		}
	}
	return true
}

// Freeze stops an environment's processes wherever they are; it goes on when they are thawed, unless its time is over then.
func (l *Lambda) Freeze(environment int) { l.signal(environment, syscall.SIGSTOP) }

// Thaw lets them go on.
func (l *Lambda) Thaw(environment int) { l.signal(environment, syscall.SIGCONT) }

func (l *Lambda) signal(environment int, signal syscall.Signal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.environments[environment-1]
	signalAll(e.stream, e.first, signal)
}

// Moving are the processes of all environments that do not stand still.
func (l *Lambda) Moving() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []int
	for _, e := range l.environments {
		all = append(all, slices.DeleteFunc(processes(e.stream, e.first), standsStill)...)
	}
	return all
}

// close ends all processes.
func (l *Lambda) close() {
	l.mu.Lock()
	l.closed, l.queue = true, nil
	var all sync.WaitGroup
	for _, e := range l.environments {
		all.Go(func() { killAll(e.stream, e.first) })
	}
	l.changed.Broadcast()
	l.mu.Unlock()
	all.Wait()
	for _, e := range l.environments {
		e.ended.Wait()
	}
	for _, s := range l.servers {
		_ = s.Close()
	}
	close(l.starter)
}

// Entry is something that has happened.
type Entry struct {
	// At is by the clock that the test moves.
	At time.Duration
	// What is one of: invoke, drop, double, deliver, done, error, exit, timeout, retry, dead, recursion, freeze, kill.
	What string
	// Event and Environment are their numbers, from 1; 0 for none. Function is that of the event.
	Event, Environment int
	Function           string
	// Detail is the payload of an event, or why something failed.
	Detail string
}

// String is the entry as a line.
func (e Entry) String() string {
	return fmt.Sprintf("%v %s event %d %s environment %d %s\n", e.At, e.What, e.Event, e.Function, e.Environment, e.Detail)
}

func (l *Lambda) note(what string, ev *event, en *environment, detail string) {
	entry := Entry{At: l.now, What: what, Detail: detail}
	if ev != nil {
		entry.Event, entry.Function = ev.number, ev.f.Name
	}
	if en != nil {
		entry.Environment = en.number
	}
	l.log = append(l.log, entry)
	l.changed.Broadcast()
}

// Await waits until something has happened so many times.
func (l *Lambda) Await(what string, times int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.count(what) < times && !l.closed {
		l.changed.Wait()
	}
}

// Log is everything that has happened.
func (l *Lambda) Log() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Entry(nil), l.log...)
}

// Count is how often something has happened.
func (l *Lambda) Count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count(what)
}

func (l *Lambda) count(what string) int {
	n := 0
	for _, e := range l.log {
		if e.What == what {
			n++
		}
	}
	return n
}

// percent is true in so many of a hundred cases.
func (l *Lambda) percent(p int) bool { return p > 0 && l.random.IntN(100) < p }
