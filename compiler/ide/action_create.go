package ide

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/compiler/types"
)

// create offers to write the function that a name stands for, behind the definition that uses it. call is nil where it is used as a value.
func (f *fixing) create(name string, call *syntax.Call, use *syntax.Ident) {
	if f.item < 0 || !isName(name) {
		return
	}
	end := separated(f.file.Tree.Text, f.file.Tree.Items[f.item])
	f.add("create the function '"+name+"'", diag.Insert(end, "\n\n"+harkStub(name, f.argumentNames(call, use))))
}

// defineElsewhere offers to write the function that an import asks another Hark file for.
func (f *fixing) defineElsewhere(def *syntax.ImportDef, path string) {
	name := def.Name.Text
	if !isName(name) {
		return
	}
	text := f.s.Text(path)
	stub := harkStub(name, f.argumentNames(f.anyCall(knownAs(def)))) + "\n"
	f.addFiles("create the function '"+name+"' in "+path, []FileEdits{{Path: path, Edits: f.appended(text, "\n", stub)}})
}

// appended are edits that add something at the end of a text, with a separator before it unless it is the first.
func (f *fixing) appended(text, separator, addition string) (edits []diag.Edit) {
	end := int32(len(text))
	switch {
	case strings.TrimSpace(text) == "":
		return []diag.Edit{diag.Insert(end, addition)}
	case !strings.HasSuffix(text, "\n"):
		separator = "\n" + separator
	}
	return []diag.Edit{diag.Insert(end, separator+addition)}
}

// anyCall is the first call of a name of the file, nil if there is none, and a use of the name.
func (f *fixing) anyCall(name string) (call *syntax.Call, use *syntax.Ident) {
	for i := range f.file.Tree.Items {
		for o := range occurrences(f.s.program, f.file, i) {
			id, ok := o.Node.(*syntax.Ident)
			if !ok || o.Def == nil || o.Def.Name != name {
				continue
			}
			if o.Call != nil && o.Role == roleRead {
				return o.Call, id
			}
			use = id
		}
	}
	return nil, use
}

// handedTo are functions that take a function first, with the number of arguments that they call it with.
var handedTo = map[string]int{"map": 1, "filter": 1, "map_async": 1, "pmap": 1, "sort_by": 1, "reduce": 2, "retry_call": 0}

// argumentNames are names for the parameters of a function that is called, or handed to another, as it is here.
func (f *fixing) argumentNames(call *syntax.Call, use *syntax.Ident) []string {
	names := &freshNames{taken: func(name string) bool { return f.file.Scope.Lookup(name) != nil }}
	if call != nil {
		for _, arg := range call.Args {
			names.add(nameOf(arg))
		}
		return names.all
	}
	for _, n := range f.nodes {
		outer, ok := n.(*syntax.Call)
		if !ok || len(outer.Args) == 0 || use == nil || syntax.Unparen(outer.Args[0].Value) != use {
			continue
		}
		if callee, ok := outer.Callee.(*syntax.Ident); ok {
			for range handedTo[callee.Name] {
				names.add("x")
			}
		}
	}
	return names.all
}

// nameOf is a name for the parameter that an argument is for.
func nameOf(arg *syntax.Arg) string {
	if arg.Name != nil {
		return arg.Name.Text
	}
	switch value := syntax.Unparen(arg.Value).(type) {
	case *syntax.Ident:
		return value.Name[strings.LastIndexByte(value.Name, '.')+1:]
	case *syntax.ListLit:
		return "xs"
	case *syntax.Lambda:
		return "f"
	case *syntax.StringLit:
		return "text"
	case *syntax.NumberLit:
		return "n"
	}
	return "x"
}

// freshNames are names that differ from each other.
type freshNames struct {
	all []string
	// taken says which names mean something else; nil: none.
	taken func(name string) bool
}

func (n *freshNames) add(name string) {
	if !isName(name) {
		name = "x"
	}
	fresh := name
	for i := 2; slices.Contains(n.all, fresh) || n.taken != nil && n.taken(fresh); i++ {
		fresh = strings.TrimRight(name, "?.") + "_" + strconv.Itoa(i)
	}
	n.all = append(n.all, fresh)
}

// harkStub is a function that is still to be written, and says so when it is called.
func harkStub(name string, params []string) string {
	list := strings.Join(params, ", ")
	message := strconv.Quote(name + types.Unwritten)
	if len(params) > 0 {
		holes := strings.TrimSuffix(strings.Repeat("{}, ", len(params)), ", ")
		message = "format(" + strconv.Quote(name+"("+holes+")"+types.Unwritten) + ", " + list + ")"
	}
	return fmt.Sprintf("fn %s(%s) {\n  signal(\"error\", %s)\n}", name, list, message)
}

// pythonIdentifier is what can be the name of a function of Python.
var pythonIdentifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

var pythonKeywords = map[string]bool{"and": true, "as": true, "assert": true, "break": true, "class": true, "continue": true, "def": true,
	"del": true, "elif": true, "except": true, "finally": true, "for": true, "from": true, "global": true, "in": true, "is": true,
	"nonlocal": true, "not": true, "or": true, "pass": true, "raise": true, "return": true, "while": true, "with": true, "yield": true,
	"lambda": true, "import": true, "if": true, "else": true, "try": true, "async": true, "await": true}

// createPython offers to write the Python function that an import asks for at the end of its module.
func (f *fixing) createPython() {
	def := around[*syntax.ImportDef](f)
	if def == nil || !pythonIdentifier.MatchString(def.Name.Text) || pythonKeywords[def.Name.Text] {
		return
	}
	path, m := f.s.PythonModule(def.Module.Text)
	if m == nil {
		return
	}
	params := f.argumentNames(f.anyCall(knownAs(def)))
	if def.Count != nil {
		count, _ := strconv.Atoi(def.Count.Text)
		names := &freshNames{all: params[:min(len(params), count)]}
		for len(names.all) < min(count, 200) {
			names.add("x")
		}
		params = names.all
	}
	for i, p := range params {
		if !pythonIdentifier.MatchString(p) || pythonKeywords[p] {
			params[i] = fmt.Sprintf("x_%d", i+1)
		}
	}
	stub := fmt.Sprintf("def %s(%s):\n    raise NotImplementedError(%q)\n", def.Name.Text, strings.Join(params, ", "), def.Name.Text)
	f.addFiles("create the function '"+def.Name.Text+"' in "+path, []FileEdits{{Path: path, Edits: f.appended(m.Text, "\n\n", stub)}})
}
