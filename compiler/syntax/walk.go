package syntax

import (
	"iter"
	"slices"
)

// Walk visits a node and all below it, each before its children and these in the order of the text. Where visit is false
// the children are left out. It needs no stack of its own depth, so that a long chain of operators is no danger.
func Walk(root Node, visit func(Node) bool) {
	pending := []Node{root}
	for len(pending) > 0 {
		last := len(pending) - 1
		n := pending[last]
		pending = pending[:last]
		if !visit(n) {
			continue
		}
		eachChild(n, func(c Node) { pending = append(pending, c) })
		for i, j := last, len(pending)-1; i < j; i, j = i+1, j-1 {
			pending[i], pending[j] = pending[j], pending[i]
		}
	}
}

// Children are the nodes directly below a node, in the order of the text.
func Children(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		more := true
		eachChild(n, func(c Node) { more = more && yield(c) })
	}
}

// Path leads from the item's definition to the innermost node that an offset of the file lies in or touches. It is empty if
// the offset is outside of the item. Between two nodes that touch it chooses the one that begins there.
func (it *Item) Path(offset int32) []Node {
	offset -= it.Span.Start
	if !it.Def.Span().Contains(offset) {
		return nil
	}
	path := []Node{it.Def}
	for n := Node(it.Def); n != nil; {
		var inner Node
		eachChild(n, func(c Node) {
			if c.Span().Contains(offset) {
				inner = c
			}
		})
		if n = inner; n != nil {
			path = append(path, n)
		}
	}
	return path
}

// ItemAt is the item that an offset of the file lies in or touches, or nil. Between two that touch it is the later one.
func (f *File) ItemAt(offset int32) *Item {
	low, high := 0, len(f.Items)
	for low < high { // the first item that begins after offset
		if mid := (low + high) / 2; f.Items[mid].Span.Start > offset {
			high = mid
		} else {
			low = mid + 1
		}
	}
	if low == 0 || !f.Items[low-1].Span.Contains(offset) {
		return nil
	}
	return f.Items[low-1]
}

func eachChild(n Node, visit func(Node)) {
	switch n := n.(type) {
	case Expr:
		eachOfExpr(n, visit)
	case *FuncDef:
		each(n.Attrs, visit)
		visit(n.Name)
		each(n.Params, visit)
		if n.Result != nil {
			visit(n.Result)
		}
		if n.Body != nil {
			visit(n.Body)
		}
	case *ImportDef:
		each(n.Attrs, visit)
		visit(n.Name)
		visit(n.Module)
		if n.Count != nil {
			visit(n.Count)
		}
		eachName(n.Alias, visit)
	case *BadDef:
		each(n.Attrs, visit)
	case *Block:
		each(n.Exprs, visit)
	case *Param:
		visit(n.Name)
		if n.Type != nil {
			visit(n.Type)
		}
	case *TypeExpr:
		visit(n.Name)
		each(n.Args, visit)
	case *Attr:
		visit(n.Name)
		each(n.Args, visit)
	case *AttrArg:
		eachName(n.Key, visit)
		visit(n.Value)
	case *Arg:
		eachName(n.Name, visit)
		visit(n.Value)
	}
}

func eachOfExpr(n Expr, visit func(Node)) {
	switch n := n.(type) {
	case *ListLit:
		each(n.Elems, visit)
	case *HashLit:
		for _, pair := range n.Pairs {
			visit(pair.Key)
			visit(pair.Value)
		}
	case *Paren:
		visit(n.Inner)
	case *Call:
		visit(n.Callee)
		each(n.Args, visit)
	case *If:
		for _, arm := range n.Arms {
			visit(arm.Cond)
			visit(arm.Then)
		}
		if n.Else != nil {
			visit(n.Else)
		}
	case *Try:
		visit(n.Body)
		visit(n.Name)
		visit(n.Catch)
	case *Lambda:
		each(n.Params, visit)
		visit(n.Body)
	case *Assign:
		visit(n.Name)
		visit(n.Value)
	case *Binary:
		visit(n.X)
		visit(n.Y)
	case *Unary:
		visit(n.X)
	case *Async:
		visit(n.Operand)
	case *Await:
		visit(n.Operand)
	}
}

func each[T Node](nodes []T, visit func(Node)) {
	for _, n := range nodes {
		visit(n)
	}
}

func eachName(n *Name, visit func(Node)) {
	if n != nil {
		visit(n)
	}
}

// Unparen is an expression without the parentheses around it.
func Unparen(e Expr) Expr {
	for {
		p, ok := e.(*Paren)
		if !ok {
			return e
		}
		e = p.Inner
	}
}

// Spine appends a chain of operators that nest to the left, from the one that is evaluated first to e: the chain may be too long
// for walking it by calls.
func Spine(chain []*Binary, e *Binary) []*Binary {
	chain = append(chain, e)
	for left, ok := e.X.(*Binary); ok; left, ok = left.X.(*Binary) {
		chain = append(chain, left)
	}
	slices.Reverse(chain)
	return chain
}
