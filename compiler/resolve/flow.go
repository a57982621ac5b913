package resolve

// Definite assignment, forward: for each local two bits, "must" (it has a value on every path so far) and "may" (on some path).
// There are no loops, so that one pass in the order of evaluation is enough. A call that never returns counts as one that
// does, as it does for the machine's verifier, which has to agree with what is found here.

// flow is the state at one point: the words of must, then as many of may.
type flow []uint64

// flowWords is the length of a flow.
func flowWords(locals int) int { return 2 * liveWords(locals) }

func (f flow) must(slot int) bool { return f[slot/64]>>(slot%64)&1 != 0 }
func (f flow) may(slot int) bool  { return f[len(f)/2+slot/64]>>(slot%64)&1 != 0 }

func (f flow) state(slot int) State {
	switch {
	case f.must(slot):
		return Set
	case f.may(slot):
		return Maybe
	}
	return Unset
}

// set notes that the local has a value now.
func (f flow) set(slot int) {
	f[slot/64] |= 1 << (slot % 64)
	f[len(f)/2+slot/64] |= 1 << (slot % 64)
}

// join makes f the state where its path meets g's.
func (f flow) join(g flow) {
	half := len(f) / 2
	for i := range half {
		f[i] &= g[i]
		f[half+i] |= g[half+i]
	}
}

// onlyMay makes f the state where g's path may have been left at any point since g was a state: must is g's, may stays, since it
// only ever grows.
func (f flow) onlyMay(g flow) { copy(f[:len(f)/2], g) }

// live is a set of locals whose values are still wanted, for the pass that goes backward.
type live []uint64

// liveWords is the length of a live.
func liveWords(locals int) int { return (locals + 63) / 64 }

func (l live) has(slot int) bool { return l[slot/64]>>(slot%64)&1 != 0 }
func (l live) add(slot int)      { l[slot/64] |= 1 << (slot % 64) }
func (l live) remove(slot int)   { l[slot/64] &^= 1 << (slot % 64) }

func (l live) join(m live) {
	for i := range m {
		l[i] |= m[i]
	}
}

// stack keeps copies of states, last in first out, so that branches cost no allocation of their own.
type stack []uint64

// push copies a state and says where it lies.
func (s *stack) push(state []uint64) int {
	at := len(*s)
	*s = append(*s, state...)
	return at
}

// zeros pushes n words that are zero, for use until they are popped: others that are pushed leave them where they are.
func (s *stack) zeros(n int) []uint64 {
	at := len(*s)
	for range n {
		*s = append(*s, 0)
	}
	return (*s)[at : at+n : at+n]
}

// top is the n words at a place; it is valid until the next push.
func (s stack) top(at, n int) []uint64 { return s[at : at+n] }

// pop forgets what was pushed at the place and later.
func (s *stack) pop(at int) { *s = (*s)[:at] }
