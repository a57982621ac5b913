package resolve

import (
	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// resolver resolves the items of a file, one after the other and each on its own; what it keeps from one to the next is memory.
type resolver struct {
	file *File
	item *syntax.Item
	info *Info
	// suggestions is how many more misspelt names are compared with all others, so that a broken file stays quick.
	suggestions int
	known       []string // all that mean something in the file, once somebody asks
	// supposed has, for names that mean nothing, the local of their function that they seem to mean.
	supposed map[*syntax.Ident]int

	// ownNames and sharedNames have, by the numbers of names outside of items, the last item that came upon the name, as round.
	ownNames, sharedNames []int
	round                 int

	locals []LocalVar // where those of a function are collected
	saved  stack      // states of flow that branches come back to
	flows  stack      // those of the functions around
}

// suggestionsPerItem is the number of misspelt names in one item that are worth a guess.
const suggestionsPerItem = 20

// resolve finds out what the names of every item mean, except for those of which known knows it.
func (file *File) resolve(known func(item int) *Info) {
	file.Items = make([]*Info, len(file.Tree.Items))
	r := &resolver{file: file}
	for i := range file.Items {
		if file.Items[i] = known(i); file.Items[i] == nil {
			file.Items[i] = r.resolve(i)
		}
		if len(file.Items[i].problems) > 0 {
			file.remember(i)
		}
	}
}

// remember notes an item that has problems.
func (file *File) remember(item int) {
	file.faulty = append(file.faulty, item)
	for _, p := range file.Items[item].problems {
		for _, def := range p.defined {
			if !file.defines(def) && !def.Prelude {
				file.related = append(file.related, def)
			}
		}
	}
}

// resolve finds out what the names of one item mean.
func (r *resolver) resolve(index int) *Info {
	item := r.file.Tree.Items[index]
	r.item, r.info, r.suggestions = item, &Info{Def: r.file.Scope.defs[index]}, suggestionsPerItem
	r.info.faults = r.file.faultsIn(item, nil)
	r.supposed = nil
	r.round++
	switch def := item.Def.(type) {
	case *syntax.FuncDef:
		r.attributes(def.Attrs, onFunction)
		r.definition(def)
	case *syntax.ImportDef:
		r.importDef(def)
	}
	return r.info
}

func (r *resolver) definition(def *syntax.FuncDef) {
	r.info.bindings = make([]*Binding, r.item.Nodes)
	fn := &Func{Def: def}
	if def.Name != nil {
		fn.Name = def.Name.Text
	}
	r.function(r.newFrame(nil, fn))
	for _, fn := range r.info.Funcs {
		r.finish(fn)
	}
}

// importDef checks what can be said of an import by itself.
func (r *resolver) importDef(def *syntax.ImportDef) {
	place := onImport
	if def.Language == syntax.Hark {
		place = onHarkImport
	}
	r.attributes(def.Attrs, place)
}

// broken says whether there is an error of syntax in a span, so that what is found there may not be what was meant.
func (r *resolver) broken(span source.Span) bool {
	for _, fault := range r.info.faults {
		if fault.Start <= span.End && span.Start <= fault.End {
			return true
		}
	}
	return false
}

// frame is a function while it is walked.
type frame struct {
	*Func
	parent *frame
	self   string // the name by which the lambda may call itself
	flow   flow
	// dead: what follows is never reached, as a signal of an error came before.
	dead bool
	// tries is the number of try blocks around, those of enclosing functions included: an error there may be meant.
	tries int
	// set and maybe are the bindings of the locals in these states; captures those of captured names.
	set      []Binding
	maybe    []*Binding
	captures map[string]*Binding
}

func (r *resolver) newFrame(parent *frame, fn *Func) *frame {
	f := &frame{Func: fn, parent: parent}
	r.collect(fn)
	f.flow = r.flows.zeros(flowWords(len(f.Locals)))
	f.set = make([]Binding, len(f.Locals))
	for i := range f.set {
		f.set[i] = Binding{Kind: Local, State: Set, Index: i}
	}
	if parent != nil {
		f.tries = parent.tries
	}
	return f
}

// function walks a function's body.
func (r *resolver) function(f *frame) {
	r.info.add(f.Func)
	for i, param := range f.ParamNodes() {
		r.param(f, param, i)
	}
	r.block(f, f.Block())
	r.limitFunction(f.Func)
	r.flows.pop(len(r.flows) - len(f.flow))
}

func (r *resolver) param(f *frame, param *syntax.Param, i int) {
	name := param.Name
	slot := f.slot(name.Text)
	f.flow.set(i)
	if slot < 0 {
		return
	}
	r.bind(name, &f.set[slot])
	if first := f.Locals[slot].Decl; first != name {
		r.report(diag.DuplicateParameter, name.Span(), "there are two parameters called '"+name.Text+"'").
			relate(first.Span(), "the other one")
	}
}

func (r *resolver) bind(n syntax.Node, b *Binding) {
	if id := n.ID(); id < len(r.info.bindings) {
		r.info.bindings[id] = b
	}
}

// block walks a block and finds where it is not reached any more.
func (r *resolver) block(f *frame, b *syntax.Block) {
	if b == nil {
		return
	}
	dead := f.dead
	for i, e := range b.Exprs {
		if f.dead && !dead {
			dead = true
			last := b.Exprs[len(b.Exprs)-1]
			r.report(diag.Unreachable, e.Span().Join(last.Span()), "this never runs: what comes before always raises an error").
				relate(b.Exprs[i-1].Span(), "this raises")
		}
		r.expr(f, e)
	}
}

// expr walks an expression in the order of its evaluation.
func (r *resolver) expr(f *frame, e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Ident:
		r.read(f, e)
	case *syntax.Call:
		r.call(f, e, false)
	case *syntax.Assign:
		r.assign(f, e)
	case *syntax.Binary:
		r.binary(f, e)
	case *syntax.If:
		r.ifExpr(f, e)
	case *syntax.Try:
		r.try(f, e)
	case *syntax.Lambda:
		r.lambda(f, e, "")
	case *syntax.Async:
		r.async(f, e)
	case *syntax.Await:
		r.expr(f, e.Operand)
		r.await(e)
	case *syntax.Unary:
		r.expr(f, e.X)
	case *syntax.Paren:
		r.expr(f, e.Inner)
	case *syntax.ListLit:
		for _, elem := range e.Elems {
			r.expr(f, elem)
		}
	case *syntax.HashLit:
		r.hash(f, e)
	}
}

