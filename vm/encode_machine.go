package vm

import (
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Machines as bytes: a stream (encode.go) whose roots lie among what else makes up a machine.
//
//	machine  = version state session thread spawned steps used mark trace… body
//	body     = value                          done
//	         | error                          faulted
//	         | frames: each function+1, instruction, moved, tails, [closure] register…     running
//
// The first frame comes first. A frame has the registers that the verifier knows to be assigned where it is: what lies in the
// others is garbage and never read. Function 0 is the stub; at its first instruction names and arguments follow.

// frameView is one frame while all are walked.
type frameView struct {
	function int
	pc       int // in code.instrs
	base     int
	moved    bool // the window begins one register further than the call says, behind a closure
	tails    uint32
	// registers are those that belong to the state.
	registers []int
}

// liveRegisters remembers which registers belong to the state at each position, and in which of both ways.
type liveRegisters struct {
	code *Code
	top  map[int][]int
	kept map[int][]int
}

func newLiveRegisters(c *Code) *liveRegisters {
	return &liveRegisters{c, map[int][]int{}, map[int][]int{}}
}

// at is false if no thread can be there.
func (l *liveRegisters) at(function, pc int, top bool) ([]int, bool) {
	cache, find := l.top, l.code.facts.Assigned
	if !top {
		cache, find = l.kept, l.code.facts.Kept
	}
	if registers, ok := cache[pc]; ok {
		return registers, true
	}
	registers, ok := find(function, pc-int(l.code.funcs[function].start))
	if ok {
		cache[pc] = registers
	}
	return registers, ok
}

// walkFrames calls visit for each frame, the first one first.
func (m *Machine) walkFrames(visit func(i int, f *frameView)) {
	live := newLiveRegisters(m.code)
	base := 0
	for i := range m.frames {
		top := i == len(m.frames)-1
		f := frameView{pc: m.pc, tails: m.frames[i].tails}
		if !top {
			f.pc = int(m.frames[i+1].ret) - 1
		}
		base += int(m.frames[i].delta)
		f.base = base
		f.function = m.code.functionAt(f.pc)
		f.moved = i > 0 && m.frames[i].delta > uint32(m.code.instrs[m.frames[i].ret-1].A)
		if f.function == m.code.stub() {
			f.registers = m.stubRegisters()
		} else {
			f.registers, _ = live.at(f.function, f.pc, top)
		}
		visit(i, &f)
	}
}

// stubRegisters are the registers of a machine that is in the stub: the callee is the one below the first.
func (m *Machine) stubRegisters() []int {
	if m.pc == stubReturn {
		return []int{0}
	}
	registers := []int{-1}
	for i := range m.start.Args {
		registers = append(registers, i)
	}
	return registers
}

// roots are all values of the machine's state, in the order in which they are written.
func (m *Machine) roots() []Value {
	if m.state != running {
		return []Value{m.result}
	}
	var all []Value
	m.walkFrames(func(_ int, f *frameView) {
		if m.code.funcs[f.function].captures > 0 {
			all = append(all, m.stack[f.base-1])
		}
		for _, r := range f.registers {
			all = append(all, m.stack[f.base+r])
		}
	})
	return all
}

// Encode is the machine's whole state as bytes: the same state always has the same bytes. A machine that has spawned or written a
// line has done so; that is not repeated when it goes on.
func (m *Machine) Encode() []byte {
	roots := m.roots()
	e := &encoder{consts: &m.code.numbers}
	e.collect([][]Value{roots})
	e.out = append(e.out, encodingVersion, byte(m.state))
	e.text(m.start.Session)
	e.text(m.start.Thread)
	for _, n := range []uint64{uint64(m.spawned), m.steps, uint64(m.memory.used), uint64(m.memory.mark)} {
		e.number(n)
	}
	e.trace(m.start.Thread, m.start.Trace)
	switch m.state {
	case done:
		e.value(m.result)
	case faulted:
		e.fault(m.start.Thread, m.fault)
	case running:
		e.frames(m, roots)
	}
	return e.finish()
}

func (e *encoder) frames(m *Machine, roots []Value) {
	e.number(uint64(len(m.frames)))
	m.walkFrames(func(_ int, f *frameView) {
		info := &m.code.funcs[f.function]
		if f.function == m.code.stub() {
			e.number(0)
		} else {
			e.number(uint64(f.function) + 1)
		}
		e.number(uint64(f.pc) - uint64(info.start))
		e.number(uint64(boolBit(f.moved)))
		e.number(uint64(f.tails))
		if f.function == m.code.stub() && f.pc == stubEntry {
			e.number(uint64(len(m.start.Args)))
			e.texts(m.start.Names)
		}
		n := len(f.registers)
		if info.captures > 0 {
			n++
		}
		e.values(roots[:n])
		roots = roots[n:]
	})
}

func boolBit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func (e *encoder) texts(all []string) {
	e.number(uint64(len(all)))
	for _, s := range all {
		e.text(s)
	}
}

func (e *encoder) trace(thread string, frames []TraceFrame) {
	e.number(uint64(len(frames)))
	for _, f := range frames {
		e.text(f.Function)
		e.text(f.File)
		e.number(uint64(f.Line))
		e.ancestor(thread, f.Thread)
	}
}

// ancestor writes the number of a thread that is likely to be one that started this one, or itself: that is how this one's
// number begins, and is written as its length. Where threads are nested thousands deep, numbers are long.
func (e *encoder) ancestor(thread, of string) {
	if of != "" && strings.HasPrefix(thread, of) {
		e.number(uint64(len(of)))
		return
	}
	e.number(0)
	e.text(of)
}

func (e *encoder) fault(thread string, err *Error) {
	e.text(err.Kind)
	e.text(err.Message)
	e.text(err.Function)
	e.number(uint64(err.Line))
	e.text(err.Thread)
	e.trace(thread, err.Traceback)
	e.text(err.Python)
}

// Decode is the machine that Encode was called on. Any other bytes are an error.
func Decode(code *Code, data []byte) (*Machine, error) {
	d := &decoder{code: code, in: data, consts: code.consts}
	d.version()
	m := &Machine{code: code, state: state(d.byte())}
	m.execute(code.exec)
	m.start.Session, m.start.Thread = d.text(), d.text()
	m.spawned, m.steps = uint32(d.number(1<<32-1)), d.number(1<<63)
	m.memory.used, m.memory.mark = int64(d.number(1<<40)), int64(d.number(1<<40))
	m.start.Trace = d.trace(m.start.Thread)
	switch m.state {
	case done:
		m.result = d.value(inRegister)
	case faulted:
		m.fault = d.fault(m.start.Thread)
	case running:
		d.frames(m)
	default:
		d.fail("state %d", m.state)
	}
	if err := d.finish(); err != nil {
		return nil, fmt.Errorf("decode machine: %w", err)
	}
	if m.state == running {
		if err := m.checkClosures(); err != nil {
			return nil, fmt.Errorf("decode machine: %w", err)
		}
	}
	return m, nil
}

func (d *decoder) texts() []string {
	n := d.number(uint64(len(d.in)))
	var all []string
	for range n {
		all = append(all, d.text())
	}
	return all
}

func (d *decoder) trace(thread string) []TraceFrame {
	n := d.number(maxTraceInner + maxTraceOuter)
	var frames []TraceFrame
	for range n {
		frames = append(frames, TraceFrame{Function: d.text(), File: d.text(), Line: int(d.number(1 << 31)), Thread: d.ancestor(thread)})
	}
	return frames
}

func (d *decoder) ancestor(thread string) string {
	if n := d.number(uint64(len(thread))); n > 0 {
		return thread[:n]
	}
	of := d.text()
	if of != "" && strings.HasPrefix(thread, of) {
		d.fail("the name of a thread where its length can be")
	}
	return of
}

func (d *decoder) fault(thread string) *Error {
	return &Error{Kind: d.text(), Message: d.text(), Function: d.text(), Line: int(d.number(1 << 31)), Thread: d.text(),
		Traceback: d.trace(thread), Python: d.text()}
}

func (d *decoder) frames(m *Machine) {
	n := int(d.number(min(MaxDepth, uint64(len(d.in)))))
	if n == 0 {
		d.fail("no frames")
	}
	live := newLiveRegisters(d.code)
	for i := 0; i < n && d.err == nil; i++ {
		d.frame(m, live, i, i == n-1)
	}
}

// frame reads a frame, and checks that the machine could have come to be where it is.
func (d *decoder) frame(m *Machine, live *liveRegisters, i int, top bool) {
	function := int(d.number(uint64(len(d.code.program.Funcs)))) - 1
	if function < 0 {
		function = d.code.stub()
	}
	info := &d.code.funcs[function]
	pc := int(info.start) + int(d.number(uint64(info.end-info.start)-1))
	moved, tails := d.number(1), uint32(d.number(1<<32-1))
	f := frame{delta: 1, tails: tails}
	placed := moved == 0
	if i > 0 {
		f.ret = uint32(m.pc) + 1
		f.delta, placed = d.code.delta(m.pc, moved == 1)
	}
	registers, reached := []int(nil), i == 0 && top
	if function == d.code.stub() {
		registers = d.stubRegisters(m, pc)
	} else {
		registers, reached = live.at(function, pc, top)
	}
	ok := placed && reached && (info.captures == 0 || i == 0 || moved == 1)
	m.base += int(f.delta)
	m.pc = pc
	if !ok || m.base+int(info.registers) > maxStack {
		d.fail("frame %d: function %d at %d", i, function, pc)
		return
	}
	m.frames = append(m.frames, f)
	d.registers(m, info, registers)
}

// delta is how far the registers of a callee begin behind those of its caller, which is at pc; false if that cannot be.
func (c *Code) delta(pc int, moved bool) (uint32, bool) {
	in := c.instrs[pc]
	if wide := c.wideRegisters(pc); wide > 0 {
		return uint32(wide) + 1, moved
	}
	return uint32(in.A) + uint32(boolBit(moved)), moved || in.Op == bytecode.CALL
}

func (d *decoder) stubRegisters(m *Machine, pc int) []int {
	m.pc = pc
	if pc == stubEntry {
		m.start.Args = make([]Value, d.number(min(maxStubArgs, uint64(len(d.in)))))
		m.start.Names = d.texts()
		if len(m.start.Names) > len(m.start.Args) {
			d.fail("more names than arguments")
		}
	}
	return m.stubRegisters()
}

// maxStubArgs is more than any call can have.
const maxStubArgs = 256

func (d *decoder) registers(m *Machine, info *funcInfo, registers []int) {
	m.grow(m.base + max(int(info.registers), len(registers)) + 1)
	if info.captures > 0 {
		m.stack[m.base-1] = d.value(inItem)
	}
	for _, r := range registers {
		m.stack[m.base+r] = d.value(inRegister)
	}
}

// checkClosures checks what can be checked only when all objects are there: that each function with captures is run by one
// of its closures.
func (m *Machine) checkClosures() error {
	var err error
	m.walkFrames(func(i int, f *frameView) {
		callee := m.stack[f.base-1]
		if m.code.funcs[f.function].captures > 0 &&
			(callee.rep() != repFunction || callee.function().form != formHark || int(callee.function().index) != f.function) {
			err = fmt.Errorf("%w: frame %d runs a closure of another function", errMalformed, i)
		}
		if f.function == m.code.stub() && f.pc == stubEntry {
			m.start.Function = callee
			if callee.rep() != repFunction {
				err = fmt.Errorf("%w: a thread that starts with %s", errMalformed, article(callee.Kind()))
			}
		}
	})
	return err
}
