package vm

// Run executes instructions until the outcome, but no more than fuel pays for: an instruction costs one, and more when it
// touches much data. At a trap it stops before the instruction, with Break; the next Run goes on from there.
func (m *Machine) Run(fuel uint64) Outcome {
	return m.run(m.steps+m.effort+min(fuel, maxFuel), 1)
}

// RunTo is Run until Steps() is a number, which is the outcome Fuel.
func (m *Machine) RunTo(steps uint64) Outcome { return m.run(min(steps, m.steps+maxFuel), 0) }

// RunAbove is Run, and stops with Fuel too when there are no more than depth frames: when all further in have returned.
func (m *Machine) RunAbove(fuel uint64, depth int) Outcome {
	m.floor = max(0, depth)
	defer func() { m.floor = 0 }()
	return m.Run(fuel)
}

// Spent is what has been paid with fuel: Steps, and what instructions cost that touch much data.
func (m *Machine) Spent() uint64 { return m.steps + m.effort }

// Step executes one instruction, whether there is a trap or not; Fuel means that another can follow.
func (m *Machine) Step() Outcome {
	m.passTrap = true
	return m.run(m.steps+1, 0)
}

// run executes until steps, and weight times effort, are end.
func (m *Machine) run(end, weight uint64) Outcome {
	defer m.clearAbove()
	m.raised, m.given, m.delivered = nil, false, nil
	for {
		spent := m.steps + weight*m.effort
		switch {
		case m.state != running:
			return m.ended()
		case spent >= end || len(m.frames) <= m.floor:
			return Fuel
		}
		if outcome, stop := m.advance(end - spent); stop {
			m.passTrap, m.passRaise = outcome == Break, m.raised != nil
			return outcome
		}
		m.passTrap, m.passRaise = false, false
	}
}

// advance executes some instructions, at most left.
func (m *Machine) advance(left uint64) (outcome Outcome, stop bool) {
	if !m.passTrap {
		for end := m.steps + left; end-m.steps > m.exec.longest; {
			why := m.dispatch(end - m.steps - m.exec.longest)
			if why == atText && m.extendText() {
				continue
			}
			switch why {
			case atTrap:
				return Break, true
			case atLimit:
				return 0, false
			}
			outcome = m.step()
			return outcome, outcome != 0
		}
		if m.traps != nil && m.traps.at(m.pc) {
			return Break, true
		}
	}
	outcome = m.step()
	return outcome, outcome != 0
}

// extendText executes an ADD that puts a few bytes behind a String whose buffer has room for them; false if it is another case.
func (m *Machine) extendText() bool {
	in := &m.code.instrs[m.pc]
	a, b := m.reg(in.B), m.reg(in.C)
	n := int(b.n >> 32)
	if m.own != nil || b.rep() != repString || !a.extendsText() || n >= workUnit || m.memory.used+int64(n) > m.memory.mark {
		return false
	}
	m.memory.used += int64(n)
	o := a.object()
	//lint:ignore S1011 so few that a call of memmove would cost more
	for _, c := range b.object().bytes[:n] {
		o.bytes = append(o.bytes, c)
	}
	o.used += uint32(n)
	m.stack[m.base+int(in.A)] = Value{a.p, a.n + b.n}
	m.pc++
	m.steps++
	return true
}

// step executes one instruction, in the plain way; 0 means that another can follow.
func (m *Machine) step() Outcome {
	in, before := m.code.instrs[m.pc], m.memory
	m.next = m.pc + 1
	outcome, err := opFuncs[in.Op](m, in)
	if err != nil {
		if m.traps != nil && m.traps.Raises && !m.passRaise {
			m.memory, m.raised = before, err
			return Break
		}
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
