package ide

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// pythonProblems are what is wrong with a file's imports of Python functions, by the text of their modules.
func (s *Snapshot) pythonProblems(file *resolve.File) []diag.Diagnostic {
	if file.Prelude {
		return nil
	}
	var all []diag.Diagnostic
	for item, def := range pythonImports(file) {
		c := &pythonCheck{s: s, file: file, item: item, def: def}
		if d, found := c.problem(); found {
			all = append(all, d)
		}
	}
	return all
}

// pythonCheck is the check of one import.
type pythonCheck struct {
	s    *Snapshot
	file *resolve.File
	item *syntax.Item
	def  *syntax.ImportDef
	// path and name are what the import leads to.
	path string
	name *pyindex.Name
}

func (c *pythonCheck) problem() (d diag.Diagnostic, found bool) {
	module := c.def.Module.Text
	if module == "" || c.def.Name.Text == "" {
		return d, false
	}
	path, m := c.s.PythonModule(module)
	if m == nil {
		return c.missingModule()
	}
	var known bool
	c.path, c.name, known = c.s.PythonName(c.def)
	switch {
	case c.name == nil && known && c.path == path:
		return c.missingName(m), true
	case c.name == nil && known:
		return c.at(diag.MissingPython, c.def.Name, c.path+" does not define '"+c.def.Name.Text+"'"), true
	case c.name == nil || c.name.Unsure:
	case c.name.Kind == pyindex.Variable && c.name.Plain:
		return c.at(diag.UncallablePython, c.def.Name, "'"+c.def.Name.Text+"' is no function, but "+value(c.name)), true
	case c.name.Async:
		return c.at(diag.AsyncPython, c.def.Name, "'"+c.def.Name.Text+"' is an 'async def', which cannot be called from here"), true
	case c.name.Kind == pyindex.Function, c.name.Kind == pyindex.Class:
		return c.count()
	}
	return d, false
}

// value says what a variable is.
func value(n *pyindex.Name) string {
	if n.Property {
		return "a property"
	}
	return "a value"
}

// at is a diagnostic at a name of the import, with the place of the definition in Python if there is one.
func (c *pythonCheck) at(code diag.Code, at *syntax.Name, message string) diag.Diagnostic {
	d := diag.New(code, message)
	d.Span = nameSpan(c.item, at)
	if c.name != nil {
		d.Related = []diag.Related{{File: c.path, Span: c.name.Span, Message: "'" + c.name.Name + "' is defined here"}}
	}
	return d
}

// missingName reports a function that the module does not have.
func (c *pythonCheck) missingName(m *pyindex.Module) diag.Diagnostic {
	name := c.def.Name.Text
	d := c.at(diag.MissingPython, c.def.Name, c.path+" does not define '"+name+"'")
	near := resolve.Nearest(name, func(yield func(string) bool) {
		for _, n := range m.Names {
			if n.Kind != pyindex.Imported && !n.Plain && !yield(n.Name) {
				return
			}
		}
	})
	if near != "" {
		d.Message += "; did you mean '" + near + "'"
		d.Fixes = []diag.Fix{c.changeName(near)}
	}
	return d
}

// harkName is what may be written as a name without quotes.
var harkName = regexp.MustCompile(`^[a-z_][A-Za-z0-9_?.]*$`)

// changeName imports another function. Without an alias the uses in the file change too, or, where that could change what they mean, the
// old name becomes the alias.
func (c *pythonCheck) changeName(name string) diag.Fix {
	fix := diag.Fix{Title: "change to '" + name + "'"}
	old, text := c.def.Name, name
	if old.Quoted || !harkName.MatchString(name) || syntax.IsKeyword(name) {
		text = strconv.Quote(name)
	}
	change := diag.Edit{Span: c.item.Abs(old.Span()), New: text}
	if c.def.Alias != nil {
		fix.Edits = []diag.Edit{change}
		return fix
	}
	uses, free := c.uses(name)
	if text == name && free {
		fix.Edits = append([]diag.Edit{change}, uses...)
		return fix
	}
	end := c.item.Abs(c.def.Close).Start
	fix.Edits = []diag.Edit{change, diag.Insert(end, ", "+old.Text)}
	return fix
}

// uses are the edits that give the file's uses of the import another name; free says whether that name is not used for anything else
// in the project's files that could meet it.
func (c *pythonCheck) uses(name string) (edits []diag.Edit, free bool) {
	free = c.file.Scope.Lookup(name) == nil
	for i, item := range c.file.Tree.Items {
		for o := range occurrences(c.s.program, c.file, i) {
			switch {
			case item == c.item:
			case o.Span.Len() == int32(len(name)) && c.file.Tree.Text[o.Span.Start:o.Span.End] == name:
				free = false
			case o.Role == roleRead && o.Def != nil && o.Def.Name == c.def.Name.Text:
				edits = append(edits, diag.Edit{Span: o.Span, New: name})
			}
		}
	}
	for _, other := range c.s.program.Files {
		if other != c.file && !other.Prelude && importsFrom(other, c.file.Path, c.def.Name.Text) {
			free = false
		}
	}
	return edits, free
}

