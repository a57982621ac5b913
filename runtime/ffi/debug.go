package ffi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Calls that are stepped into: the worker runs debugpy, and a client of the user's attaches to it (see doc.go).

// attachWithin is how many seconds a call waits for a debugger to attach before it is made without one.
const attachWithin = 30

// errNobody is told to who wanted to step into a call when no debugger came.
var errNobody = fmt.Errorf("no Python debugger attached within %d seconds", attachWithin)

// prepareDebugging has the next call of the worker stop, if c wants to be debugged and somebody attaches. The error is one of the protocol's.
func (w *worker) prepareDebugging(ctx context.Context, c *engine.Call) error {
	if c.Debug == nil {
		return nil
	}
	listening, why, err := w.ask(frameListen, make([]byte, headSize), frameListening)
	if err != nil {
		return err
	}
	if why != nil {
		_ = c.Debug(ctx, "", why)
		return nil
	}
	address, attached, err := readListening(listening)
	if err != nil || !attached && c.Debug(ctx, address, nil) != nil {
		return err
	}
	answer, why, err := w.ask(frameAttach, encodeAttach(attachWithin), frameAttached)
	if err != nil {
		return err
	}
	if why == nil && (answer.Kind() != vm.KindBool || !answer.Bool()) {
		why = errNobody
	}
	if why != nil {
		_ = c.Debug(ctx, "", why)
	}
	return nil
}

// ask sends a request, and reads what it is answered with: a value, or why the worker cannot do it.
func (w *worker) ask(kind frameKind, space []byte, wanted frameKind) (answer vm.Value, why, err error) {
	if _, err := w.requests.Write(newFrame(kind, w.calls, space)); err != nil {
		return vm.Null, nil, err
	}
	f, err := readFrame(w.reader, spareFrame)
	switch {
	case err != nil:
		return vm.Null, nil, err
	case f.kind == frameRaised:
		raised, err := readRaised(f.body)
		if err != nil {
			return vm.Null, nil, err
		}
		return vm.Null, errors.New(raised.Raised.Message), nil
	case f.kind != wanted || f.call != w.calls:
		return vm.Null, nil, damaged("frame %d of call %d where frame %d of call %d should be", f.kind, f.call, wanted, w.calls)
	}
	if answer, err = decodeValue(f.body, len(f.body)); err != nil {
		return vm.Null, nil, damaged("frame %d cannot be read: %v", f.kind, err)
	}
	return answer, nil, nil
}

func readListening(v vm.Value) (address string, attached bool, err error) {
	if v.Kind() != vm.KindList || v.Len() != 3 || !isText(v.Index(0)) || v.Index(2).Kind() != vm.KindBool {
		return "", false, damaged("a strange LISTENING")
	}
	port, ok := v.Index(1).Int64()
	if !ok {
		return "", false, damaged("a LISTENING without a port")
	}
	return net.JoinHostPort(v.Index(0).Text(), strconv.FormatInt(port, 10)), v.Index(2).Bool(), nil
}
