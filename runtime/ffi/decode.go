package ffi

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"unicode/utf8"

	"github.com/hark-lang/hark-ls/vm"
)

// marshal's format into Hark values.
//
// The bytes come from a process that runs the user's code: they may be anything. Nothing here recurses, and nothing is
// allocated because a count says so: items are put on a stack as they come.
//
// marshal numbers the objects that carry flagRef in the order in which they begin; 'r' refers to one by its number.

var (
	// errUnfit is returned for what marshal can write but Hark does not have. The worker can say where it is.
	errUnfit = errors.New("a value that Hark does not have")
	// errTooLarge is returned for a value that is over the limit, counted without sharing.
	errTooLarge = errors.New("too large")
	// errLargeInt is returned for an int that is over the machine's limit.
	errLargeInt = errors.New("too large an int")
)

type reference struct {
	value vm.Value
	size  int
	whole bool // not so as long as it is open: a reference to it then is a cycle
}

// opened is a container that is being read.
type opened struct {
	tag  byte
	base int // where its items begin in values; a dict's are key, value, key, value, …
	want int // number of items; a dict ends by itself
	size int // the decoder's, when it began
	ref  int // its number in refs, -1 for none
}

type decoder struct {
	data []byte
	at   int
	// size is what the values read so far would take if nothing were shared.
	size, limit int
	refs        []reference
	stack       []opened
	values      []vm.Value // the items of what is in stack
}

// decodeValue reads one value. The error is errUnfit, errTooLarge, or says how the data is damaged.
func decodeValue(data []byte, limit int) (vm.Value, error) {
	d := &decoder{data: data, limit: limit}
	for {
		v, whole, err := d.object()
		if err != nil {
			return vm.Null, err
		}
		for whole && len(d.stack) > 0 {
			if v, whole, err = d.add(v); err != nil {
				return vm.Null, err
			}
		}
		if whole {
			return v, d.end()
		}
	}
}

func (d *decoder) end() error {
	if d.at != len(d.data) {
		return damaged("%d bytes after the value", len(d.data)-d.at)
	}
	return nil
}

// object reads a value, or the beginning of a container, which it opens: then whole is false.
func (d *decoder) object() (v vm.Value, whole bool, err error) {
	if d.at >= len(d.data) {
		return v, false, damaged("the value ends early")
	}
	tag := d.data[d.at]
	ref := -1
	if tag&flagRef != 0 {
		tag &^= flagRef
		ref = len(d.refs)
		d.refs = append(d.refs, reference{})
	}
	d.at++
	before := d.size
	switch tag {
	case '[', '(', '{':
		return d.open(tag, ref)
	case '0':
		return d.close()
	case 'r':
		v, err = d.refer()
	default:
		v, err = d.leaf(tag)
	}
	if ref >= 0 {
		d.refs[ref] = reference{v, d.size - before, true}
	}
	return v, true, err
}

// open begins a container; an empty list is complete at once.
func (d *decoder) open(tag byte, ref int) (vm.Value, bool, error) {
	o := opened{tag: tag, base: len(d.values), ref: ref, size: d.size, want: -1}
	d.size++
	if tag == '{' {
		d.stack = append(d.stack, o)
		return vm.Null, false, nil
	}
	count, err := d.count()
	if err != nil {
		return vm.Null, false, err
	}
	o.want = count
	d.size += 4
	d.stack = append(d.stack, o)
	if count == 0 {
		return d.pop(vm.List())
	}
	return vm.Null, false, nil
}

// close ends the dict on top of the stack.
func (d *decoder) close() (vm.Value, bool, error) {
	if len(d.stack) == 0 {
		return vm.Null, false, damaged("an end without a beginning")
	}
	top := &d.stack[len(d.stack)-1]
	items := d.values[top.base:]
	if top.tag != '{' || len(items)%2 != 0 {
		return vm.Null, false, damaged("an end in the middle")
	}
	d.size++
	v, err := vm.Hash(items...)
	if err != nil {
		return v, false, errUnfit
	}
	return d.pop(v)
}

// add puts a value into the container on top of the stack, and returns that if it is complete now.
func (d *decoder) add(v vm.Value) (vm.Value, bool, error) {
	top := &d.stack[len(d.stack)-1]
	d.values = append(d.values, v)
	count := len(d.values) - top.base
	if top.tag == '{' && count%2 == 1 && (v.Kind() == vm.KindList || v.Kind() == vm.KindHash) {
		return v, false, errUnfit
	}
	if count != top.want {
		return v, false, nil
	}
	return d.pop(vm.List(d.values[top.base:]...))
}

