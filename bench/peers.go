package main

import (
	"fmt"
	"strconv"

	"github.com/d5/tengo/v2"
	"github.com/d5/tengo/v2/stdlib"
	"github.com/dop251/goja"
	lua "github.com/yuin/gopher-lua"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// A prepared program runs its main once and shows the result; compiling is done before.
type prepared func() (string, error)

// engines compile a program for repeated runs. "hark" is ours, "python" the CPython of the machine.
var engines = []struct {
	name    string
	prepare func(text string) (prepared, error)
}{
	{"hark", prepareHark},
	{"python", preparePython},
	{"starlark", prepareStarlark},
	{"lua", prepareLua},
	{"goja", prepareGoja},
	{"tengo", prepareTengo},
}

func prepareStarlark(text string) (prepared, error) {
	options := &syntax.FileOptions{While: true, Recursion: true, TopLevelControl: true, GlobalReassign: true}
	globals, err := starlark.ExecFileOptions(options, &starlark.Thread{}, "bench.star", text, nil)
	if err != nil {
		return nil, fmt.Errorf("starlark: %w", err)
	}
	return func() (string, error) {
		v, err := starlark.Call(&starlark.Thread{}, globals["main"], nil, nil)
		if err != nil {
			return "", err
		}
		return v.String(), nil
	}, nil
}

func prepareLua(text string) (prepared, error) {
	state := lua.NewState()
	if err := state.DoString(text); err != nil {
		return nil, fmt.Errorf("lua: %w", err)
	}
	return func() (string, error) {
		err := state.CallByParam(lua.P{Fn: state.GetGlobal("main"), NRet: 1, Protect: true})
		if err != nil {
			return "", err
		}
		defer state.Pop(1)
		return state.Get(-1).String(), nil
	}, nil
}

func prepareGoja(text string) (prepared, error) {
	vm := goja.New()
	if _, err := vm.RunString(text); err != nil {
		return nil, fmt.Errorf("goja: %w", err)
	}
	main, ok := goja.AssertFunction(vm.Get("main"))
	if !ok {
		return nil, fmt.Errorf("goja: main is no function")
	}
	return func() (string, error) {
		v, err := main(goja.Undefined())
		if err != nil {
			return "", err
		}
		return v.String(), nil
	}, nil
}

// prepareTengo compiles the program with a call of main at its end, as tengo's functions cannot be called from Go.
func prepareTengo(text string) (prepared, error) {
	script := tengo.NewScript([]byte(text + "\nresult := main()\n"))
	script.SetImports(stdlib.GetModuleMap())
	compiled, err := script.Compile()
	if err != nil {
		return nil, fmt.Errorf("tengo: %w", err)
	}
	return func() (string, error) {
		if err := compiled.Run(); err != nil {
			return "", err
		}
		result := compiled.Get("result")
		if n, ok := result.Value().(int64); ok {
			return strconv.FormatInt(n, 10), nil
		}
		return result.String(), nil
	}, nil
}