func (r *resolver) assign(f *frame, e *syntax.Assign) {
	lambda, direct := syntax.Unparen(e.Value).(*syntax.Lambda)
	if direct {
		r.lambda(f, lambda, e.Name.Text)
	} else {
		r.expr(f, e.Value)
	}
	if slot := f.slot(e.Name.Text); slot >= 0 {
		r.bind(e.Name, &f.set[slot])
		f.flow.set(slot)
	}
}

func (r *resolver) binary(f *frame, e *syntax.Binary) {
	var some [8]*syntax.Binary
	chain := syntax.Spine(some[:0], e)
	r.expr(f, chain[0].X)
	for _, e := range chain {
		if e.Op == syntax.AndAnd || e.Op == syntax.OrOr {
			r.perhaps(f, e.Y)
		} else {
			r.expr(f, e.Y)
		}
	}
}

// perhaps walks what may be left out.
func (r *resolver) perhaps(f *frame, e syntax.Expr) {
	before, dead := r.saved.push(f.flow), f.dead
	r.expr(f, e)
	f.flow.join(r.saved.top(before, len(f.flow)))
	r.saved.pop(before)
	f.dead = dead
}

func (r *resolver) ifExpr(f *frame, e *syntax.If) {
	joined, dead := r.saved.push(f.flow), true
	for i, arm := range e.Arms {
		r.expr(f, arm.Cond)
		before, beforeDead := r.saved.push(f.flow), f.dead
		r.block(f, arm.Then)
		dead = r.meet(f, joined, i == 0, dead)
		copy(f.flow, r.saved.top(before, len(f.flow)))
		r.saved.pop(before)
		f.dead = beforeDead
	}
	r.block(f, e.Else)
	f.dead = r.meet(f, joined, len(e.Arms) == 0, dead)
	copy(f.flow, r.saved.top(joined, len(f.flow)))
	r.saved.pop(joined)
}

// meet joins the state at the end of one branch to that of the branches before it, which are dead or not.
func (r *resolver) meet(f *frame, joined int, first, dead bool) bool {
	at := flow(r.saved.top(joined, len(f.flow)))
	if first {
		copy(at, f.flow)
	} else {
		at.join(f.flow)
	}
	return dead && f.dead
}

func (r *resolver) try(f *frame, e *syntax.Try) {
	before, dead := r.saved.push(f.flow), f.dead
	f.tries++
	r.block(f, e.Body)
	f.tries--
	after, afterDead := r.saved.push(f.flow), f.dead
	f.flow.onlyMay(r.saved.top(before, len(f.flow)))
	f.dead = dead
	if e.Name != nil {
		if slot := f.slot(e.Name.Text); slot >= 0 {
			r.bind(e.Name, &f.set[slot])
			f.flow.set(slot)
		}
	}
	r.block(f, e.Catch)
	f.flow.join(r.saved.top(after, len(f.flow)))
	r.saved.pop(before)
	f.dead = f.dead && afterDead
}

// lambda resolves a lambda where it is created: what it captures has the state of this moment.
func (r *resolver) lambda(f *frame, e *syntax.Lambda, self string) {
	fn := &Func{Lambda: e, Parent: f.Func, Name: self}
	inner := r.newFrame(f, fn)
	inner.self = self
	r.function(inner)
}
