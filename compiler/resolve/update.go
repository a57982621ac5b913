package resolve

import (
	"maps"
	"reflect"
	"slices"

	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// What is taken over from an earlier version of a program. An Info depends on its item's tree, on the errors of syntax there, and
// on what the names mean that the item uses and does not bind; so these are compared, and not the files as a whole.

// work is a file on its way into a program.
type work struct {
	old     *File // of the earlier version; nil if that had none at the path
	file    *File // old, until something turns out to be different
	fresh   bool  // file is a new one
	was     []int // by item of a new file: the item of old that it is, -1 if it is none
	lacking []string
	taken   map[string]bool
	err     error // why the file, an entry, cannot be read
}

func newWork(path string, tree *syntax.File, old *File) *work {
	w := &work{old: old, file: old}
	if old == nil || old.Tree != tree {
		w.file, w.fresh = &File{Path: path, Tree: tree}, false
		w.renew()
	}
	return w
}

// renew makes the file one of this version.
func (w *work) renew() {
	if w.fresh {
		return
	}
	w.fresh = true
	w.was = matches(w.old, w.file.Tree)
	w.file = newFile(w.file.Path, w.file.Tree, false, w.old, w.was)
	w.file.Scope.shared = standard().public
}

// take notes that another file imports this file's import of a name.
func (w *work) take(name string) {
	if w.taken == nil {
		w.taken = map[string]bool{}
	}
	w.taken[name] = true
}

// matches has, for each item of a tree, the index of the same item in an earlier version of the file, -1 if it is new.
func matches(old *File, tree *syntax.File) []int {
	if old == nil {
		return nil
	}
	a, b := old.Tree.Items, tree.Items
	was := make([]int, len(b))
	start, end := 0, 0
	for start < min(len(a), len(b)) && a[start].Def == b[start].Def {
		was[start] = start
		start++
	}
	for end < min(len(a), len(b))-start && a[len(a)-1-end].Def == b[len(b)-1-end].Def {
		end++
		was[len(b)-end] = len(a) - end
	}
	rest := make(map[syntax.Def]int)
	for i := start; i < len(a)-end; i++ {
		rest[a[i].Def] = i
	}
	for i := start; i < len(b)-end; i++ {
		was[i] = -1
		if j, ok := rest[b[i].Def]; ok {
			was[i] = j
		}
	}
	return was
}

// bind makes the bindings of the file's own names, as far as they are not known.
func (s *Scope) bind(w *work) {
	for i, def := range s.defs {
		if def == nil || s.beaten[i] {
			continue
		}
		if w.old != nil && w.was[i] >= 0 && w.old.Scope.defs[w.was[i]] == def {
			s.own[i] = w.old.Scope.own[w.was[i]]
		}
		if s.own[i] == nil {
			s.own[i] = def.binding()
		}
	}
}

// known gives, for an item, what was found out of it, if that is still right.
func (w *work) known(shared map[string]*Binding) func(item int) *Info {
	if w.old == nil {
		return func(int) *Info { return nil }
	}
	before, now := w.old, w.file
	changed := changes(before.Scope, now.Scope)
	others := !slices.Equal(before.bad, now.bad) || slices.ContainsFunc(changed, func(name string) bool {
		return before.Scope.Def(name) == nil || now.Scope.Def(name) == nil
	})
	sound := len(before.faults)+len(now.faults) == 0
	return func(item int) *Info {
		if w.was[item] < 0 {
			return nil
		}
		info := before.Items[w.was[item]]
		switch {
		case info.Def != now.Scope.defs[item], info.guesses && others, info.meets(changed):
			return nil
		case !sound && !slices.Equal(info.faults, now.faultsIn(now.Tree.Items[item], nil)):
			return nil
		}
		return info
	}
}

// meets says whether the item uses one of some names of the file, or hides it.
func (in *Info) meets(names []string) bool {
	if len(names) == 0 {
		return false
	}
	for _, name := range in.outside {
		if slices.Contains(names, name) {
			return true
		}
	}
	for _, fn := range in.Funcs {
		for i := range fn.Locals {
			if slices.Contains(names, fn.Locals[i].Name) {
				return true
			}
		}
	}
	return false
}

// same says whether the new file is the old one after all.
func (w *work) same() bool {
	return w.old != nil && w.old.Tree == w.file.Tree && slices.Equal(w.old.Items, w.file.Items) &&
		slices.Equal(w.old.Scope.defs, w.file.Scope.defs) && slices.Equal(w.old.lacking, w.lacking) && maps.Equal(w.old.taken, w.taken) &&
		len(w.old.problems) == len(w.file.problems) && (len(w.file.problems) == 0 || reflect.DeepEqual(w.old.problems, w.file.problems))
}

// changes are the names that mean something else than before to the file that defines them, or something where they meant nothing, or
// nothing any more. A name may be there twice.
func changes(before, now *Scope) []string {
	var names []string
	a, b := different(before.defs, now.defs)
	for _, def := range slices.Concat(a, b) {
		if def != nil && !sameMeaning(before.Def(def.Name), now.Def(def.Name)) {
			names = append(names, def.Name)
		}
	}
	return names
}

// different cuts off what two lists have in common at the start and at the end.
func different[T comparable](a, b []T) ([]T, []T) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// sameSurface says whether other files cannot see a difference between two versions of a file.
func sameSurface(before, now *File) bool {
	a, b := different(before.Scope.defs, now.Scope.defs)
	for _, def := range slices.Concat(a, b) {
		if def != nil && !sameHead(before.Scope.Def(def.Name), now.Scope.Def(def.Name)) {
			return false
		}
	}
	imports := func(defs []*Def) []*Def {
		return slices.DeleteFunc(slices.Clone(defs), func(def *Def) bool { return def == nil || def.Import == nil })
	}
	return slices.EqualFunc(imports(a), imports(b), sameHead) && slices.Equal(before.bad, now.bad)
}

// sameMeaning says whether a name stands for the same, as far as those can tell who use it.
func sameMeaning(a, b *Def) bool {
	if a == b || a == nil || b == nil {
		return a == b
	}
	return sameHead(a, b) && (a.Target == b.Target || a.Target != nil && b.Target != nil && sameHead(a.Target, b.Target))
}

// sameHead says whether two definitions are called in the same way.
func sameHead(a, b *Def) bool {
	switch {
	case a == b || a == nil || b == nil:
		return a == b
	case !a.Is(b) || (a.Func == nil) != (b.Func == nil):
		return false
	case a.Func != nil:
		return a.timeout == b.timeout && a.vague == b.vague && slices.EqualFunc(a.Func.Params, b.Func.Params, sameParam) &&
			sameType(a.Func.Result, b.Func.Result)
	}
	x, y := a.Import, b.Import
	return x.Language == y.Language && sameText(x.Name, y.Name) && sameText(x.Module, y.Module) && sameCount(x.Count, y.Count)
}

func sameParam(a, b *syntax.Param) bool {
	return a.Name.Text == b.Name.Text && sameType(a.Type, b.Type)
}

func sameType(a, b *syntax.TypeExpr) bool {
	return a == b || a != nil && b != nil && a.String() == b.String()
}

func sameText(a, b *syntax.Name) bool { return a == b || a != nil && b != nil && a.Text == b.Text }

func sameCount(a, b *syntax.NumberLit) bool {
	return a == b || a != nil && b != nil && a.Text == b.Text
}
