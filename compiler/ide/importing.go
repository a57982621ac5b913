package ide

// What could be imported: the functions of the project's other Hark files and of its Python modules, and the line that imports one, at the
// place where it belongs.

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// importable is a function that a file could import.
type importable struct {
	name, module string
	// count is that of a Python function's required arguments.
	count  int
	python bool
}

// line is the import as it is written.
func (i importable) line() string {
	if i.python {
		return "import(" + i.name + ", " + i.module + ", " + strconv.Itoa(i.count) + ");"
	}
	return "import(" + i.name + ", :hark " + i.module + ");"
}

// harkModule is the module that a file is, "lib.util" for "lib/util.hk"; "" if it cannot be imported.
func harkModule(path string) string {
	module := strings.ReplaceAll(strings.TrimSuffix(path, ".hk"), "/", ".")
	if !plainModule(module) {
		return ""
	}
	return module
}

// NearestModule is the module that was most likely meant by a name that is none of any, among those of a project's Hark files; "" if none
// is like it. The file that imports it is not meant.
func NearestModule(name, importing string, paths []string) string {
	return resolve.Nearest(name, func(yield func(string) bool) {
		for _, path := range paths {
			if module := harkModule(path); module != "" && path != importing && !yield(module) {
				return
			}
		}
	})
}

// plainModule says whether a text can stand as a module without quotes.
func plainModule(text string) bool {
	for i := range len(text) {
		if !syntax.PartOfName(text[i]) {
			return false
		}
	}
	return text != "" && (text[0] == '_' || 'a' <= text[0] && text[0] <= 'z') && !syntax.IsKeyword(text) && !strings.Contains(text, "..") &&
		!strings.HasSuffix(text, ".") && !strings.Contains(text, "?")
}

// harkFunctions calls yield for the functions of the project's other Hark files.
func (s *Snapshot) harkFunctions(except string, yield func(importable, *resolve.Def) bool) {
	for _, file := range s.program.Files {
		if file.Prelude || file.Path == except {
			continue
		}
		module := harkModule(file.Path)
		if module == "" {
			continue
		}
		for _, def := range file.Scope.Defs {
			if def.Func != nil && !strings.HasPrefix(def.Name, "_") && !yield(importable{name: def.Name, module: module}, def) {
				return
			}
		}
	}
}

// pythonModules are the project's Python modules by name, in order. A file that names one of them from the root, "src.video", gets all
// names so.
func (s *Snapshot) pythonModules(tree *syntax.File) []string {
	var modules []string
	folders := s.project.PythonPath
	if s.namedFromRoot(tree) {
		folders = []string{""}
	}
	for _, path := range s.project.Python {
		if module := pythonModuleOf(folders, path); module != "" {
			modules = append(modules, module)
		}
	}
	slices.Sort(modules)
	return slices.Compact(modules)
}

// namedFromRoot says whether a file names modules that lie in a folder of the search path by that folder too.
func (s *Snapshot) namedFromRoot(tree *syntax.File) bool {
	for _, item := range tree.Items {
		def, ok := item.Def.(*syntax.ImportDef)
		if !ok || def.Language == syntax.Hark {
			continue
		}
		for _, folder := range s.project.PythonPath {
			if prefix := strings.ReplaceAll(folder, "/", ".") + "."; folder != "" && strings.HasPrefix(def.Module.Text, prefix) {
				return true
			}
		}
	}
	return false
}

// pythonModuleOf is the module that a Python file is, from the nearest folder of the search path that it is in; "" if it cannot be
// written as a name.
func pythonModuleOf(folders []string, path string) string {
	best := ""
	for _, folder := range folders {
		prefix := ""
		if folder != "" && folder != "." {
			prefix = folder + "/"
		}
		rest, ok := strings.CutPrefix(path, prefix)
		if ok && (best == "" || len(rest) < len(best)) {
			best = rest
		}
	}
	best = strings.TrimSuffix(strings.TrimSuffix(best, ".py"), "/__init__")
	module := strings.ReplaceAll(best, "/", ".")
	if !plainModule(module) || module == "__init__" {
		return ""
	}
	return module
}

