package vm

import (
	"encoding/binary"
	"math"
)

// Values as bytes.
//
//	stream   = version root… object…
//	root     = value
//	value    = 0x40+k                  the Int k-16, for k < 192
//	         | tag …                   see the tags below
//	object   = bytes of a big Int, text of a Symbol or future, a buffer, a node, a closure
//	number   = unsigned LEB128, as short as possible
//
// Objects are numbered by their first occurrence in the stream and follow the roots in that order, so sharing is kept, and the
// stream ends when the last object that was mentioned has been written. A buffer is written once: the items that views in the
// stream cover, from the least offset to the greatest end, and whether more of it was used. References may go to any object; what must not be is a
// value that contains itself (see acyclic).
//
// A machine's constants are written as what they are, since the machine that goes on will load them from the program again: were they
// objects like others, then what it makes of both would not share what it would have shared without the interruption.
//
// The bytes depend only on what the machine can reach and on nothing that differs between two runs of the same program:
// decoding and encoding again gives the same bytes, and any other bytes are an error.

// encodingVersion is the first byte of an encoded value or machine.
const encodingVersion = 1

// Tags of values.
const (
	wireUnset = iota
	wireNull
	wireFalse
	wireTrue
	wireInt // zigzag
	wireFloat
	wireEmptyString
	wireEmptyList
	wireEmptyHash
	wireFunction // index in Funcs
	wireImport
	wireBuiltin
	wireBig    // object
	wireString // object, bytes, code points
	wireSymbol // object
	wireList   // object, offset, length
	wireHash   // object
	wireNode   // object
	wireClosure
	wireFuture
	wireConst    // index in Consts; of a String bytes, code points; in machines only
	wireSmallInt = 0x40
	smallIntBias = 16
)

// encoder writes a stream. First everything reachable is found, together with the range of each buffer that is in use; then it
// is written.
type encoder struct {
	out     []byte
	numbers numbering
	objects []foundObject
	// consts are the constants that are written as such, nil for none.
	consts *numbering
	// late: a buffer's range grew after its items had been looked at, so that objects were found out of the stream's order.
	late bool
}

// foundObject is a reachable object: for a buffer, with the range that is in use, and how much of it has been looked at.
type foundObject struct {
	p          address
	lo, hi     uint32
	slo, shi   uint32
	scanned    bool
	scheduling bool
}

func newEncoder(roots ...[]Value) *encoder {
	e := &encoder{}
	e.collect(roots)
	return e
}

func (e *encoder) collect(roots [][]Value) {
	e.find(roots)
	if e.late {
		e.renumber(roots)
	}
}

// constant is the index of a constant that is written as such.
func (e *encoder) constant(v Value) (uint32, bool) {
	if e.consts == nil {
		return 0, false
	}
	switch v.rep() {
	case repString, repSymbol, repBig:
		return e.consts.find(v.p)
	}
	return 0, false
}

// numbered says whether a value is written as a reference to an object of the stream.
func (e *encoder) numbered(v Value) bool {
	if !v.hasObject() {
		return false
	}
	_, constant := e.constant(v)
	return !constant
}

// find visits everything reachable.
func (e *encoder) find(roots [][]Value) {
	var again []uint32
	for _, values := range roots {
		again = e.visitAll(values, again)
	}
	for next := 0; next < len(e.objects) || len(again) > 0; {
		if next < len(e.objects) {
			again = e.scan(uint32(next), again)
			next++
			continue
		}
		number := again[len(again)-1]
		again = e.scan(number, again[:len(again)-1])
	}
}

