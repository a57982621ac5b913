package codegen

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// GenerateWide is Generate with every function compiled in the wide way.
func GenerateWide(p *resolve.Program) *bytecode.Program {
	g := newGenerator(p)
	g.alwaysWide = true
	return g.program()
}
