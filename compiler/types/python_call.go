package types

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// pythonArguments checks a call of a Python function: against its signature where that is known, else by the count of its import.
func (in *inferrer) pythonArguments(f *frame, c *callInfo, name string, fn *function) {
	if in.broken(c.Parens) {
		return
	}
	if !fn.signed {
		if fn.count >= 0 && fn.count != len(c.Args) {
			in.report(f, diag.ImportCount, c.Parens, fmt.Sprintf("'%s' is imported with %s and called with %d",
				name, diag.Count(fn.count, "argument"), len(c.Args))).defined = []Callee{fn.callee}
		}
		return
	}
	given := make([]bool, len(fn.sig.Params))
	for i, arg := range c.Args {
		at := fn.sig.parameter(i, arg)
		switch {
		case at < 0 && arg.Name != nil:
			in.unknownName(f, c, name, arg, fn)
			return
		case at < 0:
			in.refuse(f, c, arg.Span(), "'"+name+"' takes "+diag.Count(fn.sig.positions(), "argument")+" by position at most", fn)
			return
		case given[at] && !fn.sig.Params[at].Rest && !fn.sig.Params[at].RestKeywords:
			in.refuse(f, c, arg.Span(), "'"+fn.sig.Params[at].Name+"' of '"+name+"' is given twice", fn)
			return
		}
		given[at] = true
		in.pythonArgument(f, arg.Value, c.args[i], &fn.sig.Params[at], fn)
	}
	for i, p := range fn.sig.Params {
		if !given[i] && !p.Optional && p.Default == "" && !p.Rest && !p.RestKeywords {
			in.refuse(f, c, c.Parens, "'"+name+"' is called without '"+p.Name+"'", fn)
			return
		}
	}
}

// refuse reports a call that Python refuses.
func (in *inferrer) refuse(f *frame, c *callInfo, at source.Span, message string, fn *function) *finding {
	p := in.report(f, diag.PythonCall, at, message)
	p.defined = []Callee{fn.callee}
	in.spawnable(c, p)
	return p
}

func (in *inferrer) unknownName(f *frame, c *callInfo, name string, arg *syntax.Arg, fn *function) {
	var names []string
	for _, p := range fn.sig.Params {
		if !p.PositionalOnly && !p.Rest && !p.RestKeywords {
			names = append(names, p.Name)
		}
	}
	p := in.refuse(f, c, arg.Name.Span(), "'"+name+"' has no parameter '"+arg.Name.Text+"'", fn)
	if near := resolve.Nearest(arg.Name.Text, slices.Values(names)); near != "" {
		p.Message += "; did you mean '" + near + "'"
		end := arg.Name.Span().End
		p.fix("change to '"+near+"'", diag.Edit{Span: source.Span{Start: end - int32(len(arg.Name.Text)), End: end}, New: near})
	}
}

// parameter is the index of the parameter for an argument, -1 if there is none.
func (s *Signature) parameter(i int, arg *syntax.Arg) int {
	if arg.Name != nil {
		at := slices.IndexFunc(s.Params, func(p Param) bool {
			return p.Name == arg.Name.Text && !p.PositionalOnly && !p.Rest && !p.RestKeywords
		})
		if at < 0 {
			at = slices.IndexFunc(s.Params, func(p Param) bool { return p.RestKeywords })
		}
		return at
	}
	for at, p := range s.Params {
		switch {
		case p.Rest:
			return at
		case p.KeywordOnly || p.RestKeywords:
			return -1
		case at == i:
			return at
		}
	}
	return -1
}

// positions is how many arguments go by position.
func (s *Signature) positions() int {
	n := 0
	for _, p := range s.Params {
		if !p.KeywordOnly && !p.RestKeywords {
			n++
		}
	}
	return n
}

// pythonArgument holds an argument against the annotation of a Python parameter.
func (in *inferrer) pythonArgument(f *frame, e syntax.Expr, t Type, p *Param, fn *function) {
	if p.Type.IsNever() {
		return
	}
	if v, got := conflict(t, p.Type); v == certain && !t.Kinds().Has(notPython) {
		in.report(f, diag.AnnotatedArgument, e.Span(), "'"+p.Name+"' of '"+fn.sig.Name+"' is annotated as "+p.Type.String()+", but this is "+got).
			defined = []Callee{fn.callee}
	}
}

// countOf is the number of arguments that an import names, -1 if it names none.
func countOf(def *syntax.ImportDef) int {
	if def.Count == nil || def.Count.Float {
		return -1
	}
	n, err := strconv.Atoi(def.Count.Text)
	if err != nil {
		return -1
	}
	return n
}

// broken says whether there is an error of syntax in a span, so that what is found there may not be what was meant.
func (in *inferrer) broken(span source.Span) bool {
	if !in.faultsKnown {
		in.faultsKnown, in.faults = true, in.faults[:0]
		for _, p := range in.file.Tree.Problems {
			if p.Severity == diag.Error && in.item.Span.Contains(p.Span.Start) {
				in.faults = append(in.faults, p.Span.Shift(-in.item.Span.Start))
			}
		}
	}
	for _, fault := range in.faults {
		if fault.Start <= span.End && span.Start <= fault.End {
			return true
		}
	}
	return false
}