// renumber orders the objects as the stream will mention them, now that all ranges are known.
func (e *encoder) renumber(roots [][]Value) {
	old, oldNumbers := e.objects, e.numbers
	e.objects, e.numbers = make([]foundObject, 0, len(old)), numbering{}
	add := func(values []Value) {
		for _, v := range values {
			if !e.numbered(v) {
				continue
			}
			if _, seen := e.numbers.find(v.p); !seen {
				n, _ := oldNumbers.find(v.p)
				e.numbers.add(v.p, uint32(len(e.objects)))
				e.objects = append(e.objects, old[n])
			}
		}
	}
	for _, values := range roots {
		add(values)
	}
	for i := 0; i < len(e.objects); i++ {
		add(e.children(&e.objects[i]))
	}
}

// hasObject says whether the value is written as a reference: not what is static, or a function without captures.
func (v Value) hasObject() bool {
	switch v.rep() {
	case repBig, repSymbol, repFuture, repNode:
		return true
	case repString, repList:
		return v.n != 0
	case repHash:
		return v.hash().count != 0
	case repFunction:
		return len(v.function().captures) > 0
	}
	return false
}

func (e *encoder) visitAll(values []Value, again []uint32) []uint32 {
	for _, v := range values {
		if e.numbered(v) {
			again = e.visit(v, again)
		}
	}
	return again
}

// visit notes an object, and which part of a buffer is in use; buffers that have to be looked at again are added to again.
func (e *encoder) visit(v Value, again []uint32) []uint32 {
	lo, hi := uint32(0), uint32(0)
	switch v.rep() {
	case repString:
		hi = uint32(v.n >> 32)
	case repList:
		lo = uint32(v.n >> 32)
		hi = lo + uint32(v.n)
	}
	number, seen := e.numbers.find(v.p)
	if !seen {
		e.numbers.add(v.p, uint32(len(e.objects)))
		e.objects = append(e.objects, foundObject{p: v.p, lo: lo, hi: hi})
		return again
	}
	o := &e.objects[number]
	if lo >= o.lo && hi <= o.hi {
		return again
	}
	o.lo, o.hi = min(o.lo, lo), max(o.hi, hi)
	if o.scanned && v.rep() == repList && !o.scheduling {
		o.scheduling, e.late = true, true
		again = append(again, number)
	}
	return again
}

// scan visits an object's children, for a List those that have not been visited yet.
func (e *encoder) scan(number uint32, again []uint32) []uint32 {
	o := &e.objects[number]
	o.scheduling = false
	if *(*rep)(o.p) != repList {
		o.scanned = true
		return e.visitAll(e.children(o), again)
	}
	items, lo, slo, shi := e.children(o), o.lo, o.slo, o.shi
	first := !o.scanned
	o.scanned, o.slo, o.shi = true, o.lo, o.hi
	if first {
		return e.visitAll(items, again)
	}
	again = e.visitAll(items[:slo-lo], again)
	return e.visitAll(items[shi-lo:], again)
}

// children are the values in an object, for a List those in use.
func (e *encoder) children(o *foundObject) []Value {
	switch v := (Value{p: o.p}); v.rep() {
	case repList:
		l := v.list()
		return l.items[o.lo-l.start : o.hi-l.start]
	case repHash:
		h := v.hash()
		if h.index == nil {
			return []Value{nodeValue(h.entries)}
		}
		return []Value{nodeValue(h.entries), nodeValue(h.index)}
	case repNode:
		return v.node().slots
	case repFunction:
		return v.function().captures
	}
	return nil
}

func (e *encoder) number(n uint64) { e.out = binary.AppendUvarint(e.out, n) }

func (e *encoder) text(s string) {
	e.number(uint64(len(s)))
	e.out = append(e.out, s...)
}

func (e *encoder) value(v Value) {
	switch v.rep() {
	case 0:
		e.out = append(e.out, wireUnset)
	case repNull:
		e.out = append(e.out, wireNull)
	case repBool:
		e.out = append(e.out, wireFalse+byte(v.n))
	case repInt:
		e.int(v.int())
	case repFloat:
		e.out = binary.LittleEndian.AppendUint64(append(e.out, wireFloat), canonicalNaN(v.n))
	case repFunction:
		e.function(v)
	default:
		e.reference(v)
	}
}

