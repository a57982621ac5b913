package vm

import "math/bits"

// What decoded objects have to fulfil together, so that no operation on them can fail or run forever.

// acyclic says whether no value contains itself.
//
// A List's buffer may well refer to itself: xs = append(xs, xs) puts an earlier view into the buffer. What a program can make is that
// each item refers only to items that were written before it, in its own buffer those further to the front. So
// item i of a buffer may depend on a prefix of any buffer, its own included, and these dependencies must not go in a circle.
func acyclic(objects []readObject) bool {
	index := numbering{}
	for i, o := range objects {
		index.add(o.p, uint32(i))
	}
	w := &cycleWalk{objects: objects, index: index, done: make([]uint32, len(objects)), active: make([]bool, len(objects))}
	for i := range objects {
		if !w.walk(i) {
			return false
		}
	}
	return true
}

type cycleWalk struct {
	objects []readObject
	index   numbering
	// done counts the children of an object that are known to be in order, from the first on.
	done   []uint32
	active []bool
	stack  []cycleStep
}

// cycleStep is an object of which the first want children have to be in order.
type cycleStep struct {
	object int
	want   uint32
}

func (w *cycleWalk) walk(object int) bool {
	w.push(object, uint32(len(objectChildren(w.objects[object]))))
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		at := w.done[top.object]
		if at >= top.want {
			w.active[top.object] = false
			w.stack = w.stack[:len(w.stack)-1]
			continue
		}
		child := objectChildren(w.objects[top.object])[at]
		number, want := w.needs(child)
		switch {
		case number < 0 || w.done[number] >= want:
			w.done[top.object]++
		case w.active[number]:
			return false
		default:
			w.push(number, want)
		}
	}
	return true
}

func (w *cycleWalk) push(object int, want uint32) {
	w.active[object] = true
	w.stack = append(w.stack, cycleStep{object, want})
}

// needs is the object that a value refers to, -1 for none, and how many of its children the value depends on.
func (w *cycleWalk) needs(v Value) (object int, want uint32) {
	if !v.hasObject() {
		return -1, 0
	}
	number, ok := w.index.find(v.p)
	if !ok { // a constant
		return -1, 0
	}
	object = int(number)
	if v.rep() == repList {
		return object, uint32(v.n>>32) + uint32(v.n) - v.list().start
	}
	return object, uint32(len(objectChildren(w.objects[object])))
}

func objectChildren(o readObject) []Value {
	switch v := (Value{p: o.p}); v.rep() {
	case repList:
		return v.list().items
	case repHash:
		h := v.hash()
		if h.index == nil {
			return []Value{nodeValue(h.entries)}
		}
		return []Value{nodeValue(h.entries), nodeValue(h.index)}
	case repNode:
		return v.node().slots
	case repFunction:
		return v.function().captures
	}
	return nil
}

// hashCheck remembers what is known about nodes at a level: they are shared between Hashes.
type hashCheck struct {
	entries map[nodeAt]int       // pairs below, -1 for a malformed node
	index   map[nodeAt]indexFact // of the keys below
}

type nodeAt struct {
	node  *nodeObject
	level int
}

type indexFact struct {
	keys    int // -1 for a malformed node
	highest int // of their numbers
}

// checkHashes checks that no lookup in a Hash can leave its nodes, and that all pairs are in place.
func (d *decoder) checkHashes() {
	check := hashCheck{entries: map[nodeAt]int{}, index: map[nodeAt]indexFact{}}
	for _, h := range d.hashes {
		capacity := leafPairs << (entryBits * int(h.depth))
		switch {
		case h.depth > 6 || h.count == 0 || int(h.count) > capacity || h.depth > 0 && int(h.count) <= capacity>>entryBits:
			d.fail("a Hash of %d keys and depth %d", h.count, h.depth)
		case check.pairs(h.entries, int(h.depth)) != int(h.count):
			d.fail("a Hash whose entries are malformed")
		case h.index != nil && !check.fits(h):
			d.fail("a Hash whose index is malformed")
		case h.index == nil && h.repeats():
			d.fail("a Hash with a key twice")
		}
	}
}

// repeats says whether a small Hash has a key twice. In a large one that would be a broken index, which does no harm but to
// those who broke it; to check it would take time for every version of a Hash in what all versions share.
func (h *hashObject) repeats() bool {
	keys := make([]Value, 0, leafPairs)
	for i := range int(h.count) {
		key := h.entries.slots[2*i]
		for _, other := range keys {
			if equalScalars(key, other) {
				return true
			}
		}
		keys = append(keys, key)
	}
	return false
}

// fits says whether a Hash's index has its keys' numbers and no others.
func (c *hashCheck) fits(h *hashObject) bool {
	fact := c.keys(h.index, 0)
	return fact.keys == int(h.count) && fact.highest < int(h.count)
}

// pairs counts the pairs of an entries node; all nodes but the last of a level have to be full.
func (c *hashCheck) pairs(n *nodeObject, depth int) int {
	at := nodeAt{n, depth}
	if known, ok := c.entries[at]; ok {
		return known
	}
	c.entries[at] = -1
	if n.bits != 0 || len(n.slots) == 0 {
		return -1
	}
	count := 0
	if depth == 0 {
		count = leafCount(n)
	} else {
		count = c.innerCount(n, depth)
	}
	c.entries[at] = count
	return count
}

func leafCount(n *nodeObject) int {
	if len(n.slots)%2 != 0 || len(n.slots) > 2*leafPairs {
		return -1
	}
	for i, v := range n.slots {
		if v.rep() == repNode || v.IsUnset() {
			return -1
		}
		if i%2 == 0 {
			if _, err := hashKey(v); err != nil {
				return -1
			}
		}
	}
	return len(n.slots) / 2
}

func (c *hashCheck) innerCount(n *nodeObject, depth int) int {
	if len(n.slots) > 1<<entryBits {
		return -1
	}
	count, full := 0, leafPairs<<(entryBits*(depth-1))
	for i, v := range n.slots {
		if v.rep() != repNode {
			return -1
		}
		below := c.pairs(v.node(), depth-1)
		if below < 0 || i < len(n.slots)-1 && below != full {
			return -1
		}
		count += below
	}
	return count
}

// keys counts the keys of an index node.
func (c *hashCheck) keys(n *nodeObject, level int) indexFact {
	at := nodeAt{n, level}
	if known, ok := c.index[at]; ok {
		return known
	}
	c.index[at] = indexFact{keys: -1}
	fact := indexFact{}
	if level == indexLevels && n.bits != 0 || level < indexLevels && bits.OnesCount32(n.bits) != len(n.slots) || len(n.slots) == 0 {
		return c.index[at]
	}
	for i, v := range n.slots {
		below := c.slotKeys(n, v, i, level)
		if below.keys < 0 {
			return c.index[at]
		}
		fact.keys += below.keys
		fact.highest = max(fact.highest, below.highest)
	}
	c.index[at] = fact
	return fact
}

func (c *hashCheck) slotKeys(n *nodeObject, v Value, i, level int) indexFact {
	switch {
	case v.rep() == repNode && level < indexLevels:
		return c.keys(v.node(), level+1)
	case !v.isInt():
		return indexFact{keys: -1}
	}
	if level < indexLevels {
		if bit, slot := n.place(uint32(v.n>>32), level); n.bits&bit == 0 || slot != i {
			return indexFact{keys: -1}
		}
	}
	return indexFact{keys: 1, highest: int(uint32(v.n))}
}
