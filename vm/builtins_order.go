package vm

import "math/bits"

// Builtins that order values: numbers among each other, or Strings.

func builtinSort(m *Machine, args []Value) (Value, *Error) {
	if err := argument("sort", args[0], KindList); err != nil {
		return Value{}, err
	}
	return m.sortBy("sort", args[0].items(), args[0].items())
}

func builtinSortByKeys(m *Machine, args []Value) (Value, *Error) {
	for _, v := range args {
		if err := argument("sort_by", v, KindList); err != nil {
			return Value{}, err
		}
	}
	if args[0].Len() != args[1].Len() {
		return Value{}, fault(ErrType, "sort_by takes a key for each of %d elements, not %d keys", args[1].Len(), args[0].Len())
	}
	return m.sortBy("sort_by", args[0].items(), args[1].items())
}

// sortBy is the List of the items in the order of their keys; those of equal keys keep theirs.
func (m *Machine) sortBy(name string, keys, items []Value) (Value, *Error) {
	if err := checkOrdered(name, keys); err != nil {
		return Value{}, err
	}
	sorted, err := m.newItems(len(items))
	if err != nil {
		return Value{}, err
	}
	m.work(len(items) * bits.Len(uint(len(items))))
	for _, i := range sortedOrder(keys) {
		sorted = append(sorted, items[i])
	}
	return newList(sorted), nil
}

// checkOrdered says what is wrong with values that have no order among each other.
func checkOrdered(name string, keys []Value) *Error {
	for i, key := range keys {
		switch {
		case key.isFloat() && key.float() != key.float():
			return fault(ErrType, "%s: NaN has no order", name)
		case !isNumber(key) && key.Kind() != KindString:
			return argumentFault(name, "numbers or Strings", key)
		case isNumber(key) != isNumber(keys[0]):
			return fault(ErrType, "%s takes only numbers or only Strings: %s is the first, %s is at index %d", name,
				article(keys[0].Kind()), article(key.Kind()), i)
		}
	}
	return nil
}

// sortedOrder is the order of the keys as their indices: merge sort, from runs of one upward.
func sortedOrder(keys []Value) []uint32 {
	order, merged := make([]uint32, len(keys)), make([]uint32, len(keys))
	for i := range order {
		order[i] = uint32(i)
	}
	for width := 1; width < len(order); width *= 2 {
		for from := 0; from < len(order); from += 2 * width {
			middle, to := min(from+width, len(order)), min(from+2*width, len(order))
			mergeRuns(keys, merged[from:from:to], order[from:middle], order[middle:to])
		}
		order, merged = merged, order
	}
	return order
}

func mergeRuns(keys []Value, into, a, b []uint32) {
	for len(a) > 0 && len(b) > 0 {
		if orderOf(keys[b[0]], keys[a[0]]) < 0 {
			into, b = append(into, b[0]), b[1:]
		} else {
			into, a = append(into, a[0]), a[1:]
		}
	}
	into = append(into, a...)
	_ = append(into, b...)
}

// orderOf compares two values that checkOrdered has let through.
func orderOf(a, b Value) int {
	if a.Kind() == KindString {
		return compareTexts(a.text(), b.text())
	}
	order, _ := compareNumbers(a, b)
	return order
}

func builtinMin(m *Machine, args []Value) (Value, *Error) { return m.extreme("min", args, -1) }

func builtinMax(m *Machine, args []Value) (Value, *Error) { return m.extreme("max", args, 1) }

// extreme is the first of some values that no other one lies beyond: below it for sign -1, above it for 1.
func (m *Machine) extreme(name string, args []Value, sign int) (Value, *Error) {
	values := args
	if len(args) == 1 {
		if args[0].Kind() != KindList {
			return Value{}, argumentFault(name, "one List, or several numbers or Strings", args[0])
		}
		values = args[0].items()
	}
	if len(values) == 0 {
		return Value{}, fault(ErrIndex, "%s of an empty List", name)
	}
	m.work(len(values))
	if err := checkOrdered(name, values); err != nil {
		return Value{}, err
	}
	best := values[0]
	for _, v := range values[1:] {
		if orderOf(v, best)*sign > 0 {
			best = v
		}
	}
	return best, nil
}
