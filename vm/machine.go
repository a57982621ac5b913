package vm

import "fmt"

// A machine runs one thread. Its owner calls Run until the outcome is Done or Fault, and in between answers what the
// machine asks for:
//
//	outcome   what it means                          what to do before the next Run
//	Fuel      the fuel is used up                    nothing
//	Await     it waits for futures: Await()          Answer, AnswerAll, AnswerFirst or Raise
//	Foreign   it calls Python: Foreign()             Answer or Raise
//	Sleep     it sleeps: Seconds()                   Answer(m.SleepValue()), or Raise
//	Spawn     it started a thread: Spawn()           nothing, it has the future already; or Raise
//	Output    it wrote a line: Output()              nothing
//	Break     it is at a breakpoint                  nothing; the next Run goes on from there
//	Done      it ended with Result()
//	Fault     it ended with Fault()
//
// After Await, Foreign and Sleep the program counter is still on the instruction that waits: a machine encoded there and decoded
// elsewhere may be answered at once, or Run again to hear the same outcome.

// Outcome is why Run returned.
type Outcome uint8

// The outcomes; the table above says what follows.
const (
	Done Outcome = iota + 1
	Fuel
	Await
	Foreign
	Spawn
	Sleep
	Output
	Fault
	Break
)

var outcomeNames = [...]string{"none", "done", "fuel", "await", "foreign", "spawn", "sleep", "output", "fault", "break"}

func (o Outcome) String() string { return outcomeNames[o] }

// Start is what a thread begins with.
type Start struct {
	// Session is what sid() answers, Thread what tid() does; children are numbered Thread.0, Thread.1, ….
	Session, Thread string
	Function        Value
	Args            []Value
	// Names are those of the last len(Names) arguments.
	Names []string
	// Trace are the frames that led to this thread's start, innermost first.
	Trace []TraceFrame
}

// AwaitMode says which of several futures a thread waits for.
type AwaitMode uint8

const (
	// AwaitOne waits for one future: Answer with its value.
	AwaitOne AwaitMode = iota + 1
	// AwaitAll waits until all have ended: AnswerAll with the values, or Raise the error of the lowest index.
	AwaitAll
	// AwaitFirst waits until any has ended: AnswerFirst, or Raise that one's error.
	AwaitFirst
)

// Awaiting is what a machine waits for.
type Awaiting struct {
	Mode AwaitMode
	// Futures are ids in order; one may occur twice.
	Futures []string
	// Timeout is in seconds, -1 for none; when it is over, Raise an error of kind Timeout.
	Timeout float64
}

// ForeignCall is a call of a Python function that the machine waits for.
type ForeignCall struct {
	// Import is an index into the program's Imports.
	Import int
	Args   []Value
	Names  []string // of the last len(Names) arguments
}

// Spawned is a thread that the machine started.
type Spawned struct {
	Thread   string
	Function Value
	Args     []Value
	Names    []string
	Trace    []TraceFrame
}

// Machine is one thread's execution. It must not be used by two goroutines at once; machines of one Code run in
// parallel freely.
//
// Registers of all frames lie in one stack; a callee's window begins inside its caller's, at the arguments of the call.
type Machine struct {
	code  *Code
	start Start

	stack  []Value
	frames []frame // the last is the running function's
	base   int     // of the running function's registers in stack
	pc     int     // a position in code.instrs
	next   int     // where the instruction that runs goes on; for step only

	state   state
	result  Value
	fault   *Error
	spawned uint32 // children so far

	steps uint64
	// effort is fuel used beyond one for each instruction.
	effort uint64
	memory memory

	// exec is what dispatch executes, with traps if there are any.
	exec  *execCode
	traps *Traps
	// instrs and consts are the first of exec's instructions and of the program's constants; the others bound what dispatch
	// may use. They are set where it begins.
	instrs                *execInstr
	consts                *Value
	firstFrame, lastFrame address
	// floorFrame is the one from which the loop does not return: number floor.
	floorFrame address
	floor      int
	stackEnd   uintptr
	// passTrap, passRaise: the next instruction is executed, or raises, whatever traps say, since they were obeyed already.
	passTrap, passRaise bool
	// raised is the error that the instruction at pc is about to raise, if that is why the machine stopped.
	raised *Error
	// delivered is an error from outside that was raised since the last Run, and caught.
	delivered *Error
	// given: raised was raised already.
	given bool
	// cleared is steps when garbage was last cleared.
	cleared uint64

	// effect is what the instruction at pc, or the one before, asked for; kind 0 is nothing.
	effect effect
	// own are the buffers that a guest may extend, nil in other machines.
	own map[address]bool
	// scratch holds the arguments of a builtin that takes them from any registers.
	scratch [2]Value
}

