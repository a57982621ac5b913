package types

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// finding is a problem of an item; its places are relative to the item.
type finding struct {
	diag.Diagnostic
	// assumes: it is an error only if nobody calls the function against its annotations.
	assumes bool
	// defined adds the places where these are defined.
	defined []Callee
}

// report adds a problem that is certain at a place of the item: an error, or a warning where it may be meant or is believed only.
// What is never reached has no problems.
func (in *inferrer) report(f *frame, code diag.Code, at source.Span, message string, rests ...Type) *finding {
	p := finding{Diagnostic: diag.New(code, message)}
	p.Span = at
	for _, t := range rests {
		p.assumes = p.assumes || t.trust&assumed != 0
		if t.trust&believed != 0 {
			p.lower()
		}
	}
	if f.tries > 0 {
		p.lower()
	}
	if f.dead {
		return &p
	}
	in.out.findings = append(in.out.findings, p)
	return &in.out.findings[len(in.out.findings)-1]
}

// lower makes an error a warning.
func (p *finding) lower() *finding {
	p.Severity = max(p.Severity, diag.Warning)
	return p
}

func (p *finding) fix(title string, edits ...diag.Edit) *finding {
	p.Fixes = append(p.Fixes, diag.Fix{Title: title, Edits: edits})
	return p
}

// mayBe are the kinds that the value may have. An Int fits where a Float is annotated.
func (t Type) mayBe() Kinds {
	k := t.Kinds()
	if t.trust&(assumed|believed) != 0 && k.Has(Float) {
		k |= Int
	}
	return k
}

// surely are the kinds that are known to occur on some path.
func (t Type) surely() Kinds {
	if t.unknown() || t.trust&loose != 0 {
		return 0
	}
	return t.base()
}

// verdict says what becomes of a value where only some kinds are accepted.
type verdict uint8

const (
	fine verdict = iota
	possible
	certain
)

func judge(t Type, accepted Kinds) verdict {
	switch {
	case t.IsNever():
		return fine
	case !t.mayBe().Has(accepted):
		return certain
	case t.surely()&^accepted != 0:
		return possible
	}
	return fine
}

// check reports a value of a kind that is not accepted; message is what is said of the kinds that fault.
func (in *inferrer) check(f *frame, code diag.Code, e syntax.Expr, t Type, accepted Kinds, message func(got string) string) *finding {
	var p *finding
	in.need(f, t, accepted)
	switch judge(t, accepted) {
	case fine:
		return nil
	case certain:
		if t.Kinds().Within(Future) {
			return in.futureAsValue(f, e, t)
		}
		p = in.report(f, code, e.Span(), message(nouns(t.Kinds())), t)
	case possible:
		bad := t.surely() &^ accepted
		if bad.Within(Future) {
			return in.futureAsValue(f, e, t).lower()
		}
		p = in.report(f, code, e.Span(), message(nouns(bad))+" as it may be here", t).lower()
	}
	return p
}

// futureAsValue reports a future where its value is wanted.
func (in *inferrer) futureAsValue(f *frame, e syntax.Expr, t Type) *finding {
	p := in.report(f, diag.FutureAsValue, e.Span(), "this is a future, not the value that its thread comes to", t)
	return p.fix("await it", awaitEdits(e)...)
}

// awaitEdits put "await" before an expression.
func awaitEdits(e syntax.Expr) []diag.Edit {
	switch e.(type) {
	case *syntax.Assign, *syntax.Binary, *syntax.Unary:
		return []diag.Edit{diag.Insert(e.Span().Start, "await ("), diag.Insert(e.Span().End, ")")}
	}
	return []diag.Edit{diag.Insert(e.Span().Start, "await ")}
}

var kindNouns = []struct {
	kind Kinds
	noun string
}{
	{Bool, "a Bool"}, {Int, "an Int"}, {Float, "a Float"}, {String, "a String"}, {Symbol, "a Symbol"}, {List, "a List"},
	{Hash, "a Hash"}, {Function, "a Function"}, {Future, "a Future"}, {Null, "null"},
}

