package vm

import (
	"fmt"
	"iter"
	"math"
	"math/big"
	"unicode/utf8"
	"unsafe"
)

// Value is a value of the language. It is immutable, and small enough to be copied freely.
//
// p points to a byte that says what the value is: a static tag for what needs no object (null, Bools, Floats, Ints of 64
// bits), else the first byte of a heap object. nil is "no value", which only a register can have. n belongs to p:
//
//	Bool     0 or 1
//	Int      the two's complement
//	Float    the IEEE bits
//	String   bytes << 32 | code points
//	List     offset << 32 | length
//	the rest 0
//
// Invariant: what is empty has no buffer. "", [] and {} are always emptyString, emptyList and emptyHash, so that which
// buffer an empty view once came from cannot be observed.
// Invariant: an Int that fits 64 bits never is a bigObject.
type Value struct {
	p unsafe.Pointer
	n uint64
}

// address is an object's identity.
type address = unsafe.Pointer

// Kind is what the program sees of a value's type.
type Kind uint8

// The kinds. KindUnset is not a value: it is a local that has not been assigned yet.
const (
	KindUnset Kind = iota
	KindNull
	KindBool
	KindInt
	KindFloat
	KindString
	KindSymbol
	KindList
	KindHash
	KindFunction
	KindFuture
)

var kindNames = [...]string{"nothing", "Null", "Bool", "Int", "Float", "String", "Symbol", "List", "Hash", "Function", "Future"}

// String is the kind's name in the language.
func (k Kind) String() string { return kindNames[k] }

// rep is the first byte of what a Value points to.
type rep uint8

const (
	repNull rep = iota + 1
	repBool
	repInt
	repFloat
	repBig
	repString
	repSymbol
	repList
	repHash
	repNode // inside a Hash, never a Value of the program
	repFunction
	repFuture
	repCount
)

var kindOfRep = [repCount]Kind{0, KindNull, KindBool, KindInt, KindFloat, KindInt, KindString, KindSymbol, KindList, KindHash, KindUnset,
	KindFunction, KindFuture}

var (
	tagNull  = repNull
	tagBool  = repBool
	tagInt   = repInt
	tagFloat = repFloat
)

// bigObject is an Int beyond 64 bits.
type bigObject struct {
	rep rep
	v   *big.Int
}

// stringObject is the buffer of Strings. A view is its first bytes; a view that ends where the buffer ends may be
// extended in place, once, by "+".
type stringObject struct {
	rep rep
	// used counts all bytes ever appended. After decoding, bytes may be shorter: only what a view covers was kept.
	used  uint32
	bytes []byte
}

type symbolObject struct {
	rep  rep
	name string
}

// listObject is the buffer of Lists: items start … start+len(items)-1 of a sequence that had used items in all. A view
// (offset, length) counts from the sequence's beginning.
//
// append works in place if the view ends at used and offset <= used/2, else it copies: the decision depends only on
// numbers that are encoded with a machine, and a queue does not keep what it has left behind.
type listObject struct {
	rep   rep
	start uint32
	used  uint32
	items []Value
}

// hashObject is a Hash: its pairs in insertion order, and where to find each key.
//
// Nodes are immutable and shared between versions. entries is a radix trie over the pairs' numbers whose leaves hold
// key, value, key, value …; index is a trie over the keys' hashes. index is nil in a small Hash. hash.go has the details.
type hashObject struct {
	rep     rep
	depth   uint8 // of entries: 0 means that entries is a leaf
	count   uint32
	entries *nodeObject
	index   *nodeObject
}

// nodeObject is an inner part of a Hash. Slots hold ordinary values and, as Values of repNode, other nodes.
type nodeObject struct {
	rep   rep
	bits  uint32
	slots []Value
}

// functionForm says what a Function value is made of.
type functionForm uint8

const (
	formHark    functionForm = iota // Funcs[index], with captures
	formForeign                     // Imports[index]
	formBuiltin                     // bytecode.Builtins[index]
)

type functionObject struct {
	rep      rep
	form     functionForm
	index    uint32
	params   int32  // -1 if it is not a Hark function
	entry    uint32 // the position of its first instruction
	need     uint32 // bytes of its registers
	code     *Code
	captures []Value // one may have no value
}

type futureObject struct {
	rep rep
	id  string
}

