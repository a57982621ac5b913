package ffi

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/vm"
)

// Hark values into marshal's format.
//
// Python reads marshalled data by recursion and refuses more than 2000 levels. So what lies deeper than deepest is written as a
// part of its own, with a reference in its place. A body is one flat List of the parts, those that are referred to before those
// that refer to them, and the root last:
//
//	[ part, …, part, root ]
//
// Each part but the root carries the flag that gives it a number for references: 0, 1, … in the order of the List. Parts are
// discovered the other way round, so numbers and order are put right at the end; a value of ordinary depth has only the root.

// deepest is the number of levels in one part: few enough for marshal and for Go's stack.
const deepest = 500

// flagRef marks an object that later references may name.
const flagRef = 0x80

// refusal says why a value cannot cross, and where in it.
type refusal struct {
	kind string // of the language's error: Type or Limit
	what string
	// path leads from the argument to the place, innermost step first; key means that not the value but a key is meant.
	path []string
	key  bool
	// argument is the place's beginning: "argument 2".
	argument string
}

type part struct {
	value    vm.Value
	argument string
	start    int // of its bytes in encoder.out
}

type encoder struct {
	limit int // of len(out)
	out   []byte
	parts []part
	links []int // offsets in out of references to parts
	// argument is what is being written, for refusals.
	argument string
}

// encodeCall is the body of a CALL, with headSize bytes free before it, or the error for the thread that calls.
func encodeCall(c *engine.Call, limit int) ([]byte, *vm.Error) {
	e := &encoder{limit: limit + headSize}
	function := c.Module + "." + c.Name
	if r := e.call(c); r != nil {
		return nil, &vm.Error{Kind: r.kind, Message: function + ": " + r.String()}
	}
	return e.assemble(), nil
}

// encodeSetup is the body of a SETUP, likewise.
func encodeSetup(limit int, mark string, path []string) []byte {
	e := &encoder{limit: math.MaxInt}
	e.begin()
	e.open('(', 3)
	e.int(vm.Int(int64(limit)))
	e.text(mark)
	e.open('[', len(path))
	for _, entry := range path {
		e.text(strings.ToValidUTF8(entry, "\uFFFD"))
	}
	return e.assemble()
}

func encodeAttach(seconds int) []byte {
	e := &encoder{limit: math.MaxInt}
	e.begin()
	e.open('(', 1)
	e.int(vm.Int(int64(seconds)))
	return e.assemble()
}

// begin starts the root. Its List is complete if no other part comes up.
func (e *encoder) begin() {
	e.out = make([]byte, headSize, 256)
	e.open('[', 1)
	e.parts = []part{{start: len(e.out)}}
}

func (e *encoder) call(c *engine.Call) *refusal {
	e.begin()
	e.open('(', 4)
	e.text(c.Module)
	e.text(c.Name)
	unnamed := len(c.Args) - len(c.Names)
	e.open('(', unnamed)
	for i, arg := range c.Args[:unnamed] {
		if r := e.argumentValue(arg, "argument "+strconv.Itoa(i+1)); r != nil {
			return r
		}
	}
	e.out = append(e.out, '{')
	for i, name := range c.Names {
		if slices.Contains(c.Names[:i], name) {
			return &refusal{kind: vm.ErrType, what: "is given twice", argument: "argument :" + name}
		}
		e.text(name)
		if r := e.argumentValue(c.Args[unnamed+i], "argument :"+name); r != nil {
			return r
		}
	}
	e.out = append(e.out, '0')
	for next := 1; next < len(e.parts); next++ {
		p := &e.parts[next]
		p.start = len(e.out)
		e.argument = p.argument
		if r := e.value(p.value, 0); r != nil {
			r.path = append(r.path, "[...]")
			r.argument = e.argument
			return r
		}
	}
	return nil
}

func (e *encoder) argumentValue(v vm.Value, name string) *refusal {
	e.argument = name
	r := e.value(v, 2)
	if r != nil {
		r.argument = name
	}
	return r
}

// assemble brings the parts into their order.
func (e *encoder) assemble() []byte {
	last := len(e.parts) - 1
	if last == 0 {
		return e.out
	}
	for _, at := range e.links {
		number := binary.LittleEndian.Uint32(e.out[at:])
		binary.LittleEndian.PutUint32(e.out[at:], uint32(last)-number)
	}
	body := &encoder{out: make([]byte, headSize, len(e.out)+headSize)}
	body.open('[', len(e.parts))
	end := len(e.out)
	for i := last; i >= 0; i-- {
		bytes := e.out[e.parts[i].start:end]
		if i > 0 {
			bytes[0] |= flagRef
		}
		body.out = append(body.out, bytes...)
		end = e.parts[i].start
	}
	return body.out
}

func (e *encoder) open(tag byte, count int) {
	e.out = binary.LittleEndian.AppendUint32(append(e.out, tag), uint32(count))
}

func (e *encoder) text(s string) {
	e.open('u', len(s))
	e.out = append(e.out, s...)
}

func refuse(format string, args ...any) *refusal {
	return &refusal{kind: vm.ErrType, what: fmt.Sprintf(format, args...)}
}

