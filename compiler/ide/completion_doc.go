package ide

// The documentation of a completion, made when somebody looks at it.

import (
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
)

// CompletionDoc is a line about a completion of a file, and its documentation in Markdown; either may be "".
func CompletionDoc(s *Snapshot, path, ref string) (detail, doc string) {
	kind, rest, _ := strings.Cut(ref, ":")
	switch kind {
	case "name":
		if file := s.file(path); file != nil {
			return s.documented(file.Scope.Lookup(rest))
		}
	case "hark":
		of, name, _ := strings.Cut(rest, ":")
		if file := s.file(of); file != nil {
			return s.documented(file.Scope.Lookup(name))
		}
	case "python":
		module, name, _ := strings.Cut(rest, ":")
		return s.describePython(module, name)
	case "keyword":
		for token, text := range keywordDocs {
			if token.String() == rest {
				return "", text
			}
		}
	case "symbol":
		return "", symbolDocs[rest]
	case "type":
		return "", typeDocs[rest]
	case "attribute":
		if info, ok := attributeInfo(rest); ok {
			return attributeHead(info), paragraphs(attributeDocs[rest], "For "+info.Where+".")
		}
	case "param":
		return "", attributeParamDocs[rest]
	}
	return "", ""
}

// documented is the signature and documentation of what a name stands for.
func (s *Snapshot) documented(b *resolve.Binding) (detail, doc string) {
	if b == nil || b.Kind == resolve.Missing {
		return "", ""
	}
	if builtin := builtinOf(b); builtin != nil {
		first, _, _ := strings.Cut(builtin.Signature, "\n")
		return first, s.docOf(b)
	}
	if b.Kind == resolve.Import {
		head, _ := s.pythonHead(b.Def)
		return head, s.docOf(b)
	}
	if signatures := s.types.Signatures(b); len(signatures) > 0 {
		return "fn " + signatures[0].String(), s.docOf(b)
	}
	return "fn " + b.Def.Target.Name + paramList(b.Def.Target.Func.Params), s.docOf(b)
}

// describePython is the signature and documentation of a Python function that need not be imported.
func (s *Snapshot) describePython(module, name string) (detail, doc string) {
	_, found, _ := s.pythonName(module, name)
	if found == nil {
		return "", ""
	}
	return pythonHeadOf(name, found), docstring(found.Doc)
}
