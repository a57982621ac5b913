package vm

// Lists share buffers: value.go says how a view and its buffer are laid out.
//
// A List is extended in place if its view ends where the buffer ends and leaves at most half of the buffer behind it;
// otherwise the items are copied into a buffer of their own. Both numbers are encoded with a machine, the capacity of a
// slice is not, so that a run that was cut by an encoding copies exactly where an uncut one does. A loop that appends
// copies nothing but what Go's slices copy when they grow; a queue (append at the end, rest at the front) copies each
// item once for every item that goes through it, at most.

// view is a part of a List's own view.
func (v Value) view(from, length int) Value {
	if length == 0 {
		return emptyList
	}
	return Value{v.p, (v.n>>32+uint64(from))<<32 | uint64(length)}
}

// extends says whether items can be added to the List's buffer itself.
func (v Value) extends() bool {
	length, offset := uint64(uint32(v.n)), v.n>>32
	used := uint64(v.list().used)
	return length > 0 && offset+length == used && offset <= used/2
}

// appendItem is the List with one more item, and the number of items that were copied for it.
func appendItem(v, item Value) (list Value, copied int) {
	if v.extends() {
		l := v.list()
		l.items = append(roomFor(l.items), item)
		l.used++
		return Value{v.p, v.n + 1}, 0
	}
	return copyExtended(v, []Value{item}), int(uint32(v.n))
}

// roomFor makes room for one item more. It doubles what is not huge: Go's own growth by a quarter copies four times as often.
func roomFor(items []Value) []Value {
	length := len(items)
	if length < cap(items) {
		return items
	}
	more := length + 2
	if length > 1<<20 {
		more = length / 4
	}
	return append(make([]Value, 0, length+more), items...)
}

// appendItems is the List followed by more items, and the number of items that were written for it.
func appendItems(v Value, more []Value) (list Value, copied int) {
	switch {
	case len(more) == 0:
		return v, 0
	case v.extends():
		l := v.list()
		l.items = append(l.items, more...)
		l.used += uint32(len(more))
		return Value{v.p, v.n + uint64(len(more))}, len(more)
	}
	return copyExtended(v, more), int(uint32(v.n)) + len(more)
}

// copyExtended is a List with a buffer of its own, with room to grow by half.
func copyExtended(v Value, more []Value) Value {
	items := v.items()
	total := len(items) + len(more)
	buffer := make([]Value, 0, total+total/2+2)
	return newList(append(append(buffer, items...), more...))
}

// growth is how many bytes appending so many items allocates at most, before slices round up.
func (v Value) growth(more int) int {
	if v.extends() {
		return more * valueBytes
	}
	return (int(uint32(v.n)) + more) * valueBytes
}
