package resolve

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// call walks a call: the callee, then the arguments, then what is known of how they meet. spawned: it is the operand of async.
func (r *resolver) call(f *frame, call *syntax.Call, spawned bool) {
	r.expr(f, call.Callee)
	for _, arg := range call.Args {
		r.expr(f, arg.Value)
	}
	r.limitArguments(call)
	id, named := call.Callee.(*syntax.Ident)
	if !named {
		r.callValue(f, call)
		return
	}
	b := r.info.Binding(id)
	if b == nil {
		return
	}
	if b.Kind == Builtin && !spawned && raises(call, b) {
		f.dead = true
	}
	if b.Def != nil && b.Def.Target != nil && b.Def.Target.timeout && !spawned {
		r.timeoutIgnored(call, b.Def)
	}
	sig, known := signatureOf(f, id.Name, b)
	switch {
	case !r.names(call):
	case known:
		r.match(f, call, &sig)
	}
}

// raises says whether a call certainly is signal("error", …).
func raises(call *syntax.Call, b *Binding) bool {
	if bytecode.Builtins[b.Index].Name != "signal" || len(call.Args) != 2 {
		return false
	}
	for i, arg := range call.Args {
		kind, ok := syntax.Unparen(arg.Value).(*syntax.StringLit)
		if ok && kind.Value == "error" && (arg.Name == nil && i == 0 || arg.Name != nil && arg.Name.Text == "kind") {
			return true
		}
	}
	return false
}

// callValue checks a call whose callee is not a name.
func (r *resolver) callValue(f *frame, call *syntax.Call) {
	callee := syntax.Unparen(call.Callee)
	sound := r.names(call)
	if lambda, ok := callee.(*syntax.Lambda); ok && sound {
		r.match(f, call, &signature{params: lambda.Params, min: len(lambda.Params), max: len(lambda.Params), value: true})
		return
	}
	what := literal(callee)
	if what == "" {
		return
	}
	p := r.report(diag.NotAFunction, call.Span(), what+" is called, but is no function")
	if f.tries > 0 {
		p.Severity = diag.Warning
	}
}

// literal says what kind of value an expression certainly has that is no function and no future, "" if it may be one.
func literal(e syntax.Expr) string {
	switch e := e.(type) {
	case *syntax.NumberLit:
		return "a number"
	case *syntax.StringLit:
		return "a String"
	case *syntax.SymbolLit:
		return "a Symbol"
	case *syntax.BoolLit:
		return "a Bool"
	case *syntax.NullLit:
		return "null"
	case *syntax.ListLit:
		return "a List"
	case *syntax.HashLit:
		return "a Hash"
	case *syntax.Unary:
		return "a value of '" + operators[e.Op] + "'"
	case *syntax.Binary:
		return "a value of '" + operators[e.Op] + "'"
	}
	return ""
}

// operators are those whose value is computed by the machine, as they are written.
var operators = map[syntax.Token]string{
	syntax.OrOr: "||", syntax.AndAnd: "&&", syntax.Equal: "==", syntax.NotEq: "!=", syntax.LessEq: "<=", syntax.MoreEq: ">=",
	syntax.Less: "<", syntax.More: ">", syntax.Not: "!", syntax.Plus: "+", syntax.Minus: "-", syntax.Star: "*",
	syntax.Slash: "/", syntax.Percent: "%",
}

// signature is what a call can be checked against.
type signature struct {
	name     string          // "" for a lambda that has none
	params   []*syntax.Param // of a function or lambda
	names    []string        // of a builtin's parameters
	min, max int             // numbers of arguments; max is -1 if there is no upper bound
	static   bool            // the generator knows the callee too
	value    bool            // a lambda: what one finds out about values is an error outside of try only
	def      *Def            // of a function
}

// signatureOf is the signature of what a name stands for, unless that is known at run time only.
func signatureOf(f *frame, name string, b *Binding) (signature, bool) {
	switch b.Kind {
	case Function:
		fn := b.Def.Target.Func
		n := len(fn.Params)
		return signature{name: name, params: fn.Params, min: n, max: n, static: true, def: b.Def}, !b.Def.Target.vague
	case Builtin:
		builtin := &bytecode.Builtins[b.Index]
		return signature{name: name, names: builtin.Params, min: builtin.Min, max: builtin.Max, static: true}, true
	}
	lambda := onlyLambda(f.Func, b)
	if lambda == nil {
		return signature{}, false
	}
	n := len(lambda.Params)
	return signature{name: name, params: lambda.Params, min: n, max: n, static: b.Kind == Self, value: true}, true
}

// String is the callee as messages say it.
func (sig *signature) String() string {
	if sig.name == "" {
		return "this lambda"
	}
	return "'" + sig.name + "'"
}

// count is the number of parameters.
func (sig *signature) count() int { return len(sig.params) + len(sig.names) }

// param is the name of a parameter.
func (sig *signature) param(i int) string {
	if sig.params != nil {
		return sig.params[i].Name.Text
	}
	return sig.names[i]
}

// each yields the names that arguments may have. What stands for any number of arguments has none.
func (sig *signature) each(yield func(int, string) bool) {
	for i := range sig.count() {
		if sig.max < 0 && i == sig.count()-1 || !yield(i, sig.param(i)) {
			return
		}
	}
}

