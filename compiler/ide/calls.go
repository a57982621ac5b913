package ide

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// CallItem is a function in the hierarchy of calls: of Hark, of the prelude, or of Python, which calls nothing that is known here. What a
// lambda calls is called by the function around it.
type CallItem struct {
	Target
	Name string
	// Detail is the file, or the Python module; before it stands "async" where the call starts a thread.
	Detail string
	Python bool
	// Key identifies the function in later questions.
	Key string
}

// Call is one function calling another: Spans are where, in the file of the caller, which is at Path.
type Call struct {
	Item  CallItem
	Async bool
	Path  string
	Spans []source.Span
}

// PrepareCalls are the functions that the name at an offset stands for.
func PrepareCalls(s *Snapshot, path string, offset int32) []CallItem {
	if strings.HasSuffix(path, ".py") {
		return s.pythonItems(path, offset)
	}
	o, ok := s.occurrenceAt(path, offset)
	if !ok {
		return nil
	}
	var items []CallItem
	for _, meant := range o.Means {
		if item, ok := s.callItem(meant, o.Def); ok {
			items = append(items, item)
		}
	}
	return items
}

// pythonItems is the Python function that is defined at an offset, if something imports it.
func (s *Snapshot) pythonItems(path string, offset int32) []CallItem {
	for _, of := range s.meantAt(path, offset) {
		if item, ok := s.callItem(of, nil); ok {
			return []CallItem{item}
		}
	}
	return nil
}

// callItem is a function as an item of the hierarchy. A Python function whose source is not known is shown where it is imported.
func (s *Snapshot) callItem(of symbol, through *resolve.Def) (CallItem, bool) {
	item := CallItem{Name: of.name, Detail: of.path, Python: of.kind == symbolPython, Key: keyOf(of)}
	if item.Key == "" {
		return item, false
	}
	if targets := s.targets(of); len(targets) > 0 {
		item.Target = targets[0]
		return item, true
	}
	if through == nil {
		return item, false
	}
	_, at := s.program.Locate(through)
	if at == nil {
		return item, false
	}
	item.Target = Target{Place: s.defPlace(through), Extent: at.Span}
	return item, true
}

// keyOf is a symbol as text, "" for what cannot be called by other functions.
func keyOf(of symbol) string {
	switch of.kind {
	case symbolFunction:
		return "hark\n" + of.path + "\n" + of.name
	case symbolPrelude:
		return "prelude\n" + of.path + "\n" + of.name
	case symbolPython:
		return "python\n" + of.path + "\n" + of.name
	}
	return ""
}

func symbolOfKey(key string) symbol {
	parts := strings.Split(key, "\n")
	if len(parts) != 3 {
		return symbol{}
	}
	kinds := map[string]symbolKind{"hark": symbolFunction, "prelude": symbolPrelude, "python": symbolPython}
	return symbol{kind: kinds[parts[0]], path: parts[1], name: parts[2]}
}

// IncomingCalls are the functions that call one.
func IncomingCalls(s *Snapshot, key string) []Call {
	of := symbolOfKey(key)
	if of.kind == 0 {
		return nil
	}
	var g calls
	same := s.sameAs(of)
	for _, file := range s.harkFiles() {
		for i, o := range s.all(file, same...) {
			if o.Call == nil || o.Role != roleRead || file.Items[i].Def == nil {
				continue
			}
			caller := targetOf(file.Items[i].Def)
			g.add(s, caller, file.Items[i].Def, file.Path, o)
		}
	}
	return g.list()
}

// OutgoingCalls are the functions that one calls.
func OutgoingCalls(s *Snapshot, key string) []Call {
	of := symbolOfKey(key)
	file := s.file(of.path)
	if of.kind != symbolFunction && of.kind != symbolPrelude || file == nil || file.Scope.Item(of.name) < 0 {
		return nil
	}
	var g calls
	for o := range occurrences(s.program, file, file.Scope.Item(of.name)) {
		if o.Call == nil || o.Role != roleRead {
			continue
		}
		for _, meant := range o.Means {
			g.add(s, meant, o.Def, file.Path, o)
		}
	}
	return g.list()
}

// calls collects calls by function and by whether they start a thread.
type calls struct {
	all   []*Call
	known map[callKey]*Call
}

type callKey struct {
	key   string
	async bool
}

func (g *calls) add(s *Snapshot, of symbol, through *resolve.Def, path string, o occurrence) {
	key := callKey{keyOf(of), o.Async}
	if call := g.known[key]; call != nil {
		call.Spans = append(call.Spans, o.Span)
		return
	}
	item, ok := s.callItem(of, through)
	if !ok {
		return
	}
	if o.Async {
		item.Detail = "async · " + item.Detail
	}
	if g.known == nil {
		g.known = map[callKey]*Call{}
	}
	g.known[key] = &Call{Item: item, Async: o.Async, Path: path, Spans: []source.Span{o.Span}}
	g.all = append(g.all, g.known[key])
}

func (g *calls) list() []Call {
	all := make([]Call, len(g.all))
	for i, call := range g.all {
		all[i] = *call
	}
	return all
}

// Link is an import's module, which a click opens.
type Link struct {
	Span source.Span
	// Path is the file.
	Path string
}

// Links are the modules of a file's imports whose files are in the project.
func Links(s *Snapshot, path string) []Link {
	file := s.file(path)
	if file == nil {
		return nil
	}
	var links []Link
	for _, item := range file.Tree.Items {
		def, ok := item.Def.(*syntax.ImportDef)
		if !ok || def.Module.Text == "" {
			continue
		}
		for _, target := range s.moduleTarget(def) {
			links = append(links, Link{Span: nameSpan(item, def.Module), Path: target.Path})
		}
	}
	return links
}

// LinkedEditing are the places that change together while the local or parameter at an offset is edited: all that mean it within its
// function, lambdas included. nil for other names.
func LinkedEditing(s *Snapshot, path string, offset int32) []source.Span {
	o, ok := s.occurrenceAt(path, offset)
	if !ok || len(o.Means) != 1 || o.Means[0].kind != symbolLocal || o.Means[0].path != path {
		return nil
	}
	file := s.file(path)
	index := itemAt(file, offset)
	if file.Tree.Items[index] != o.Means[0].item {
		return nil // the name of an argument of another function
	}
	var spans []source.Span
	for o2 := range occurrences(s.program, file, index) {
		if o2.means(o.Means[0]) {
			spans = append(spans, o2.Span)
		}
	}
	slices.SortFunc(spans, func(a, b source.Span) int { return cmp.Compare(a.Start, b.Start) })
	return spans
}
