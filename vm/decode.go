package vm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"unicode/utf8"
)

var errOtherProgram = errors.New("encode: a function of another program")

// errMalformed is what every fault of encoded bytes wraps.
var errMalformed = errors.New("malformed value")

// DecodeValue is the value that EncodeValue was called on. Any other bytes are an error.
func DecodeValue(code *Code, data []byte) (Value, error) {
	d := &decoder{code: code, in: data}
	d.version()
	v := d.value(inItem)
	if err := d.finish(); err != nil {
		return Value{}, fmt.Errorf("decode value: %w", err)
	}
	return v, nil
}

// decoder reads a stream. Its first error stays; from then on it reads zeros, so that callers check once, at the end. Since
// every value and object is checked against the bytes that are left, it never allocates more than in proportion to them.
type decoder struct {
	code    *Code
	in      []byte
	err     error
	objects []readObject
	// consts are the constants that may be referred to.
	consts  []Value
	current int // the object that is read, -1 for a root
	// backward: an object refers to itself or to an earlier one.
	backward bool
	views    []textView
	hashes   []*hashObject
}

// readObject is an object that was mentioned, and the range of it that views cover.
type readObject struct {
	p      address
	lo, hi uint32
}

// textView is a view of a String, to be checked when its buffer is there.
type textView struct {
	object        uint32
	bytes, points uint32
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: "+format, append([]any{errMalformed}, args...)...)
	}
	d.in = nil
}

func (d *decoder) version() {
	if v := d.byte(); v != encodingVersion {
		d.fail("version %d, want %d", v, encodingVersion)
	}
	d.current = -1
}

func (d *decoder) byte() byte {
	if len(d.in) == 0 {
		d.fail("it ends early")
		return 0
	}
	b := d.in[0]
	d.in = d.in[1:]
	return b
}

// number reads a number up to limit.
func (d *decoder) number(limit uint64) uint64 {
	n, size := binary.Uvarint(d.in)
	switch {
	case size <= 0:
		d.fail("a number that does not end")
		return 0
	case size > 1 && d.in[size-1] == 0:
		d.fail("a number longer than it need be")
		return 0
	case n > limit:
		d.fail("%d where at most %d can be", n, limit)
		return 0
	}
	d.in = d.in[size:]
	return n
}

// bytes reads a number of bytes and these.
func (d *decoder) bytes() []byte {
	n := d.number(MaxMemory)
	if n > uint64(len(d.in)) {
		d.fail("it ends early")
		return nil
	}
	b := d.in[:n]
	d.in = d.in[n:]
	return b
}

func (d *decoder) text() string {
	s := string(d.bytes())
	if !utf8.ValidString(s) {
		d.fail("text that is not UTF-8")
	}
	return s
}

// place is where a value is read, as far as not every value may be there.
type place uint8

const (
	inItem     place = iota // in a collection, or by itself
	inRegister              // in a register or a capture, which may have no value
	inNode                  // in a Hash, where nodes are too
)

func (d *decoder) value(where place) Value {
	tag := d.byte()
	if tag >= wireSmallInt {
		return Int(int64(tag) - wireSmallInt - smallIntBias)
	}
	switch tag {
	case wireUnset:
		if where != inRegister {
			d.fail("no value where one has to be")
		}
		return Value{}
	case wireNull:
		return Null
	case wireFalse, wireTrue:
		return Bool(tag == wireTrue)
	case wireInt:
		return d.int()
	case wireFloat:
		return d.float()
	case wireEmptyString:
		return emptyString
	case wireEmptyList:
		return emptyList
	case wireEmptyHash:
		return emptyHash
	case wireFunction, wireImport, wireBuiltin:
		return d.function(functionForm(tag - wireFunction))
	}
	if tag == wireConst {
		return d.constant()
	}
	if tag > wireFuture || tag == wireNode && where != inNode {
		d.fail("tag %d", tag)
		return Value{}
	}
	return d.reference(tag)
}

func (d *decoder) int() Value {
	z := d.number(math.MaxUint64)
	i := int64(z>>1) ^ -int64(z&1)
	if uint64(i+smallIntBias) < 256-wireSmallInt {
		d.fail("a small Int in the form for large ones")
	}
	return Int(i)
}

