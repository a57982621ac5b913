package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/compiler/resolve"
	"github.com/hark-lang/hark-ls/internal/config"
	"github.com/hark-lang/hark-ls/internal/source"
)

// What the language server tells an editor, the command query tells anyone. query_features.go has the features; here is what they have in
// common: places as they are written and shown, and the project that they are looked for in.

func queryCommand(env *environment) *cobra.Command {
	var asJSON, write bool
	cmd := &cobra.Command{
		Use:   "query FEATURE FILE:LINE:COLUMN [TEXT] [--json] [--write]",
		Short: "Ask what the language server knows of a place",
		Long: `Answers as the language server does. Lines and columns count from 1, columns in characters. All Hark
files of the project are looked at.

` + featureHelp(),
		Example: `hark-ls query hover service.hk:12:7
hark-ls query references --json lib/util.hk:3:4
hark-ls query rename service.hk:12:7 total --write
hark-ls query symbols service.hk
hark-ls query workspace-symbols resize`,
		Annotations: map[string]string{exitKey: "0 answered, 1 there is nothing to tell or the change is refused, 2 wrong usage"},
		Args:        arguments(2, 3),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return harkFiles(cmd, nil, typed)
			}
			return featureNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := query(cmd, args, write)
			if asJSON {
				return queryJSON(env, args[0], result, err)
			}
			if err != nil {
				return err
			}
			for _, line := range result.lines {
				if _, err := fmt.Fprintln(env.Out, line); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object: {\"feature\", \"result\"}, or {\"feature\", \"error\"}")
	cmd.Flags().BoolVar(&write, "write", false, "change the files too, not only show the changes")
	keepsJSON(cmd, env, func(err error) error { return queryJSON(env, "", answer{}, err) })
	return cmd
}

// answer is what a feature has found: lines for people, an object for machines.
type answer struct {
	lines  []string
	object any
}

// queryJSON writes the object of a query, and is the error to end with.
func queryJSON(env *environment, feature string, result answer, err error) error {
	object := struct {
		Feature string `json:"feature"`
		Result  any    `json:"result,omitempty"`
		Error   string `json:"error,omitempty"`
	}{Feature: feature, Result: result.object}
	if err != nil {
		object.Error = withoutHint(err)
	}
	if err := writeJSON(env.Out, object); err != nil {
		return err
	}
	return err
}

// question is a feature's input.
type question struct {
	*project
	snapshot *ide.Snapshot
	// path is the file in the project, offset the place in it; text is the last argument, "" if there is none.
	path   string
	offset int32
	text   string
	write  bool
}

func query(cmd *cobra.Command, args []string, write bool) (answer, error) {
	f, ok := features[args[0]]
	if !ok {
		message := fmt.Sprintf("there is no feature '%s'", args[0])
		if near := resolve.Nearest(args[0], slices.Values(featureNames())); near != "" {
			message += fmt.Sprintf("; did you mean '%s'?", near)
		}
		return answer{}, usageError(cmd, "%s", message)
	}
	if write && (f.text == "" || f.place == noPlace || len(args) < 3) {
		return answer{}, usageError(cmd, "--write is for changes: of rename, or of an action by its title")
	}
	if takesText := f.text != ""; len(args) == 3 && !takesText {
		return answer{}, usageError(cmd, "'%s' is one argument too many", args[2])
	} else if takesText && f.text != optional && f.place != noPlace && len(args) < 3 {
		return answer{}, usageError(cmd, "%s is missing: %s", f.text, f.doc)
	}
	q, err := ask(cmd, f, args[1:])
	if err != nil {
		return answer{}, err
	}
	q.write = write
	result, err := f.run(q)
	if err != nil {
		return answer{}, &failure{exitFailed, err}
	}
	if len(result.lines) == 0 {
		return result, &failure{exitFailed, fmt.Errorf("%s: nothing there", args[0])}
	}
	return result, nil
}

// ask reads the arguments of a feature and the project that they are about.
func ask(cmd *cobra.Command, f feature, args []string) (*question, error) {
	if f.place == noPlace {
		p, _, err := projectOf("main.hk")
		if err != nil {
			return nil, err
		}
		q := &question{project: p, text: args[0]}
		return q, q.load()
	}
	file, line, column := splitPlace(args[0])
	if f.place == onePlace && column == 0 {
		return nil, usageError(cmd, "'%s' is no place: write FILE:LINE:COLUMN", args[0])
	}
	p, path, text, err := openProject(cmd.Context(), file)
	if err != nil {
		return nil, err
	}
	p.add(path, text)
	q := &question{project: p, path: path}
	if len(args) > 1 {
		q.text = args[1]
	}
	if column > 0 {
		if q.offset, err = offsetOf(text, line, column); err != nil {
			return nil, &failure{exitUsage, fmt.Errorf("%s %w", file, err)}
		}
	}
	return q, q.load()
}

// load reads all Hark files of the project: those below its root, or, where nothing says how far it goes, those beside the file.
func (q *question) load() error {
	if _, whole := config.FindRoot(q.Root); whole {
		err := walkHark(q.Root, q.addFile)
		q.snapshot = ide.NewSnapshot(q.ide())
		return err
	}
	beside, err := os.ReadDir(q.Root)
	if err != nil {
		return fmt.Errorf("look for Hark files: %w", err)
	}
	for _, entry := range beside {
		if !entry.IsDir() && filepath.Ext(entry.Name()) == ".hk" {
			q.addFile(filepath.Join(q.Root, entry.Name()))
		}
	}
	q.snapshot = ide.NewSnapshot(q.ide())
	return nil
}

func (q *question) addFile(file string) {
	if relative, err := filepath.Rel(q.Root, file); err == nil {
		if text, err := q.read(filepath.ToSlash(relative)); err == nil {
			q.add(filepath.ToSlash(relative), text)
		}
	}
}

// splitPlace takes FILE:LINE:COLUMN apart. Without both numbers it is a file, whose name may have colons too.
func splitPlace(text string) (file string, line, column int) {
	parts := strings.Split(text, ":")
	if len(parts) < 3 {
		return text, 0, 0
	}
	n := len(parts)
	line, lineErr := strconv.Atoi(parts[n-2])
	column, columnErr := strconv.Atoi(parts[n-1])
	if lineErr != nil || columnErr != nil || line < 1 || column < 1 {
		return text, 0, 0
	}
	return strings.Join(parts[:n-2], ":"), line, column
}

// offsetOf is the place of a line and a column in characters, which may be directly behind the line.
func offsetOf(text string, line, column int) (int32, error) {
	lines := source.NewLines(text)
	if line > lines.Count() {
		return 0, fmt.Errorf("has %d lines, not %d", lines.Count(), line)
	}
	rest, at := lines.Text(line-1), 0
	for range column - 1 {
		if at == len(rest) {
			return 0, fmt.Errorf("has %d characters in line %d, not %d", utf8.RuneCountInString(rest), line, column)
		}
		_, size := utf8.DecodeRuneInString(rest[at:])
		at += size
	}
	return lines.Start(line-1) + int32(at), nil
}

// jsonPlace is a piece of a file. Lines and columns count from 1, columns in characters; the end is behind the last.
type jsonPlace struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Text      string `json:"text"`
}

