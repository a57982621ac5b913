package ide

import (
	"maps"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/pyindex"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
)

// pythonFiles are the Python files that have been looked for, by path, nil for what is not there. It is written only while its snapshot
// is made: a copy of what an earlier snapshot shares.
type pythonFiles struct {
	read           map[string]*pyindex.Module
	shared, closed bool
}

// open is what a later snapshot begins with.
func (p pythonFiles) open() pythonFiles { return pythonFiles{read: p.read, shared: true} }

// without forgets files that have changed.
func (p pythonFiles) without(changed []string) pythonFiles {
	read := maps.Clone(p.read)
	for _, path := range changed {
		delete(read, path)
	}
	return pythonFiles{read: read}
}

func (p *pythonFiles) store(path string, m *pyindex.Module) {
	switch {
	case p.closed:
		return
	case p.read == nil:
		p.read = map[string]*pyindex.Module{}
	case p.shared:
		p.read = maps.Clone(p.read)
	}
	p.shared = false
	p.read[path] = m
}

// pythonFile is the Python file at a path, nil if there is none.
func (s *Snapshot) pythonFile(path string) *pyindex.Module {
	if m, known := s.python.read[path]; known {
		return m
	}
	var m *pyindex.Module
	if text, err := s.project.Read(path); err == nil {
		m = pyindex.Parse(text)
	}
	s.python.store(path, m)
	return m
}

// builtIn are modules of the interpreter itself, which no file of a project hides.
var builtIn = map[string]bool{"sys": true, "builtins": true, "time": true, "gc": true, "errno": true, "marshal": true, "itertools": true,
	"atexit": true, "posix": true, "nt": true, "signal": true, "faulthandler": true}

// PythonModule is a Python module of the project and the path of its file; nil for what the project does not have, such as the
// standard library.
func (s *Snapshot) PythonModule(module string) (path string, m *pyindex.Module) {
	if builtIn[module] {
		return "", nil
	}
	for _, folder := range s.project.PythonPath {
		for _, file := range pyindex.Files(module) {
			path := below(folder, file)
			if m := s.pythonFile(path); m != nil {
				return path, m
			}
		}
	}
	return "", nil
}

// below is a path in a folder, "" being the root.
func below(folder, path string) string {
	if folder == "" || folder == "." {
		return path
	}
	return folder + "/" + path
}

// PythonName is what an import of a Python function names: where it is defined, after imports in Python itself have been followed, and
// what is known of it there. Without a name, known says that it certainly is not there; it is false where that cannot be told, as for a
// module that is not the project's.
func (s *Snapshot) PythonName(def *syntax.ImportDef) (path string, name *pyindex.Name, known bool) {
	if def.Language != syntax.Python || def.Module == nil || def.Name == nil || def.Name.Text == "" {
		return "", nil, false
	}
	return s.pythonName(def.Module.Text, def.Name.Text)
}

func (s *Snapshot) pythonName(module, name string) (path string, found *pyindex.Name, known bool) {
	hops := 20 // more imports from one Python module to the next are not followed
	return s.pythonNameWithin(module, name, &hops)
}

func (s *Snapshot) pythonNameWithin(module, name string, hops *int) (path string, found *pyindex.Name, known bool) {
	*hops--
	path, m := s.PythonModule(module)
	if m == nil || *hops < 0 {
		return "", nil, false
	}
	found, known = m.Lookup(name)
	if found != nil {
		return s.followed(module, path, found, hops)
	}
	first, rest, nested := strings.Cut(name, ".")
	if through, _ := m.Lookup(first); nested && through != nil && through.Kind == pyindex.Imported {
		return s.pythonNameWithin(origin(module, path, through), rest, hops)
	}
	if _, sub := s.PythonModule(module + "." + first); sub != nil && isPackage(path) {
		return s.pythonNameWithin(module+"."+first, rest, hops)
	}
	for _, star := range m.Stars {
		from := pyindex.Absolute(star, module, isPackage(path))
		if path, found, _ := s.pythonNameWithin(from, name, hops); found != nil {
			return path, found, true
		}
	}
	return path, nil, known
}

