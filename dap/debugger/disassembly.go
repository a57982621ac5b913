package debugger

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Addresses. A machine has none, and clients want some: all functions are laid out one after the other, each instruction in eight bytes.

const (
	// firstAddress is that of the program's first instruction, far from 0, so that a client may ask for what is before it.
	firstAddress = 1 << 32
	// instructionSize is that of each instruction, in bytes.
	instructionSize = 8
)

// Instruction is a row of a listing.
type Instruction struct {
	// Address is where the client finds it; Place is where it is, if Valid. Outside of the program nothing is.
	Address uint64
	Place   Place
	Valid   bool
	// Bytes and Text are the instruction; Symbol is its function, where that begins.
	Bytes, Text, Symbol string
	// Point is where in the source it comes from.
	Point Point
	Known bool
}

// Address is that of a place.
func (d *Program) Address(p Place) uint64 {
	return firstAddress + uint64(d.ordinal(p))*instructionSize
}

// Reference is the address of a place as clients write it.
func (d *Program) Reference(p Place) string { return FormatAddress(d.Address(p)) }

// FormatAddress is an address as clients write it.
func FormatAddress(address uint64) string { return fmt.Sprintf("0x%012x", address) }

// ordinal numbers the instructions of all functions.
func (d *Program) ordinal(p Place) int {
	if d.ordinals == nil {
		d.ordinals = make([]int, len(d.Funcs)+1)
		for i := range d.Funcs {
			d.ordinals[i+1] = d.ordinals[i] + len(d.Funcs[i].Code)
		}
	}
	if p.Function < 0 || p.Function >= len(d.Funcs) {
		return 0
	}
	return d.ordinals[p.Function] + p.PC
}

// place is the instruction with a number, false if there is none.
func (d *Program) place(ordinal int) (Place, bool) {
	d.ordinal(Place{})
	if ordinal < 0 || ordinal >= d.ordinals[len(d.Funcs)] {
		return Place{}, false
	}
	function := sort.SearchInts(d.ordinals, ordinal+1) - 1
	return Place{function, ordinal - d.ordinals[function]}, true
}

// At is the place at so many bytes after an address that a client names.
func (d *Program) At(reference string, offset int) (Place, error) {
	ordinal, err := d.read(reference, offset)
	if err != nil {
		return Place{}, err
	}
	place, ok := d.place(ordinal)
	if !ok {
		return Place{}, fmt.Errorf("there is no instruction at %s%+d", reference, offset)
	}
	return place, nil
}

// read is the number of the instruction at so many bytes after an address; it may lie outside of the program.
func (d *Program) read(reference string, offset int) (int, error) {
	text, base := reference, 10
	if hex, ok := strings.CutPrefix(strings.ToLower(reference), "0x"); ok {
		text, base = hex, 16
	}
	address, err := strconv.ParseInt(text, base, 48)
	if err != nil {
		return 0, fmt.Errorf("%q is not an address of the program: those are in stack frames and disassembly", reference)
	}
	const far = 1 << 48
	bytes := address - firstAddress + int64(min(max(offset, -far), far))
	if bytes < 0 {
		bytes -= instructionSize - 1 // round down
	}
	return int(bytes / instructionSize), nil
}

// MostInstructions is how long a listing may be.
const MostInstructions = 100_000

// Listing is count instructions from the one that is so many bytes and so many instructions after an address. Where the program has none
// its rows are not Valid.
func (d *Program) Listing(reference string, offset, instructions, count int) ([]Instruction, error) {
	if count < 0 || count > MostInstructions {
		return nil, fmt.Errorf("a listing has up to %d instructions, not %d", MostInstructions, count)
	}
	first, err := d.read(reference, offset)
	if err != nil {
		return nil, err
	}
	const far = 1 << 40
	first += min(max(instructions, -far), far)
	all := make([]Instruction, count)
	for i := range all {
		all[i] = d.instruction(first + i)
	}
	return all, nil
}

func (d *Program) instruction(ordinal int) Instruction {
	address := int64(firstAddress) + int64(ordinal)*instructionSize
	place, ok := d.place(ordinal)
	if !ok {
		return Instruction{Address: uint64(max(0, address))}
	}
	in := d.Funcs[place.Function].Code[place.PC]
	row := Instruction{
		Address: uint64(address), Place: place, Valid: true, Text: bytecode.FormatInstr(d.Program, in),
		Bytes: fmt.Sprintf("%02x %02x %02x %02x %08x", uint8(in.Op), in.A, in.B, in.C, uint32(in.D)),
	}
	if place.PC == 0 {
		row.Symbol = d.FunctionName(place)
	}
	row.Point, row.Known = d.Point(place)
	return row
}