// canonicalNaN makes all NaNs the same: processors differ in the one that an operation gives.
func canonicalNaN(bits uint64) uint64 {
	if f := math.Float64frombits(bits); f != f {
		return 0x7FF8000000000000
	}
	return bits
}

func (e *encoder) int(i int64) {
	if k := uint64(i + smallIntBias); k < 256-wireSmallInt {
		e.out = append(e.out, wireSmallInt+byte(k))
		return
	}
	e.out = append(e.out, wireInt)
	e.number(uint64(i)<<1 ^ uint64(i>>63))
}

// numberOf writes the number of a value's object.
func (e *encoder) numberOf(v Value) {
	number, _ := e.numbers.find(v.p)
	e.number(uint64(number))
}

func (e *encoder) function(v Value) {
	f := v.function()
	if len(f.captures) > 0 {
		e.out = append(e.out, wireClosure)
		e.numberOf(v)
		return
	}
	e.out = append(e.out, wireFunction+byte(f.form))
	e.number(uint64(f.index))
}

var wireOf = [repCount]byte{repBig: wireBig, repString: wireString, repSymbol: wireSymbol, repList: wireList, repHash: wireHash,
	repNode: wireNode, repFuture: wireFuture}

var wireEmpty = [repCount]byte{repString: wireEmptyString, repList: wireEmptyList, repHash: wireEmptyHash}

func (e *encoder) reference(v Value) {
	r := v.rep()
	if !v.hasObject() {
		e.out = append(e.out, wireEmpty[r])
		return
	}
	if index, ok := e.constant(v); ok {
		e.out = append(e.out, wireConst)
		e.number(uint64(index))
	} else {
		e.out = append(e.out, wireOf[r])
		e.numberOf(v)
	}
	if r == repString || r == repList {
		e.number(v.n >> 32)
		e.number(uint64(uint32(v.n)))
	}
}

// finish writes the objects and is the stream.
func (e *encoder) finish() []byte {
	for i := range e.objects {
		e.object(&e.objects[i])
	}
	return e.out
}

func (e *encoder) object(o *foundObject) {
	v := Value{p: o.p}
	switch v.rep() {
	case repBig:
		b := v.big()
		e.number(uint64(b.Sign() + 1))
		e.text(string(b.Bytes()))
	case repString:
		s := v.object()
		e.closed(s.used, o.hi)
		e.number(uint64(o.hi))
		e.out = append(e.out, s.bytes[:o.hi]...)
	case repSymbol:
		e.text(v.Text())
	case repFuture:
		e.text(v.FutureID())
	case repList:
		e.number(uint64(o.lo))
		e.number(uint64(o.hi - o.lo))
		e.closed(v.list().used, o.hi)
		e.values(e.children(o))
	case repHash:
		h := v.hash()
		e.number(uint64(h.count))
		e.out = append(e.out, h.depth)
		e.values(e.children(o))
	case repNode:
		e.number(uint64(v.node().bits))
		e.number(uint64(len(v.node().slots)))
		e.values(v.node().slots)
	case repFunction:
		e.number(uint64(v.function().index))
		e.values(v.function().captures)
	}
}

// closed writes whether a buffer was used beyond what is written of it. If so no view can ever extend it; how far does not matter.
func (e *encoder) closed(used, end uint32) { e.out = append(e.out, boolBit(used > end)) }

func (e *encoder) values(values []Value) {
	for _, v := range values {
		e.value(v)
	}
}

// EncodeValue is a value as bytes, versioned and canonical; sharing inside it is kept. Functions in it have to be code's.
func EncodeValue(code *Code, v Value) ([]byte, error) {
	e := newEncoder([]Value{v})
	for i := range e.objects {
		if f := (Value{p: e.objects[i].p}); f.rep() == repFunction && f.function().code != code {
			return nil, errOtherProgram
		}
	}
	e.out = append(e.out, encodingVersion)
	e.value(v)
	return e.finish(), nil
}
