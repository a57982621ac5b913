package pyindex

import "strings"

// params reads what stands between the parentheses of a definition, or before the colon of a lambda.
func (s *scanner) params(tokens []token) []Param {
	var params []Param
	kind := PositionalOrKeyword
	s.each(tokens, func(part []token) {
		switch {
		case s.is(part, 0, "/") && len(part) == 1:
			for i := range params {
				params[i].Kind = PositionalOnly
			}
		case s.is(part, 0, "*") && len(part) == 1:
			kind = KeywordOnly
		case s.is(part, 0, "*") && s.isName(part, 1):
			params = append(params, s.param(part[1:], VarPositional))
			kind = KeywordOnly
		case s.is(part, 0, "**") && s.isName(part, 1):
			params = append(params, s.param(part[1:], VarKeyword))
		case s.isName(part, 0):
			params = append(params, s.param(part, kind))
		}
	})
	return params
}

// param reads "name: annotation = default".
func (s *scanner) param(tokens []token, kind ParamKind) Param {
	p := Param{Kind: kind, Name: s.at(tokens, 0)}
	head := s.until(tokens, "=")
	if len(head)+1 < len(tokens) {
		p.Default = s.textOf(tokens[len(head)+1:])
	}
	if s.is(head, 1, ":") && len(head) > 2 {
		p.Annotation = s.annotation(head[2:])
	}
	return p
}

// annotation reads a type. What is written in quotes is read as if it were not.
func (s *scanner) annotation(tokens []token) *Annotation { return s.annotationWithin(tokens, deepest) }

func (s *scanner) annotationWithin(tokens []token, depth int) *Annotation {
	a := &Annotation{Text: s.textOf(tokens)}
	for len(tokens) > 2 && s.is(tokens, 0, "(") && s.closing(tokens, 0) == len(tokens)-1 && depth > 0 {
		tokens = tokens[1 : len(tokens)-1]
		depth--
	}
	if depth <= 0 || len(tokens) == 0 {
		return a
	}
	if s.find(tokens, "|") >= 0 {
		a.Name, a.Args = "|", s.list(tokens, "|", depth)
		return a
	}
	if len(tokens) == 1 && tokens[0].kind == text {
		return s.quoted(a, tokens[0], depth)
	}
	open := 0
	for ; open < len(tokens) && (tokens[open].kind == word || s.is(tokens, open, ".")); open++ {
		a.Name += s.string(tokens[open])
	}
	switch {
	case open == len(tokens):
	case s.is(tokens, 0, "..."):
		a.Name = "..."
	case s.is(tokens, open, "[") && s.closing(tokens, open) == len(tokens)-1:
		if open == 0 {
			a.Name = "[]"
		}
		a.Args = s.arguments(a.Name, tokens[open+1:len(tokens)-1], depth)
	default:
		a.Name = ""
	}
	return a
}

// arguments are the types in brackets; those of Literal are values.
func (s *scanner) arguments(name string, tokens []token, depth int) []*Annotation {
	if !strings.HasSuffix(name, "Literal") {
		return s.list(tokens, ",", depth)
	}
	var values []*Annotation
	s.each(tokens, func(part []token) { values = append(values, &Annotation{Text: s.textOf(part)}) })
	return values
}

// list reads types that are separated by commas or bars.
func (s *scanner) list(tokens []token, separator string, depth int) []*Annotation {
	var all []*Annotation
	for len(tokens) > 0 {
		part := s.until(tokens, separator)
		if len(part) > 0 {
			all = append(all, s.annotationWithin(part, depth-1))
		}
		tokens = tokens[min(len(part)+1, len(tokens)):]
	}
	return all
}

// quoted reads the type that a String holds.
func (s *scanner) quoted(a *Annotation, literal token, depth int) *Annotation {
	inner, ok := value(s.string(literal))
	if !ok {
		return a
	}
	within := scanner{text: strings.TrimSpace(inner)}
	if within.line(); within.damaged || within.pos < len(within.text) {
		return a
	}
	read := within.annotationWithin(within.tokens, depth-1)
	a.Name, a.Args = read.Name, read.Args
	return a
}
