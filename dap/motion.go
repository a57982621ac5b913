package dap

import (
	"fmt"

	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// move lets the program go on after the request was answered.
func (s *session) move(m debugger.Motion) (any, error) {
	if m.Single || m.Kind != debugger.Continue {
		if err := s.exists(m.Thread); err != nil {
			return nil, err
		}
	}
	s.then = func() {
		s.handles.clear()
		if err := s.target.Move(m); err != nil {
			s.Log.Sugar().Warnf("go on: %v", err) // its thread was ended from outside just now
		}
	}
	return nil, nil
}

func (s *session) exists(thread int) error {
	for _, t := range s.target.Threads() {
		if t.ID == thread {
			return nil
		}
	}
	return fmt.Errorf("there is no thread %d", thread)
}

func (s *session) onContinue(a dap.ContinueArguments) (any, error) {
	if _, err := s.move(debugger.Motion{Kind: debugger.Continue, Thread: a.ThreadId, Single: a.SingleThread}); err != nil {
		return nil, err
	}
	return dap.ContinueResponseBody{AllThreadsContinued: !a.SingleThread}, nil
}

func (s *session) onNext(a dap.NextArguments) (any, error) {
	return s.step(debugger.StepOver, a.ThreadId, a.SingleThread, a.Granularity)
}

func (s *session) onStepIn(a dap.StepInArguments) (any, error) {
	return s.step(debugger.StepIn, a.ThreadId, a.SingleThread, a.Granularity)
}

func (s *session) onStepOut(a dap.StepOutArguments) (any, error) {
	return s.step(debugger.StepOut, a.ThreadId, a.SingleThread, a.Granularity)
}

func (s *session) step(kind debugger.MotionKind, thread int, single bool, by dap.SteppingGranularity) (any, error) {
	if by == "instruction" {
		return nil, fmt.Errorf("stepping by instruction is not supported yet")
	}
	return s.move(debugger.Motion{Kind: kind, Thread: thread, Single: single})
}

func (s *session) onPause(a dap.PauseArguments) (any, error) {
	s.then = func() {
		if err := s.target.Pause(a.ThreadId); err != nil {
			s.Log.Sugar().Warnf("pause: %v", err) // the program is ending
		}
	}
	return nil, nil
}