// value writes v, which lies depth levels below the part's beginning.
func (e *encoder) value(v vm.Value, depth int) *refusal {
	if len(e.out) > e.limit {
		return &refusal{kind: vm.ErrLimit, what: fmt.Sprintf("takes the arguments over %d MiB", e.limit>>20)}
	}
	switch v.Kind() {
	case vm.KindNull:
		e.out = append(e.out, 'N')
	case vm.KindBool:
		e.out = append(e.out, "FT"[truth(v)])
	case vm.KindInt:
		e.int(v)
	case vm.KindFloat:
		e.out = binary.LittleEndian.AppendUint64(append(e.out, 'g'), math.Float64bits(v.Float()))
	case vm.KindString:
		e.text(v.Text())
	case vm.KindList, vm.KindHash:
		return e.container(v, depth)
	case vm.KindSymbol:
		return refuse("is the Symbol :%s, which Python does not have; pass a String", v.Text())
	case vm.KindFunction:
		return refuse("is the Function %s, which only Hark can call", v.FunctionName())
	case vm.KindFuture:
		return refuse("is a Future; pass its value, with await")
	default:
		return refuse("has no value")
	}
	return nil
}

func truth(v vm.Value) int {
	if v.Bool() {
		return 1
	}
	return 0
}

func (e *encoder) container(v vm.Value, depth int) *refusal {
	switch {
	case depth >= deepest:
		e.links = append(e.links, len(e.out)+1)
		e.open('r', len(e.parts))
		e.parts = append(e.parts, part{value: v, argument: e.argument})
		return nil
	case v.Kind() == vm.KindList:
		return e.list(v, depth)
	}
	return e.hash(v, depth)
}

func (e *encoder) list(v vm.Value, depth int) *refusal {
	e.open('[', v.Len())
	for i, item := range v.Items() {
		if r := e.value(item, depth+1); r != nil {
			r.path = append(r.path, "["+strconv.Itoa(i)+"]")
			return r
		}
	}
	return nil
}

func (e *encoder) hash(v vm.Value, depth int) *refusal {
	e.out = append(e.out, '{')
	var keys numberKeys
	for key, item := range v.Pairs() {
		if r := keys.add(key); r != nil {
			return r
		}
		if r := e.value(key, depth+1); r != nil {
			r.key = true
			return r
		}
		if r := e.value(item, depth+1); r != nil {
			r.path = append(r.path, "["+keyText(key)+"]")
			return r
		}
	}
	e.out = append(e.out, '0')
	return nil
}

func keyText(key vm.Value) string {
	switch key.Kind() {
	case vm.KindString:
		return clipped(strconv.Quote(key.Text()))
	case vm.KindInt:
		return clipped(key.Big().String())
	case vm.KindFloat:
		return strconv.FormatFloat(key.Float(), 'g', -1, 64)
	case vm.KindBool:
		return strconv.FormatBool(key.Bool())
	}
	return "null"
}

func clipped(text string) string {
	if runes := []rune(text); len(runes) > 42 {
		return string(runes[:39]) + "..."
	}
	return text
}

// numberKeys finds keys that are two in Hark and one in Python, where True == 1 and False == 0.
type numberKeys struct{ bools, numbers [2]bool }

func (k *numberKeys) add(key vm.Value) *refusal {
	which := -1
	switch key.Kind() {
	case vm.KindBool:
		which = truth(key)
		k.bools[which] = true
	case vm.KindInt:
		if i, ok := key.Int64(); ok && (i == 0 || i == 1) {
			which = int(i)
			k.numbers[which] = true
		}
	case vm.KindFloat:
		if f := key.Float(); f == 0 || f == 1 {
			which = int(f)
			k.numbers[which] = true
		}
	}
	if which >= 0 && k.bools[which] && k.numbers[which] {
		return refuse("has both %d and %t as keys, which Python cannot tell apart", which, which == 1)
	}
	return nil
}

// int writes an Int: in four bytes if it fits, else in digits of 15 bits.
func (e *encoder) int(v vm.Value) {
	if i, ok := v.Int64(); ok && i == int64(int32(i)) {
		e.open('i', int(int32(i)))
		return
	}
	i := v.Big()
	digits := (i.BitLen() + 14) / 15
	if i.Sign() < 0 {
		e.open('l', -digits)
	} else {
		e.open('l', digits)
	}
	e.out = appendDigits(e.out, i, digits)
}

func appendDigits(out []byte, i *big.Int, digits int) []byte {
	bytes := i.Bytes()
	slices.Reverse(bytes)
	acc, have, at := uint32(0), 0, 0
	for range digits {
		for have < 15 && at < len(bytes) {
			acc |= uint32(bytes[at]) << have
			have += 8
			at++
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(acc&0x7fff))
		acc >>= 15
		have -= 15
	}
	return out
}

// String is the refusal as the program's author reads it: argument 2[3]["when"] is …
func (r *refusal) String() string {
	steps := slices.Clone(r.path)
	slices.Reverse(steps)
	if len(steps) > 12 {
		steps = append(append(steps[:6:6], "[...]"), steps[len(steps)-6:]...)
	}
	place := r.argument + strings.Join(steps, "")
	if r.key {
		place = "a key of " + place
	}
	return place + " " + r.what
}
