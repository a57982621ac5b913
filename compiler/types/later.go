package types

import (
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// What the expressions of an item are is most of what is known of it, and is hardly ever asked for in files that nobody looks at. There it
// is forgotten, and found out once more when it is asked for: that depends on nothing but the item and the functions that it uses.

// fewNodes is the size up to which an item is looked at once more for each question.
const fewNodes = 2000

// setLambda keeps what is known of a lambda.
func (in *inferrer) setLambda(fn *resolve.Func, known *function) {
	if in.lambdas == nil {
		in.lambdas = map[*resolve.Func]*function{}
	}
	in.lambdas[fn] = known
}

// Item are the facts about one of the file's items, file.Tree.Items[index]: for one goroutine.
func (f *Facts) Item(file *resolve.File, index int) *Item {
	facts := f.files[file.Path]
	if facts == nil || index < 0 || index >= len(facts.items) {
		return noItem
	}
	item := facts.items[index]
	if !f.lacking(file, index) {
		return item
	}
	asked := *item
	asked.later = func() *Item { return f.whole(file, index) }
	return &asked
}

// complete finds out what is asked for.
func (i *Item) complete() {
	if i.later != nil {
		whole := i.later()
		i.types, i.lambdas, i.later = whole.types, whole.lambdas, nil
	}
}

// lacking says whether the types of an item's expressions are not kept.
func (f *Facts) lacking(file *resolve.File, index int) bool {
	_, function := file.Tree.Items[index].Def.(*syntax.FuncDef)
	return function && f.files[file.Path].items[index].types == nil
}

// whole is an item with the types of its expressions.
func (f *Facts) whole(file *resolve.File, index int) *Item {
	known := f.files[file.Path].items[index]
	again := &Item{info: known.info, uses: known.uses, owner: known.owner, circle: known.circle}
	in := &inferrer{facts: f, file: file, item: file.Tree.Items[index], info: known.info, out: again}
	in.infer()
	item := *known
	item.types, item.lambdas = in.types, in.lambdas
	return &item
}

// show completes what is known of files that are shown from now on, and forgets what is kept of those that are not any more.
func (f *Facts) show(shown func(path string) bool) {
	for _, file := range f.program.Files {
		facts := f.files[file.Path]
		if facts.shown == shown(file.Path) {
			continue
		}
		other := *facts
		other.shown = !facts.shown
		other.items = make([]*Item, len(facts.items))
		for i, item := range facts.items {
			switch {
			case other.shown && f.lacking(file, i):
				item = f.whole(file, i)
			case !other.shown && item.types != nil && len(item.types) <= fewNodes:
				less := *item
				less.types, less.lambdas = nil, nil
				item = &less
			}
			other.items[i] = item
		}
		f.files[file.Path] = &other
	}
}
