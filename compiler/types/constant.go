package types

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Values that are of the right kind, and for which an operator or a function fails all the same: a divisor of 0, the first element of a List
// that has none. They are told where the value is written out, and of Lists where it is known that they are empty.

// constants say, by the name of a function, what is wrong with an argument, and which one that is; "" if nothing is known to be.
var constants = map[string]func(c *callInfo) (param int, message string){
	"first":        func(c *callInfo) (int, string) { return 0, c.emptyList("'first' of an empty List") },
	"nth":          func(c *callInfo) (int, string) { return 1, c.outside() },
	"min":          func(c *callInfo) (int, string) { return 0, c.emptyList("'min' of an empty List") },
	"max":          func(c *callInfo) (int, string) { return 0, c.emptyList("'max' of an empty List") },
	"first_of":     func(c *callInfo) (int, string) { return 0, c.emptyList("'first_of' of an empty List") },
	"range":        func(c *callInfo) (int, string) { return 2, c.zero(2, "'range' takes a step other than 0") },
	"sleep":        func(c *callInfo) (int, string) { return 0, c.below(0, 0) },
	"with_timeout": func(c *callInfo) (int, string) { return 1, c.below(1, 0) },
	"retry_call":   func(c *callInfo) (int, string) { return 1, c.below(1, 1) },
	"pmap":         func(c *callInfo) (int, string) { return 2, c.below(2, 1) },
	"split":        func(c *callInfo) (int, string) { return 1, c.noSeparator() },
	"parse_int":    func(c *callInfo) (int, string) { return 0, c.noNumber("Int") },
	"parse_float":  func(c *callInfo) (int, string) { return 0, c.noNumber("number") },
	"format":       func(c *callInfo) (int, string) { return 0, c.holes() },
}

// constantCheck reports an argument for which a function certainly fails, although it is of a kind that it takes.
func (in *inferrer) constantCheck(f *frame, c *callInfo, name string) {
	find := constants[name]
	if find == nil {
		return
	}
	defer in.elsewhere(f, c.spawned)()
	if param, message := find(c); message != "" {
		in.spawnable(c, in.report(f, diag.CertainFault, c.argument(param).Span(), message+": this always fails"))
	}
}

// divisor reports a division by what is written as 0.
func (in *inferrer) divisor(f *frame, e *syntax.Binary, x Type) {
	if n, ok := constant(e.Y); ok && n == 0 && (e.Op == syntax.Slash || e.Op == syntax.Percent) && x.mayBe().Has(number) {
		in.report(f, diag.CertainFault, e.Y.Span(), "a division by 0: this always fails")
	}
}

// constant is the number that an expression is, if it is written out.
func constant(e syntax.Expr) (float64, bool) {
	switch e := syntax.Unparen(e).(type) {
	case *syntax.NumberLit:
		n, err := strconv.ParseFloat(e.Text, 64)
		return n, err == nil
	case *syntax.Unary:
		if e.Op == syntax.Minus {
			n, ok := constant(e.X)
			return -n, ok
		}
	}
	return 0, false
}

// text is the String that an argument is, if it is written out.
func (c *callInfo) text(param int) (string, bool) {
	e := c.argument(param)
	if e == nil {
		return "", false
	}
	text, ok := syntax.Unparen(e).(*syntax.StringLit)
	if !ok {
		return "", false
	}
	return text.Value, true
}

// number is the number that an argument is, if it is written out.
func (c *callInfo) number(param int) (float64, bool) {
	if e := c.argument(param); e != nil {
		return constant(e)
	}
	return 0, false
}

// certainlyEmpty says whether a value is a List that has no element.
func certainlyEmpty(t Type) bool {
	if t.Kinds() != List || t.trust != 0 || len(t.vars()) > 0 {
		return false
	}
	elem, known := t.elemPart()
	return known && elem.IsNever()
}

func (c *callInfo) emptyList(message string) string {
	if len(c.Args) == 1 && certainlyEmpty(c.args[0]) {
		return message
	}
	return ""
}

// outside says that an index is beyond the ends of a List.
func (c *callInfo) outside() string {
	if certainlyEmpty(c.ordered()[0]) {
		return "'nth' of an empty List"
	}
	list, ok := syntax.Unparen(c.argument(0)).(*syntax.ListLit)
	n, known := c.number(1)
	if !ok || !known || c.ordered()[1].Kinds() != Int {
		return ""
	}
	length := len(list.Elems)
	if n < float64(length) && n >= float64(-length) {
		return ""
	}
	return fmt.Sprintf("there is no element %d in a List of %d", int64(n), length)
}

func (c *callInfo) zero(param int, message string) string {
	if n, known := c.number(param); known && n == 0 {
		return message
	}
	return ""
}

// below says that a number is less than it has to be.
func (c *callInfo) below(param int, least float64) string {
	if n, known := c.number(param); known && n < least {
		return fmt.Sprintf("this has to be at least %v", least)
	}
	return ""
}

func (c *callInfo) noSeparator() string {
	if text, known := c.text(1); known && text == "" {
		return "'split' takes a separator that is not empty"
	}
	return ""
}

// noNumber says that a text spells no number: what has no digit is none, but for the names of those that are not finite, and digits of other
// scripts count too.
func (c *callInfo) noNumber(what string) string {
	text, known := c.text(0)
	if !known || strings.ContainsFunc(text, func(r rune) bool { return r >= '0' && r <= '9' || r > 127 }) {
		return ""
	}
	if lower := strings.ToLower(text); what != "Int" && (strings.Contains(lower, "inf") || strings.Contains(lower, "nan")) {
		return ""
	}
	return strconv.Quote(text) + " spells no " + what
}

// holes says that a template has more places to fill in than there are values.
func (c *callInfo) holes() string {
	template, known := c.text(0)
	if !known || anyNamed(c.Call) {
		return ""
	}
	rest := strings.NewReplacer("{{", "", "}}", "").Replace(template)
	holes := strings.Count(rest, "{}")
	if holes < len(c.Args) || strings.ContainsAny(strings.ReplaceAll(rest, "{}", ""), "{}") {
		return ""
	}
	return fmt.Sprintf("the template has %s and is given %s", diag.Count(holes, "place"), diag.Count(len(c.Args)-1, "value"))
}
