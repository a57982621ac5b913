package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// adapterProcess is a debug adapter as a process, and the editor that it serves reduced to what is measured. The messages are
// plain JSON: what adapters send beside the standard ones is passed over.
type adapterProcess struct {
	process *exec.Cmd
	conn    io.ReadWriteCloser
	seq     int
	came    chan adapterMessage
	held    []adapterMessage // events that nobody has asked for yet
	started time.Time
}

// adapterMessage is an answer or an event, and when all of it was there.
type adapterMessage struct {
	at         time.Time
	Type       string          `json:"type"`
	RequestSeq int             `json:"request_seq"`
	Success    bool            `json:"success"`
	Message    string          `json:"message"`
	Event      string          `json:"event"`
	Body       json.RawMessage `json:"body"`
}

// adapterHang is how long an answer or a stop may take before the measurement is given up.
const adapterHang = 3 * time.Minute

// startAdapter starts a process that speaks the protocol over its input and output; one whose command ends with an option for
// an address is told where to connect to instead.
func startAdapter(command []string) (*adapterProcess, error) {
	a := &adapterProcess{came: make(chan adapterMessage, 100_000)}
	connects := strings.HasSuffix(command[len(command)-1], "-addr")
	var listener *net.TCPListener
	if connects {
		l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return nil, err
		}
		defer l.Close()
		listener, command = l, append(slices.Clone(command), l.Addr().String())
	}
	a.process = exec.Command(command[0], command[1:]...)
	in, errIn := a.process.StdinPipe()
	out, errOut := a.process.StdoutPipe()
	a.started = time.Now()
	if err := errors.Join(errIn, errOut, a.process.Start()); err != nil {
		return nil, fmt.Errorf("start %s: %w", command[0], err)
	}
	a.conn = pipes{out, in}
	if connects {
		go func() { _, _ = io.Copy(io.Discard, out) }()
		_ = listener.SetDeadline(time.Now().Add(adapterHang))
		conn, err := listener.Accept()
		if err != nil {
			return nil, errors.Join(err, a.process.Process.Kill(), a.process.Wait())
		}
		a.conn = conn
	}
	go a.receive()
	return a, nil
}

// pipes are a process's output and input as one connection.
type pipes struct {
	io.Reader
	io.WriteCloser
}

func (a *adapterProcess) receive() {
	defer close(a.came)
	in := bufio.NewReaderSize(a.conn, 1<<20)
	for {
		content, err := readContent(in)
		if err != nil {
			return
		}
		m := adapterMessage{at: time.Now()}
		if json.Unmarshal(content, &m) != nil {
			return
		}
		a.came <- m
	}
}

func (a *adapterProcess) send(command string, arguments any) (seq int, err error) {
	a.seq++
	return a.seq, writeContent(a.conn, map[string]any{"seq": a.seq, "type": "request", "command": command, "arguments": arguments})
}

// ask sends a request and waits for its answer.
func (a *adapterProcess) ask(command string, arguments any) (json.RawMessage, error) {
	seq, err := a.send(command, arguments)
	if err != nil {
		return nil, err
	}
	return a.answer(command, seq)
}

