package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Infer finds the types of a program. What an edit since earlier, which may be nil, cannot have changed is taken over from it.
//
// Items are looked at after those that they use; those that use each other in a circle together, again and again until what is
// known of them does not change.
func Infer(p *resolve.Program, python Python, earlier *Facts) *Facts {
	if earlier == nil {
		earlier = &Facts{}
	}
	w := &world{program: p, python: python, earlier: earlier, first: make(map[string]int, len(p.Files))}
	w.facts = &Facts{program: p, files: make(map[string]*fileFacts, len(p.Files))}
	w.collect()
	w.connect()
	for _, group := range components(len(w.nodes), func(i int) []int32 { return w.nodes[i].uses }) {
		w.group(group)
	}
	w.finish()
	return w.facts
}

// collect makes the nodes, with the facts of earlier for items that are the same.
func (w *world) collect() {
	total := 0
	for _, file := range w.program.Files {
		total += len(file.Items)
	}
	w.nodes = make([]node, 0, total)
	for _, file := range w.program.Files {
		if len(file.Items) == 0 {
			w.facts.files[file.Path] = &fileFacts{}
			continue
		}
		w.first[file.Path] = len(w.nodes)
		reuse := newReuse(w.earlier.files[file.Path], len(file.Items))
		for i, info := range file.Items {
			w.nodes = append(w.nodes, node{file: file, index: i, item: reuse.item(i, info)})
		}
	}
}

// reuse finds the facts about items in those about an earlier version of their file, where they have mostly only moved.
type reuse struct {
	old   []*Item
	shift int
	later map[*resolve.Info]*Item // once an item is not where it is expected
	at    int
}

func newReuse(old *fileFacts, items int) *reuse {
	if old == nil {
		return &reuse{}
	}
	return &reuse{old: old.items, shift: len(old.items) - items}
}

func (r *reuse) item(i int, info *resolve.Info) *Item {
	for _, at := range [...]int{i, i + r.shift} {
		if at >= 0 && at < len(r.old) && r.old[at].info == info {
			return r.old[at]
		}
	}
	if len(r.old) == 0 {
		return nil
	}
	if r.later == nil {
		r.later = make(map[*resolve.Info]*Item, len(r.old))
		for _, item := range r.old {
			r.later[item.info] = item
		}
	}
	return r.later[info]
}

// connect finds what every item uses.
func (w *world) connect() {
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.item == nil {
			info := n.file.Items[n.index]
			n.item = &Item{info: info, uses: usesOf(info)}
			n.changed = true
		} else {
			n.done = true // unless what it uses has changed
		}
		n.uses = make([]int32, 0, len(n.item.uses))
		for _, k := range n.item.uses {
			if at := w.find(k); at >= 0 {
				n.uses = append(n.uses, int32(at))
			}
		}
	}
}

func usesOf(info *resolve.Info) []key {
	var all []key
	for def := range info.Uses {
		if k := (key{def.Path, def.Name}); !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	return all
}

// group finds the types of items that use each other, in a circle if they are several.
func (w *world) group(group []int32) {
	first := &w.nodes[group[0]]
	if len(group) == 1 && !slices.Contains(first.uses, group[0]) {
		w.single(first)
		return
	}
	if w.reusable(group) {
		return
	}
	w.circle(group)
}

// single finds the types of an item that does not use itself.
func (w *world) single(n *node) {
	info := n.item.info
	if def, ok := n.file.Tree.Items[n.index].Def.(*syntax.ImportDef); ok {
		old := n.item
		n.item = &Item{info: info, uses: old.uses, group: 1}
		w.importItem(n, def)
		n.changed = n.changed || !sameFunction(old.fn, n.item.fn) || old.known != n.item.known
		if !n.changed {
			n.item = old
		}
		return
	}
	if n.done && n.item.group == 1 && !w.usesChanged(n, nil) {
		return
	}
	old := n.item.fn
	n.item = &Item{info: info, uses: n.item.uses, group: 1}
	w.inferItem(n)
	n.changed = n.changed || !sameFunction(old, n.item.fn)
}

// sameFunction says whether callers cannot tell two states of a function from each other.
func sameFunction(a, b *function) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.same(b, nil)
}

