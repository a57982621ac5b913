package vm

// Traps are the breakpoints of a debug session.
type Traps struct{}

func (t *Traps) has(pc int) bool { return false }
