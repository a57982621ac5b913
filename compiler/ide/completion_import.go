package ide

// Completion of imports: within "import(…)", and of names that are not imported yet.

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// importParts offers what may stand in an import at the place.
func (l *completer) importParts(b *bracket) {
	switch b.commas {
	case 0:
		if b.start >= len(l.cursor.tokens) || l.cursor.inside == inString {
			l.importNames()
		}
	case 1:
		l.importModules(b)
	case 2:
		if l.importLanguage(b) == ":hark" {
			l.add(Completion{Label: ":as", Kind: CompleteKeyword, Insert: ":as ", Ref: "symbol:as"}, 0)
		} else {
			l.importCounts(b)
		}
	}
}

// importLanguage is ":hark" or ":python" if that is written before the place, else "".
func (l *completer) importLanguage(b *bracket) string {
	for i := b.at + 1; i < len(l.cursor.tokens); i++ {
		if word := l.cursor.lexeme(i); word == ":hark" || word == ":python" {
			return word
		}
	}
	return ""
}

// importedName is the name that the import asks for.
func (l *completer) importedName(b *bracket) string {
	if b.at+1 >= len(l.cursor.tokens) {
		return ""
	}
	return strings.Trim(l.cursor.lexeme(b.at+1), `"'`)
}

// goesOn says whether the import has more parts behind the place already.
func (l *completer) goesOn() bool {
	end := l.cursor.word.End
	if l.cursor.inside == inString && int(end) < len(l.cursor.text) {
		end++ // the closing quote
	}
	rest := strings.TrimLeft(l.cursor.text[end:], " \t")
	return strings.HasPrefix(rest, ",") || strings.HasPrefix(rest, ":") || l.cursor.inside == inString
}

// importNames offers the functions that there are, with all that their import says.
func (l *completer) importNames() {
	whole := !l.goesOn()
	add := func(i importable, kind CompletionKind, detail, ref string, near int) {
		c := Completion{Label: i.name, Kind: kind, Detail: detail, From: i.module, Ref: ref}
		if whole {
			c.Insert = strings.TrimSuffix(strings.TrimPrefix(i.line(), "import("), ");")
		}
		l.add(c, near)
	}
	language, behind := l.moduleBehind()
	found := false
	python := func(i importable, name *pyindex.Name) bool {
		found = true
		add(i, CompletePython, pythonParamList(name), "python:"+i.module+":"+i.name, 0)
		return true
	}
	hark := func(i importable, def *resolve.Def) bool {
		if behind == "" || behind == i.module && language == ":hark" {
			found = true
			add(i, CompleteFunction, paramList(def.Func.Params), "hark:"+def.Path+":"+def.Name, 1)
		}
		return true
	}
	if behind != "" {
		if language == ":hark" {
			l.s.harkFunctions(l.file.Path, hark)
		} else {
			l.s.pythonFunctions(behind, python)
		}
	}
	if found {
		return
	}
	behind = ""
	for _, module := range l.s.pythonModules(l.file.Tree) {
		l.s.pythonFunctions(module, python)
	}
	l.s.harkFunctions(l.file.Path, hark)
}

