package grammar_test

import (
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/internal/source"
)

// kinds are the compiler's names for the grammar's nodes; those that are only groups have none, and their children count as
// those of the node around them.
var kinds = map[string]string{
	"function_definition": "FuncDef", "import": "ImportDef", "attribute": "Attr", "attribute_argument": "AttrArg",
	"parameter": "Param", "type": "TypeExpr", "block": "Block", "identifier": "Name", "type_identifier": "Name",
	"integer": "NumberLit false", "float": "NumberLit true", "string": "StringLit", "symbol": "SymbolLit", "boolean": "BoolLit",
	"null": "NullLit", "list": "ListLit", "hash": "HashLit", "parenthesized_expression": "Paren", "call": "Call",
	"named_argument": "Arg", "if_expression": "If", "try_expression": "Try", "lambda": "Lambda", "assignment": "Assign",
	"binary_expression": "Binary ", "unary_expression": "Unary ", "async_expression": "Async", "await_expression": "Await",

	"source_file": "", "attribute_list": "", "attribute_arguments": "", "parameter_list": "", "argument_list": "", "pair": "",
	"else_if_clause": "", "else_clause": "", "catch_clause": "",
}

// leaves have children that only editors need.
var leaves = []string{"string"}

// unseen are nodes that the compiler keeps elsewhere.
var unseen = []string{"line_comment", "block_comment", "doc_comment"}

func ofGrammar(root *tree) string {
	var l listing
	l.tree(0, root, "")
	return l.String()
}

// tree adds a node; around is the kind of the one it stands in.
func (l *listing) tree(depth int, n *tree, around string) {
	if !n.named || slices.Contains(unseen, n.kind) {
		return
	}
	kind, known := kinds[n.kind]
	switch {
	case !known:
		kind = "?" + n.kind
	case around == "import" && n.kind == "symbol":
		return // the compiler keeps ":python" and ":as" as facts
	case around == "import" && n.kind == "string", around == "named_argument" && n.field == "name":
		kind = "Name"
	case around == "async_expression" && n.kind == "parenthesized_expression":
		l.children(depth, n, around)
		return
	}
	if kind == "" {
		l.children(depth, n, n.kind)
		return
	}
	span := source.Span{Start: n.start, End: n.end}
	for _, child := range n.children {
		switch {
		case strings.HasSuffix(kind, " ") && child.field == "operator":
			kind += strings.Trim(child.kind, `"`)
		case child.kind == `"fn"`, child.kind == `"import"`:
			span.Start = child.start
		}
	}
	l.add(depth, kind, span)
	if !slices.Contains(leaves, n.kind) {
		l.children(depth+1, n, n.kind)
	}
}

func (l *listing) children(depth int, n *tree, around string) {
	for _, child := range n.children {
		l.tree(depth, child, around)
	}
}