func (d *decoder) float() Value {
	if len(d.in) < 8 {
		d.fail("a Float that ends early")
		return Value{}
	}
	bits := binary.LittleEndian.Uint64(d.in)
	d.in = d.in[8:]
	if bits != canonicalNaN(bits) {
		d.fail("a NaN that is not the usual one")
	}
	return Float(math.Float64frombits(bits))
}

func (d *decoder) function(form functionForm) Value {
	tables := [...][]functionObject{d.code.functions, d.code.imports, d.code.builtins}
	table := tables[form]
	i := d.number(math.MaxUint32)
	if i >= uint64(len(table)) || form == formHark && d.code.funcs[i].captures > 0 {
		d.fail("function %d", i)
		return Value{}
	}
	return functionValue(&table[i])
}

// constant reads the rest of a constant, or of a view of one.
func (d *decoder) constant() Value {
	i := d.number(math.MaxUint32)
	if i >= uint64(len(d.consts)) || !d.consts[i].hasObject() {
		d.fail("constant %d", i)
		return Value{}
	}
	v := d.consts[i]
	if v.rep() != repString {
		return v
	}
	bytes := d.number(v.n >> 32)
	points := d.number(bytes)
	view := v.object().bytes[:bytes]
	whole := uint64(bytes) == v.n>>32 && points == uint64(uint32(v.n))
	if bytes == 0 || !whole && (!utf8.Valid(view) || uint64(countStarts(view)) != points) {
		d.fail("a view of %d bytes of constant %d", bytes, i)
		return Value{}
	}
	return Value{v.p, bytes<<32 | points}
}

// reference reads the rest of a value that has an object.
func (d *decoder) reference(tag byte) Value {
	number := d.number(uint64(len(d.objects)))
	if d.err != nil {
		return Value{}
	}
	if int(number) == len(d.objects) {
		d.objects = append(d.objects, readObject{p: newObject(tag).p, lo: math.MaxUint32})
	}
	d.backward = d.backward || int(number) <= d.current
	o := &d.objects[number]
	v := Value{p: o.p}
	if wireOf[v.rep()] != tag && (tag != wireClosure || v.rep() != repFunction) {
		d.fail("object %d is a %s, used as something else", number, v.Kind())
		return Value{}
	}
	switch tag {
	case wireString:
		bytes := uint32(d.number(MaxMemory))
		points := uint32(d.number(uint64(bytes)))
		if bytes == 0 {
			d.fail("an empty view")
		}
		o.hi = max(o.hi, bytes)
		d.views = append(d.views, textView{uint32(number), bytes, points})
		v.n = uint64(bytes)<<32 | uint64(points)
	case wireList:
		offset, length := uint32(d.number(MaxMemory)), uint32(d.number(MaxMemory))
		if length == 0 {
			d.fail("an empty view")
		}
		o.lo, o.hi = min(o.lo, offset), max(o.hi, offset+length)
		v.n = uint64(offset)<<32 | uint64(length)
	}
	return v
}

// finish reads the objects, and checks what could not be checked before all were there.
func (d *decoder) finish() error {
	for i := 0; i < len(d.objects) && d.err == nil; i++ {
		d.current = i
		d.object(i)
	}
	if d.err == nil && len(d.in) > 0 {
		d.fail("%d bytes too many", len(d.in))
	}
	if d.err == nil {
		d.checkRanges()
	}
	if d.err == nil {
		d.checkTexts()
	}
	if d.err == nil && d.backward && !acyclic(d.objects) {
		d.fail("a value that contains itself")
	}
	if d.err == nil {
		d.checkHashes()
	}
	return d.err
}

func (d *decoder) object(i int) {
	v := Value{p: d.objects[i].p}
	switch v.rep() {
	case repBig:
		(*bigObject)(v.p).v = d.big()
	case repString:
		s, closed := v.object(), d.number(1)
		s.bytes = slices.Clone(d.bytes())
		if !utf8.Valid(s.bytes) {
			d.fail("text that is not UTF-8")
		}
		s.used = usedTo(uint64(len(s.bytes)), closed)
	case repSymbol:
		(*symbolObject)(v.p).name = d.text()
	case repFuture:
		(*futureObject)(v.p).id = d.text()
	case repList:
		l := v.list()
		l.start = uint32(d.number(MaxMemory))
		count := d.number(uint64(len(d.in)))
		l.used = usedTo(uint64(l.start)+count, d.number(1))
		l.items = d.values(int(count), inItem)
	case repHash:
		d.hash(v.hash())
	case repNode:
		v.node().bits = uint32(d.number(math.MaxUint32))
		v.node().slots = d.values(int(d.number(uint64(len(d.in)))), inNode)
	case repFunction:
		d.closure(v.function())
	}
}

