package ide

// Which function a place is in, and which local a name is.

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// funcAround is the innermost of an item's functions that a node lies in, a lambda's parameters included; nil if it lies in none.
func funcAround(info *resolve.Info, node source.Span) *resolve.Func {
	var best *resolve.Func
	for _, fn := range info.Funcs {
		if span := extent(fn); span.Covers(node) && (best == nil || extent(best).Covers(span)) {
			best = fn
		}
	}
	return best
}

// extent is where a function's own names are: all of a lambda, and a definition.
func extent(fn *resolve.Func) source.Span {
	if fn.Lambda != nil {
		return fn.Lambda.Span()
	}
	return fn.Def.Span()
}

// localOf is the local that the name of a parameter, an assignment or a catch is: its function and its number; nil if it is none.
func localOf(info *resolve.Info, n *syntax.Name) (*resolve.Func, int) {
	b := info.Binding(n)
	fn := funcAround(info, n.Span())
	if b == nil || b.Kind != resolve.Local || fn == nil || b.Index >= len(fn.Locals) {
		return nil, 0
	}
	return fn, b.Index
}
