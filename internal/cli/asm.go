package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/vm/bytecode"
)

func asmCommand(env *environment) *cobra.Command {
	var function string
	var everything bool
	cmd := &cobra.Command{
		Use:   "asm FILE [-f FN] [--all]",
		Short: "Show the bytecode of a program",
		Long: `Lists the instructions that the machine executes, function by function. What each operation does
is said in vm/bytecode.`,
		Example: `hark-ls asm service.hk
hark-ls asm service.hk -f main`,
		Annotations:       map[string]string{exitKey: "0 good, 1 the program has errors, 2 wrong usage"},
		Args:              arguments(1, 1),
		ValidArgsFunction: harkFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, program, err := build(cmd.Context(), args[0])
			var refused *refusal
			if errors.As(err, &refused) {
				printFindings(env.Err, env.err, refused.findings)
				fmt.Fprintf(env.Err, "%s %s: there is no bytecode\n", env.err.red("hark-ls:"), tally(refused.findings))
			}
			if err != nil {
				return shownAlready(err)
			}
			listed := listedFunctions(program, function, everything)
			if len(listed) == 0 {
				return nothingListed(cmd, program, function)
			}
			for i, index := range listed {
				if i > 0 {
					fmt.Fprintln(env.Out)
				}
				if _, err := fmt.Fprint(env.Out, bytecode.DisassembleFunc(program, index)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&function, "function", "f", "", "only the function `FN`, with the lambdas in it")
	cmd.Flags().BoolVar(&everything, "all", false, "the prelude's functions too")
	_ = cmd.RegisterFlagCompletionFunc("function", completeFunctions)
	return cmd
}

// nothingListed says why there is nothing to show of a program.
func nothingListed(cmd *cobra.Command, program *bytecode.Program, function string) error {
	file := program.Files[0].Path
	if function == "" {
		return usageError(cmd, "there are no functions in %s", file)
	}
	message := fmt.Sprintf("there is no function '%s' in %s", function, file)
	if near := resolve.Nearest(function, slices.Values(exports(program))); near != "" {
		message += fmt.Sprintf("; did you mean '%s'?", near)
	}
	return usageError(cmd, "%s", message)
}

// listedFunctions are the indices of the functions to show: those of the program's own files, or of one definition.
func listedFunctions(p *bytecode.Program, name string, everything bool) []int {
	var all []int
	for i := range p.Funcs {
		f := &p.Funcs[i]
		own := everything || !strings.HasPrefix(p.Files[f.File].Path, "prelude/")
		if own && (name == "" || f.Name == name || within(p, f, name)) {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int {
		f, g := &p.Funcs[a], &p.Funcs[b]
		if f.File != g.File {
			return int(f.File) - int(g.File)
		}
		return int(f.Span.Start) - int(g.Span.Start)
	})
	return all
}

// within says whether a function lies in the definition of that name.
func within(p *bytecode.Program, f *bytecode.Func, name string) bool {
	for i := range p.Funcs {
		outer := &p.Funcs[i]
		if outer.Name == name && outer.File == f.File && outer.Span.Covers(f.Span) {
			return true
		}
	}
	return false
}
