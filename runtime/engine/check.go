package engine

import (
	"fmt"
	"strings"

	"github.com/hark-lang/hark-ls/vm"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

// The arguments of a session's entry are checked against the annotations of its parameters, because they come from outside,
// where no compiler has seen them.

// checkEntry is the error of arguments that do not fit. A wrong number of arguments is left to the machine.
func checkEntry(code *vm.Code, f vm.Value, args []vm.Value) *vm.Error {
	index, ok := f.FunctionIndex()
	if !ok {
		return nil
	}
	params := code.Program().Funcs[index].Params
	for i := range min(len(params), len(args)) {
		if p := params[i]; !fits(args[i], p.Type) {
			message := fmt.Sprintf("argument %s of %s has to be %s, not %s", p.Name, f.FunctionName(), p.Type, args[i].Kind())
			return &vm.Error{Kind: vm.ErrType, Message: message, Function: f.FunctionName(), Thread: Root}
		}
	}
	return nil
}

// fits says whether a value is of the type that an annotation names. An Int fits Float, as it does wherever numbers are
// compared or computed with. What a Function takes and what a Future will be is not known.
func fits(v vm.Value, annotation string) bool {
	if bare, ok := strings.CutSuffix(annotation, "?"); ok {
		return v.Kind() == vm.KindNull || fits(v, bare)
	}
	name, rest, _ := strings.Cut(annotation, "[")
	arguments := bytecode.SplitTypes(strings.TrimSuffix(rest, "]"))
	switch name {
	case "", "Any":
		return true
	case "Float":
		return v.Kind() == vm.KindFloat || v.Kind() == vm.KindInt
	case "Fn":
		return v.Kind() == vm.KindFunction
	case "List":
		return v.Kind() == vm.KindList && (len(arguments) < 1 || all(v, func(item vm.Value) bool { return fits(item, arguments[0]) }))
	case "Hash":
		return v.Kind() == vm.KindHash && (len(arguments) < 2 || pairsFit(v, arguments[0], arguments[1]))
	}
	return v.Kind().String() == name
}

func all(list vm.Value, holds func(vm.Value) bool) bool {
	for _, item := range list.Items() {
		if !holds(item) {
			return false
		}
	}
	return true
}

func pairsFit(v vm.Value, key, value string) bool {
	for k, x := range v.Pairs() {
		if !fits(k, key) || !fits(x, value) {
			return false
		}
	}
	return true
}
