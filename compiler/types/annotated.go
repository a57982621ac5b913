package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Annotations are claims: what is known of a value is held against them, and where nothing is known they are believed.

// accepts are the kinds that an annotation allows: an Int is as good as a Float.
func accepts(declared Type) Kinds {
	k := declared.Kinds()
	if k.Has(Float) {
		k |= Int
	}
	return k
}

// within says whether all values of a type certainly are of the declared one.
func within(t, declared Type) bool {
	if declared.unknown() || t.IsNever() {
		return true
	}
	if t.unknown() || len(t.vars()) > 0 || t.Kinds()&^accepts(declared) != 0 {
		return false
	}
	d := declared.parts
	if d == nil {
		return true
	}
	k := t.Kinds()
	switch {
	case k.Has(List) && d.hasElem && !within(elementType(restrict(t, List)), d.elem):
		return false
	case k.Has(Hash) && d.hash != nil && !(within(t.Key(), d.hash.keys()) && within(t.Value(), d.hash.values())):
		return false
	case k.Has(Future) && d.future != nil && !within(settled(restrict(t, Future)), d.future.value):
		return false
	case k.Has(Function) && d.fns != nil:
		return false
	}
	return true
}

// conflict says of which kind a value is that is not of the declared type: certainly, or possibly; fine if neither is known.
func conflict(t, declared Type) (verdict, string) {
	if declared.unknown() || t.IsNever() {
		return fine, ""
	}
	accepted := accepts(declared)
	if v := judge(t, accepted); v == certain {
		return v, nouns(t.Kinds())
	} else if v == possible {
		return v, nouns(t.surely() &^ accepted)
	}
	d := declared.parts
	if d == nil || t.parts == nil {
		return fine, ""
	}
	k := t.Kinds() &^ Null
	wrong := false
	switch {
	case k == List && d.hasElem && t.parts.hasElem:
		wrong = certainly(t.parts.elem, d.elem)
	case k == Hash && d.hash != nil && t.parts.hash != nil:
		wrong = hashConflict(t.parts.hash, d.hash)
	case k == Future && d.future != nil && t.parts.future != nil:
		wrong = certainly(t.parts.future.value, d.future.value)
	case k == Function && d.fns != nil && len(t.functions()) > 0:
		wrong = !slices.ContainsFunc(t.functions(), func(fn *function) bool { return fn.takes(len(d.fns[0].sig.Params)) })
	}
	if wrong {
		return certain, "a value of type " + t.String()
	}
	return fine, ""
}

func certainly(t, declared Type) bool {
	v, _ := conflict(t, declared)
	return v == certain
}

func hashConflict(h, declared *hashParts) bool {
	if certainly(h.keys(), declared.keys()) || certainly(h.value, declared.values()) {
		return true
	}
	return slices.ContainsFunc(h.fields, func(f Field) bool { return f.Certain && certainly(f.Type, declared.values()) })
}

// annotatedArguments holds the arguments of a call against the annotations of the parameters.
func (in *inferrer) annotatedArguments(f *frame, c *callInfo, key key, fn *function) {
	for i, arg := range c.Args {
		p := fn.sig.Params[c.slot(i)]
		if p.Type.unknown() {
			continue
		}
		t := c.args[i]
		if t.trust != 0 || !within(t, p.Type) {
			in.out.doubt(key)
		}
		v, got := conflict(t, p.Type)
		if v == fine {
			continue
		}
		if t.Kinds().Within(Future) {
			in.futureAsValue(f, arg.Value, t).lower()
			continue
		}
		if v == possible {
			got += " as it may be here"
		}
		in.report(f, diag.AnnotatedArgument, arg.Value.Span(), "'"+p.Name+"' of '"+fn.sig.Name+"' is annotated as "+p.Type.String()+", but this is "+got).
			defined = []Callee{fn.callee}
	}
}

// result holds the value of a function against its annotation, and makes of both what callers go by.
func (in *inferrer) result(f *frame, def *syntax.FuncDef, sig *Signature) {
	declared := annotation(def.Result)
	in.out.declared = declared
	if declared.unknown() {
		return
	}
	alive := *f
	alive.dead = false
	for _, e := range tails(nil, def.Body) {
		t := in.types[e.ID()]
		v, got := conflict(t, declared)
		if e, ok := e.(*syntax.If); ok && e.Else == nil {
			v, got = fine, ""
			if !declared.Kinds().Has(Null) && !f.dead {
				v, got = possible, "null where no branch is taken"
			}
		} else if v == possible {
			got += " as it may be here"
		}
		if v != fine {
			in.report(&alive, diag.AnnotatedResult, e.Span(), "'"+sig.Name+"' is annotated as giving "+declared.String()+", but this is "+got)
		}
	}
	if !within(sig.Result, declared) || sig.Result.trust != 0 {
		sig.Result = declared.doubt(believed)
	}
}

// tails are the expressions whose value is that of a block; an if without else is one of them, as it may have none of its branches'.
func tails(all []syntax.Expr, b *syntax.Block) []syntax.Expr {
	if b == nil || len(b.Exprs) == 0 {
		return all
	}
	last := b.Exprs[len(b.Exprs)-1]
	switch e := syntax.Unparen(last).(type) {
	case *syntax.If:
		for _, arm := range e.Arms {
			all = tails(all, arm.Then)
		}
		if e.Else == nil {
			return append(all, e)
		}
		return tails(all, e.Else)
	case *syntax.Try:
		return tails(tails(all, e.Body), e.Catch)
	}
	return append(all, last)
}
