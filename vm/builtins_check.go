package vm

// Builtins with which the functions of the prelude check their arguments, so that an error names the function that was called.

func builtinCheckList(_ *Machine, args []Value) (Value, *Error) {
	if err := argument("check.list", args[0], KindString); err != nil {
		return Value{}, err
	}
	return args[1], argument(args[0].Text(), args[1], KindList)
}

func builtinCheckCount(_ *Machine, args []Value) (Value, *Error) {
	for _, name := range args[:2] {
		if err := argument("check.count", name, KindString); err != nil {
			return Value{}, err
		}
	}
	function, parameter, n := args[0].Text(), args[1].Text(), args[2]
	if n.Kind() != KindInt {
		return Value{}, argumentFault(function, "an Int as "+parameter, n)
	}
	if order, _ := compareNumbers(n, Int(1)); order < 0 {
		return Value{}, fault(ErrType, "%s takes a %s of at least 1, not %s", function, parameter, Show(n))
	}
	return n, nil
}