// Null is the value null.
var Null = Value{p: unsafe.Pointer(&tagNull)}

var (
	emptyString = Value{p: unsafe.Pointer(&stringObject{rep: repString})}
	emptyList   = Value{p: unsafe.Pointer(&listObject{rep: repList})}
	emptyHash   = Value{p: unsafe.Pointer(&hashObject{rep: repHash, entries: &nodeObject{rep: repNode}})}
)

// Bool is true or false.
func Bool(b bool) Value {
	if b {
		return Value{unsafe.Pointer(&tagBool), 1}
	}
	return Value{unsafe.Pointer(&tagBool), 0}
}

// Int is an Int of 64 bits.
func Int(i int64) Value { return Value{unsafe.Pointer(&tagInt), uint64(i)} }

// BigInt is an Int of any size. It takes ownership of i.
func BigInt(i *big.Int) Value {
	if i.IsInt64() {
		return Int(i.Int64())
	}
	return Value{p: unsafe.Pointer(&bigObject{repBig, i})}
}

// Float is a Float.
func Float(f float64) Value { return Value{unsafe.Pointer(&tagFloat), math.Float64bits(f)} }

// String is a String; bytes of s that are not UTF-8 become U+FFFD.
func String(s string) Value {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	return newString([]byte(s))
}

// newString takes ownership of valid UTF-8.
func newString(b []byte) Value { return newStringCounted(b, utf8.RuneCount(b)) }

func newStringCounted(b []byte, points int) Value {
	if len(b) == 0 {
		return emptyString
	}
	return Value{unsafe.Pointer(&stringObject{rep: repString, used: uint32(len(b)), bytes: b}), uint64(len(b))<<32 | uint64(points)}
}

// Symbol is the Symbol ":name".
func Symbol(name string) Value {
	return Value{p: unsafe.Pointer(&symbolObject{repSymbol, name})}
}

// List is the List of the items.
func List(items ...Value) Value { return newList(append([]Value(nil), items...)) }

// newList takes ownership of items.
func newList(items []Value) Value {
	if len(items) == 0 {
		return emptyList
	}
	return Value{unsafe.Pointer(&listObject{rep: repList, used: uint32(len(items)), items: items}), uint64(len(items))}
}

// Future is the future with this id: the number of a thread, or the name of an outside future as the engine writes it.
func Future(id string) Value { return Value{p: unsafe.Pointer(&futureObject{repFuture, id})} }

func (v Value) rep() rep {
	if v.p == nil {
		return 0
	}
	return *(*rep)(v.p)
}

// Kind is the value's kind.
func (v Value) Kind() Kind { return kindOfRep[v.rep()] }

// IsUnset says that this is not a value but an unassigned local.
func (v Value) IsUnset() bool { return v.p == nil }

func (v Value) isInt() bool    { return v.p == unsafe.Pointer(&tagInt) }
func (v Value) isFloat() bool  { return v.p == unsafe.Pointer(&tagFloat) }
func (v Value) isBool() bool   { return v.p == unsafe.Pointer(&tagBool) }
func (v Value) isNull() bool   { return v.p == unsafe.Pointer(&tagNull) }
func (v Value) int() int64     { return int64(v.n) }
func (v Value) float() float64 { return math.Float64frombits(v.n) }

// truthy is what "if" and "!" go by: all but false and null.
func (v Value) truthy() bool { return !v.isNull() && !(v.isBool() && v.n == 0) }

func (v Value) object() *stringObject     { return (*stringObject)(v.p) }
func (v Value) big() *big.Int             { return (*bigObject)(v.p).v }
func (v Value) list() *listObject         { return (*listObject)(v.p) }
func (v Value) hash() *hashObject         { return (*hashObject)(v.p) }
func (v Value) node() *nodeObject         { return (*nodeObject)(v.p) }
func (v Value) function() *functionObject { return (*functionObject)(v.p) }

func functionValue(f *functionObject) Value { return Value{p: unsafe.Pointer(f)} }

func nodeValue(n *nodeObject) Value { return Value{p: unsafe.Pointer(n)} }
func hashValue(h *hashObject) Value { return Value{p: unsafe.Pointer(h)} }