// importsFrom says whether a file takes a name from the file at a path.
func importsFrom(file *resolve.File, path, name string) bool {
	for _, item := range file.Tree.Items {
		def, ok := item.Def.(*syntax.ImportDef)
		if ok && def.Language == syntax.Hark && def.Name.Text == name && strings.ReplaceAll(def.Module.Text, ".", "/")+".hk" == path {
			return true
		}
	}
	return false
}

// missingModule reports a module that a package of the project does not have.
func (c *pythonCheck) missingModule() (d diag.Diagnostic, found bool) {
	module := c.def.Module.Text
	cut := strings.LastIndexByte(module, '.')
	if cut < 0 || c.s.hasFolder(module) {
		return d, false
	}
	parent := module[:cut]
	path, pkg := c.s.PythonModule(parent)
	regular := pkg != nil && isPackage(path)
	if !regular && !c.s.hasFolder(parent) || pkg != nil && !regular {
		return d, false
	}
	d = c.at(diag.MissingModule, c.def.Module, "there is no module '"+module[cut+1:]+"' in the project's package '"+parent+"'")
	if !regular || strings.Contains(pkg.Text, "__path__") {
		d.Severity = diag.Warning
	}
	if near := resolve.Nearest(module, c.s.importableModules); near != "" {
		d.Message += "; did you mean '" + near + "'"
		d.Fixes = []diag.Fix{{Title: "change to '" + near + "'", Edits: []diag.Edit{{Span: d.Span, New: near}}}}
	}
	return d, true
}

// hasFolder says whether there is a folder with Python files for a module.
func (s *Snapshot) hasFolder(module string) bool {
	for _, folder := range s.project.PythonPath {
		prefix := below(folder, strings.ReplaceAll(module, ".", "/")) + "/"
		for _, path := range s.project.Python {
			if strings.HasPrefix(path, prefix) {
				return true
			}
		}
	}
	return false
}

// importableModules calls yield for the names of the project's Python modules, as far as its files are known.
func (s *Snapshot) importableModules(yield func(module string) bool) {
	seen := map[string]bool{}
	for _, path := range s.project.Python {
		for _, folder := range s.project.PythonPath {
			rest, within := strings.CutPrefix(path, below(folder, ""))
			module := strings.TrimSuffix(strings.TrimSuffix(rest, ".py"), "/__init__")
			module = strings.ReplaceAll(module, "/", ".")
			if !within || seen[module] || !moduleName.MatchString(module) {
				continue
			}
			seen[module] = true
			if !yield(module) {
				return
			}
		}
	}
}

// moduleName is what can be imported without quotes.
var moduleName = regexp.MustCompile(`^[a-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// count checks the number of arguments that the import gives against the function's parameters.
func (c *pythonCheck) count() (d diag.Diagnostic, found bool) {
	if c.def.Count == nil || c.def.Count.Float {
		return d, false
	}
	count, err := strconv.Atoi(c.def.Count.Text)
	low, high := argumentCounts(c.name.Params)
	if err != nil || count >= low && (high < 0 || count <= high) {
		return d, false
	}
	want := strconv.Itoa(low)
	switch {
	case high < 0:
		want = "at least " + want
	case high != low:
		want = fmt.Sprintf("%d to %d", low, high)
	}
	d = c.at(diag.SignatureCount, c.def.Name, fmt.Sprintf("'%s' takes %s %s, not %d", c.def.Name.Text, want, diag.Plural(max(low, high), "argument"), count))
	d.Span = c.item.Abs(c.def.Count.Span())
	nearest := max(low, min(count, max(low, high)))
	d.Fixes = []diag.Fix{{
		Title: "change the count to " + strconv.Itoa(nearest), Certain: low == high,
		Edits: []diag.Edit{{Span: d.Span, New: strconv.Itoa(nearest)}},
	}}
	return d, true
}

// argumentCounts are the least and the greatest number of arguments that the parameters take; the greatest is -1 if there is none.
func argumentCounts(params []pyindex.Param) (low, high int) {
	for _, p := range params {
		switch {
		case p.Kind == pyindex.VarPositional || p.Kind == pyindex.VarKeyword:
			high = -1 << 20
		case p.Required():
			low++
			high++
		default:
			high++
		}
	}
	return low, max(high, -1)
}
