package syntax

// Nodes and the lists of their children are cut from blocks of many, as a file has a hundred thousand of them and each
// lives as long as its tree. Blocks grow with the file, so that a small file does not pay for a large one.

// slab hands out values of one type.
type slab[T any] struct {
	free []T
	size int
}

const maxSlab = 64

func (s *slab[T]) new() *T {
	if len(s.free) == 0 {
		s.grow(1)
	}
	v := &s.free[0]
	s.free = s.free[1:]
	return v
}

func (s *slab[T]) grow(n int) {
	s.size = max(8, n, min(2*s.size, maxSlab))
	s.free = make([]T, s.size)
}

// list collects the elements of lists that may lie within each other: of a list that is being read the elements so far
// are the last ones of open.
type list[T any] struct {
	open []T
	slab slab[T]
}

// take is the list of the elements from mark on, which are no longer open.
func (l *list[T]) take(mark int) []T {
	n := len(l.open) - mark
	if n == 0 {
		return nil
	}
	if len(l.slab.free) < n {
		l.slab.grow(n)
	}
	taken := l.slab.free[:n:n]
	l.slab.free = l.slab.free[n:]
	copy(taken, l.open[mark:])
	clear(l.open[mark:])
	l.open = l.open[:mark]
	return taken
}

// arena has a slab for each kind of node.
type arena struct {
	bad      slab[Bad]
	idents   slab[Ident]
	numbers  slab[NumberLit]
	strings  slab[StringLit]
	symbols  slab[SymbolLit]
	bools    slab[BoolLit]
	nulls    slab[NullLit]
	lists    slab[ListLit]
	hashes   slab[HashLit]
	parens   slab[Paren]
	calls    slab[Call]
	argNodes slab[Arg]
	ifs      slab[If]
	tries    slab[Try]
	lambdas  slab[Lambda]
	assigns  slab[Assign]
	binaries slab[Binary]
	unaries  slab[Unary]
	asyncs   slab[Async]
	awaits   slab[Await]
	blocks   slab[Block]
	names    slab[Name]
	params   slab[Param]
	types    slab[TypeExpr]

	exprs      list[Expr]
	args       list[*Arg]
	pairs      list[HashPair]
	arms       list[IfArm]
	paramLists list[*Param]
	typeLists  list[*TypeExpr]
	attrs      list[*Attr]
	attrArgs   list[*AttrArg]
}
