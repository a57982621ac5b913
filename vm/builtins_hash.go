package vm

// Builtins that make and take apart Hashes, and those for collections of any kind.

func builtinHash(m *Machine, args []Value) (Value, *Error) {
	if len(args)%2 == 1 {
		return Value{}, fault(ErrArity, "hash takes keys and values in turn, but got %d arguments", len(args))
	}
	pairs, err := m.newItems(len(args))
	if err != nil {
		return Value{}, err
	}
	return newHash(append(pairs, args...))
}

func builtinGet(_ *Machine, args []Value) (Value, *Error) {
	if err := argument("get", args[0], KindHash); err != nil {
		return Value{}, err
	}
	value, found, err := hashGet(args[0], args[1])
	if err != nil || !found {
		return Null, err
	}
	return value, nil
}

func builtinSet(m *Machine, args []Value) (Value, *Error) {
	if err := argument("set", args[0], KindHash); err != nil {
		return Value{}, err
	}
	bytes := setBytes(args[0].Len())
	m.work(bytes / valueBytes)
	if err := m.reserve(bytes); err != nil {
		return Value{}, err
	}
	return hashSet(args[0], args[1], args[2])
}

func builtinKeys(m *Machine, args []Value) (Value, *Error) {
	return m.collectPairs("keys", args[0], func(key, _ Value) Value { return key })
}

func builtinValues(m *Machine, args []Value) (Value, *Error) {
	return m.collectPairs("values", args[0], func(_, value Value) Value { return value })
}

func builtinItems(m *Machine, args []Value) (Value, *Error) {
	if args[0].Kind() == KindHash {
		if err := m.reserve(args[0].Len() * (objectBytes + 2*valueBytes)); err != nil {
			return Value{}, err
		}
	}
	return m.collectPairs("items", args[0], func(key, value Value) Value { return List(key, value) })
}

func (m *Machine) collectPairs(name string, hash Value, pick func(key, value Value) Value) (Value, *Error) {
	if err := argument(name, hash, KindHash); err != nil {
		return Value{}, err
	}
	picked, err := m.newItems(hash.Len())
	if err != nil {
		return Value{}, err
	}
	for key, value := range hash.Pairs() {
		picked = append(picked, pick(key, value))
	}
	return newList(picked), nil
}

func builtinLength(_ *Machine, args []Value) (Value, *Error) {
	switch args[0].Kind() {
	case KindList, KindString, KindHash:
		return Int(int64(args[0].Len())), nil
	}
	return Value{}, argumentFault("length", "a List, a String or a Hash", args[0])
}

func builtinNullp(_ *Machine, args []Value) (Value, *Error) {
	switch args[0].Kind() {
	case KindNull:
		return Bool(true), nil
	case KindList, KindString, KindHash:
		return Bool(args[0].Len() == 0), nil
	}
	return Bool(false), nil
}

func builtinContains(m *Machine, args []Value) (Value, *Error) {
	c, x := args[0], args[1]
	switch c.Kind() {
	case KindList:
		return Bool(m.containsItem(c.items(), x)), nil
	case KindHash:
		_, found, err := hashGet(c, x)
		return Bool(found), err
	case KindString:
		if err := argument("contains", x, KindString); err != nil {
			return Value{}, err
		}
		return Bool(m.findText(c.text(), x.text()) >= 0), nil
	}
	return Value{}, argumentFault("contains", "a List, a Hash or a String", c)
}

func (m *Machine) containsItem(items []Value, x Value) bool {
	m.work(len(items))
	for _, item := range items {
		equal, steps := equalItems(item, x)
		m.work(steps)
		if equal {
			return true
		}
	}
	return false
}

func builtinTypeOf(_ *Machine, args []Value) (Value, *Error) { return kindTexts[args[0].Kind()], nil }

var kindTexts = func() (texts [len(kindNames)]Value) {
	for i, name := range kindNames {
		texts[i] = constantText(name)
	}
	return texts
}()
