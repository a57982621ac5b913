package ffi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// One call on one worker.

// errUnsent says that a worker had ended before it was given the call: another one can make it.
var errUnsent = errors.New("the worker has ended")

// largeResult is from how many bytes on a worker is told that it need not keep a result.
const largeResult = 64 << 10

// call makes one call; body is an encoded CALL. After an error or a crash the worker has ended.
func (w *worker) call(ctx context.Context, c *engine.Call, body []byte) (engine.CallResult, error) {
	stop := context.AfterFunc(ctx, w.kill)
	defer stop()
	w.calls++
	w.beginOutput(c.Output)
	unsent := w.prepareDebugging(ctx, c)
	if unsent == nil {
		_, unsent = w.requests.Write(newFrame(frameCall, w.calls, body))
	}
	result, err := engine.CallResult{}, unsent
	if unsent == nil {
		result, err = w.result(c)
	}
	if err != nil {
		w.end(err)
	}
	w.finishOutput()
	switch {
	case err == nil:
		return result, nil
	case ctx.Err() != nil:
		return result, ctx.Err()
	case unsent != nil:
		return result, errUnsent
	}
	return engine.CallResult{Crashed: w.obituary(err)}, nil
}

// beginOutput gives the worker's output to a call, line by line, never two at once.
func (w *worker) beginOutput(output func(engine.Stream, string)) {
	var mu sync.Mutex
	to := func(s engine.Stream) func(string) {
		return func(line string) {
			mu.Lock()
			defer mu.Unlock()
			if output != nil {
				output(s, line)
			}
		}
	}
	w.out.begin(w.calls, to(engine.Stdout))
	w.err.begin(w.calls, to(engine.Stderr))
}

// finishOutput waits until all the call's output has been passed on: a worker writes its marks before it answers, and one
// that has ended writes nothing more.
func (w *worker) finishOutput() {
	<-w.out.ended()
	<-w.err.ended()
}

// end ends a worker whose replies have stopped or cannot be trusted.
func (w *worker) end(err error) {
	if !errors.Is(err, errDamaged) {
		w.await()
	}
	w.kill()
	<-w.exited
}

// result reads the reply, and the explanation where one is needed.
func (w *worker) result(c *engine.Call) (engine.CallResult, error) {
	for explained := false; ; explained = true {
		f, err := readFrame(w.reader, 3*w.limit+spareFrame)
		if err != nil {
			return engine.CallResult{}, err
		}
		if f.call != w.calls || f.kind != frameResult && f.kind != frameRaised {
			return engine.CallResult{}, damaged("frame %d of call %d where the reply to call %d should be", f.kind, f.call, w.calls)
		}
		if f.kind == frameRaised {
			return readRaised(f.body)
		}
		v, err := decodeValue(f.body, w.limit)
		if errors.Is(err, errUnfit) && !explained {
			if err := w.send(frameExplain); err != nil {
				return engine.CallResult{}, err
			}
			continue
		}
		if len(f.body) > largeResult && err == nil {
			_ = w.send(frameForget) // a worker that has ended meanwhile is noticed at the next call
		}
		return w.valueResult(c, v, err)
	}
}

// spareFrame is what a frame may have beyond the value: the message and traceback of an exception are in it.
const spareFrame = 16 << 20

func (w *worker) send(kind frameKind) error {
	_, err := w.requests.Write(newFrame(kind, w.calls, make([]byte, headSize)))
	return err
}

func (w *worker) valueResult(c *engine.Call, v vm.Value, err error) (engine.CallResult, error) {
	limit := ""
	switch {
	case errors.Is(err, errTooLarge):
		limit = fmt.Sprintf("more than %d MiB", w.limit>>20)
	case errors.Is(err, errLargeInt):
		limit = fmt.Sprintf("an int of more than %d bits", vm.MaxIntBits)
	case errors.Is(err, errUnfit):
		return engine.CallResult{}, damaged("a value that is explained cannot be read either")
	default:
		return engine.CallResult{Value: v}, err
	}
	text := fmt.Sprintf("%s.%s returned %s", c.Module, c.Name, limit)
	return engine.CallResult{Raised: &vm.Error{Kind: vm.ErrLimit, Message: text}}, nil
}

// readRaised reads the body of RAISED.
func readRaised(body []byte) (engine.CallResult, error) {
	v, err := decodeValue(body, len(body))
	if err != nil {
		return engine.CallResult{}, damaged("an exception that cannot be read: %v", err)
	}
	if v.Kind() != vm.KindList || v.Len() != 4 {
		return engine.CallResult{}, damaged("an exception without its four parts")
	}
	kind, classes, message, trace := v.Index(0), v.Index(1), v.Index(2), v.Index(3)
	if !isText(kind) || !isText(message) || !isText(trace) || classes.Kind() != vm.KindList {
		return engine.CallResult{}, damaged("an exception with strange parts")
	}
	result := engine.CallResult{Raised: &vm.Error{Kind: kind.Text(), Message: message.Text(), Python: trace.Text()}}
	for i, class := range classes.Items() {
		if !isText(class) {
			return engine.CallResult{}, damaged("an exception of a strange class")
		}
		if i > 0 {
			result.Bases = append(result.Bases, class.Text())
		}
	}
	return result, nil
}

func isText(v vm.Value) bool { return v.Kind() == vm.KindString }

// obituary says how a worker ended, for the program's author.
func (w *worker) obituary(cause error) string {
	text := "the Python worker " + describeExit(w.state)
	switch {
	case errors.Is(cause, errDamaged):
		text = "the Python worker was ended, because something wrote into its protocol's pipe (" + cause.Error() + ")"
	case w.state.ExitCode() == exitDamaged:
		text = "the Python worker ended itself, because something closed or replaced its protocol's descriptors"
	case !errors.Is(cause, io.EOF):
		text += " (" + cause.Error() + ")"
	}
	if said := w.err.lastLines(); len(said) > 0 {
		text += "; its last output on stderr:\n" + strings.Join(said, "\n")
	}
	return text
}
