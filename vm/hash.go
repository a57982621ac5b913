package vm

import "slices"

// Hashes: persistent, in insertion order, with O(log n) for get and set.
//
// Pairs are numbered in the order in which their keys came. entries is a radix trie over these numbers: inner nodes have up
// to 16 children, a leaf holds up to 8 pairs, as key, value, key, value …. index (hashindex.go) finds the number of a key. A
// Hash of one leaf has no index: comparing up to eight keys is faster.
//
// Since keys are never taken out, both tries have exactly one shape for a sequence of keys, however the Hash was built.

const (
	leafShift = 3
	leafPairs = 1 << leafShift // per leaf of entries
	entryBits = 4              // of a pair's leaf number, per inner level of entries
	entryMask = 1<<entryBits - 1
)

// Hash is the Hash of keys and values in turn. Of two equal keys the first gives place and key and the last the value. The
// error, of kind Key, says which key cannot be one.
func Hash(pairs ...Value) (Value, error) {
	h, err := newHash(slices.Clone(pairs))
	if err != nil {
		return Value{}, err
	}
	return h, nil
}

// newHash is Hash, and takes ownership of pairs.
func newHash(pairs []Value) (Value, *Error) {
	b := hashBuilder{pairs: pairs[:0]}
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := b.set(pairs[i], pairs[i+1]); err != nil {
			return Value{}, err
		}
	}
	return b.finish(), nil
}

// hashGet is the value for a key, and whether the Hash has one.
func hashGet(v, key Value) (Value, bool, *Error) {
	h := v.hash()
	number, err := h.find(key)
	if err != nil || number < 0 {
		return Value{}, false, err
	}
	return h.leaf(number).slots[2*(number%leafPairs)+1], true, nil
}

// hashSet is the Hash with another value for a key.
func hashSet(v, key, value Value) (Value, *Error) {
	h := *v.hash()
	number, err := h.find(key)
	if err != nil {
		return Value{}, err
	}
	if number >= 0 {
		h.entries = replaceEntry(h.entries, uint(h.depth), uint(number), value)
		return hashValue(&h), nil
	}
	number = int(h.count)
	h.addEntry(key, value)
	h.count++
	switch {
	case h.index != nil:
		code, _ := hashKey(key)
		h.index = insertIndex(h.index, packKey(code, number), 0)
	case h.count > leafPairs:
		h.index = h.buildIndex()
	}
	return hashValue(&h), nil
}

// find is the number of a key's pair, -1 if it is not there.
func (h *hashObject) find(key Value) (int, *Error) {
	if h.index != nil {
		code, err := hashKey(key)
		if err != nil {
			return 0, err
		}
		return h.findIndexed(key, code), nil
	}
	if err := checkKey(key); err != nil {
		return 0, err
	}
	for i := 0; i < int(h.count); i++ {
		if equalScalars(h.entries.slots[2*i], key) {
			return i, nil
		}
	}
	return -1, nil
}

func (h *hashObject) key(number int) Value { return h.leaf(number).slots[2*(number%leafPairs)] }

// leaf is the leaf of entries that holds a pair.
func (h *hashObject) leaf(number int) *nodeObject {
	n := h.entries
	for depth := uint(h.depth); depth > 0; depth-- {
		n = n.slots[entrySlot(uint(number), depth)].node()
	}
	return n
}

// flatPairs are a Hash's keys and values in turn, not to be changed.
func (v Value) flatPairs() []Value {
	h := v.hash()
	if h.depth == 0 {
		return h.entries.slots
	}
	flat := make([]Value, 0, 2*h.count)
	for key, value := range v.Pairs() {
		flat = append(flat, key, value)
	}
	return flat
}

// entrySlot is the child of an inner node through which a pair is reached; depth counts from 1 just above the leaves.
func entrySlot(number, depth uint) int {
	return int(number >> (leafShift + entryBits*(depth-1)) & entryMask)
}

func newNode(slots []Value) *nodeObject { return &nodeObject{rep: repNode, slots: slots} }

func replaceEntry(n *nodeObject, depth, number uint, value Value) *nodeObject {
	slots := slices.Clone(n.slots)
	if depth == 0 {
		slots[2*(number%leafPairs)+1] = value
		return newNode(slots)
	}
	i := entrySlot(number, depth)
	slots[i] = nodeValue(replaceEntry(slots[i].node(), depth-1, number, value))
	return newNode(slots)
}

// addEntry puts a pair behind the last one; count still is its number.
func (h *hashObject) addEntry(key, value Value) {
	if h.count == leafPairs<<(entryBits*h.depth) { // full: one level more
		h.entries = newNode([]Value{nodeValue(h.entries)})
		h.depth++
	}
	h.entries = addEntry(h.entries, uint(h.depth), uint(h.count), key, value)
}

func addEntry(n *nodeObject, depth, number uint, key, value Value) *nodeObject {
	if depth == 0 {
		return newNode(append(slices.Clip(n.slots), key, value))
	}
	i := entrySlot(number, depth)
	if i == len(n.slots) {
		child := addEntry(&nodeObject{}, depth-1, number, key, value)
		return newNode(append(slices.Clip(n.slots), nodeValue(child)))
	}
	slots := slices.Clone(n.slots)
	slots[i] = nodeValue(addEntry(slots[i].node(), depth-1, number, key, value))
	return newNode(slots)
}

// setBytes is about how much memory setting one key of a Hash with so many pairs takes.
func setBytes(count int) int {
	bytes := 2 * leafPairs * valueBytes
	for ; count > leafPairs; count >>= entryBits {
		bytes += 1 << entryBits * valueBytes
	}
	return bytes
}
