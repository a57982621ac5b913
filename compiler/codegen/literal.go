package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// chunk is how many elements of a literal are computed before they are put together.
const chunk = 64

// assembler puts a List or a Hash together: begin makes one of the first elements, extend adds more.
type assembler struct {
	begin, extend bytecode.Op
	// width is the number of registers that one unit of the instruction's count stands for.
	width int
}

var (
	lists  = assembler{bytecode.LIST, bytecode.EXTEND, 1}
	hashes = assembler{bytecode.HASH, bytecode.HASHSET, 2}
	// literals are the builtins that are the same as a literal. Called with more arguments than a call can have, they are one.
	literals = map[string]assembler{"list": lists, "hash": hashes}
)

// pairs are the elements of a Hash in the order of evaluation.
func pairs(e *syntax.HashLit) []syntax.Expr {
	elements := make([]syntax.Expr, 0, 2*len(e.Pairs))
	for _, pair := range e.Pairs {
		elements = append(elements, pair.Key, pair.Value)
	}
	return elements
}

func (f *function) assemble(a assembler, elements []syntax.Expr, r int) {
	if len(elements) <= chunk {
		base := f.base(dest(r))
		f.window(base, arguments{values: elements})
		f.emit(a.begin, r, base, len(elements)/a.width, 0)
		return
	}
	whole := f.scratch(dest(r))
	op := a.begin
	for len(elements) > 0 {
		n := min(len(elements), chunk)
		slot := -1
		if f.wide != nil && op == a.extend {
			slot = f.park(whole)
			f.top = whole
		}
		base := f.top
		f.window(base, arguments{values: elements[:n]})
		if slot >= 0 {
			f.emit(op, f.unpark(slot), base, n/a.width, 0)
			f.emit(bytecode.MOVE, whole, f.top-1, 0, 0)
		} else {
			f.emit(op, whole, base, n/a.width, 0)
		}
		f.top = whole + 1
		op, elements = a.extend, elements[n:]
	}
	f.deliver(whole, dest(r))
}

// window evaluates values into consecutive temporaries, each into its slot, and reserves them, at least one.
func (f *function) window(base int, args arguments) {
	f.top = base
	switch {
	case f.wide != nil:
		f.wideWindow(args)
	case args.slots == nil:
		for _, e := range args.values {
			f.compile(e, dest(f.temp()))
		}
	default:
		f.reserve(base + len(args.values))
		for i, e := range args.values {
			f.compile(e, dest(base+args.slots[i]))
		}
	}
	f.reserve(max(f.top, base+1))
}
