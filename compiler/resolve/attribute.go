package resolve

import (
	"iter"
	"strconv"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// place is where an attribute stands, as bits.
type place uint8

const (
	onFunction place = 1 << iota
	onImport
	onHarkImport
)

// attribute is a row of the table of attributes.
type attribute struct {
	name string
	// on is where it has an effect; where says so in words.
	on    place
	where string
	// defaults fills in what is not given.
	defaults func(*bytecode.Attrs)
	params   []attributeParam
}

// attributeParam is an argument of an attribute. set takes the value over unless it is of the wrong type or out of range; want
// says what is right.
type attributeParam struct {
	name     string
	required bool
	want     string
	set      func(*bytecode.Attrs, constant) bool
}

// attributes is the table. The machine's number of memory classes is Lambda's.
var attributes = []attribute{
	{
		name: "retry", on: onImport, where: "imports of Python functions",
		defaults: func(a *bytecode.Attrs) { a.RetryMax = 3 },
		params: []attributeParam{
			{name: "max", want: "a whole number from 1 to 1000", set: func(a *bytecode.Attrs, c constant) bool {
				ok := c.whole && c.number >= 1 && c.number <= 1000
				a.RetryMax = uint32(c.number)
				return ok
			}},
			{name: "backoff", want: "a number of seconds from 0 to 86400", set: func(a *bytecode.Attrs, c constant) bool {
				a.RetryBackoff = c.number
				return c.numeric && c.number >= 0 && c.number <= 86400
			}},
			{name: "on", want: "a String, or a List of Strings", set: func(a *bytecode.Attrs, c constant) bool {
				a.RetryOn = c.texts
				return len(c.texts) > 0
			}},
		},
	},
	{
		name: "timeout", on: onFunction | onImport, where: "functions and imports of Python functions",
		params: []attributeParam{
			{name: "seconds", required: true, want: "a number of seconds above 0", set: func(a *bytecode.Attrs, c constant) bool {
				a.TimeoutSeconds = c.number
				return c.numeric && c.number > 0
			}},
		},
	},
	{name: "at_most_once", on: onImport, where: "imports of Python functions", defaults: func(a *bytecode.Attrs) { a.AtMostOnce = true }},
	{
		name: "memory", on: onFunction | onImport, where: "functions and imports of Python functions",
		params: []attributeParam{
			{name: "megabytes", required: true, want: "a whole number of megabytes from 128 to 10240", set: func(a *bytecode.Attrs, c constant) bool {
				ok := c.whole && c.number >= 128 && c.number <= 10240
				a.MemoryMB = uint32(c.number)
				return ok
			}},
		},
	},
}

// Attributes yields the names of all attributes.
func Attributes(yield func(string) bool) {
	for _, attr := range attributes {
		if !yield(attr.name) {
			return
		}
	}
}

func findAttribute(name string) *attribute {
	for i := range attributes {
		if attributes[i].name == name {
			return &attributes[i]
		}
	}
	return nil
}

// attributes reads the attributes of a definition or import.
func (r *resolver) attributes(attrs []*syntax.Attr, at place) {
	seen := map[string]*syntax.Attr{}
	for _, attr := range attrs {
		if attr.Name == nil || attr.Name.Text == "" || r.broken(attr.Span()) {
			continue
		}
		row := findAttribute(attr.Name.Text)
		if row == nil {
			r.unknown(diag.UnknownAttribute, attr.Name, "there is no attribute '"+attr.Name.Text+"'", Attributes)
			continue
		}
		if first := seen[row.name]; first != nil {
			r.report(diag.DuplicateAttribute, attr.Name.Span(), "'"+row.name+"' is given twice; the last one counts").
				relate(first.Name.Span(), "the other one")
		}
		seen[row.name] = attr
		if row.on&at == 0 {
			r.report(diag.MisplacedAttribute, attr.Name.Span(), "'"+row.name+"' has no effect here: it is for "+row.where)
			continue
		}
		if row.defaults != nil {
			row.defaults(&r.info.Attrs)
		}
		r.attributeArgs(attr, row)
	}
}

// unknown reports a name that a table does not have.
func (r *resolver) unknown(code diag.Code, name *syntax.Name, message string, known iter.Seq[string]) {
	p := r.report(code, name.Span(), message)
	if near := Nearest(name.Text, known); near != "" {
		p.Message += "; did you mean '" + near + "'"
		p.fix("change to '"+near+"'", diag.Edit{Span: name.Span(), New: near})
	}
}

func (r *resolver) attributeArgs(attr *syntax.Attr, row *attribute) {
	given := make([]bool, len(row.params))
	for i, arg := range attr.Args {
		slot := i
		if arg.Key != nil {
			slot = row.param(arg.Key.Text)
		}
		switch {
		case slot < 0:
			r.unknown(diag.UnknownAttributeArgument, arg.Key, "'"+row.name+"' has no argument '"+arg.Key.Text+"'", row.names)
			continue
		case slot >= len(given):
			r.report(diag.UnknownAttributeArgument, arg.Span(), "'"+row.name+"' takes "+diag.Count(len(given), "argument")+" at most")
			continue
		case given[slot]:
			r.report(diag.DuplicateAttribute, arg.Span(), "'"+row.params[slot].name+"' is given twice; the last one counts")
		}
		given[slot] = true
		param, attrs := row.params[slot], r.info.Attrs
		if !param.set(&attrs, constantOf(arg.Value)) {
			r.report(diag.WrongAttributeArgument, arg.Value.Span(), "'"+param.name+"' of '"+row.name+"' has to be "+param.want)
			continue
		}
		r.info.Attrs = attrs
	}
	for i, param := range row.params {
		if param.required && !given[i] {
			r.report(diag.WrongAttributeArgument, attr.Span(), "'"+row.name+"' needs "+param.want)
		}
	}
}

func (a *attribute) param(name string) int {
	for i := range a.params {
		if a.params[i].name == name {
			return i
		}
	}
	return -1
}

func (a *attribute) names(yield func(string) bool) {
	for _, param := range a.params {
		if !yield(param.name) {
			return
		}
	}
}

// constant is the value of an attribute's argument.
type constant struct {
	numeric bool
	whole   bool // numeric, and written as an Int
	number  float64
	texts   []string // of a String or a List of Strings
}

func constantOf(e syntax.Expr) constant {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.NumberLit:
		number, err := strconv.ParseFloat(e.Text, 64)
		return constant{numeric: err == nil, whole: err == nil && !e.Float, number: number}
	case *syntax.Unary:
		c := constantOf(e.X)
		c.number = -c.number
		c.texts = nil
		return c
	case *syntax.StringLit:
		return constant{texts: []string{e.Value}}
	case *syntax.ListLit:
		var c constant
		for _, elem := range e.Elems {
			text, ok := syntax.Unparen(elem).(*syntax.StringLit)
			if !ok {
				return constant{}
			}
			c.texts = append(c.texts, text.Value)
		}
		return c
	}
	return constant{}
}

