package main

import (
	"fmt"
	"os"

	"github.com/hark-lang/hark-ls/compiler/codegen"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm"
)

// compile loads a program that consists of one file.
func compile(text string) (*vm.Code, error) {
	loaded := resolve.Load("main.hk", func(path string) (string, error) {
		if path != "main.hk" {
			return "", os.ErrNotExist
		}
		return text, nil
	})
	if loaded.Stops() {
		return nil, fmt.Errorf("hark: %v", loaded.Diagnostics())
	}
	return vm.Load(codegen.Generate(loaded))
}

func prepareHark(text string) (prepared, error) {
	code, err := compile(text)
	if err != nil {
		return nil, err
	}
	main, ok := code.Export("main")
	if !ok {
		return nil, fmt.Errorf("hark: main is no function")
	}
	return func() (string, error) {
		m, err := vm.New(code, vm.Start{Session: "bench", Thread: "0", Function: main})
		if err != nil {
			return "", err
		}
		if outcome := m.Run(1 << 60); outcome != vm.Done {
			return "", fmt.Errorf("hark: %s: %v", outcome, m.Fault())
		}
		return vm.Show(m.Result()), nil
	}, nil
}
