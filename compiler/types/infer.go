package types

import (
	"slices"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/compiler/syntax"
)

// Infer finds the types of a program. What an edit since earlier, which may be nil, cannot have changed is taken over from it.
//
// shown says of a file, by its path, whether it is asked again and again what its expressions are: then that is kept; of other files it is
// found out when it is asked for. nil: of none.
//
// Items are looked at after those that they use; those that use each other in a circle together, again and again until what is
// known of them does not change.
func Infer(p *resolve.Program, python Python, earlier *Facts, shown func(path string) bool) *Facts {
	if earlier == nil {
		earlier = &Facts{layout: &layout{}}
	}
	if shown == nil {
		shown = func(string) bool { return false }
	}
	w := &world{program: p, python: python, earlier: earlier, shown: shown}
	w.in.world = w
	w.facts = &Facts{program: p, files: make(map[string]*fileFacts, len(p.Files))}
	w.collect()
	w.connect()
	for _, group := range w.layout.groups {
		if len(group) > 1 || w.dirty || !w.nodes[group[0]].quiet {
			w.group(group)
		}
	}
	w.finish()
	return w.facts
}

// collect makes the nodes, with the facts of earlier for items that are the same, and keeps the layout if that is the same too.
func (w *world) collect() {
	total := 0
	for _, file := range w.program.Files {
		total += len(file.Items)
	}
	w.nodes = make([]node, 0, total)
	w.layout = w.earlier.layout
	moved := len(w.layout.first) != len(w.program.Files)
	for _, file := range w.program.Files {
		first, known := w.layout.first[file.Path]
		old := w.earlier.files[file.Path]
		moved = moved || !known || first != len(w.nodes) || len(old.items) != len(file.Items)
		if known && w.earlier.program.File(file.Path) == file {
			for i, item := range old.items {
				w.nodes = append(w.nodes, node{file: file, index: i, item: item, done: true, quiet: old.quiet[i], was: first + i})
			}
			continue
		}
		reuse := newReuse(old, len(file.Items))
		for i, info := range file.Items {
			n := node{file: file, index: i}
			if at := reuse.item(i, info); at >= 0 {
				n.item, n.done, n.quiet, n.was = old.items[at], true, old.quiet[at], first+at
			}
			moved = moved || n.item != old.items[i] && defines(info) != defines(old.items[i].info)
			w.nodes = append(w.nodes, n)
		}
	}
	if moved {
		w.number()
	}
}

// defines is the name that an item defines, "" if it defines none.
func defines(info *resolve.Info) string {
	if info.Def == nil {
		return ""
	}
	return info.Def.Name
}

// number begins a new layout.
func (w *world) number() {
	w.layout = &layout{first: make(map[string]int, len(w.program.Files))}
	n := 0
	for _, file := range w.program.Files {
		w.layout.first[file.Path] = n
		n += len(file.Items)
	}
}

// reuse finds the facts about items in those about an earlier version of their file, where they have mostly only moved.
type reuse struct {
	old   []*Item
	shift int
	later map[*resolve.Info]int // once an item is not where it is expected
}

func newReuse(old *fileFacts, items int) *reuse {
	if old == nil {
		return &reuse{}
	}
	return &reuse{old: old.items, shift: len(old.items) - items}
}

// item is the index of an item in the earlier version, -1 if it is a new one.
func (r *reuse) item(i int, info *resolve.Info) int {
	for _, at := range [...]int{i, i + r.shift} {
		if at >= 0 && at < len(r.old) && r.old[at].info == info {
			return at
		}
	}
	if r.later == nil && len(r.old) > 0 {
		r.later = make(map[*resolve.Info]int, len(r.old))
		for at, item := range r.old {
			r.later[item.info] = at
		}
	}
	if at, known := r.later[info]; known {
		return at
	}
	return -1
}

// connect finds what every item uses, and brings the items in order.
func (w *world) connect() {
	fresh := len(w.layout.edges) != len(w.nodes)
	edges, same := w.layout.edges, !fresh
	var moves relocation
	if fresh {
		edges = make([][]int32, len(w.nodes))
		moves = w.relocation()
	}
	for i := range w.nodes {
		n := &w.nodes[i]
		if n.done {
			if fresh {
				edges[i] = moves.edges(n)
				n.quiet = n.quiet && !slices.Contains(edges[i], int32(i))
			}
			continue
		}
		info := n.file.Items[n.index]
		n.item = &Item{info: info, uses: usesOf(info)}
		n.changed = true
		to := w.edgesOf(n.item)
		if same && slices.Equal(to, edges[i]) {
			continue
		}
		if same {
			edges, same = slices.Clone(edges), false
		}
		edges[i] = to
	}
	if !same {
		w.layout = &layout{first: w.layout.first, edges: edges}
		w.layout.groups = components(len(w.nodes), func(i int) []int32 { return edges[i] })
	}
}

