package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/syntax"
	"github.com/hark-lang/hark-ls/internal/source"
)

// formatting is what fmt does with a file whose canonical text differs from its text.
type formatting func(env *environment, path, text, canonical string) error

func formatCommand(env *environment) *cobra.Command {
	var checking, diffing bool
	cmd := &cobra.Command{
		Use:   "fmt [PATH… | -] [--check] [--diff]",
		Short: "Bring Hark files into the canonical form",
		Long: `Rewrites the Hark files given, and those in and below the folders given; the current folder if
nothing is given. "-" reads standard input and writes standard output. A file with an error in its
syntax is left as it is.`,
		Example: `hark-ls fmt
hark-ls fmt --check .
hark-ls fmt - < service.hk`,
		Annotations: map[string]string{exitKey: `0 good, 1 a file has an error in its syntax, or, with --check or --diff, is not in the
canonical form, 2 wrong usage`},
		ValidArgsFunction: harkFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" {
				return formatInput(cmd.Context(), env, checking, diffing)
			}
			action, counts := formatting(rewrite), false
			switch {
			case diffing:
				action, counts = showDifference, true
			case checking:
				action, counts = showName, true
			}
			return formatFiles(cmd.Context(), env, orHere(args), action, counts)
		},
	}
	cmd.Flags().BoolVar(&checking, "check", false, "write nothing, list the files that are not in the canonical form")
	cmd.Flags().BoolVar(&diffing, "diff", false, "write nothing, show what would change")
	return cmd
}

// formatFiles applies the action to each file that is not in the canonical form; counts says that such a file is a failure.
func formatFiles(ctx context.Context, env *environment, paths []string, action formatting, counts bool) error {
	files, err := harkFilesIn(paths)
	if err != nil {
		return err
	}
	failed := false
	for _, path := range files {
		text, err := readSource(ctx, path)
		if err != nil {
			return &failure{exitUsage, err}
		}
		canonical, ok := canonicalForm(env, path, text)
		if !ok {
			failed = true
			continue
		}
		if canonical == text {
			continue
		}
		failed = failed || counts
		if err := action(env, path, text, canonical); err != nil {
			return err
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

func formatInput(ctx context.Context, env *environment, checking, diffing bool) error {
	text, err := unlessEnded(ctx, func() (string, error) {
		all, err := io.ReadAll(env.In)
		return string(all), err
	})
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	const name = "<stdin>"
	canonical, ok := canonicalForm(env, name, text)
	switch {
	case !ok:
		return errFailed
	case !checking && !diffing:
		_, err := io.WriteString(env.Out, canonical)
		return err
	case canonical == text:
		return nil
	case diffing:
		err = showDifference(env, name, text, canonical)
	default:
		err = showName(env, name, text, canonical)
	}
	if err != nil {
		return err
	}
	return errFailed
}

// canonicalForm is the canonical text of a file; if it has none, because of errors in its syntax, they are shown.
func canonicalForm(env *environment, name, text string) (string, bool) {
	canonical, ok := syntax.Format(text)
	if ok {
		return canonical, true
	}
	lines, findings := source.NewLines(text), []finding(nil)
	for _, d := range syntax.Parse(text).Problems {
		findings = append(findings, finding{d, name, lines, nil})
	}
	printFindings(env.Err, env.err, findings)
	return "", false
}

func rewrite(env *environment, path, text, canonical string) error {
	if err := overwrite(path, text, canonical); err != nil {
		return fmt.Errorf("format %s: %w", path, err)
	}
	_, err := fmt.Fprintln(env.Out, path)
	return err
}

// overwrite puts a new text into a file, which stays the same file (owner, mode, links). While it is written, a copy of the
// old text lies beside it: where there is no room for that, nothing is changed.
func overwrite(path, old, text string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no ordinary file")
	}
	mode := info.Mode().Perm()
	kept, err := keepCopy(path, old, mode)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		if os.WriteFile(path, []byte(old), mode) != nil {
			return fmt.Errorf("%w; what was in it is in %s", err, kept)
		}
		_ = os.Remove(kept)
		return err
	}
	return os.Remove(kept)
}

// keepCopy writes a text into a new file beside a path, and names that file.
func keepCopy(path, text string, mode os.FileMode) (kept string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text)
	err = cmp.Or(err, file.Chmod(mode), file.Close())
	if err != nil {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
	return file.Name(), err
}

func showName(env *environment, path, _, _ string) error {
	_, err := fmt.Fprintln(env.Out, path)
	return err
}

func showDifference(env *environment, path, text, canonical string) error {
	_, err := env.Out.Write(diff.Diff(path, []byte(text), path+" (formatted)", []byte(canonical)))
	return err
}
