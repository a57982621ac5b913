package vm

import (
	"github.com/hark-lang/hark-ls/internal/bug"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Answers go to the instruction at pc, which waits. A machine that was decoded need not be Run first.

// Answer gives the instruction that waits its value.
func (m *Machine) Answer(v Value) {
	in := m.code.instrs[m.pc]
	if m.state != running || !(bytecode.Ops[in.Op].Blocks || in.Op == opEntry) {
		bug.Report("answer for thread %s, which does not wait", m.start.Thread)
		return
	}
	m.effect = effect{}
	m.steps++                  // whatever follows, so that no two states of a thread have the same number
	if in.Op == bytecode.RET { // the first function's result was a future: return its value instead
		m.stack[m.base+int(in.A)] = v
		return
	}
	m.next = m.pc + 1
	if in.Op == bytecode.TAILCALLV || in.Op == opEntry {
		m.tailResult(v, 0)
	} else {
		m.stack[m.base+int(in.A)] = v
	}
	m.pc = m.next
}

// AnswerAll gives a thread that awaits a List the values of Await().Futures.
func (m *Machine) AnswerAll(values []Value) {
	in := m.code.instrs[m.pc]
	if in.Op != bytecode.AWAIT || m.reg(in.B).rep() != repList {
		bug.Report("answers for thread %s, which does not await a List", m.start.Thread)
		return
	}
	items := append([]Value(nil), m.reg(in.B).items()...)
	next := 0
	for i, item := range items {
		if item.rep() == repFuture && next < len(values) {
			items[i] = values[next]
			next++
		}
	}
	if err := m.reserve(objectBytes + len(items)*valueBytes); err != nil {
		m.Raise(err)
		return
	}
	m.Answer(newList(items))
}

// AnswerFirst tells a thread which of Await().Futures ended first, and with what value.
func (m *Machine) AnswerFirst(index int, v Value) { m.Answer(List(Int(int64(index)), v)) }

// Raise makes the instruction that waits raise an error; after Spawn, the one that started the thread. An error of another thread (err.Thread is set) keeps where it
// came from; else the machine fills in function, line, thread, and its own frames behind those of err.Traceback.
func (m *Machine) Raise(err *Error) {
	if m.state != running {
		bug.Report("error for thread %s, which has ended", m.start.Thread)
		return
	}
	if m.effect.kind == Spawn {
		m.pc--
		m.steps--
	}
	m.effect = effect{}
	m.steps++
	m.raise(err)
	m.delivered = err
}
