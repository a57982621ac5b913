package vm

// hashBuilder collects pairs and makes a Hash of them in linear time.
type hashBuilder struct {
	pairs []Value // key, value, key, value …
	codes []uint32
	// table finds the number of a key: number+1 stands at the key's hash or in the first free place after it, 0 is free. Its
	// length is a power of two and at least twice the number of pairs; nil while there are few.
	table []uint32
	// few is where the codes lie as long as there are few.
	few [leafPairs]uint32
}

// set puts in a pair, or another value for a key that is there.
func (b *hashBuilder) set(key, value Value) *Error {
	code, err := hashKey(key)
	if err != nil {
		return err
	}
	if number := b.find(key, code); number >= 0 {
		b.pairs[2*number+1] = value
		return nil
	}
	if b.codes == nil {
		b.codes = b.few[:0]
	}
	b.pairs = append(b.pairs, key, value)
	b.codes = append(b.codes, code)
	switch n := len(b.codes); {
	case n > leafPairs && 2*n > len(b.table):
		b.table = make([]uint32, max(4*len(b.table), 4*leafPairs))
		for i, code := range b.codes {
			b.enter(code, i)
		}
	case b.table != nil:
		b.enter(code, n-1)
	}
	return nil
}

func (b *hashBuilder) find(key Value, code uint32) int {
	if b.table == nil {
		for i, c := range b.codes {
			if c == code && equalScalars(b.pairs[2*i], key) {
				return i
			}
		}
		return -1
	}
	mask := uint32(len(b.table) - 1)
	for at := code & mask; b.table[at] != 0; at = (at + 1) & mask {
		if i := int(b.table[at] - 1); b.codes[i] == code && equalScalars(b.pairs[2*i], key) {
			return i
		}
	}
	return -1
}

func (b *hashBuilder) enter(code uint32, number int) {
	mask := uint32(len(b.table) - 1)
	at := code & mask
	for b.table[at] != 0 {
		at = (at + 1) & mask
	}
	b.table[at] = uint32(number) + 1
}

// finish is the Hash; the builder must not be used any more.
func (b *hashBuilder) finish() Value {
	count := len(b.codes)
	if count == 0 {
		return emptyHash
	}
	level := make([]Value, 0, (count+leafPairs-1)/leafPairs)
	for from := 0; from < count; from += leafPairs {
		to := min(from+leafPairs, count)
		level = append(level, nodeValue(newNode(b.pairs[2*from:2*to:2*to])))
	}
	h := &hashObject{rep: repHash, count: uint32(count)}
	for len(level) > 1 {
		h.depth++
		parents := make([]Value, 0, len(level)>>entryBits+1)
		for from := 0; from < len(level); from += 1 << entryBits {
			to := min(from+1<<entryBits, len(level))
			parents = append(parents, nodeValue(newNode(level[from:to:to])))
		}
		level = parents
	}
	h.entries = level[0].node()
	if count > leafPairs {
		root := &nodeObject{rep: repNode}
		for i, code := range b.codes {
			root.enter(packKey(code, i), 0)
		}
		h.index = root
	}
	return hashValue(h)
}