// usesChanged says whether something that a node uses is not what it was, members of its own group excepted.
func (w *world) usesChanged(n *node, group []int32) bool {
	return slices.ContainsFunc(n.uses, func(i int32) bool { return w.nodes[i].changed && !slices.Contains(group, i) })
}

// reusable says whether all of a circle is as it was, and so is all that it uses.
func (w *world) reusable(group []int32) bool {
	member := w.nodes[group[0]].item.circle
	for _, i := range group {
		n := &w.nodes[i]
		if !n.done || n.item.group != len(group) || n.item.circle != member {
			return false
		}
	}
	inGroup := make(map[int32]bool, len(group))
	for _, i := range group {
		inGroup[i] = true
	}
	for _, i := range group {
		if slices.ContainsFunc(w.nodes[i].uses, func(u int32) bool { return w.nodes[u].changed && !inGroup[u] }) {
			return false
		}
	}
	return true
}

// circle is what the members of a group have in common; what counts is which one it is.
type circle struct{ _ byte }

// circle finds the types of items that use each other: from nothing known of what they give, until that does not change.
func (w *world) circle(group []int32) {
	old := make([]*function, len(group))
	common := &circle{}
	pending := make(map[int32]bool, len(group))
	for at, i := range group {
		n := &w.nodes[i]
		old[at] = n.item.fn
		n.item = &Item{info: n.item.info, uses: n.item.uses, group: len(group), circle: common}
		n.item.fn = w.bottom(n)
		pending[i] = true
	}
	for round := 0; len(pending) > 0; round++ {
		w.round(group, pending, round)
	}
	for at, i := range group {
		n := &w.nodes[i]
		n.changed = n.changed || !sameFunction(old[at], n.item.fn)
	}
}

// round looks once at those members that are pending; those that use what has changed by that are pending then.
func (w *world) round(group []int32, pending map[int32]bool, round int) {
	changed := map[int32]bool{}
	for _, i := range group {
		if !pending[i] {
			continue
		}
		n := &w.nodes[i]
		before := n.item.fn
		w.inferItem(n)
		if before != nil && n.item.fn != nil {
			n.item.fn = widen(before, n.item.fn, round)
		}
		if !sameFunction(before, n.item.fn) {
			changed[i] = true
		}
	}
	clear(pending)
	for _, i := range group {
		if slices.ContainsFunc(w.nodes[i].uses, func(u int32) bool { return changed[u] }) {
			pending[i] = true
		}
	}
}

// bottom is a function of which it is not known yet what it gives.
func (w *world) bottom(n *node) *function {
	def, ok := n.file.Tree.Items[n.index].Def.(*syntax.FuncDef)
	if !ok || n.item.info.Def == nil {
		return nil
	}
	fn := &function{callee: Callee{Path: n.file.Path, Name: n.item.info.Def.Name}, owner: &owner{}, builtin: -1}
	fn.sig = Signature{Name: fn.callee.Name, Result: never}
	for _, p := range def.Params {
		fn.sig.Params = append(fn.sig.Params, Param{Name: p.Name.Text, Type: annotation(p.Type)})
	}
	n.item.owner = fn.owner
	return fn
}

// widen makes sure that the rounds end: what a function gives only ever grows, after some rounds in kinds alone.
func widen(before, now *function, round int) *function {
	grown := *now
	grown.sig.Result = join(before.sig.Result, now.sig.Result)
	switch {
	case equal(grown.sig.Result, before.sig.Result):
	case round > 2*maxRounds:
		grown.sig.Result = Any
	case round > maxRounds:
		grown.sig.Result = grown.sig.Result.cut()
	}
	return &grown
}

func (w *world) inferItem(n *node) {
	in := &inferrer{world: w, file: n.file, item: n.file.Tree.Items[n.index], info: n.item.info, out: n.item}
	in.infer()
	n.item.findings = slices.Clip(n.item.findings)
}

// finish collects the facts by file.
func (w *world) finish() {
	for _, file := range w.program.Files {
		first, ok := w.first[file.Path]
		if !ok {
			continue
		}
		facts := &fileFacts{items: make([]*Item, len(file.Items))}
		for i := range file.Items {
			item := w.nodes[first+i].item
			facts.items[i] = item
			for _, k := range item.doubts {
				if w.facts.doubted == nil {
					w.facts.doubted = map[key]bool{}
				}
				w.facts.doubted[k] = true
			}
		}
		w.facts.files[file.Path] = facts
	}
}
