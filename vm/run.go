package vm

// Run executes instructions until the outcome, but not many more than fuel pays for: an instruction costs one, and more
// when it touches much data.
func (m *Machine) Run(fuel uint64) Outcome {
	limit := m.steps + m.effort + fuel
	for m.steps+m.effort < limit {
		if outcome := m.step(); outcome != 0 {
			return outcome
		}
	}
	return Fuel
}

// step executes one instruction; 0 means that another can follow.
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