// pop ends the container on top of the stack, which has become v.
func (d *decoder) pop(v vm.Value) (vm.Value, bool, error) {
	last := len(d.stack) - 1
	top := d.stack[last]
	d.stack, d.values = d.stack[:last], d.values[:top.base]
	if top.ref >= 0 {
		d.refs[top.ref] = reference{v, d.size - top.size, true}
	}
	return v, true, d.checkSize()
}

func (d *decoder) checkSize() error {
	if d.size > d.limit {
		return errTooLarge
	}
	return nil
}

func (d *decoder) refer() (vm.Value, error) {
	number, err := d.uint32()
	if err != nil {
		return vm.Null, err
	}
	if uint64(number) >= uint64(len(d.refs)) {
		return vm.Null, damaged("a reference to nothing")
	}
	r := d.refs[number]
	if !r.whole {
		return vm.Null, errUnfit
	}
	d.size += r.size
	return r.value, d.checkSize()
}

func (d *decoder) leaf(tag byte) (vm.Value, error) {
	d.size++
	switch tag {
	case 'N':
		return vm.Null, nil
	case 'F', 'T':
		return vm.Bool(tag == 'T'), nil
	case 'i':
		d.size += 4
		n, err := d.uint32()
		return vm.Int(int64(int32(n))), err
	case 'g':
		d.size += 8
		bytes, err := d.take(8)
		if err != nil {
			return vm.Null, err
		}
		return vm.Float(math.Float64frombits(binary.LittleEndian.Uint64(bytes))), nil
	case 'u', 't':
		return d.text()
	case 'l':
		return d.digits()
	case 's', '<', '>', 'y', 'x', '.', 'S', 'c': // bytes, sets, complex, Ellipsis, StopIteration, code
		return vm.Null, errUnfit
	}
	return vm.Null, damaged("unknown type %q", tag)
}

func (d *decoder) text() (vm.Value, error) {
	count, err := d.count()
	if err != nil {
		return vm.Null, err
	}
	bytes, err := d.take(count)
	if err != nil {
		return vm.Null, err
	}
	if !utf8.Valid(bytes) {
		return vm.Null, errUnfit // a lone surrogate
	}
	d.size += 4 + count
	return vm.String(string(bytes)), d.checkSize()
}

func (d *decoder) digits() (vm.Value, error) {
	n, err := d.uint32()
	if err != nil {
		return vm.Null, err
	}
	count := int64(int32(n))
	bytes, err := d.take(int(2 * max(count, -count)))
	if err != nil {
		return vm.Null, err
	}
	i, err := readDigits(bytes)
	if err != nil {
		return vm.Null, err
	}
	if i.BitLen() > vm.MaxIntBits {
		return vm.Null, errLargeInt
	}
	if count < 0 {
		i.Neg(i)
	}
	d.size += 4 + len(bytes)
	return vm.BigInt(i), d.checkSize()
}

// readDigits is the number made of digits of 15 bits, the lowest first.
func readDigits(digits []byte) (*big.Int, error) {
	bytes := make([]byte, len(digits)*15/16+1)
	acc, have, at := uint32(0), 0, len(bytes)
	for i := 0; i < len(digits); i += 2 {
		digit := binary.LittleEndian.Uint16(digits[i:])
		if digit > 0x7fff {
			return nil, damaged("a digit of more than 15 bits")
		}
		acc |= uint32(digit) << have
		for have += 15; have >= 8; have -= 8 {
			at--
			bytes[at] = byte(acc)
			acc >>= 8
		}
	}
	if have > 0 {
		at--
		bytes[at] = byte(acc)
	}
	return new(big.Int).SetBytes(bytes[at:]), nil
}

func (d *decoder) take(n int) ([]byte, error) {
	if n > len(d.data)-d.at {
		return nil, damaged("the value ends early")
	}
	d.at += n
	return d.data[d.at-n : d.at], nil
}

func (d *decoder) uint32() (uint32, error) {
	bytes, err := d.take(4)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(bytes), nil
}

// count is a number of items or bytes.
func (d *decoder) count() (int, error) {
	n, err := d.uint32()
	if err == nil && n > math.MaxInt32 {
		err = damaged("a negative count")
	}
	return int(n), err
}
