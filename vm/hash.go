package vm

import "unsafe"

// Hash is the Hash of keys and values in turn. The error says which key cannot be one.
func Hash(pairs ...Value) (Value, error) {
	if len(pairs) == 0 {
		return emptyHash, nil
	}
	leaf := &nodeObject{rep: repNode, slots: append([]Value(nil), pairs...)}
	return Value{p: unsafe.Pointer(&hashObject{rep: repHash, count: uint32(len(pairs) / 2), entries: leaf})}, nil
}
