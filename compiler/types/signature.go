package types

import "strings"

// Signature is one way of calling a function.
type Signature struct {
	Name   string
	Params []Param
	Result Type
}

// Param is a parameter of any function: Hark's, Python's or a builtin.
type Param struct {
	Name string
	Type Type
	// Default is the text of the default value, "" if there is none; Optional: an argument may be left out.
	Default  string
	Optional bool
	// Rest: it takes all further arguments. PositionalOnly, KeywordOnly, RestKeywords: as in Python.
	Rest, PositionalOnly, KeywordOnly, RestKeywords bool
}

// String is the signature in a line: "name(a: Int, b = 2) -> String". Types that are not known are left out.
func (s Signature) String() string {
	var b strings.Builder
	b.WriteString(s.Name)
	b.WriteByte('(')
	for i, p := range s.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.String())
	}
	b.WriteByte(')')
	if !s.Result.IsAny() {
		b.WriteString(" -> " + s.Result.String())
	}
	return b.String()
}

// String is the parameter as a signature has it: "a: Int", "b = 2", "xs...", "**options".
func (p Param) String() string {
	text := p.Name
	if p.RestKeywords {
		text = "**" + text
	}
	if !p.Type.IsAny() {
		text += ": " + p.Type.String()
	}
	if p.Rest {
		text += "..."
	}
	if p.Default != "" {
		text += " = " + p.Default
	}
	return text
}