func (a *adapterProcess) answer(command string, seq int) (json.RawMessage, error) {
	m, err := a.await(func(m adapterMessage) bool { return m.Type == "response" && m.RequestSeq == seq })
	if err == nil && !m.Success {
		err = errors.New(cmp.Or(m.Message, string(m.Body)))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	return m.Body, nil
}

// event waits for an event with one of these names.
func (a *adapterProcess) event(names ...string) (adapterMessage, error) {
	m, err := a.await(func(m adapterMessage) bool { return m.Type == "event" && slices.Contains(names, m.Event) })
	if err != nil {
		return m, fmt.Errorf("the event %s: %w", strings.Join(names, " or "), err)
	}
	return m, nil
}

func (a *adapterProcess) await(wanted func(adapterMessage) bool) (adapterMessage, error) {
	if i := slices.IndexFunc(a.held, wanted); i >= 0 {
		m := a.held[i]
		a.held = slices.Delete(a.held, i, i+1)
		return m, nil
	}
	late := time.After(adapterHang)
	for {
		select {
		case m, ok := <-a.came:
			switch {
			case !ok:
				return m, errors.New("the adapter has ended")
			case wanted(m):
				return m, nil
			}
			a.held = append(a.held, m)
		case <-late:
			return adapterMessage{}, errors.New("the adapter does not answer")
		}
	}
}

// stop is where a program stands.
type stop struct {
	at       time.Time
	Reason   string `json:"reason"`
	ThreadID int    `json:"threadId"`
}

func (a *adapterProcess) stopped() (stop, error) {
	m, err := a.event("stopped", "terminated")
	if err != nil {
		return stop{}, err
	}
	if m.Event == "terminated" {
		return stop{}, errors.New("the program has ended instead of stopping")
	}
	s := stop{at: m.at}
	return s, json.Unmarshal(m.Body, &s)
}

// move sends a request that makes a thread go on, and waits for where it stops.
func (a *adapterProcess) move(command string, thread int) (stop, error) {
	if _, err := a.ask(command, map[string]any{"threadId": thread}); err != nil {
		return stop{}, err
	}
	return a.stopped()
}

// launch starts a program up to its stop on entry.
func (a *adapterProcess) launch(arguments map[string]any, path string, breakpoints ...map[string]any) (stop, error) {
	if _, err := a.ask("initialize", map[string]any{"adapterID": "bench", "linesStartAt1": true, "columnsStartAt1": true, "pathFormat": "path"}); err != nil {
		return stop{}, err
	}
	launched, err := a.send("launch", arguments)
	if err != nil {
		return stop{}, err
	}
	if _, err := a.event("initialized"); err != nil {
		return stop{}, err
	}
	if len(breakpoints) > 0 {
		if _, err := a.ask("setBreakpoints", map[string]any{"source": map[string]any{"path": path}, "breakpoints": breakpoints}); err != nil {
			return stop{}, err
		}
	}
	if _, err := a.ask("configurationDone", nil); err != nil {
		return stop{}, err
	}
	if _, err := a.answer("launch", launched); err != nil {
		return stop{}, err
	}
	return a.stopped()
}

// look is what an editor asks for at a stop: the stack, and the variables of the innermost frame.
func (a *adapterProcess) look(thread int) error {
	var stack struct{ StackFrames []struct{ ID int } }
	body, err := a.ask("stackTrace", map[string]any{"threadId": thread, "startFrame": 0, "levels": 20})
	if err := errors.Join(err, json.Unmarshal(body, &stack)); err != nil {
		return err
	}
	if len(stack.StackFrames) == 0 {
		return errors.New("a thread without frames")
	}
	var scopes struct {
		Scopes []struct {
			VariablesReference int
			Expensive          bool
		}
	}
	body, err = a.ask("scopes", map[string]any{"frameId": stack.StackFrames[0].ID})
	if err := errors.Join(err, json.Unmarshal(body, &scopes)); err != nil {
		return err
	}
	for _, s := range scopes.Scopes {
		if s.Expensive {
			continue
		}
		if _, err := a.ask("variables", map[string]any{"variablesReference": s.VariablesReference}); err != nil {
			return err
		}
	}
	return nil
}

// close ends the program and its debugger.
func (a *adapterProcess) close() {
	_, _ = a.ask("disconnect", map[string]any{"terminateDebuggee": true})
	_ = a.conn.Close()
	late := time.AfterFunc(10*time.Second, func() { _ = a.process.Process.Kill() })
	defer late.Stop()
	_ = a.process.Wait()
}

// treeMegabytes is the most memory that a process and those it has started have had, 0 where there is no /proc.
func treeMegabytes(pid int) float64 {
	all := residentMegabytes(pid)
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for _, child := range strings.Fields(string(text)) {
			if id, err := strconv.Atoi(child); err == nil {
				all += treeMegabytes(id)
			}
		}
	}
	return all
}