// place is a place of the project as it is shown; the text is the whole line.
func (q *question) place(p ide.Place) jsonPlace {
	lines := source.NewLines(q.snapshot.Text(p.Path))
	shown := jsonPlace{File: filepath.ToSlash(q.shownFile(p.Path))}
	shown.Line, shown.Column = lineColumn(lines, p.Span)
	shown.EndLine, shown.EndColumn = lineColumn(lines, source.Span{Start: p.Span.End, End: p.Span.End})
	shown.Text = strings.TrimSpace(lines.Text(shown.Line - 1))
	return shown
}

func (p jsonPlace) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// here is a span of the question's file.
func (q *question) here(span source.Span) jsonPlace {
	return q.place(ide.Place{Path: q.path, Span: span})
}

// places are places one below the other.
func (q *question) places(all []ide.Place) answer {
	found := answer{}
	shown := []jsonPlace{}
	for _, p := range all {
		shown = append(shown, q.place(p))
		found.lines = append(found.lines, shown[len(shown)-1].String())
	}
	found.object = shown
	return found
}

func featureNames() []string {
	var names []string
	for name := range features {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// featureHelp lists the features with what they want.
func featureHelp() string {
	var b strings.Builder
	for _, name := range featureNames() {
		fmt.Fprintf(&b, "  %-18s %s\n", name, features[name].doc)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