func (w *world) edgesOf(item *Item) []int32 {
	if len(item.uses) == 0 {
		return nil
	}
	to := make([]int32, len(item.uses))
	for i, k := range item.uses {
		to[i] = int32(w.find(k))
	}
	return to
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
	if len(group) == 1 && !slices.Contains(w.layout.edges[group[0]], group[0]) {
		w.single(int(group[0]))
		return
	}
	if w.reusable(group) {
		return
	}
	w.circle(group)
}

// single finds the types of an item that does not use itself.
func (w *world) single(i int) {
	n := &w.nodes[i]
	info := n.item.info
	if def, ok := n.file.Tree.Items[n.index].Def.(*syntax.ImportDef); ok {
		old := n.item
		n.item = &Item{info: info, uses: old.uses, group: 1}
		w.importItem(n, def)
		w.compare(n, old.fn)
		if !n.changed {
			n.item = old
		}
		return
	}
	if n.done && n.item.group == 1 && !(w.dirty && w.usesChanged(i)) {
		return
	}
	old := n.item.fn
	n.item = &Item{info: info, uses: n.item.uses, group: 1}
	w.inferItem(i)
	w.compare(n, old)
}

// compare finds out whether others see another function than it was.
func (w *world) compare(n *node, old *function) {
	n.changed = n.changed || !sameFunction(old, n.item.fn)
	w.dirty = w.dirty || n.changed
}

// sameFunction says whether callers cannot tell two states of a function from each other.
func sameFunction(a, b *function) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.same(b, nil)
}

// usesChanged says whether something that an item uses is not what it was.
func (w *world) usesChanged(i int) bool {
	return slices.ContainsFunc(w.layout.edges[i], func(u int32) bool { return u >= 0 && w.nodes[u].changed })
}

// reusable says whether all of a circle is as it was, and so is all that it uses. Its members have not changed as long as they are done.
func (w *world) reusable(group []int32) bool {
	common := w.nodes[group[0]].item.circle
	for _, i := range group {
		n := &w.nodes[i]
		if !n.done || n.item.group != len(group) || n.item.circle != common || common == nil {
			return false
		}
	}
	return !w.dirty || !slices.ContainsFunc(group, func(i int32) bool { return w.usesChanged(int(i)) })
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
		if fn := w.bottom(n); fn != nil {
			n.item.publish(fn)
		}
		pending[i] = true
	}
	for round := 0; len(pending) > 0; round++ {
		w.round(group, pending, round)
	}
	for at, i := range group {
		w.compare(&w.nodes[i], old[at])
	}
	w.endless(group)
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
		w.inferItem(int(i))
		if before != nil && n.item.fn != nil {
			n.item.publish(widen(before, n.item.fn, round))
		}
		if !sameFunction(before, n.item.fn) {
			changed[i] = true
		}
	}
	clear(pending)
	for _, i := range group {
		if slices.ContainsFunc(w.layout.edges[i], func(u int32) bool { return changed[u] }) {
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

func (w *world) inferItem(i int) {
	n, in := &w.nodes[i], &w.in
	in.file, in.item, in.info, in.out = n.file, n.file.Tree.Items[n.index], n.item.info, n.item
	in.edges, in.index, in.faultsKnown = w.layout.edges[i], nil, false
	in.infer()
	if len(in.types) > fewNodes || w.shown(n.file.Path) {
		in.keep()
	}
}

// finish collects the facts by file, and keeps those of files about which nothing is new.
func (w *world) finish() {
	w.facts.layout = w.layout
	for _, file := range w.program.Files {
		first := w.layout.first[file.Path]
		nodes := w.nodes[first : first+len(file.Items)]
		old := w.earlier.files[file.Path]
		if old == nil || !slices.EqualFunc(old.items, nodes, func(item *Item, n node) bool { return item == n.item }) {
			old = newFileFacts(nodes, old != nil && old.shown)
		}
		w.facts.files[file.Path] = old
		for _, k := range old.doubts {
			w.doubt(k)
		}
	}
	w.facts.show(w.shown)
}

func (w *world) doubt(k key) {
	if w.facts.doubted == nil {
		w.facts.doubted = map[key]bool{}
	}
	w.facts.doubted[k] = true
}
