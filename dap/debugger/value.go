package debugger

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Values as trees. Parts are made when they are asked for, a page at a time, so that it does not matter how large or how often
// shared a value is.

// shownText is how much of a value is shown in one line, in bytes.
const shownText = 200

// Text is a value in one line, its end left out if it is long.
func Text(v vm.Value) string { return vm.LiteralPrefix(v, shownText) }

// FullText is a value in full, up to 64 MiB.
func FullText(v vm.Value) string { return vm.LiteralPrefix(v, 64<<20) }

// Type is the kind of a value, with the number of its parts where it has any: "List[3]".
func Type(v vm.Value) string {
	switch v.Kind() {
	case vm.KindList, vm.KindHash:
		return fmt.Sprintf("%s[%d]", v.Kind(), v.Len())
	}
	return v.Kind().String()
}

// Parts counts what a value consists of: elements and pairs are indexed, captures and what is known of a future are named.
func (d *Program) Parts(v vm.Value) (indexed, named int) {
	switch v.Kind() {
	case vm.KindList, vm.KindHash:
		return v.Len(), 0
	case vm.KindFunction:
		return 0, len(d.captured(v))
	case vm.KindFuture:
		return 0, 2
	}
	return 0, 0
}

// Indexed are at most count elements or pairs of a value from start on; a count of 0 is all.
func (d *Program) Indexed(v vm.Value, start, count int) []Variable {
	if count <= 0 {
		count = math.MaxInt
	}
	switch v.Kind() {
	case vm.KindList:
		return elements(v, start, count)
	case vm.KindHash:
		return pairs(v, start, count)
	}
	return nil
}

func elements(v vm.Value, start, count int) []Variable {
	var all []Variable
	for i := max(0, start); i < v.Len() && len(all) < count; i++ {
		all = append(all, Variable{"[" + strconv.Itoa(i) + "]", v.Index(i)})
	}
	return all
}

func pairs(v vm.Value, start, count int) []Variable {
	var all []Variable
	number := 0
	for key, value := range v.Pairs() {
		if number >= start {
			all = append(all, Variable{Text(key), value})
		}
		if number++; len(all) >= count {
			break
		}
	}
	return all
}

// Captured are the values that a Function is closed over, by name.
func (d *Program) Captured(v vm.Value) []Variable {
	var all []Variable
	if v.Kind() != vm.KindFunction {
		return nil
	}
	captured := v.Captures()
	for i, name := range d.captured(v) {
		if i < len(captured) && !captured[i].IsUnset() {
			all = append(all, Variable{name, captured[i]})
		}
	}
	return all
}

func (d *Program) captured(v vm.Value) []string {
	index, ok := v.FunctionIndex()
	if !ok || index >= len(d.Funcs) { // one of an expression
		return nil
	}
	return d.Funcs[index].Captures
}

// HexText is Text with an Int in hexadecimal digits.
func HexText(v vm.Value) string {
	if v.Kind() != vm.KindInt {
		return Text(v)
	}
	return fmt.Sprintf("%#x", v.Big())
}

// PartName is an expression for a part of a value, which has a name itself; "" if there is none.
func PartName(v vm.Value, name string, index int, part Variable) string {
	switch {
	case name == "" || v.Kind() != vm.KindList && v.Kind() != vm.KindHash:
		return ""
	case v.Kind() == vm.KindList:
		return fmt.Sprintf("nth(%s, %d)", name, index)
	case len(part.Name) >= shownText: // the key is not shown in full
		return ""
	}
	return fmt.Sprintf("get(%s, %s)", name, part.Name)
}

// Hash is that of the program, by which stores know it.
func (d *Program) Hash() string {
	sum := bytecode.Hash(d.Program)
	return hex.EncodeToString(sum[:])
}
