package lsp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// A day in the life: an archive of testdata/day is a script by which somebody writes a project from an empty folder, key by key, in an
// editor that closes brackets and quotes. A section is a step, "NUMBER VERB FILE":
//
//	write      the file is written to disk by somebody else
//	type       what is typed where the cursor is, in a new file at first
//	cursor     the cursor goes behind the last place of this text
//	erase      this text, which is before the cursor, is deleted key by key
//	save       the file is saved
//	shows      golden: the file's problems, now
//	complete   the first line is typed, the second line accepted among what is offered; golden: its place in the list and its detail
//	signature  golden: the signature at the cursor, its active parameter in "«»"
//	hover      golden, but for the first line: what is shown for the last place of the first line's text
//	hints      golden: what is shown between the letters
//	fix        the first line is the code of a problem, the second the title of the action that is taken
//	format     the file is formatted
//	text       golden: the file, whole
//
// After each key everything that an editor asks for while one types is asked for. At the end no file has a problem.
func TestADayInTheLife(t *testing.T) {
	for _, editor := range editors {
		t.Run(editor.name, func(t *testing.T) {
			testkit.Run(t, "testdata/day/*.txtar", func(t *testing.T, c *testkit.Case) {
				d := newDesk(t, editor)
				for _, name := range c.Names() {
					step := strings.Fields(name)
					require.Len(t, step, 3, name)
					do := verbs[step[1]]
					require.NotNil(t, do, "%s: no such verb", name)
					got, golden := do(d, step[2], strings.TrimSuffix(c.Text(t, name), "\n"))
					if golden && (editor.closes || step[1] == "text") {
						c.Golden(t, name, got+"\n")
					}
					if t.Failed() {
						t.Fatalf("at step %q", name)
					}
				}
				for path := range d.sheets {
					require.Empty(t, d.problems(path), "problems of %s at the end of the day", path)
				}
			})
		})
	}
}

// editors are those in which the day is spent. In one that closes nothing the text is broken most of the time, so that other things are
// right to be shown at a pause; but it ends with the same.
var editors = []editor{{"closing in utf-8", "utf-8", true}, {"closing in utf-16", "utf-16", true}, {"plain", "utf-16", false}}

type editor struct {
	name, encoding string
	closes         bool
}

// verbs are what a step may be; the result is compared if the second one says so.
var verbs = map[string]func(d *desk, path, text string) (string, bool){
	"write": func(d *desk, path, text string) (string, bool) {
		d.write(path, text+"\n")
		return "", false
	},
	"type": func(d *desk, path, text string) (string, bool) {
		d.typeText(d.sheet(path), text)
		return "", false
	},
	"cursor": func(d *desk, path, text string) (string, bool) {
		s := d.sheet(path)
		s.cursor = s.last(d.t, text) + len(text)
		return "", false
	},
	"erase": func(d *desk, path, text string) (string, bool) {
		d.erase(d.sheet(path), text)
		return "", false
	},
	"save": func(d *desk, path, _ string) (string, bool) {
		d.save(d.sheet(path))
		return "", false
	},
	"shows":     func(d *desk, path, _ string) (string, bool) { return strings.Join(d.problems(path), "\n"), true },
	"complete":  func(d *desk, path, text string) (string, bool) { return d.complete(d.sheet(path), text), true },
	"signature": func(d *desk, path, _ string) (string, bool) { return d.signature(d.sheet(path)), true },
	"hover":     func(d *desk, path, text string) (string, bool) { return d.hover(d.sheet(path), text), true },
	"hints":     func(d *desk, path, _ string) (string, bool) { return d.hints(d.sheet(path)), true },
	"fix": func(d *desk, path, text string) (string, bool) {
		d.fix(d.sheet(path), text)
		return "", false
	},
	"format": func(d *desk, path, _ string) (string, bool) {
		d.format(d.sheet(path))
		return "", false
	},
	"text": func(d *desk, path, _ string) (string, bool) {
		return strings.TrimSuffix(d.sheet(path).text, "\n"), true
	},
}

// desk is the editor with its open files, over a folder.
type desk struct {
	editor
	t      *testing.T
	client *client
	root   string
	sheets map[string]*sheet
	keys   int
}

func newDesk(t *testing.T, of editor) *desk {
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	d := &desk{t: t, editor: of, client: start(t), root: root, sheets: map[string]*sheet{}}
	d.client.shakeHands(object{
		"workspaceFolders": []any{object{"uri": "file://" + root, "name": "day"}},
		"capabilities": object{
			"general":   object{"positionEncodings": []string{of.encoding}},
			"workspace": object{"didChangeWatchedFiles": object{"dynamicRegistration": true}, "workspaceEdit": object{"documentChanges": true}},
			"textDocument": object{
				"completion": object{"completionItem": object{"snippetSupport": false}},
				"codeAction": object{"codeActionLiteralSupport": object{"codeActionKind": object{"valueSet": []string{}}}},
				"hover":      object{"contentFormat": []string{"markdown"}},
			},
		},
	})
	return d
}

// write puts a file on disk, behind the editor's back but not behind its file watcher's.
func (d *desk) write(path, text string) {
	full := filepath.Join(d.root, filepath.FromSlash(path))
	_, err := os.Stat(full)
	kind := 2
	if err != nil {
		kind = 1
	}
	require.NoError(d.t, os.MkdirAll(filepath.Dir(full), 0o755))
	require.NoError(d.t, os.WriteFile(full, []byte(text), 0o644))
	d.client.notify("workspace/didChangeWatchedFiles", object{"changes": []any{object{"uri": "file://" + full, "type": kind}}})
}

func (d *desk) save(s *sheet) {
	d.write(s.path, s.text)
	d.client.notify("textDocument/didSave", object{"textDocument": object{"uri": s.uri}})
}

// sheet is an open file, opened empty if it is not.
func (d *desk) sheet(path string) *sheet {
	if s := d.sheets[path]; s != nil {
		return s
	}
	s := &sheet{path: path, uri: "file://" + d.root + "/" + path, version: 1}
	d.sheets[path] = s
	d.write(path, "")
	d.client.open(s.uri, "")
	return s
}

// problems are what the editor shows to be wrong with a file: it is asked for when nothing else is going on.
func (d *desk) problems(path string) []string {
	s := d.sheet(path)
	d.change(s, s.cursor, s.cursor, "") // a version of its own, whose report is the last word on what came before
	var all []string
	for _, p := range s.found {
		all = append(all, fmt.Sprintf("%d:%d %s %s", p.Range.Start.Line+1, p.Range.Start.Character+1, p.Code, p.Message))
	}
	return all
}