// moduleBehind is what the import says behind the place already: the language, if it does, and the module.
func (l *completer) moduleBehind() (language, module string) {
	end := l.cursor.word.End
	if l.cursor.inside == inString && int(end) < len(l.cursor.text) {
		end++ // the closing quote
	}
	rest, _, _ := strings.Cut(l.cursor.text[end:], ")")
	rest, _, _ = strings.Cut(rest, "\n")
	rest, begins := strings.CutPrefix(strings.TrimLeft(rest, " \t"), ",")
	words := strings.FieldsFunc(rest, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' })
	if !begins || len(words) == 0 {
		return "", ""
	}
	if strings.HasPrefix(words[0], ":") {
		language, words = words[0], words[1:]
	}
	if len(words) > 0 {
		module = strings.Trim(words[0], `"'`)
	}
	return language, module
}

// importModules offers the modules of the language that is written, those first that define the name.
func (l *completer) importModules(b *bracket) {
	language, name, more := l.importLanguage(b), l.importedName(b), l.goesOn()
	if language == "" && l.cursor.inside == inCode {
		l.add(Completion{Label: ":hark", Kind: CompleteKeyword, Insert: ":hark ", Ref: "symbol:hark"}, 8)
		l.add(Completion{Label: ":python", Kind: CompleteKeyword, Insert: ":python ", Ref: "symbol:python"}, 9)
	}
	if language != ":hark" {
		usual := l.s.pythonModules(l.file.Tree)
		for module := range l.s.importableModules {
			_, listed := slices.BinarySearch(usual, module)
			l.pythonModule(module, name, more, listed)
		}
	}
	for _, file := range l.s.program.Files {
		module := harkModule(file.Path)
		if file.Prelude || file.Path == l.file.Path || module == "" {
			continue
		}
		near := 10
		if def := file.Scope.Def(name); def != nil {
			near = 0
		}
		c := Completion{Label: module, Kind: CompleteModule, From: file.Path, Ref: "module:" + file.Path}
		switch {
		case language == ":hark":
			l.add(c, near)
		case language == "" && near == 0 && l.cursor.inside == inCode:
			c.Insert = ":hark " + module
			l.add(c, near)
		}
	}
}

// pythonModule offers a module; usual says that the project's modules are mostly named in this way.
func (l *completer) pythonModule(module, name string, more, usual bool) {
	c := Completion{Label: module, Kind: CompleteModule, From: "Python", Ref: "pymodule:" + module}
	near := 10
	_, found, _ := l.s.pythonName(module, name)
	if found != nil {
		near = 0
		if least, _ := pythonCounts(found); !more && found.Kind != pyindex.Variable {
			c.Insert = module + ", " + strconv.Itoa(least)
		}
	}
	if !usual {
		near++
	}
	l.add(c, near)
}

// importCounts offers the numbers of arguments that the Python function takes.
func (l *completer) importCounts(b *bracket) {
	module := ""
	for i := b.at + 1; i < b.start; i++ {
		if kind := l.cursor.tokens[i].Kind; kind == syntax.Identifier || kind == syntax.String {
			module = strings.Trim(l.cursor.lexeme(i), `"'`)
		}
	}
	name := l.importedName(b)
	_, found, _ := l.s.pythonName(module, name)
	if found == nil || found.Kind == pyindex.Variable || b.start < len(l.cursor.tokens) {
		return
	}
	least, most := pythonCounts(found)
	for n := least; n <= min(most, least+5); n++ {
		l.add(Completion{Label: strconv.Itoa(n), Kind: CompleteValue, Detail: " " + name + pythonParamList(found), Ref: "python:" + module + ":" + name}, n)
	}
}

// pythonParamList are the parameters of a Python function by their names.
func pythonParamList(name *pyindex.Name) string {
	names := make([]string, len(name.Params))
	for i, p := range name.Params {
		names[i] = p.Name
		switch p.Kind {
		case pyindex.VarPositional:
			names[i] = "*" + p.Name
		case pyindex.VarKeyword:
			names[i] = "**" + p.Name
		}
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// begins says whether a name begins with what is typed, but for upper and lower case. Among all names of a project nobody looks for others.
func begins(name, typed string) bool {
	return len(name) >= len(typed) && strings.EqualFold(name[:len(typed)], typed)
}

// mostImportable is how many names that would have to be imported are offered at once.
const mostImportable = 40

// importable offers functions of other files and Python modules, which come with the line that imports them.
func (l *completer) importable() {
	found := 0
	add := func(i importable, kind CompletionKind, params func() string, ref string) bool {
		if !begins(i.name, l.cursor.typed) || l.file.Scope.Lookup(i.name) != nil {
			return true
		}
		c := Completion{Label: i.name, Kind: kind, Detail: params(), From: i.module, Edits: []diag.Edit{importEdit(l.file.Tree, i)}, Ref: ref}
		l.add(l.asCall(c), nearProject)
		found++
		l.list.Incomplete = l.list.Incomplete || found == mostImportable
		return found < mostImportable
	}
	l.s.harkFunctions(l.file.Path, func(i importable, def *resolve.Def) bool {
		return add(i, CompleteFunction, func() string { return paramList(def.Func.Params) }, "hark:"+def.Path+":"+def.Name)
	})
	for _, module := range l.s.pythonModules(l.file.Tree) {
		l.s.pythonFunctions(module, func(i importable, name *pyindex.Name) bool {
			return add(i, CompletePython, func() string { return pythonParamList(name) }, "python:"+module+":"+i.name)
		})
	}
}