// onlyLambda is the lambda that a local or captured name stands for whenever it has a value; nil if that is not certain.
func onlyLambda(fn *Func, b *Binding) *syntax.Lambda {
	for b.Outer == nil {
		switch b.Kind {
		case Local:
			return fn.Locals[b.Index].lambda
		case Self:
			return fn.Lambda
		case Capture:
			b, fn = fn.Captures[b.Index].From, fn.Parent
		default:
			return nil
		}
	}
	return nil
}

// LambdaOf is the lambda that a name of the function stands for whenever it has a value; nil if that is not certain.
func (f *Func) LambdaOf(b *Binding) *syntax.Lambda { return onlyLambda(f, b) }

// match checks the arguments of a call against a signature and finds the parameter of each.
func (r *resolver) match(f *frame, call *syntax.Call, sig *signature) {
	slots, named, sound := r.place(call, sig)
	if !sound {
		return
	}
	if n := len(call.Args); n < sig.min || sig.max >= 0 && n > sig.max {
		p := r.wrongCount(call, sig, slots)
		if f.tries > 0 && sig.value {
			p.Severity = diag.Warning
		}
		return
	}
	if !named {
		return
	}
	if missing := firstMissing(slots); missing < len(slots) {
		r.report(diag.WrongCount, call.Parens, sig.String()+" is called without '"+sig.param(missing)+"'").definition(sig.def)
		return
	}
	if sig.static {
		if r.info.slots == nil {
			r.info.slots = map[*syntax.Call][]int{}
		}
		r.info.slots[call] = slots
	}
}

// place gives each argument its parameter and reports names that have none or two values. Too many positional arguments are
// given numbers beyond the last parameter.
func (r *resolver) place(call *syntax.Call, sig *signature) (slots []int, named, sound bool) {
	if !anyNamed(call) {
		return nil, false, true
	}
	sound = true
	taken := map[int]bool{}
	for i, arg := range call.Args {
		slot := i
		if arg.Name != nil {
			slot = sig.index(arg.Name.Text)
		}
		switch {
		case slot < 0:
			r.unknownArgument(arg, sig)
			sound = false
		case taken[slot] && arg.Name != nil && sound:
			r.report(diag.DuplicateArgument, arg.Span(), "'"+arg.Name.Text+"' is given twice")
			sound = false
		}
		taken[slot] = true
		slots = append(slots, slot)
	}
	return slots, true, sound
}

func anyNamed(call *syntax.Call) bool {
	for _, arg := range call.Args {
		if arg.Name != nil {
			return true
		}
	}
	return false
}

// index is the parameter of a name, -1 if there is none.
func (sig *signature) index(name string) int {
	for i, param := range sig.each {
		if param == name {
			return i
		}
	}
	return -1
}

// firstMissing is the first parameter that none of the arguments is for.
func firstMissing(slots []int) int {
	for i := range slots {
		if !slices.Contains(slots, i) {
			return i
		}
	}
	return len(slots)
}

// names reports what is wrong with the names of arguments whatever the callee is. It says whether they are sound.
func (r *resolver) names(call *syntax.Call) bool {
	if r.broken(call.Parens) {
		return false
	}
	if !anyNamed(call) {
		return true
	}
	seen, sound := map[string]*syntax.Arg{}, true
	var last *syntax.Arg
	for _, arg := range call.Args {
		switch {
		case arg.Name == nil && last != nil:
			r.report(diag.PositionAfterName, arg.Span(), "an argument without a name follows a named one").
				relate(last.Span(), "the named argument")
			return false
		case arg.Name == nil:
			continue
		case seen[arg.Name.Text] != nil:
			r.report(diag.DuplicateArgument, arg.Span(), "'"+arg.Name.Text+"' is given twice").
				relate(seen[arg.Name.Text].Span(), "the first time")
			sound = false
		}
		last, seen[arg.Name.Text] = arg, arg
	}
	return sound
}

func (r *resolver) unknownArgument(arg *syntax.Arg, sig *signature) {
	p := r.report(diag.UnknownArgument, nameOnly(arg.Name), sig.String()+" has no parameter '"+arg.Name.Text+"'").definition(sig.def)
	g := guess{name: arg.Name.Text}
	for _, param := range sig.each {
		g.consider(param)
	}
	if g.best != "" {
		p.Message += "; did you mean '" + g.best + "'"
		p.fix("change to '"+g.best+"'", diag.Edit{Span: nameOnly(arg.Name), New: g.best})
	}
}

// nameOnly is the name of a named argument without its colon.
func nameOnly(name *syntax.Name) source.Span {
	end := name.Span().End
	return source.Span{Start: end - int32(len(name.Text)), End: end}
}

func (r *resolver) wrongCount(call *syntax.Call, sig *signature, slots []int) *problem {
	want := strconv.Itoa(sig.min)
	switch {
	case sig.max < 0:
		want = "at least " + want
	case sig.max != sig.min:
		want = fmt.Sprintf("%d to %d", sig.min, sig.max)
	}
	n := len(call.Args)
	message := sig.String() + " takes " + want + " " + diag.Plural(max(sig.min, sig.max), "argument") + ", not " + strconv.Itoa(n)
	if n < sig.min && n < sig.count() {
		missing := n
		if slots != nil {
			missing = firstMissing(slots)
		}
		message += ": '" + sig.param(missing) + "' is missing"
	}
	return r.report(diag.WrongCount, call.Parens, message).definition(sig.def)
}