// usedTo is how far a buffer was used.
func usedTo(end, closed uint64) uint32 {
	if closed == 1 {
		return math.MaxUint32
	}
	return uint32(end)
}

func (d *decoder) big() *big.Int {
	sign := d.number(2)
	digits := d.bytes()
	i := new(big.Int).SetBytes(digits)
	if sign == 0 {
		i.Neg(i)
	}
	if sign == 1 || i.IsInt64() || len(digits) > 0 && digits[0] == 0 || i.BitLen() > maxIntBits {
		d.fail("an Int in the wrong form")
	}
	return i
}

func (d *decoder) values(n int, where place) []Value {
	if d.err != nil {
		return nil
	}
	values := make([]Value, n)
	for i := range values {
		values[i] = d.value(where)
	}
	return values
}

func (d *decoder) hash(h *hashObject) {
	h.count = uint32(d.number(MaxMemory))
	h.depth = d.byte()
	children := 1
	if h.count > leafPairs {
		children = 2
	}
	nodes := d.values(children, inNode)
	for _, n := range nodes {
		if n.rep() != repNode {
			d.fail("a Hash of something else than nodes")
			return
		}
	}
	if d.err != nil {
		return
	}
	h.entries = nodes[0].node()
	if children == 2 {
		h.index = nodes[1].node()
	}
	d.hashes = append(d.hashes, h)
}

func (d *decoder) closure(f *functionObject) {
	index := d.number(math.MaxUint32)
	if index >= uint64(len(d.code.functions)) || d.code.funcs[index].captures == 0 {
		d.fail("closure of function %d", index)
		return
	}
	f.form, f.code, f.index = formHark, d.code, uint32(index)
	f.link()
	f.captures = d.values(int(d.code.funcs[index].captures), inRegister)
}

// checkRanges checks that exactly what views cover was written of each buffer.
func (d *decoder) checkRanges() {
	for i, o := range d.objects {
		switch v := (Value{p: o.p}); v.rep() {
		case repString:
			if int(o.hi) != len(v.object().bytes) || v.object().used < o.hi {
				d.fail("object %d: a String of %d bytes, used to %d", i, len(v.object().bytes), o.hi)
			}
		case repList:
			l := v.list()
			if o.lo != l.start || uint64(o.hi) != uint64(l.start)+uint64(len(l.items)) || l.used < o.hi {
				d.fail("object %d: a List from %d to %d, used from %d to %d", i, l.start, int(l.start)+len(l.items), o.lo, o.hi)
			}
		}
	}
}

// textChunk is the distance of the places in a String up to which code points are counted ahead.
const textChunk = 1024

// checkTexts checks that views of Strings end between code points and count them right.
func (d *decoder) checkTexts() {
	counted := map[uint32][]uint32{}
	for _, view := range d.views {
		bytes := Value{p: d.objects[view.object].p}.object().bytes
		if int(view.bytes) < len(bytes) && !utf8.RuneStart(bytes[view.bytes]) {
			d.fail("a String that ends inside a character")
			return
		}
		chunk, points := int(view.bytes)/textChunk, uint32(0)
		if chunk > 0 {
			counts, ok := counted[view.object]
			if !ok {
				counts = countChunks(bytes)
				counted[view.object] = counts
			}
			points = counts[chunk]
		}
		if points += countStarts(bytes[chunk*textChunk : view.bytes]); points != view.points {
			d.fail("a String of %d code points that says %d", points, view.points)
			return
		}
	}
}

// countChunks has the number of code points that begin before each multiple of textChunk.
func countChunks(b []byte) []uint32 {
	counts := make([]uint32, 1, len(b)/textChunk+2)
	for at := textChunk; at <= len(b); at += textChunk {
		counts = append(counts, counts[len(counts)-1]+countStarts(b[at-textChunk:at]))
	}
	return counts
}

func countStarts(b []byte) uint32 {
	n := uint32(0)
	for _, c := range b {
		if c&0xC0 != 0x80 {
			n++
		}
	}
	return n
}
