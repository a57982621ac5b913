package vm

// A value that holds another one twice, and that one another one twice, has text that is exponentially longer than the
// value is large. It is found out before the text is written, by counting each shared part once.

// measureAfter is how much text is written before the value is measured: most values have less.
const measureAfter = 1 << 20

// measured is a collection whose items are being measured.
type measured struct {
	v     Value
	items []Value
	at    int
	bytes int64
}

// leastText is a lower bound of the length of a value's text, cut off where it is more than limit.
func leastText(v Value, limit int64) int64 {
	known := map[Value]int64{}
	stack := []measured{{v: v, items: v.parts()}}
	for {
		top := &stack[len(stack)-1]
		if top.at < len(top.items) && top.bytes <= limit {
			item := top.items[top.at]
			if bytes, ok := leastOf(item, known); ok {
				top.bytes += bytes
				top.at++
				continue
			}
			stack = append(stack, measured{v: item, items: item.parts(), bytes: 2})
			continue
		}
		known[top.v] = min(top.bytes, limit+1)
		stack = stack[:len(stack)-1]
		if len(stack) == 0 {
			return known[v]
		}
	}
}

// leastOf is the bound for a value that holds no others, or that has been measured.
func leastOf(v Value, known map[Value]int64) (bytes int64, ok bool) {
	switch v.Kind() {
	case KindList, KindHash:
		bytes, ok = known[v]
		return bytes, ok
	case KindString:
		return int64(v.bytes()), true
	}
	return 1, true
}

// parts are what lies in a collection: items, or keys and values in turn.
func (v Value) parts() []Value {
	switch v.Kind() {
	case KindList:
		return v.items()
	case KindHash:
		return v.flatPairs()
	}
	return nil
}
