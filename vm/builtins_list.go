package vm

import "math/big"

// Builtins that make and take apart Lists.

func builtinList(m *Machine, args []Value) (Value, *Error) {
	items, err := m.newItems(len(args))
	if err != nil {
		return Value{}, err
	}
	return newList(append(items, args...)), nil
}

func builtinFirst(_ *Machine, args []Value) (Value, *Error) {
	if err := argument("first", args[0], KindList); err != nil {
		return Value{}, err
	}
	items := args[0].items()
	if len(items) == 0 {
		return Value{}, fault(ErrIndex, "first of an empty List")
	}
	return items[0], nil
}

func builtinRest(_ *Machine, args []Value) (Value, *Error) {
	if err := argument("rest", args[0], KindList); err != nil {
		return Value{}, err
	}
	if n := args[0].Len(); n > 0 {
		return args[0].view(1, n-1), nil
	}
	return emptyList, nil
}

func builtinNth(_ *Machine, args []Value) (Value, *Error) {
	if err := argument("nth", args[0], KindList); err != nil {
		return Value{}, err
	}
	if err := argument("nth", args[1], KindInt); err != nil {
		return Value{}, err
	}
	items := args[0].items()
	i, ok := args[1].Int64()
	if i < 0 {
		i += int64(len(items))
	}
	if !ok || i < 0 || i >= int64(len(items)) {
		return Value{}, fault(ErrIndex, "nth %s of a List of %d", Show(args[1]), len(items))
	}
	return items[i], nil
}

func builtinAppend(m *Machine, args []Value) (Value, *Error) {
	list := args[0]
	if list.isNull() {
		list = emptyList
	}
	if err := argument("append", list, KindList); err != nil {
		return Value{}, err
	}
	list = m.mine(list)
	if err := m.reserve(list.growth(1)); err != nil {
		return Value{}, err
	}
	list, copied := appendItem(list, args[1])
	m.work(copied)
	return list, nil
}

func builtinConc(m *Machine, args []Value) (Value, *Error) {
	a, b := args[0], args[1]
	if b.isNull() {
		b = emptyList
	}
	if err := argument("conc", b, KindList); err != nil {
		return Value{}, err
	}
	if a.Kind() != KindList {
		a = List(a)
	}
	return m.addLists(a, b)
}

func builtinAtomp(_ *Machine, args []Value) (Value, *Error) {
	return Bool(args[0].Kind() != KindList), nil
}

func builtinRange(m *Machine, args []Value) (Value, *Error) {
	bounds := [3]Value{Int(0), args[0], Int(1)}
	if len(args) > 1 {
		copy(bounds[:], args)
	}
	for _, v := range bounds {
		if err := argument("range", v, KindInt); err != nil {
			return Value{}, err
		}
	}
	start, stop, step := bigView(bounds[0]), bigView(bounds[1]), bigView(bounds[2])
	if step.Sign() == 0 {
		return Value{}, fault(ErrType, "range takes a step other than 0")
	}
	count := rangeCount(start, stop, step)
	if !count.IsInt64() {
		return Value{}, m.reserveItems(1 << 62)
	}
	return m.rangeOf(start, step, count.Int64())
}

// rangeCount is how many steps it takes from start until stop is reached or passed.
func rangeCount(start, stop, step *big.Int) *big.Int {
	distance := new(big.Int).Sub(stop, start)
	if distance.Sign() != step.Sign() {
		return new(big.Int)
	}
	// Rounded up: the whole distance plus the step less one, both by amount.
	distance.Abs(distance)
	width := new(big.Int).Abs(step)
	distance.Add(distance, width)
	distance.Sub(distance, big.NewInt(1))
	return distance.Quo(distance, width)
}

func (m *Machine) rangeOf(start, step *big.Int, count int64) (Value, *Error) {
	if err := m.reserveItems(uint64(count)); err != nil {
		return Value{}, err
	}
	m.work(int(count))
	items := make([]Value, count)
	last := new(big.Int).Mul(step, big.NewInt(count))
	if start.IsInt64() && last.Add(last, start).IsInt64() {
		from, by := start.Int64(), step.Int64()
		for i := range items {
			items[i] = Int(from + int64(i)*by)
		}
		return newList(items), nil
	}
	if err := m.reserve(int(count) * (start.BitLen() + step.BitLen()) / 8); err != nil {
		return Value{}, err
	}
	at := start
	for i := range items {
		items[i] = BigInt(new(big.Int).Set(at))
		at = new(big.Int).Add(at, step)
	}
	return newList(items), nil
}

func builtinZip(m *Machine, args []Value) (Value, *Error) {
	for _, v := range args {
		if err := argument("zip", v, KindList); err != nil {
			return Value{}, err
		}
	}
	a, b := args[0].items(), args[1].items()
	pairs, err := m.newPairs(min(len(a), len(b)))
	if err != nil {
		return Value{}, err
	}
	for i := range min(len(a), len(b)) {
		pairs = append(pairs, List(a[i], b[i]))
	}
	return newList(pairs), nil
}

// newPairs makes room for so many Lists of two.
func (m *Machine) newPairs(count int) ([]Value, *Error) {
	if err := m.reserve(count * (objectBytes + 2*valueBytes)); err != nil {
		return nil, err
	}
	return m.newItems(count)
}

func builtinReverse(m *Machine, args []Value) (Value, *Error) {
	if err := argument("reverse", args[0], KindList); err != nil {
		return Value{}, err
	}
	items := args[0].items()
	reversed, err := m.newItems(len(items))
	if err != nil {
		return Value{}, err
	}
	for i := len(items) - 1; i >= 0; i-- {
		reversed = append(reversed, items[i])
	}
	return newList(reversed), nil
}