// pythonFunctions calls yield for the functions and classes of a Python module that can be called from Hark.
func (s *Snapshot) pythonFunctions(module string, yield func(importable, *pyindex.Name) bool) {
	_, m := s.PythonModule(module)
	if m == nil {
		return
	}
	for _, name := range m.Names {
		if !callable(name) || strings.HasPrefix(name.Name, "_") || !plainModule(name.Name) || strings.Contains(name.Name, ".") {
			continue
		}
		least, _ := pythonCounts(name)
		if !yield(importable{name: name.Name, module: module, count: least, python: true}, name) {
			return
		}
	}
}

// callable says whether a name of a Python module can be called from Hark, with a value that Hark can have.
func callable(name *pyindex.Name) bool {
	return (name.Kind == pyindex.Function || name.Kind == pyindex.Class) && !name.Async && !name.Generator
}

// pythonCounts are the smallest and the largest number of positional arguments that a Python function takes.
func pythonCounts(name *pyindex.Name) (least, most int) {
	for _, p := range name.Params {
		if p.Kind != pyindex.PositionalOrKeyword && p.Kind != pyindex.PositionalOnly {
			continue
		}
		most++
		if p.Default == "" {
			least++
		}
	}
	return least, most
}

// importLess says whether an import stands above another: Python's first, then by module and name.
func importLess(a, b importable) bool {
	if a.python != b.python {
		return a.python
	}
	if a.module != b.module {
		return a.module < b.module
	}
	return a.name < b.name
}

// importEdit is the edit that imports a function into a file: in the order of the imports that are there, if they are in order, else
// below the last of them, or above everything else.
func importEdit(tree *syntax.File, what importable) diag.Edit {
	imports, sorted := importsOf(tree)
	line := what.line()
	if len(imports) == 0 {
		return diag.Edit{Span: at(firstLine(tree)), New: line + "\n\n"}
	}
	last := imports[len(imports)-1]
	if sorted {
		for i, item := range imports {
			if importLess(what, importableOf(item)) {
				if i == 0 {
					return diag.Edit{Span: at(importStart(tree, item)), New: line + "\n"}
				}
				last = imports[i-1]
				break
			}
		}
	}
	return diag.Edit{Span: at(lineEnd(tree.Text, separated(tree.Text, last))), New: "\n" + line}
}

func at(offset int32) source.Span { return source.Span{Start: offset, End: offset} }

// importsOf are the items of a file that are imports, and whether they are in order.
func importsOf(tree *syntax.File) (items []*syntax.Item, sorted bool) {
	sorted = true
	for _, item := range tree.Items {
		if _, ok := item.Def.(*syntax.ImportDef); !ok {
			continue
		}
		if n := len(items); n > 0 && importLess(importableOf(item), importableOf(items[n-1])) {
			sorted = false
		}
		items = append(items, item)
	}
	return items, sorted
}

func importableOf(item *syntax.Item) importable {
	def := item.Def.(*syntax.ImportDef)
	return importable{name: def.Name.Text, module: def.Module.Text, python: def.Language != syntax.Hark}
}

// importStart is where the line of the first import begins; comments above it, which may be about the whole file, stay above.
func importStart(tree *syntax.File, item *syntax.Item) int32 {
	def := item.Def.(*syntax.ImportDef)
	if len(def.Attrs) > 0 || def.Doc != nil {
		return lineStart(tree.Text, item)
	}
	start := item.Abs(def.Keyword).Start
	for start > 0 && (tree.Text[start-1] == ' ' || tree.Text[start-1] == '\t') {
		start--
	}
	return start
}

// firstLine is where the first definition of a file begins, with the comments above it that belong to it.
func firstLine(tree *syntax.File) int32 {
	if len(tree.Items) > 0 {
		return lineStart(tree.Text, tree.Items[0])
	}
	return int32(len(tree.Text) - len(strings.TrimPrefix(tree.Text, "\uFEFF")))
}

// lineEnd is the end of the line that an offset is in, if nothing but a comment follows; else the offset.
func lineEnd(text string, offset int32) int32 {
	rest, _, _ := strings.Cut(text[offset:], "\n")
	rest = strings.TrimRight(rest, "\r")
	if trimmed := strings.TrimLeft(rest, " \t;"); trimmed == "" || strings.HasPrefix(trimmed, "//") {
		return offset + int32(len(rest))
	}
	return offset
}
