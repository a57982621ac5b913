package vm

// step executes one instruction, in the plain way; 0 means that another can follow.
func (m *Machine) step() Outcome {
	if m.state != running {
		return m.ended()
	}
	in := m.code.instrs[m.pc]
	m.next = m.pc + 1
	outcome, err := opFuncs[in.Op](m, in)
	if err != nil {
		m.steps++
		m.raise(err)
		return m.ended()
	}
	switch outcome {
	case Await, Foreign, Sleep:
		return outcome
	}
	m.steps++
	m.pc = m.next
	return outcome
}

// ended is the outcome of a machine that ended, else 0.
func (m *Machine) ended() Outcome {
	switch m.state {
	case done:
		return Done
	case faulted:
		return Fault
	}
	return 0
}

// clearAbove forgets what lies above the running frame, so that it can be collected. It is not worth its while after every short Run.
func (m *Machine) clearAbove() {
	top := m.base
	if m.state == running {
		top += int(m.code.funcs[m.code.functionAt(m.pc)].registers) + 1
	}
	if garbage := len(m.stack) - top; garbage > 0 && m.steps-m.cleared >= uint64(garbage/8) {
		clear(m.stack[top:])
		m.cleared = m.steps
	}
}
