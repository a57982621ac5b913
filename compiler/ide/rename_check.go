package ide

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// check refuses a renaming that is not certain to keep the meaning of everything.
func (r *renaming) check() error {
	for _, step := range []func() error{r.checkCollisions, r.checkSyntax, r.checkNamedArguments, r.checkMeanings} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checkCollisions refuses a name that one of the files defines already.
func (r *renaming) checkCollisions() error {
	if r.replaced != nil {
		return fmt.Errorf("'%s' is defined again after %s: it can be renamed once only one definition is left", r.old, r.position(*r.replaced))
	}
	for _, path := range r.Paths() {
		def := r.file(path).Scope.Def(r.to)
		if def == nil {
			continue
		}
		for name := range r.names {
			if name.path == path {
				return fmt.Errorf("%s has '%s' already", r.position(r.defPlace(def)), r.to)
			}
		}
	}
	return nil
}

// defPlace is where a name is written by which its file knows it.
func (s *Snapshot) defPlace(def *resolve.Def) Place {
	return Place{Path: def.Path, Span: s.program.NameSpan(def)}
}

// checkSyntax refuses to rename where the name is, or may be, in text that is not understood.
func (r *renaming) checkSyntax() error {
	for _, file := range r.harkFiles() {
		if len(file.Tree.Problems) == 0 {
			continue
		}
		for _, item := range file.Tree.Items {
			if !r.edited(file.Path, item.Span) && !r.mayHide(file, item) {
				continue
			}
			if err := r.soundItem(file, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// edited says whether an edit lies in a part of a file.
func (r *renaming) edited(path string, span source.Span) bool {
	return slices.ContainsFunc(r.edits[path], func(e diag.Edit) bool { return span.Covers(e.Span) })
}

// mayHide says whether an item has the name in its text where it may mean what is renamed.
func (r *renaming) mayHide(file *resolve.File, item *syntax.Item) bool {
	concerned := r.local() && item == r.of.item
	for name := range r.names {
		concerned = concerned || name.path == file.Path
	}
	return concerned && strings.Contains(file.Tree.Text[item.Span.Start:item.Span.End], r.old)
}

// checkNamedArguments refuses to rename a parameter of a function that is passed around while some call names an argument so
// without it being known which function it calls.
func (r *renaming) checkNamedArguments() error {
	if !r.local() || !r.passedAround() {
		return nil
	}
	for _, file := range r.harkFiles() {
		for _, o := range r.named(file, []string{r.old, r.to}) {
			if o.Role == roleArgument && !o.Known {
				return fmt.Errorf("the call at %s names an argument '%s', and it is not known whether it calls this function",
					r.position(Place{Path: file.Path, Span: o.Span}), o.text())
			}
		}
	}
	return nil
}

// passedAround says whether the local is a parameter of a function or lambda that may be called from where one does not see it.
func (r *renaming) passedAround() bool {
	file := r.file(r.of.path)
	index := itemAt(file, r.of.item.Span.Start)
	for _, fn := range file.Items[index].Funcs {
		isParam := slices.ContainsFunc(fn.ParamNodes(), func(p *syntax.Param) bool { return p.Name == r.of.decl })
		if !isParam {
			continue
		}
		if fn.Lambda != nil {
			return true
		}
		if def := file.Items[index].Def; def != nil {
			return r.usedAsValue(targetOf(def))
		}
	}
	return false
}

func (r *renaming) usedAsValue(of symbol) bool {
	for _, file := range r.harkFiles() {
		for _, o := range r.all(file, of) {
			if o.Role == roleRead && o.Call == nil {
				return true
			}
		}
	}
	return false
}

// checkMeanings resolves the changed project and compares the meanings of all names. What the resolver takes over from before has kept
// them.
func (r *renaming) checkMeanings() error {
	after := r.changed()
	for _, path := range r.Paths() {
		before, now := r.file(path), after.file(path)
		if now == nil || len(before.Tree.Items) != len(now.Tree.Items) || len(before.Tree.Problems) != len(now.Tree.Problems) {
			return fmt.Errorf("%s would not be read in the same way", path)
		}
		for i := range before.Tree.Items {
			if before.Items[i] == now.Items[i] {
				continue
			}
			if err := r.compare(after, before, now, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// changed is the project after the edits, as far as names go.
func (r *renaming) changed() *Snapshot {
	after := &Snapshot{project: r.project}
	after.program = resolve.Update(r.program, r.Paths(), func(path string) (*syntax.File, error) {
		file := r.file(path)
		switch edits := r.edits[path]; {
		case file == nil || file.Prelude:
			return nil, fs.ErrNotExist
		case len(edits) > 0:
			return syntax.Revise(file.Tree, apply(file.Tree.Text, edits)), nil
		default:
			return file.Tree, nil
		}
	})
	return after
}

// apply makes edits of a text, which do not overlap.
func apply(text string, edits []diag.Edit) string {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b diag.Edit) int { return int(b.Span.Start - a.Span.Start) })
	for _, e := range edits {
		text = text[:e.Span.Start] + e.New + text[e.Span.End:]
	}
	return text
}

// compare holds the names of an item against those of the changed one.
func (r *renaming) compare(after *Snapshot, before, now *resolve.File, index int) error {
	a, b := before.Items[index].Def, now.Items[index].Def
	if (a == nil) != (b == nil) {
		return fmt.Errorf("%s would not be read in the same way", before.Path)
	}
	if a != nil {
		wins := before.Scope.Item(a.Name) == index
		if wins != (now.Scope.Item(b.Name) == index) {
			return fmt.Errorf("%s has '%s' already", before.Path, r.to)
		}
		if x, y := r.canonical(targetOf(a)), after.canonical(targetOf(b)); x != y {
			return r.differs(after, Place{Path: before.Path, Span: before.Tree.Items[index].Span}, a.Name, []symbol{targetOf(a)}, []symbol{targetOf(b)})
		}
	}
	if r.aliased[before.Tree.Items[index]] {
		return nil
	}
	was, is := collected(r.program, before, index), collected(after.program, now, index)
	if len(was) != len(is) {
		return fmt.Errorf("%s would not be read in the same way", before.Path)
	}
	for i := range was {
		x, y := r.canonicals(was[i].Means), after.canonicals(is[i].Means)
		if !slices.Equal(x, y) || was[i].Node.ID() != is[i].Node.ID() {
			return r.differs(after, Place{Path: before.Path, Span: was[i].Span}, is[i].text(), was[i].Means, is[i].Means)
		}
	}
	return nil
}

func collected(p *resolve.Program, file *resolve.File, index int) []occurrence {
	return slices.Collect(occurrences(p, file, index))
}

// differs says that a name would change its meaning.
func (r *renaming) differs(after *Snapshot, at Place, name string, was, is []symbol) error {
	return fmt.Errorf("'%s' at %s would mean %s, not %s", name, r.position(at), after.describeAll(is), r.describeAll(was))
}

func (s *Snapshot) describeAll(all []symbol) string {
	if len(all) == 0 {
		return "nothing"
	}
	words := make([]string, len(all))
	for i, of := range all {
		words[i] = s.describe(of)
	}
	return strings.Join(words, " or ")
}

// describe says in words what a symbol is.
func (s *Snapshot) describe(of symbol) string {
	switch of.kind {
	case symbolLocal:
		return fmt.Sprintf("the local '%s' of %s", of.name, s.position(Place{Path: of.path, Span: nameSpan(of.item, of.decl)}))
	case symbolFunction, symbolPrelude:
		return fmt.Sprintf("the function '%s' of %s", of.name, of.path)
	case symbolPython:
		return fmt.Sprintf("the Python function '%s.%s'", of.path, of.name)
	case symbolBuiltin:
		return fmt.Sprintf("the builtin '%s'", of.name)
	}
	return fmt.Sprintf("the missing '%s'", of.name)
}

// identity is a symbol by where its definition stands in the tree, not by its name: it is the same before and after a renaming.
type identity struct {
	kind       symbolKind
	path, name string
	item, decl int
}

func (s *Snapshot) canonicals(all []symbol) []identity {
	ids := make([]identity, len(all))
	for i, of := range all {
		ids[i] = s.canonical(of)
	}
	return ids
}

func (s *Snapshot) canonical(of symbol) identity {
	id := identity{kind: of.kind, path: of.path, name: of.name}
	switch of.kind {
	case symbolLocal:
		id.name, id.item, id.decl = "", itemAt(s.file(of.path), of.item.Span.Start), of.decl.ID()
	case symbolFunction, symbolMissing:
		if item := s.file(of.path).Scope.Item(of.name); item >= 0 {
			id.name, id.item = "", item
		}
	}
	return id
}
