package vm

import (
	"crypto/sha256"
	"encoding/binary"
)

// Digests of machines: by structure. Every collection is replaced by the digest of its items, bottom up, so that it does not matter
// which values share memory, and a value that is in many places is digested once.

// Digest identifies the machine's state by structure: two machines of one program with the same digest go on in the same way. It
// ignores which values share memory, what no longer can be reached, and the counts of steps, bytes and replaced frames.
func (m *Machine) Digest() [32]byte {
	roots := m.roots()
	d := &digester{known: map[Value][32]byte{}}
	for _, v := range roots {
		d.digest(v)
	}
	e := &encoder{out: []byte{encodingVersion, byte(m.state)}}
	e.text(m.start.Session)
	e.text(m.start.Thread)
	e.number(uint64(m.spawned))
	e.trace(m.start.Thread, m.start.Trace)
	if m.state == faulted {
		e.fault(m.start.Thread, m.fault)
	}
	if m.state == running {
		e.positions(m)
	}
	for _, v := range roots {
		e.out = d.item(e.out, v)
	}
	return sha256.Sum256(e.out)
}

// positions writes where the frames are.
func (e *encoder) positions(m *Machine) {
	e.number(uint64(len(m.frames)))
	m.walkFrames(func(_ int, f *frameView) { e.number(uint64(f.pc)) })
	if m.pc == stubEntry {
		e.number(uint64(len(m.start.Args)))
		e.texts(m.start.Names)
	}
}

type digester struct {
	known map[Value][32]byte
	stack []Value
}

// digest makes known the digests of v and of everything in it. It has its own stack, since values may be nested deeply.
func (d *digester) digest(v Value) {
	d.stack = append(d.stack[:0], v)
	for len(d.stack) > 0 {
		v := d.stack[len(d.stack)-1]
		if _, ok := d.known[v]; ok || !v.compound() {
			d.stack = d.stack[:len(d.stack)-1]
			continue
		}
		if d.pushItems(v) {
			continue
		}
		d.known[v] = d.sum(v)
		d.stack = d.stack[:len(d.stack)-1]
	}
}

// compound says whether a value holds others.
func (v Value) compound() bool {
	switch v.rep() {
	case repList, repHash:
		return v.hasObject()
	case repFunction:
		return len(v.function().captures) > 0
	}
	return false
}

// pushItems puts those items of v on the stack whose digests are not known; false if there are none.
func (d *digester) pushItems(v Value) bool {
	before := len(d.stack)
	v.eachItem(func(item Value) {
		if _, ok := d.known[item]; !ok && item.compound() {
			d.stack = append(d.stack, item)
		}
	})
	return len(d.stack) > before
}

// eachItem visits what a List, a Hash (keys and values in turn) or a closure holds.
func (v Value) eachItem(visit func(Value)) {
	switch v.rep() {
	case repList:
		for _, item := range v.items() {
			visit(item)
		}
	case repHash:
		for k, x := range v.Pairs() {
			visit(k)
			visit(x)
		}
	case repFunction:
		for _, x := range v.function().captures {
			visit(x)
		}
	}
}

func (d *digester) sum(v Value) [32]byte {
	out := []byte{byte(v.Kind())}
	if v.rep() == repFunction {
		out = binary.AppendUvarint(out, uint64(v.function().index))
	}
	v.eachItem(func(item Value) { out = d.item(out, item) })
	return sha256.Sum256(out)
}

// item appends what stands for a value: itself, if it is short, else its digest.
func (d *digester) item(out []byte, v Value) []byte {
	if v.compound() {
		sum := d.known[v]
		return append(append(out, 0xFF), sum[:]...)
	}
	e := encoder{out: out}
	switch v.rep() {
	case repBig:
		e.out = append(e.out, wireBig)
		e.text(v.big().Text(62))
	case repString, repSymbol:
		e.out = append(e.out, wireOf[v.rep()])
		e.text(v.Text())
	case repFuture:
		e.out = append(e.out, wireFuture)
		e.text(v.FutureID())
	default:
		e.value(v)
	}
	return e.out
}
