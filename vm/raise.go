package vm

import "github.com/hark-lang/hark-ls/vm/bytecode"

// raise makes err happen at m.pc: the innermost frame that has a handler for where it is goes on there, with the error in a
// register; without one the thread ends.
func (m *Machine) raise(err *Error) {
	m.place(err)
	for {
		f := m.code.functionAt(m.pc)
		if h := m.handler(f, m.pc-int(m.code.funcs[f].start)); h != nil {
			m.stack[m.base+int(h.Reg)] = ErrorValue(err)
			m.pc = int(m.code.funcs[f].start + h.Target)
			return
		}
		if len(m.frames) == 1 {
			m.state, m.fault = faulted, err
			return
		}
		m.pop()
		m.pc = m.next - 1
	}
}

// handler is the innermost handler of an instruction of a function.
func (m *Machine) handler(f, at int) *bytecode.Handler {
	if f == m.code.stub() {
		return nil
	}
	handlers := m.code.program.Funcs[f].Handlers
	for i := range handlers {
		if h := &handlers[i]; int(h.Start) <= at && at < int(h.End) {
			return h
		}
	}
	return nil
}

// place fills in where an error was raised, unless it was raised in another thread.
func (m *Machine) place(err *Error) {
	if err.Thread != "" {
		return
	}
	err.Thread = m.start.Thread
	own := m.traceback()
	if err.Function == "" && len(own) > 0 {
		err.Function, err.Line = own[0].Function, own[0].Line
	}
	err.Traceback = boundTrace(append(err.Traceback, own...))
}

// traceback are the frames of the machine, innermost first, and those that led to its start.
func (m *Machine) traceback() []TraceFrame {
	var trace []TraceFrame
	pc, base := m.pc, m.base
	for i := len(m.frames) - 1; i >= 0; i-- {
		if inner := len(m.frames) - 1 - i; inner < maxTraceInner || i < maxTraceOuter {
			if line, ok := m.traceFrame(pc); ok {
				trace = append(trace, line)
			}
		}
		base -= int(m.frames[i].delta)
		pc = int(m.frames[i].ret) - 1
	}
	return boundTrace(append(trace, m.start.Trace...))
}

// traceFrame is the line of the instruction at pc.
func (m *Machine) traceFrame(pc int) (TraceFrame, bool) {
	f := m.code.functionAt(pc)
	switch {
	case pc == stubReturn:
		return TraceFrame{}, false
	case f == m.code.stub():
		return m.stubFrame()
	}
	fn := &m.code.program.Funcs[f]
	line := TraceFrame{Function: fn.Name, File: m.code.program.Files[fn.File].Path, Thread: m.start.Thread}
	if line.Function == "" {
		line.Function = "lambda"
	}
	if at := pc - int(m.code.funcs[f].start); at < len(fn.Debug.Spans) {
		line.Line = m.code.line(fn.File, fn.Debug.Spans[at].Start)
	}
	return line, true
}

// stubFrame stands for a thread that has no line of its own: it is one call of a Python function or a builtin, or of a
// Hark function with wrong arguments.
func (m *Machine) stubFrame() (TraceFrame, bool) {
	frame := m.start.EntryFrame()
	return frame, frame.File != ""
}

// EntryFrame stands for the thread where it has no line of its own: at the definition or import of its function. A builtin
// has neither file nor line.
func (s *Start) EntryFrame() TraceFrame {
	f := s.Function.function()
	frame := TraceFrame{Function: f.name(), Thread: s.Thread}
	program := f.code.program
	switch f.form {
	case formForeign:
		i := &program.Imports[f.index]
		frame.File, frame.Line = program.Files[i.File].Path, f.code.line(i.File, i.Span.Start)
	case formHark:
		fn := &program.Funcs[f.index]
		frame.File, frame.Line = program.Files[fn.File].Path, f.code.line(fn.File, fn.Span.Start)
	}
	return frame
}

// boundTrace keeps the innermost and the outermost frames.
func boundTrace(trace []TraceFrame) []TraceFrame {
	if len(trace) <= maxTraceInner+maxTraceOuter {
		return trace
	}
	return append(trace[:maxTraceInner:maxTraceInner], trace[len(trace)-maxTraceOuter:]...)
}
