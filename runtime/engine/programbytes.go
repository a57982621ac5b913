package engine

import (
	"encoding/json"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

func encodeProgram(p *bytecode.Program) []byte {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return b
}

func decodeProgram(b []byte) (*bytecode.Program, error) {
	var p bytecode.Program
	return &p, json.Unmarshal(b, &p)
}
