package vm

// The functions of bytecode.Builtins. What each means is told there; call_builtin.go says how they are called.

// builtinFuncs has a function for each row of the table.
var builtinFuncs = defineBuiltins(map[string]builtinFunc{
	"print": builtinPrint, "signal": builtinSignal, "sleep": builtinSleep, "future": builtinFuture,
	"sid": builtinSession, "tid": builtinThread, "first_of": builtinFirstOf, "with_timeout": builtinWithTimeout,

	"list": builtinList, "first": builtinFirst, "rest": builtinRest, "nth": builtinNth, "append": builtinAppend,
	"conc": builtinConc, "atomp": builtinAtomp, "range": builtinRange, "zip": builtinZip, "reverse": builtinReverse,
	"sort": builtinSort, "sort.by_keys": builtinSortByKeys, "min": builtinMin, "max": builtinMax,

	"hash": builtinHash, "get": builtinGet, "set": builtinSet, "keys": builtinKeys, "values": builtinValues, "items": builtinItems,

	"length": builtinLength, "nullp": builtinNullp, "contains": builtinContains, "type_of": builtinTypeOf,

	"str": builtinStr, "join": builtinJoin, "split": builtinSplit, "upper": builtinUpper, "lower": builtinLower,
	"trim": builtinTrim, "replace": builtinReplace, "format": builtinFormat, "to_json": builtinToJSON, "from_json": builtinFromJSON,

	"check.list": builtinCheckList, "check.count": builtinCheckCount,

	"parse_int": builtinParseInt, "parse_float": builtinParseFloat, "abs": builtinAbs, "round": builtinRound,
})

// argument checks one argument of a builtin.
func argument(name string, v Value, want Kind) *Error {
	if v.Kind() == want {
		return nil
	}
	return argumentFault(name, article(want), v)
}

// argumentFault says what a builtin takes instead of what it got.
func argumentFault(name, takes string, got Value) *Error {
	return fault(ErrType, "%s takes %s, not %s", name, takes, article(got.Kind()))
}

// reserveItems reserves memory for so many items of a List.
func (m *Machine) reserveItems(count uint64) *Error {
	const most = MaxMemory / valueBytes
	if count > most {
		return m.reserve(MaxMemory + 1)
	}
	return m.reserve(int(count)*valueBytes + objectBytes)
}

// newItems makes room for so many items of a List that a builtin is about to compute.
func (m *Machine) newItems(count int) ([]Value, *Error) {
	if err := m.reserveItems(uint64(count)); err != nil {
		return nil, err
	}
	m.work(count)
	return make([]Value, 0, count), nil
}
