package resolve

import (
	"math"
	"math/big"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// hash walks a hash literal and reports keys that are equal to one before.
func (r *resolver) hash(f *frame, e *syntax.HashLit) {
	var seen map[string]syntax.Expr
	for _, pair := range e.Pairs {
		r.expr(f, pair.Key)
		r.expr(f, pair.Value)
		key := keyOf(syntax.Unparen(pair.Key))
		if key == "" || len(e.Pairs) == 1 {
			continue
		}
		if seen == nil {
			seen = make(map[string]syntax.Expr, len(e.Pairs))
		}
		if first := seen[key]; first != nil {
			r.report(diag.DuplicateKey, pair.Key.Span(), "this key is there already; the last value wins").
				relate(first.Span(), "the same key")
			continue
		}
		seen[key] = pair.Key
	}
}

// keyOf is the same text for equal constant keys and "" for what is no constant. 1 and 1.0 are one key.
func keyOf(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.StringLit:
		return "s" + e.Value
	case *syntax.SymbolLit:
		return ":" + e.Name
	case *syntax.BoolLit:
		return "b" + strconv.FormatBool(e.Value)
	case *syntax.NullLit:
		return "null"
	case *syntax.NumberLit:
		return numberKey(e, "")
	case *syntax.Unary:
		if n, ok := syntax.Unparen(e.X).(*syntax.NumberLit); ok && e.Op == syntax.Minus {
			return numberKey(n, "-")
		}
	}
	return ""
}

func numberKey(n *syntax.NumberLit, sign string) string {
	if !n.Float {
		if i, ok := new(big.Int).SetString(sign+n.Text, 10); ok {
			return "n" + i.String()
		}
		return ""
	}
	x, err := strconv.ParseFloat(sign+n.Text, 64)
	if err != nil {
		return "" // beyond the largest Float
	}
	if x == math.Trunc(x) {
		i, _ := big.NewFloat(x).Int(nil)
		return "n" + i.String()
	}
	return "n" + strconv.FormatFloat(x, 'g', -1, 64)
}