// followed is where a name that may be imported is defined, as far as that is in the project.
func (s *Snapshot) followed(module, path string, n *pyindex.Name, hops *int) (string, *pyindex.Name, bool) {
	if n.Kind == pyindex.Imported && n.Original != "" {
		from := pyindex.Absolute(n.From, module, isPackage(path))
		if path, found, _ := s.pythonNameWithin(from, n.Original, hops); found != nil {
			return path, found, true
		}
	}
	return path, n, true
}

// origin is the module that an imported name is, if it is one.
func origin(module, path string, n *pyindex.Name) string {
	from := pyindex.Absolute(n.From, module, isPackage(path))
	if n.Original == "" {
		return from
	}
	return from + "." + n.Original
}

func isPackage(path string) bool { return strings.HasSuffix(path, "__init__.py") }

// mostListed is how many Python files of a project are read before something imports from them.
const mostListed = 1000

// readListed reads the project's Python files, so that what could be imported is known.
func (s *Snapshot) readListed() {
	for _, path := range s.project.Python[:min(len(s.project.Python), mostListed)] {
		s.pythonFile(path)
	}
}

// readImported reads the Python files that a file imports from, so that what is asked later is there.
func (s *Snapshot) readImported(file *resolve.File) {
	for _, item := range file.Tree.Items {
		if def, ok := item.Def.(*syntax.ImportDef); ok && !file.Prelude {
			s.PythonName(def)
		}
	}
}

// pythonSignature is how a Python function is called, false if that is not certain.
func (s *Snapshot) pythonSignature(module, name string) (types.Signature, bool) {
	_, found, _ := s.pythonName(module, name)
	if found == nil || found.Unsure || found.Kind != pyindex.Function && found.Kind != pyindex.Class {
		return types.Signature{}, false
	}
	return signatureOf(name, found), true
}

// signatureOf is how a function or class of Python is called.
func signatureOf(name string, n *pyindex.Name) types.Signature {
	sig := types.Signature{Name: name}
	for _, p := range n.Params {
		sig.Params = append(sig.Params, types.Param{
			Name: p.Name, Type: pythonParam(p), Default: p.Default, Optional: !p.Required(),
			Rest: p.Kind == pyindex.VarPositional, RestKeywords: p.Kind == pyindex.VarKeyword,
			PositionalOnly: p.Kind == pyindex.PositionalOnly, KeywordOnly: p.Kind == pyindex.KeywordOnly,
		})
	}
	if n.Kind == pyindex.Function && !n.Async && !n.Generator {
		sig.Result = pythonType(n.Result)
	}
	return sig
}

// pythonParam is the type of a parameter; one that is None by default may be that too.
func pythonParam(p pyindex.Param) types.Type {
	if p.Default == "None" && p.Annotation != nil {
		return types.FromPython("|", pythonType(p.Annotation), types.FromPython("None"))
	}
	return pythonType(p.Annotation)
}

// pythonType is the type that an annotation means.
func pythonType(a *pyindex.Annotation) types.Type {
	if a == nil {
		return types.Any
	}
	args := make([]types.Type, len(a.Args))
	for i, arg := range a.Args {
		args[i] = pythonType(arg)
	}
	return types.FromPython(a.Name, args...)
}

// pythonImports calls yield for the Python imports of a file, with the item that each is.
func pythonImports(file *resolve.File) func(yield func(*syntax.Item, *syntax.ImportDef) bool) {
	return func(yield func(*syntax.Item, *syntax.ImportDef) bool) {
		for _, item := range file.Tree.Items {
			def, ok := item.Def.(*syntax.ImportDef)
			if ok && def.Language == syntax.Python && def.Module != nil && def.Name != nil && !yield(item, def) {
				return
			}
		}
	}
}
