package ide

// How something is called, and what is known of it in words: what hover, signature help and completion have in common.

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
)

// signaturesOf are the ways of calling what a callee stands for; binding is its meaning if it is a name.
func (s *Snapshot) signaturesOf(facts *types.Item, callee syntax.Expr, b *resolve.Binding) []types.Signature {
	if b != nil {
		switch b.Kind {
		case resolve.Function, resolve.Import, resolve.Builtin:
			if signatures := s.types.Signatures(b); len(signatures) > 0 {
				return signatures
			}
			return s.untyped(b)
		}
	}
	if callee == nil {
		return nil
	}
	return facts.Of(callee).Signatures()
}

// untyped is how something is called as far as its definition alone says it.
func (s *Snapshot) untyped(b *resolve.Binding) []types.Signature {
	var sig types.Signature
	switch b.Kind {
	case resolve.Function:
		sig.Name = b.Def.Target.Name
		for _, p := range b.Def.Target.Func.Params {
			sig.Params = append(sig.Params, types.Param{Name: p.Name.Text})
		}
	case resolve.Builtin:
		builtin := builtinOf(b)
		sig.Name = builtin.Name
		for i, name := range builtin.Params {
			rest := builtin.Max < 0 && i == len(builtin.Params)-1
			sig.Params = append(sig.Params, types.Param{Name: name, Rest: rest, Optional: rest || i >= builtin.Min})
		}
	default:
		name := s.inPython(b.Def)
		if name == nil || name.Kind != pyindex.Function && name.Kind != pyindex.Class {
			return nil
		}
		sig = signatureOf(b.Def.Target.Import.Name.Text, name)
	}
	return []types.Signature{sig}
}

// docOf is the documentation of what a name of a file, the prelude or a builtin stands for, as Markdown; "" if there is none.
func (s *Snapshot) docOf(b *resolve.Binding) string {
	switch b.Kind {
	case resolve.Builtin:
		builtin := builtinOf(b)
		return paragraphs(builtin.Doc, examples(builtin.Examples))
	case resolve.Function:
		if _, item := s.program.Locate(b.Def.Target); item != nil {
			if def, ok := functionOf(item); ok {
				return syntax.DocText(def.Doc)
			}
		}
	case resolve.Import:
		return s.importDoc(b.Def)
	}
	return ""
}

// importDoc is the documentation of an imported Python function: what stands above the import, then the function's own.
func (s *Snapshot) importDoc(def *resolve.Def) string {
	own := ""
	if def.Import != nil {
		own = syntax.DocText(def.Import.Doc)
	}
	return paragraphs(own, s.pythonDoc(def))
}

// examples are lines "EXPRESSION // VALUE" as a block of code.
func examples(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return code(strings.Join(lines, "\n"))
}

// code is a block of Hark in Markdown.
func code(text string) string { return fenced("hark", text) }

func fenced(language, text string) string { return "```" + language + "\n" + text + "\n```" }

// paragraphs joins what is not empty with empty lines between.
func paragraphs(parts ...string) string {
	var all []string
	for _, part := range parts {
		if part != "" {
			all = append(all, part)
		}
	}
	return strings.Join(all, "\n\n")
}

// inPython is what is known of an imported Python function from its source; nil if that is not in the project.
func (s *Snapshot) inPython(def *resolve.Def) *pyindex.Name {
	if def == nil || def.Target == nil || def.Target.Import == nil {
		return nil
	}
	_, name, _ := s.PythonName(def.Target.Import)
	return name
}

// pythonDoc is the docstring of an imported Python function; "" if it has none, or its source is not known.
func (s *Snapshot) pythonDoc(def *resolve.Def) string {
	if name := s.inPython(def); name != nil {
		return docstring(name.Doc)
	}
	return ""
}

// docstring is one as Markdown: examples in it become code.
func docstring(doc string) string {
	lines, inside := strings.Split(strings.TrimSpace(doc), "\n"), false
	var out []string
	for _, line := range lines {
		starts := strings.HasPrefix(strings.TrimSpace(line), ">>>")
		if starts && !inside {
			out, inside = append(out, "```python"), true
		} else if inside && strings.TrimSpace(line) == "" {
			out, inside = append(out, "```"), false
		}
		out = append(out, line)
	}
	if inside {
		out = append(out, "```")
	}
	return strings.Join(out, "\n")
}

// pythonHead is the head of an imported Python function as Python writes it; not known if its source is not.
func (s *Snapshot) pythonHead(def *resolve.Def) (head string, known bool) {
	if name := s.inPython(def); name != nil {
		return pythonHeadOf(def.Target.Import.Name.Text, name), true
	}
	return "def " + def.Target.Import.Name.Text + "(…)", false
}

// pythonHeadOf is the head of something of a Python module, "def name(a: int = 1, *, b) -> str".
func pythonHeadOf(called string, name *pyindex.Name) string {
	switch name.Kind {
	case pyindex.Class:
		return "class " + called + pythonParams(name)
	case pyindex.Function:
		head := "def " + called + pythonParams(name)
		if name.Async {
			head = "async " + head
		}
		if name.Result != nil {
			head += " -> " + name.Result.Text
		}
		return head
	}
	return called
}

// pythonParams are the parameters of a Python function as Python writes them.
func pythonParams(name *pyindex.Name) string {
	parts, _ := pythonParts(name)
	return "(" + strings.Join(parts, ", ") + ")"
}

// pythonParts are what stands between the parentheses of a Python function, and which of it are parameters: "/" and "*" are none.
func pythonParts(name *pyindex.Name) (parts []string, isParam []bool) {
	add := func(part string, param bool) { parts, isParam = append(parts, part), append(isParam, param) }
	last := pyindex.PositionalOrKeyword
	for i, p := range name.Params {
		if i > 0 && last == pyindex.PositionalOnly && p.Kind != pyindex.PositionalOnly {
			add("/", false)
		}
		if p.Kind == pyindex.KeywordOnly && last != pyindex.KeywordOnly && last != pyindex.VarPositional {
			add("*", false)
		}
		add(pythonParameter(p), true)
		last = p.Kind
	}
	if last == pyindex.PositionalOnly {
		add("/", false)
	}
	return parts, isParam
}

func pythonParameter(p pyindex.Param) string {
	text := p.Name
	switch p.Kind {
	case pyindex.VarPositional:
		text = "*" + text
	case pyindex.VarKeyword:
		text = "**" + text
	}
	equals := "="
	if p.Annotation != nil {
		text, equals = text+": "+p.Annotation.Text, " = "
	}
	if p.Default != "" {
		text += equals + p.Default
	}
	return text
}

// pythonModule explains a Python module.
func (h *hoverer) pythonModule(module string) string {
	path, m := h.s.PythonModule(module)
	if m == nil {
		return paragraphs("Python module `"+module+"`", "Its source is not in the project.")
	}
	return paragraphs("Python module `"+module+"`: `"+path+"`", docstring(m.Doc))
}
