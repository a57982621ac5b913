package vm

// The machine's own limits. They are counted in the machine's terms, so that a program meets them at the same
// instruction on every computer, whatever the Go runtime does with its memory.
const (
	// MaxDepth is the greatest number of calls that wait for each other.
	MaxDepth = 1_000_000
	// MaxMemory is the greatest number of bytes that a thread's values may take.
	MaxMemory = 1 << 30
	// maxStack is the greatest number of registers of all frames together.
	maxStack = 1 << 25
)

// memory counts bytes. An allocation adds to used. When used passes mark, what can still be reached is measured: the bytes
// that encoding would visit, by the sizes below; that becomes used, and the next mark is a fixed proportion further. Both
// numbers are part of the encoded state, and the measure depends on that state only, so a thread that is
// suspended anywhere counts as one that is not.
type memory struct {
	used, mark int64
	// limit is for tests: 0 is MaxMemory.
	limit int64
}

func (m *memory) most() int64 {
	if m.limit == 0 {
		return MaxMemory
	}
	return m.limit
}

// Bytes of objects, beside their contents.
const (
	valueBytes  = 16
	objectBytes = 48
	frameBytes  = 16
	// markShare of the limit can be allocated between two measurements at least.
	markShare = 16
)

func newMemory() memory { return memory{mark: MaxMemory / markShare} }

// work charges fuel for n bytes or items that an instruction touches.
func (m *Machine) work(n int) { m.effort += uint64(n) / workUnit }

// workUnit is how many bytes or items can be touched for one fuel.
const workUnit = 8

// reserve charges n bytes of memory; the error is of kind Limit.
func (m *Machine) reserve(n int) *Error {
	m.memory.used += int64(n)
	if m.memory.used <= m.memory.mark {
		return nil
	}
	return m.measureFor(int64(n))
}

func (m *Machine) measureFor(n int64) *Error {
	live := m.liveBytes()
	if live+n > m.memory.most() {
		m.memory.used = live
		m.memory.mark = live + max(m.memory.most()/markShare, live/2)
		return memoryError()
	}
	m.memory.used = live + n
	m.memory.mark = m.memory.used + max(m.memory.most()/markShare, live/2)
	return nil
}

func memoryError() *Error {
	return fault(ErrLimit, "out of memory: the values of this thread take more than %d MiB", MaxMemory>>20)
}

// liveBytes measures what can be reached.
func (m *Machine) liveBytes() int64 {
	roots := m.roots()
	bytes := int64(len(roots)*valueBytes + len(m.frames)*frameBytes)
	e := newEncoder(roots)
	for i := range e.objects {
		o := &e.objects[i]
		bytes += objectBytes + int64(valueBytes*len(e.children(o)))
		switch v := (Value{p: o.p}); v.rep() {
		case repString:
			bytes += int64(o.hi)
		case repBig:
			bytes += int64(len(v.big().Bits()) * 8)
		case repSymbol:
			bytes += int64(len(v.Text()))
		case repFuture:
			bytes += int64(len(v.FutureID()))
		}
	}
	return bytes
}

// grow makes the stack at least n registers long.
func (m *Machine) grow(n int) {
	if n < len(m.stack) {
		return
	}
	stack := make([]Value, max(2*len(m.stack), n+1, 64))
	copy(stack, m.stack)
	m.stack = stack
}