func (v Value) expect(k Kind) {
	if v.Kind() != k {
		panic(fmt.Sprintf("vm: %s used as %s", v.Kind(), k))
	}
}

// Bool is the truth of a Bool. Like the accessors below it panics if the value is of another kind.
func (v Value) Bool() bool {
	v.expect(KindBool)
	return v.n != 0
}

// Int64 is the value of an Int, and whether it fits 64 bits.
func (v Value) Int64() (int64, bool) {
	v.expect(KindInt)
	if v.isInt() {
		return v.int(), true
	}
	return 0, false
}

// Big is the value of an Int, in an object of the caller's own.
func (v Value) Big() *big.Int {
	v.expect(KindInt)
	if v.isInt() {
		return big.NewInt(v.int())
	}
	return new(big.Int).Set(v.big())
}

// Float is the value of a Float.
func (v Value) Float() float64 {
	v.expect(KindFloat)
	return v.float()
}

// Text is a String's text, or a Symbol's name without the colon.
func (v Value) Text() string {
	if v.rep() == repSymbol {
		return (*symbolObject)(v.p).name
	}
	v.expect(KindString)
	return v.text()
}

// text is a String's text, without a copy: the first bytes of a buffer never change.
func (v Value) text() string {
	n := int(v.n >> 32)
	if n == 0 {
		return ""
	}
	return unsafe.String(&v.object().bytes[0], n)
}

// Len is a List's number of items, a Hash's of keys, or a String's of code points.
func (v Value) Len() int {
	switch v.rep() {
	case repString, repList:
		return int(uint32(v.n))
	case repHash:
		return int(v.hash().count)
	}
	panic("vm: " + v.Kind().String() + " has no length")
}

// Index is item i of a List, from 0.
func (v Value) Index(i int) Value {
	v.expect(KindList)
	return v.items()[i]
}

// items are a List's items, not to be changed.
func (v Value) items() []Value {
	length := int(uint32(v.n))
	if length == 0 {
		return nil
	}
	l := v.list()
	from := int(v.n>>32) - int(l.start)
	return l.items[from : from+length : from+length]
}

// Items iterates over a List.
func (v Value) Items() iter.Seq2[int, Value] {
	v.expect(KindList)
	return func(yield func(int, Value) bool) {
		for i, item := range v.items() {
			if !yield(i, item) {
				return
			}
		}
	}
}

// Pairs iterates over a Hash in insertion order.
func (v Value) Pairs() iter.Seq2[Value, Value] {
	v.expect(KindHash)
	h := v.hash()
	return func(yield func(Value, Value) bool) { h.walk(h.entries, h.depth, yield) }
}

// walk visits the pairs below an entries node; it returns false when yield did.
func (h *hashObject) walk(n *nodeObject, depth uint8, yield func(Value, Value) bool) bool {
	if depth > 0 {
		for _, child := range n.slots {
			if !h.walk(child.node(), depth-1, yield) {
				return false
			}
		}
		return true
	}
	for i := 0; i+1 < len(n.slots); i += 2 {
		if !yield(n.slots[i], n.slots[i+1]) {
			return false
		}
	}
	return true
}

// FunctionName is the name of a Function as programs know it, "lambda" for one that has none.
func (v Value) FunctionName() string {
	v.expect(KindFunction)
	return v.function().name()
}

// FutureID is the id that the Future was made with.
func (v Value) FutureID() string {
	v.expect(KindFuture)
	return (*futureObject)(v.p).id
}

// newObject is an object for decoding to fill in, by the tag of the value that refers to it.
func newObject(tag byte) Value {
	switch tag {
	case wireBig:
		return Value{p: unsafe.Pointer(&bigObject{rep: repBig})}
	case wireString:
		return Value{p: unsafe.Pointer(&stringObject{rep: repString})}
	case wireSymbol:
		return Value{p: unsafe.Pointer(&symbolObject{rep: repSymbol})}
	case wireList:
		return Value{p: unsafe.Pointer(&listObject{rep: repList})}
	case wireHash:
		return Value{p: unsafe.Pointer(&hashObject{rep: repHash})}
	case wireNode:
		return nodeValue(&nodeObject{rep: repNode})
	case wireClosure:
		return functionValue(&functionObject{rep: repFunction})
	}
	return Value{p: unsafe.Pointer(&futureObject{rep: repFuture})}
}
