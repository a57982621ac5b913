package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// python is a CPython process that compiles programs and runs them on demand, timing them itself, so that starting the
// interpreter is not counted.
type python struct {
	in  io.WriteCloser
	out *bufio.Reader
	cmd *exec.Cmd
}

//go:embed python_rows.py
var pythonServer string

var cpython *python

type pythonAnswer struct {
	Result  string  `json:"result"`
	Error   string  `json:"error"`
	Seconds float64 `json:"seconds"`
}

func startPython() (*python, error) {
	cmd := exec.Command("python3", "-c", pythonServer)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start python: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start python: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start python: %w", err)
	}
	return &python{in: in, out: bufio.NewReader(out), cmd: cmd}, nil
}

func (p *python) close() {
	p.in.Close()
	_ = p.cmd.Wait()
}

// ask sends one line and reads one: {"define": text} compiles, {"run": n} runs the n-th program.
func (p *python) ask(request map[string]any) (pythonAnswer, error) {
	var answer pythonAnswer
	line, err := json.Marshal(request)
	if err != nil {
		return answer, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return answer, fmt.Errorf("ask python: %w", err)
	}
	reply, err := p.out.ReadBytes('\n')
	if err != nil {
		return answer, fmt.Errorf("ask python: %w", err)
	}
	if err := json.Unmarshal(reply, &answer); err != nil {
		return answer, fmt.Errorf("ask python: %w", err)
	}
	if answer.Error != "" {
		return answer, fmt.Errorf("python: %s", answer.Error)
	}
	return answer, nil
}

// pythonSeconds is the time the last run of a Python program took by its own clock.
var pythonSeconds time.Duration

func preparePython(text string) (prepared, error) {
	defined, err := cpython.ask(map[string]any{"define": text})
	if err != nil {
		return nil, err
	}
	return func() (string, error) {
		answer, err := cpython.ask(map[string]any{"run": defined.Result})
		pythonSeconds = time.Duration(answer.Seconds * float64(time.Second))
		return answer.Result, err
	}, nil
}
