package codegen

import (
	"math"
	"strings"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// pool is the table of constants. Equal constants are one; their order is that of their first use.
type pool struct {
	consts []bytecode.Const
	index  map[poolKey]int
}

type poolKey struct {
	kind bytecode.ConstKind
	bits uint64 // of an Int or a Float: 0.0 and -0.0 are two constants
	text string
}

func newPool() *pool { return &pool{index: map[poolKey]int{}} }

func (p *pool) add(key poolKey, c bytecode.Const) int {
	if i, ok := p.index[key]; ok {
		return i
	}
	c.Kind = key.kind
	i := len(p.consts)
	p.index[key] = i
	p.consts = append(p.consts, c)
	return i
}

func (p *pool) int(n int64) int {
	return p.add(poolKey{kind: bytecode.ConstInt, bits: uint64(n)}, bytecode.Const{Int: n})
}

func (p *pool) float(x float64) int {
	return p.add(poolKey{kind: bytecode.ConstFloat, bits: math.Float64bits(x)}, bytecode.Const{Float: x})
}

// text is a constant of a kind that has only a Text.
func (p *pool) text(kind bytecode.ConstKind, text string) int {
	return p.add(poolKey{kind: kind, text: text}, bytecode.Const{Text: text})
}

// names is the constant of the names of a call's named arguments, -1 if there are none.
func (p *pool) names(names []string) int {
	if len(names) == 0 {
		return -1
	}
	return p.add(poolKey{kind: bytecode.ConstNames, text: strings.Join(names, "\x00")}, bytecode.Const{Names: names})
}