// hasTimeout says whether a function's threads have a time limit.
func hasTimeout(attrs []*syntax.Attr) bool {
	for _, attr := range attrs {
		if attr.Name != nil && attr.Name.Text == "timeout" {
			return true
		}
	}
	return false
}

// timeoutIgnored reports a plain call of a function with a timeout, which only a thread of its own obeys. A call from within the
// function itself is under the timeout already.
func (r *resolver) timeoutIgnored(call *syntax.Call, def *Def) {
	if r.info.Def.Is(def.Target) {
		return
	}
	r.report(diag.TimeoutWithoutAsync, call.Callee.Span(), "the timeout of '"+def.Name+"' has no effect on a call without 'async'").
		definition(def).
		fix("call it in a thread and await that", diag.Insert(call.Span().Start, "await async "))
}

// AttributeInfo is what an editor tells of an attribute.
type AttributeInfo struct {
	Name string
	// Where says in words what it is for, "imports of Python functions"; OnFunction and OnImport say whether it has an effect there.
	Where                string
	OnFunction, OnImport bool
	Params               []AttributeParamInfo
}

// AttributeParamInfo is an argument of an attribute; Want says in words what its values are.
type AttributeParamInfo struct {
	Name, Want string
	Required   bool
}

// DescribeAttributes are all attributes, in the order of the table.
func DescribeAttributes() []AttributeInfo {
	var all []AttributeInfo
	for i := range attributes {
		row := &attributes[i]
		info := AttributeInfo{Name: row.name, Where: row.where, OnFunction: row.on&onFunction != 0, OnImport: row.on&onImport != 0}
		for _, p := range row.params {
			info.Params = append(info.Params, AttributeParamInfo{p.name, p.want, p.required})
		}
		all = append(all, info)
	}
	return all
}