// nouns are kinds as messages say them: "an Int or null".
func nouns(k Kinds) string {
	var all []string
	for _, row := range kindNouns {
		if k.Has(row.kind) {
			all = append(all, row.noun)
		}
	}
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// operandRule says what the operands of an operator have to be: both of the kinds of one class.
type operandRule struct {
	classes []Kinds
	takes   string
}

var (
	computed = operandRule{[]Kinds{number}, "takes two numbers"}
	added    = operandRule{[]Kinds{number, String, List}, "takes two numbers, two Strings or two Lists"}
	ordered  = operandRule{[]Kinds{number, String}, "compares two numbers or two Strings"}
)

func (r *operandRule) all() Kinds {
	var all Kinds
	for _, class := range r.classes {
		all |= class
	}
	return all
}

// beside are the kinds that one operand may have if the other one has these.
func (r *operandRule) beside(other Kinds) Kinds {
	var all Kinds
	for _, class := range r.classes {
		if other.Has(class) {
			all |= class
		}
	}
	return all
}

// agree says whether there is a class that both have.
func (r *operandRule) agree(a, b Kinds) bool {
	for _, class := range r.classes {
		if a.Has(class) && b.Has(class) {
			return true
		}
	}
	return false
}

// operands reports operands that an operator does not take.
func (in *inferrer) operands(f *frame, e *syntax.Binary, x, y Type, rule operandRule) {
	text := "'" + in.text(e.OpPos) + "' " + rule.takes + ", not "
	message := func(got string) string { return text + got }
	bad := in.check(f, diag.OperandType, e.X, x, rule.all(), message) != nil
	bad = in.check(f, diag.OperandType, e.Y, y, rule.all(), message) != nil || bad
	if bad || x.IsNever() || y.IsNever() {
		return
	}
	in.need(f, x, rule.beside(y.mayBe()))
	in.need(f, y, rule.beside(x.mayBe()))
	if !rule.agree(x.mayBe(), y.mayBe()) {
		p := in.report(f, diag.OperandType, e.Span(), text+nouns(x.Kinds())+" and "+nouns(y.Kinds()), x, y)
		in.joinAsText(p, e, x, y)
		return
	}
	a, b := x.surely(), y.surely()
	if a != x.Kinds() || b != y.Kinds() {
		return
	}
	for _, row := range kindNouns {
		if a.Has(row.kind) && !rule.agree(row.kind, y.mayBe()) {
			in.report(f, diag.OperandType, e.Span(), text+row.noun+" and "+nouns(b)+" as they may be here", x, y).lower()
			return
		}
		if b.Has(row.kind) && !rule.agree(x.mayBe(), row.kind) {
			in.report(f, diag.OperandType, e.Span(), text+nouns(a)+" and "+row.noun+" as they may be here", x, y).lower()
			return
		}
	}
}

// joinAsText offers to show as text what is to be joined to a String.
func (in *inferrer) joinAsText(p *finding, e *syntax.Binary, x, y Type) {
	if e.Op != syntax.Plus {
		return
	}
	other := e.Y
	if y.Kinds() == String {
		other = e.X
	} else if x.Kinds() != String {
		return
	}
	p.fix("show it as text with 'str'", diag.Insert(other.Span().Start, "str("), diag.Insert(other.Span().End, ")"))
}

// text is a piece of the item's text.
func (in *inferrer) text(at source.Span) string {
	at = in.item.Abs(at)
	return in.file.Tree.Text[at.Start:at.End]
}

func (in *inferrer) negated(f *frame, e *syntax.Unary, t Type) {
	in.check(f, diag.OperandType, e.X, t, number, func(got string) string { return "unary '-' takes a number, not " + got })
}

// boolean checks an operand of && or ||.
func (in *inferrer) boolean(f *frame, e *syntax.Binary, operand syntax.Expr, t Type) {
	in.check(f, diag.NotABool, operand, t, Bool, func(got string) string {
		return "'" + in.text(e.OpPos) + "' takes Bools, not " + got
	})
}

// condition checks what if and ! take for true or false: of a future the answer is always the same.
func (in *inferrer) condition(f *frame, e syntax.Expr, t Type) {
	if t.Kinds().Within(Future) && t.trust == 0 {
		in.futureAsValue(f, e, t).lower()
	}
}

// comparedFuture reports a comparison that is false whatever the thread comes to.
func (in *inferrer) comparedFuture(f *frame, e *syntax.Binary, x, y Type) {
	switch {
	case x.Kinds().Within(Future) && y.Kinds() != 0 && !y.Kinds().Has(Future):
		in.futureAsValue(f, e.X, x).lower()
	case y.Kinds().Within(Future) && x.Kinds() != 0 && !x.Kinds().Has(Future):
		in.futureAsValue(f, e.Y, y).lower()
	}
}

// keyKinds are the kinds that a key of a Hash may have.
const keyKinds = AnyKind &^ (List | Hash | Function | Future)

func (in *inferrer) keyCheck(f *frame, e syntax.Expr, t Type) {
	in.check(f, diag.NotAKey, e, t, keyKinds, func(got string) string { return "a key of a Hash cannot be " + got })
}