// state says whether a machine can run.
type state uint8

const (
	running state = iota
	done
	faulted
)

// frame is a function that runs, or waits for its callee.
type frame struct {
	// ret is the position behind the call in the caller, 0 in the first frame.
	ret uint32
	// delta is how far the registers begin behind the caller's. If that is one more than operand a of the call, then
	// the register below holds the closure that runs.
	delta uint32
	// tails counts the frames that this one has replaced.
	tails uint32
}

// effect is what the world has to do for the instruction that runs.
type effect struct {
	kind    Outcome
	await   Awaiting
	foreign ForeignCall
	spawn   Spawned
	seconds Value
	text    string
}

// New is a machine at the first instruction of start.Function. A call that cannot be bound, because of the number or the
// names of its arguments, is a Fault of the first Run.
func New(code *Code, start Start) (*Machine, error) {
	if start.Function.Kind() != KindFunction {
		return nil, fmt.Errorf("start thread %s: a %s is not a function", start.Thread, start.Function.Kind())
	}
	if start.Function.function().code != code {
		return nil, fmt.Errorf("start thread %s: the function belongs to another program", start.Thread)
	}
	m := &Machine{code: code, start: start, base: 1, pc: stubEntry, memory: newMemory()}
	m.execute(code.exec)
	m.frames = append(m.frames, frame{delta: 1})
	m.grow(2 + len(start.Args))
	m.stack[0] = start.Function
	copy(m.stack[1:], start.Args)
	if f := start.Function.function(); f.form == formHark {
		m.enterDirectly(f)
	}
	return m, nil
}

// execute makes x what dispatch executes.
func (m *Machine) execute(x *execCode) {
	m.exec, m.instrs = x, &x.instrs[0]
	if len(m.code.consts) > 0 {
		m.consts = &m.code.consts[0]
	}
}

// enterDirectly begins at the function itself rather than at the stub, if its arguments can be bound.
func (m *Machine) enterDirectly(f *functionObject) {
	args := m.stack[1 : 1+len(m.start.Args)]
	if bindHark(f, args, m.start.Names) != nil {
		return
	}
	info := &m.code.funcs[f.index]
	m.pc = int(info.start)
	m.grow(m.base + int(info.registers))
}

// Code is the program that the machine runs.
func (m *Machine) Code() *Code { return m.code }

// Session is the id of the session that the machine belongs to.
func (m *Machine) Session() string { return m.start.Session }

// Thread is the machine's number among the threads of its session.
func (m *Machine) Thread() string { return m.start.Thread }

// Steps is the number of instructions executed so far, since the thread's start and not only since the last decoding.
func (m *Machine) Steps() uint64 { return m.steps }

// Result is the thread's value, after Done.
func (m *Machine) Result() Value { return m.result }

// Fault is the error that ended the thread, after Fault.
func (m *Machine) Fault() *Error { return m.fault }

// Await is what the machine waits for, after Await.
func (m *Machine) Await() Awaiting { return m.effect.await }

// Foreign is the call that the machine waits for, after Foreign.
func (m *Machine) Foreign() ForeignCall { return m.effect.foreign }

// Spawn is the thread that was started, after Spawn.
func (m *Machine) Spawn() Spawned { return m.effect.spawn }

// Output is the line that was written, without its end, after Output.
func (m *Machine) Output() string { return m.effect.text }

// Seconds is how long the machine sleeps, after Sleep.
func (m *Machine) Seconds() float64 {
	if m.effect.seconds.isInt() {
		return float64(m.effect.seconds.int())
	}
	return m.effect.seconds.float()
}

// SleepValue is the value of the call that sleeps, for Answer, after Sleep.
func (m *Machine) SleepValue() Value { return m.effect.seconds }
