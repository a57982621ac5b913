package types

// relocation says where in a new layout are the definitions of an earlier one.
type relocation struct {
	world *world
	// to has, by the number that an item had, that of the item that defines its name now; -1 if none does.
	to []int32
}

func (w *world) relocation() relocation {
	r := relocation{world: w, to: make([]int32, len(w.earlier.layout.edges))}
	if w.earlier.program == nil {
		return r
	}
	for _, before := range w.earlier.program.Files {
		first := w.earlier.layout.first[before.Path]
		to, now := r.to[first:first+len(before.Items)], w.program.File(before.Path)
		for i := range to {
			to[i] = -1
		}
		if now == nil {
			continue
		}
		start := int32(w.layout.first[now.Path])
		if now == before {
			for i := range to {
				to[i] = start + int32(i)
			}
			continue
		}
		for i, def := range before.Scope.Defs {
			if at := now.Scope.Item(def.Name); at >= 0 {
				to[i] = start + int32(at)
				w.inherits(int(to[i]), first+i)
			}
		}
	}
	return r
}

// inherits notes that an item has the name of the one that had a number earlier. If it was there then too, hidden by that one, those who use
// the name find something else now.
func (w *world) inherits(item, was int) {
	if n := &w.nodes[item]; n.done && n.was != was {
		n.changed, w.dirty = true, true
	}
}

// edges are the numbers of what an item uses that is the same as earlier: so are the names that it uses.
func (r *relocation) edges(n *node) []int32 {
	before := r.world.earlier.layout.edges[n.was]
	same := true
	for _, old := range before {
		if old < 0 || r.to[old] < 0 {
			return r.world.edgesOf(n.item)
		}
		same = same && r.to[old] == old
	}
	if same {
		return before
	}
	now := make([]int32, len(before))
	for i, old := range before {
		now[i] = r.to[old]
	}
	return now
}
