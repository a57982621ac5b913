package vm

// numbering gives objects numbers, by where they are: a table with open addresses, several times faster than a map. Objects do not
// move, and whoever numbers them holds them.
type numbering struct {
	// slots are a power of two, at least twice as many as there are objects. Number 0 is a free slot; others are one too large.
	slots []numberedAddress
	used  int
	shift uint8
}

type numberedAddress struct {
	at     uintptr
	number uint32
}

const numberingBits = 6 // of the first table's length

// find is an object's number.
func (t *numbering) find(p address) (number uint32, ok bool) {
	if t.used == 0 {
		return 0, false
	}
	slot := t.slot(uintptr(p))
	return slot.number - 1, slot.number != 0
}

// add numbers an object that has no number yet.
func (t *numbering) add(p address, number uint32) {
	if 2*t.used >= len(t.slots) {
		t.enlarge()
	}
	*t.slot(uintptr(p)) = numberedAddress{uintptr(p), number + 1}
	t.used++
}

// slot is an object's, or the free one where it would be put.
func (t *numbering) slot(at uintptr) *numberedAddress {
	mask := len(t.slots) - 1
	for i := int(uint64(at) * 0x9E3779B97F4A7C15 >> t.shift); ; i++ {
		if slot := &t.slots[i&mask]; slot.number == 0 || slot.at == at {
			return slot
		}
	}
}

func (t *numbering) enlarge() {
	old := t.slots
	bits := uint8(numberingBits)
	for 1<<bits < 4*len(old) {
		bits++
	}
	t.slots, t.shift = make([]numberedAddress, 1<<bits), 64-bits
	for _, slot := range old {
		if slot.number != 0 {
			*t.slot(slot.at) = slot
		}
	}
}
