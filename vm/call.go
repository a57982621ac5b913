package vm

import (
	"fmt"
	"slices"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Calls. A frame's registers begin at the arguments of its call, so that nothing is copied; whatever the caller had above
// its call's operand a is lost. The closure that runs, if it has captures, is in the register below the frame's first. A call
// of a value (CALLV) leaves it there anyway; when a closure replaces a frame that was called directly, whose register
// below is the caller's, the window moves up by one.
//
// A function with more registers than instructions can name is the exception: what it calls begins behind all its registers.

// push begins a callee whose registers begin delta behind the running frame's.
func (m *Machine) push(f *funcInfo, delta int) *Error {
	if len(m.frames) >= MaxDepth {
		return fault(ErrLimit, "calls are nested more than %d deep", MaxDepth)
	}
	if err := m.room(m.base + delta + int(f.registers)); err != nil {
		return err
	}
	if len(m.frames) == cap(m.frames) {
		m.frames = append(make([]frame, 0, 2*cap(m.frames)+16), m.frames...)
	}
	m.frames = append(m.frames, frame{ret: uint32(m.next), delta: uint32(delta)})
	m.base += delta
	m.next = int(f.start)
	return nil
}

// room makes sure that the stack has n registers.
func (m *Machine) room(n int) *Error {
	if n > maxStack {
		return fault(ErrLimit, "calls need more than %d registers in all", maxStack)
	}
	m.grow(n)
	return nil
}

// pop ends the running frame; the caller continues behind its call. It is the result's register.
func (m *Machine) pop() (result int) {
	top := &m.frames[len(m.frames)-1]
	m.base -= int(top.delta)
	m.next = int(top.ret)
	m.frames = m.frames[:len(m.frames)-1]
	return m.base + int(m.code.instrs[m.next-1].A)
}

// hasSlot says whether the register below the running frame's is its own.
func (m *Machine) hasSlot() bool {
	top := m.frames[len(m.frames)-1]
	return len(m.frames) == 1 || top.delta > uint32(m.code.instrs[top.ret-1].A)
}

func (m *Machine) opCall(in bytecode.Instr) (Outcome, *Error) {
	f := &m.code.funcs[in.D]
	if wide := m.code.wideRegisters(m.pc); wide > 0 {
		return 0, m.pushWide(f, m.base+int(in.A), wide)
	}
	return 0, m.push(f, int(in.A))
}

// pushWide is push from a function with many registers: the arguments, which begin at stack[from], move behind them.
func (m *Machine) pushWide(f *funcInfo, from, wide int) *Error {
	args := m.stack[from : from+int(f.params)]
	caller := m.base
	if err := m.push(f, wide+1); err != nil {
		return err
	}
	copy(m.stack[caller+wide+1:], args)
	return nil
}

func (m *Machine) opTailCall(in bytecode.Instr) (Outcome, *Error) {
	f := &m.code.funcs[in.D]
	if err := m.room(m.base + int(f.registers)); err != nil {
		return 0, err
	}
	copy(m.stack[m.base:], m.window(in.A, int(in.B)))
	m.replaced(f)
	return 0, nil
}

// replaced goes on in f in the running frame's place.
func (m *Machine) replaced(f *funcInfo) {
	m.frames[len(m.frames)-1].tails++
	m.next = int(f.start)
}

func (m *Machine) opLoop(in bytecode.Instr) (Outcome, *Error) {
	m.frames[len(m.frames)-1].tails++
	m.next = int(in.D)
	return 0, nil
}

func (m *Machine) opReturn(in bytecode.Instr) (Outcome, *Error) { return m.giveBack(m.reg(in.A)) }

// giveBack returns v from the running frame.
func (m *Machine) giveBack(v Value) (Outcome, *Error) {
	if len(m.frames) > 1 {
		m.stack[m.pop()] = v
		return 0, nil
	}
	if v.rep() == repFuture {
		m.effect = effect{kind: Await, await: Awaiting{Mode: AwaitOne, Futures: []string{v.FutureID()}, Timeout: -1}}
		return Await, nil
	}
	m.result, m.state = v, done
	return Done, nil
}

// opCallValue is CALLV and TAILCALLV.
func (m *Machine) opCallValue(in bytecode.Instr) (Outcome, *Error) {
	return m.callValue(m.base+int(in.A), int(in.B), m.names(in.D), in.Op == bytecode.TAILCALLV)
}

func (m *Machine) names(d int32) []string {
	if d < 0 {
		return nil
	}
	return m.code.program.Consts[d].Names
}

// callValue calls the value in stack[at] with the n arguments behind it.
func (m *Machine) callValue(at, n int, names []string, tail bool) (Outcome, *Error) {
	callee, args := m.stack[at], m.stack[at+1:at+1+n]
	if callee.rep() != repFunction {
		return 0, fault(ErrType, "cannot call %s: it is not a function", article(callee.Kind()))
	}
	f := callee.function()
	switch f.form {
	case formForeign:
		m.effect = effect{kind: Foreign, foreign: ForeignCall{Import: int(f.index), Args: slices.Clone(args), Names: names}}
		return Foreign, nil
	case formBuiltin:
		return m.callBuiltinValue(f, at, n, names, tail)
	}
	if err := bindHark(f, args, names); err != nil {
		return 0, err
	}
	info := &m.code.funcs[f.index]
	if tail {
		return 0, m.replaceByValue(f, info, at, n)
	}
	if wide := m.code.wideRegisters(m.pc); wide > 0 {
		caller := m.base
		err := m.pushWide(info, at+1, wide)
		if err == nil {
			m.stack[caller+wide] = callee
		}
		return 0, err
	}
	return 0, m.push(info, at+1-m.base)
}

// replaceByValue makes the function in stack[at] the running frame's.
func (m *Machine) replaceByValue(f *functionObject, info *funcInfo, at, n int) *Error {
	if err := m.room(m.base + 1 + int(info.registers)); err != nil {
		return err
	}
	callee := m.stack[at]
	if len(f.captures) > 0 && !m.hasSlot() {
		copy(m.stack[m.base+1:], m.stack[at+1:at+1+n])
		m.base++
		m.frames[len(m.frames)-1].delta++
	} else {
		copy(m.stack[m.base:], m.stack[at+1:at+1+n])
	}
	if len(f.captures) > 0 {
		m.stack[m.base-1] = callee
	}
	m.replaced(info)
	return nil
}

func article(k Kind) string {
	switch k {
	case KindInt:
		return "an " + k.String()
	case KindNull, KindUnset:
		return k.String()
	}
	return "a " + k.String()
}

// callBuiltinValue calls a builtin that came as a value, and so has yet to be checked against its row.
func (m *Machine) callBuiltinValue(f *functionObject, at, n int, names []string, tail bool) (Outcome, *Error) {
	args, err := bindBuiltin(&bytecode.Builtins[f.index], m.stack[at+1:at+1+n], names)
	if err != nil {
		return 0, err
	}
	v, outcome, err := m.builtin(int(f.index), args)
	if err != nil || outcome == Await || outcome == Sleep {
		return outcome, err
	}
	if tail {
		return m.tailResult(v, outcome)
	}
	m.stack[at] = v
	return outcome, nil
}

// tailResult returns v, the result of an instruction that is a tail call; outcome is the instruction's own. What the
// thread does in the end, a result that is a future included, is left to the stub.
func (m *Machine) tailResult(v Value, outcome Outcome) (Outcome, *Error) {
	if len(m.frames) > 1 {
		m.stack[m.pop()] = v
		return outcome, nil
	}
	m.stack[m.base] = v
	m.next = stubReturn
	return outcome, nil
}

// builtin calls a builtin; the outcome says what it asked for.
func (m *Machine) builtin(index int, args []Value) (Value, Outcome, *Error) {
	m.effect.kind = 0
	v, err := builtinFuncs[index](m, args)
	if err != nil {
		return Value{}, 0, err
	}
	return v, m.effect.kind, nil
}

func (m *Machine) opCallBuiltin(in bytecode.Instr) (Outcome, *Error) {
	return m.finishBuiltin(in, m.window(in.A, int(in.B)))
}

func (m *Machine) opCallBuiltin1(in bytecode.Instr) (Outcome, *Error) {
	return m.finishBuiltin(in, m.window(in.B, 1))
}

func (m *Machine) opCallBuiltin2(in bytecode.Instr) (Outcome, *Error) {
	m.scratch = [2]Value{m.reg(in.B), m.reg(in.C)}
	return m.finishBuiltin(in, m.scratch[:])
}

func (m *Machine) finishBuiltin(in bytecode.Instr, args []Value) (Outcome, *Error) {
	v, outcome, err := m.builtin(int(in.D), args)
	if err != nil || outcome == Await || outcome == Sleep {
		return outcome, err
	}
	m.stack[m.base+int(in.A)] = v
	return outcome, nil
}

// opEntry is the stub's first instruction: it calls R[0] with the thread's arguments.
func (m *Machine) opEntry(bytecode.Instr) (Outcome, *Error) {
	return m.callValue(m.base-1, len(m.start.Args), m.start.Names, true)
}

func (m *Machine) opSpawn(in bytecode.Instr) (Outcome, *Error) {
	callee := m.reg(in.A)
	if callee.rep() != repFunction {
		return 0, fault(ErrType, "cannot call %s: it is not a function", article(callee.Kind()))
	}
	thread := fmt.Sprintf("%s.%d", m.start.Thread, m.spawned)
	args := slices.Clone(m.window(in.A, 1+int(in.B))[1:])
	if err := m.reserve(objectBytes + len(thread)); err != nil {
		return 0, err
	}
	m.effect = effect{kind: Spawn, spawn: Spawned{Thread: thread, Function: callee, Args: args, Names: m.names(in.D), Trace: m.traceback()}}
	m.spawned++
	m.stack[m.base+int(in.A)] = Future(thread)
	return Spawn, nil
}

func (m *Machine) opAwait(in bytecode.Instr) (Outcome, *Error) {
	v := m.reg(in.B)
	switch v.rep() {
	case repFuture:
		m.effect = effect{kind: Await, await: Awaiting{Mode: AwaitOne, Futures: []string{v.FutureID()}, Timeout: -1}}
		return Await, nil
	case repList:
		if ids := m.futuresOf(v); len(ids) > 0 {
			m.effect = effect{kind: Await, await: Awaiting{Mode: AwaitAll, Futures: ids, Timeout: -1}}
			return Await, nil
		}
	}
	return m.set(in.A, v)
}

// futuresOf are the ids of a List's elements that are futures, in order.
func (m *Machine) futuresOf(list Value) []string {
	var ids []string
	items := list.items()
	m.work(len(items))
	for _, item := range items {
		if item.rep() == repFuture {
			ids = append(ids, item.FutureID())
		}
	}
	return ids
}
