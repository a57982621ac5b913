package vm

import (
	"fmt"
	"slices"

	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// Binding of arguments to parameters, for calls whose callee is known only when they run.

// bindHark puts args, of which the last len(names) are named, into the order of f's parameters, in place. It changes
// nothing if there is an error.
func bindHark(f *functionObject, args []Value, names []string) *Error {
	want := int(f.code.funcs[f.index].params)
	if len(names) == 0 {
		if len(args) == want {
			return nil
		}
		return countError(f.name(), want, want, len(args))
	}
	bound, err := bindNames(f.name(), f.parameters(), args, names)
	if err != nil {
		return err
	}
	if len(args) > want {
		return countError(f.name(), want, want, len(args))
	}
	copy(args, bound)
	return nil
}

// bindNames is args in the order of params. Every parameter up to the last that has an argument must have one.
func bindNames(function string, params []string, args []Value, names []string) ([]Value, *Error) {
	positional := len(args) - len(names)
	bound := make([]Value, max(len(params), len(args)))
	given := make([]bool, len(bound))
	for i := range positional {
		bound[i], given[i] = args[i], true
	}
	for i, name := range names {
		at := slices.Index(params, name)
		if at < 0 {
			return nil, fault(ErrArity, "'%s' has no parameter '%s'", function, name)
		}
		if given[at] {
			return nil, fault(ErrArity, "'%s' got argument '%s' twice", function, name)
		}
		bound[at], given[at] = args[positional+i], true
	}
	for i := range args {
		if !given[i] {
			return nil, fault(ErrArity, "'%s' is missing argument '%s'", function, params[i])
		}
	}
	return bound[:len(args)], nil
}

// bindBuiltin is args as a builtin takes them.
func bindBuiltin(b *bytecode.Builtin, args []Value, names []string) ([]Value, *Error) {
	if !b.Accepts(len(args)) {
		return nil, countError(b.Name, b.Min, b.Max, len(args))
	}
	if len(names) == 0 {
		return args, nil
	}
	if b.Max < 0 {
		return nil, fault(ErrArity, "'%s' takes no named arguments", b.Name)
	}
	return bindNames(b.Name, b.Params, args, names)
}

func countError(function string, least, most, got int) *Error {
	plural := func(n int) string {
		if n == 1 {
			return "1 argument"
		}
		return fmt.Sprintf("%d arguments", n)
	}
	switch {
	case least == most:
		return fault(ErrArity, "'%s' takes %s, not %d", function, plural(least), got)
	case most < 0:
		return fault(ErrArity, "'%s' takes at least %s, not %d", function, plural(least), got)
	}
	return fault(ErrArity, "'%s' takes %d to %s, not %d", function, least, plural(most), got)
}
