package dap

import (
	"github.com/google/go-dap"

	"github.com/hark-lang/hark-ls/dap/debugger"
)

// onDisassemble lists the machine's instructions.
func (c *call) onDisassemble(a dap.DisassembleArguments) (any, error) {
	rows, err := c.program.Listing(a.MemoryReference, a.Offset, a.InstructionOffset, a.InstructionCount)
	if err != nil {
		return nil, err
	}
	all := make([]instructionBody, len(rows))
	for i, r := range rows {
		shown := instructionBody{Address: debugger.FormatAddress(r.Address), Instruction: r.Text, InstructionBytes: r.Bytes}
		if !r.Valid {
			shown.Instruction, shown.PresentationHint = "", "invalid"
		}
		if a.ResolveSymbols {
			shown.Symbol = r.Symbol
		}
		if r.Known {
			shown.Location = c.sources.of(r.Point.File)
			shown.Line, shown.Column = at(c.line(r.Point.Line)), at(c.column(r.Point.Column))
		}
		all[i] = shown
	}
	return map[string]any{"instructions": all}, nil
}
