package vm

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// The index of a Hash: a trie over 32-bit hashes of its keys, five bits a level, from the lowest. A node's bits say which of
// its 32 places are taken; its slots hold those in order. A slot is another node, or an Int that packs the hash and the number
// of one key. Below the last level keys with the same hash lie side by side, in the order of their numbers.

const (
	indexBits   = 5
	indexLevels = 7 // with a hash's 32 bits used up
)

func packKey(code uint32, number int) Value { return Int(int64(uint64(code)<<32 | uint64(number))) }

func (h *hashObject) findIndexed(key Value, code uint32) int {
	n := h.index
	for level := 0; level < indexLevels; level++ {
		bit, at := n.place(code, level)
		if n.bits&bit == 0 {
			return -1
		}
		slot := n.slots[at]
		if slot.rep() != repNode {
			return h.numberIf(slot, key, code)
		}
		n = slot.node()
	}
	for _, slot := range n.slots {
		if number := h.numberIf(slot, key, code); number >= 0 {
			return number
		}
	}
	return -1
}

// place is a hash's bit in a node, and the slot where that is or would be.
func (n *nodeObject) place(code uint32, level int) (bit uint32, at int) {
	bit = 1 << (code >> (level * indexBits) & (1<<indexBits - 1))
	return bit, bits.OnesCount32(n.bits & (bit - 1))
}

// numberIf is the number in a slot if its key is this one, else -1.
func (h *hashObject) numberIf(slot, key Value, code uint32) int {
	number := int(uint32(slot.n))
	if uint32(slot.n>>32) == code && equalScalars(h.key(number), key) {
		return number
	}
	return -1
}

// insertIndex is a copy of the nodes on a new entry's way, with the entry.
func insertIndex(n *nodeObject, entry Value, level int) *nodeObject {
	if level == indexLevels {
		return newNode(append(slices.Clip(n.slots), entry))
	}
	bit, at := n.place(uint32(entry.n>>32), level)
	if n.bits&bit == 0 {
		slots := make([]Value, len(n.slots)+1)
		copy(slots, n.slots[:at])
		slots[at] = entry
		copy(slots[at+1:], n.slots[at:])
		return &nodeObject{rep: repNode, bits: n.bits | bit, slots: slots}
	}
	slots := slices.Clone(n.slots)
	if slots[at].rep() == repNode {
		slots[at] = nodeValue(insertIndex(slots[at].node(), entry, level+1))
	} else {
		slots[at] = nodeValue(forkIndex(slots[at], entry, level+1))
	}
	return &nodeObject{rep: repNode, bits: n.bits, slots: slots}
}

// forkIndex is a new node with two entries.
func forkIndex(a, b Value, level int) *nodeObject {
	n := &nodeObject{rep: repNode}
	n.enter(a, level)
	n.enter(b, level)
	return n
}

// enter puts an entry into a node that nobody else has yet.
func (n *nodeObject) enter(entry Value, level int) {
	for ; level < indexLevels; level++ {
		bit, at := n.place(uint32(entry.n>>32), level)
		if n.bits&bit == 0 {
			n.bits |= bit
			n.slots = slices.Insert(n.slots, at, entry)
			return
		}
		if n.slots[at].rep() != repNode {
			n.slots[at] = nodeValue(forkIndex(n.slots[at], entry, level+1))
			return
		}
		n = n.slots[at].node()
	}
	n.slots = append(n.slots, entry)
}

// buildIndex is the index of a Hash that has none yet.
func (h *hashObject) buildIndex() *nodeObject {
	root := &nodeObject{rep: repNode}
	for i := 0; i < int(h.count); i++ {
		code, _ := hashKey(h.key(i))
		root.enter(packKey(code, i), 0)
	}
	return root
}

// checkKey says why a value cannot be a key.
func checkKey(v Value) *Error {
	switch v.Kind() {
	case KindNull, KindBool, KindInt, KindString, KindSymbol:
		return nil
	case KindFloat:
		if f := v.float(); f != f {
			return fault(ErrKey, "NaN cannot be a key of a Hash, because it equals nothing")
		}
		return nil
	}
	return fault(ErrKey, "%s cannot be a key of a Hash", article(v.Kind()))
}

// hashKey is the hash of a key, the same for equal keys and on every processor, or what checkKey says.
func hashKey(v Value) (uint32, *Error) {
	if err := checkKey(v); err != nil {
		return 0, err
	}
	switch v.rep() {
	case repNull:
		return mixHash(1), nil
	case repBool:
		return mixHash(2 + v.n), nil
	case repInt:
		return mixHash(v.n), nil
	case repFloat:
		return hashFloat(v.float()), nil
	case repBig:
		return hashBig(v.big()), nil
	case repString:
		return hashText(v.text(), 0), nil
	}
	return hashText(v.Text(), 1), nil // a Symbol
}

func hashFloat(f float64) uint32 {
	if f == math.Trunc(f) && f >= -1<<63 && f < 1<<63 {
		return mixHash(uint64(int64(f)))
	}
	return mixHash(math.Float64bits(f))
}

// hashBig hashes an Int that equals a Float as that Float.
func hashBig(i *big.Int) uint32 {
	if f, accuracy := new(big.Float).SetInt(i).Float64(); accuracy == big.Exact {
		return mixHash(math.Float64bits(f))
	}
	return hashText(string(i.Bytes()), uint64(i.Sign()))
}

func hashText(s string, seed uint64) uint32 {
	var chunk [32]byte
	h := mix64(seed ^ uint64(len(s)))
	for len(s) > 0 {
		n := copy(chunk[:], s)
		clear(chunk[n:])
		for i := 0; i < n; i += 8 {
			h = mix64(h ^ binary.LittleEndian.Uint64(chunk[i:]))
		}
		s = s[n:]
	}
	return uint32(h >> 32)
}

func mixHash(x uint64) uint32 { return uint32(mix64(x) >> 32) }

// mix64 spreads the bits of x over all 64 (the finalizer of splitmix64).
func mix64(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
