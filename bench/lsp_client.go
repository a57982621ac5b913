package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// languageServer is a server as a process, and the editor that it serves reduced to what is measured.
type languageServer struct {
	process *exec.Cmd
	in      io.WriteCloser
	mu      sync.Mutex // of in
	lastID  int
	came    chan arrival
	// held are the arrivals that nobody has asked for yet.
	held    []arrival
	started time.Time
}

// arrival is a message of the server, and when all of it was there.
type arrival struct {
	at     time.Time
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// serverHang is how long an answer may take before the measurement is given up.
const serverHang = 60 * time.Second

func startServer(dir string, command []string) (*languageServer, error) {
	s := &languageServer{process: exec.Command(command[0], command[1:]...), came: make(chan arrival, 100_000), started: time.Now()}
	s.process.Dir = dir
	s.process.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	var err error
	if s.in, err = s.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", command[0], err)
	}
	go s.receive(out)
	return s, nil
}

func (s *languageServer) receive(out io.Reader) {
	defer close(s.came)
	in := bufio.NewReaderSize(out, 1<<20)
	for {
		body, err := readContent(in)
		if err != nil {
			return
		}
		a := arrival{at: time.Now()}
		if json.Unmarshal(body, &a) != nil {
			return
		}
		if a.Method != "" && a.ID != nil {
			_ = s.send(map[string]any{"id": a.ID, "result": answerTo(a)})
		}
		s.came <- a
	}
}

// answerTo is what the editor says to a request of the server: it has no settings, and agrees to everything.
func answerTo(a arrival) any {
	if a.Method != "workspace/configuration" {
		return nil
	}
	var asked struct{ Items []any }
	_ = json.Unmarshal(a.Params, &asked)
	return make([]any, len(asked.Items))
}

func (s *languageServer) send(fields map[string]any) error {
	fields["jsonrpc"] = "2.0"
	s.mu.Lock()
	defer s.mu.Unlock()
	return writeContent(s.in, fields)
}

func (s *languageServer) notify(method string, params any) error {
	return s.send(map[string]any{"method": method, "params": params})
}

// request sends a request and waits for its answer; the duration is from before the first byte is written to when the last has come.
func (s *languageServer) request(method string, params any) (arrival, time.Duration, error) {
	s.lastID++
	id := strconv.Itoa(s.lastID)
	begin := time.Now()
	if err := s.send(map[string]any{"id": s.lastID, "method": method, "params": params}); err != nil {
		return arrival{}, 0, err
	}
	a, err := s.await(func(a arrival) bool { return a.Method == "" && string(a.ID) == id })
	if err == nil && a.Error != nil {
		err = fmt.Errorf("%s: %s", method, a.Error.Message)
	}
	return a, a.at.Sub(begin), err
}

// await is the first message that is wanted; those before it are kept for others if they are pushes.
func (s *languageServer) await(wanted func(arrival) bool) (arrival, error) {
	for i, a := range s.held {
		if wanted(a) {
			s.held = append(s.held[:i:i], s.held[i+1:]...)
			return a, nil
		}
	}
	late := time.After(serverHang)
	for {
		select {
		case a, ok := <-s.came:
			switch {
			case !ok:
				return arrival{}, errors.New("the server has ended")
			case wanted(a):
				return a, nil
			case a.Method == "textDocument/publishDiagnostics":
				s.held = append(s.held, a)
			}
		case <-late:
			return arrival{}, errors.New("the server does not answer")
		}
	}
}

// push is what a push says.
type push struct {
	URI         string            `json:"uri"`
	Version     int               `json:"version"`
	Diagnostics []json.RawMessage `json:"diagnostics"`
}

func pushed(a arrival) (push, bool) {
	var p push
	return p, a.Method == "textDocument/publishDiagnostics" && json.Unmarshal(a.Params, &p) == nil
}

// awaitProblem waits for the push for a version of a document that reports a problem.
func (s *languageServer) awaitProblem(uri string, version int) (time.Time, error) {
	a, err := s.await(func(a arrival) bool {
		p, ok := pushed(a)
		return ok && p.URI == uri && p.Version == version && len(p.Diagnostics) > 0
	})
	s.held = nil
	return a.at, err
}

func (s *languageServer) initialize(dir string, options any) error {
	_, _, err := s.request("initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": fileURI(dir), "workspaceFolders": []any{map[string]any{"uri": fileURI(dir), "name": "bench"}},
		"initializationOptions": options,
		"capabilities": map[string]any{
			"textDocument": map[string]any{"publishDiagnostics": map[string]any{"versionSupport": true}},
			"workspace":    map[string]any{"configuration": true},
		},
	})
	if err != nil {
		return err
	}
	return s.notify("initialized", map[string]any{})
}

func fileURI(path string) string { return "file://" + path }

func (s *languageServer) close() {
	_, _, _ = s.request("shutdown", nil)
	_ = s.notify("exit", nil)
	_ = s.in.Close()
	_ = s.process.Wait()
}
