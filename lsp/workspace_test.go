package lsp_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/lsp"
)

// workspace is a folder with files in it, whose texts are given by path.
type workspace struct {
	t    testing.TB
	root string
}

func folderWith(t testing.TB, files map[string]string) *workspace {
	w := &workspace{t, t.TempDir()}
	for name, text := range files {
		w.write(name, text)
	}
	return w
}

func (w *workspace) write(name, text string) {
	path := filepath.Join(w.root, filepath.FromSlash(name))
	require.NoError(w.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(w.t, os.WriteFile(path, []byte(text), 0o644))
}

func (w *workspace) remove(name string) {
	require.NoError(w.t, os.RemoveAll(filepath.Join(w.root, filepath.FromSlash(name))))
}

func (w *workspace) uri(name string) string {
	return strings.TrimSuffix("file://"+filepath.ToSlash(w.root)+"/"+name, "/")
}

// opened is a client that works in the folder; capabilities are beside those that it always has.
func (w *workspace) opened(capabilities object) *client {
	c := start(w.t)
	c.shakeHands(object{"capabilities": capabilities, "workspaceFolders": []any{object{"uri": w.uri(""), "name": "w"}}})
	return c
}

var watches = object{"workspace": object{"didChangeWatchedFiles": object{"dynamicRegistration": true}}}

// changed tells the server about files: "+" created, "~" changed, "-" deleted.
func (c *client) changed(w *workspace, files ...string) {
	changes := []any{}
	for _, file := range files {
		changes = append(changes, object{"uri": w.uri(file[1:]), "type": strings.Index("+~-", file[:1]) + 1})
	}
	c.notify("workspace/didChangeWatchedFiles", object{"changes": changes})
}

// findings waits for the next push for a document, whatever its version, and is the codes in it.
func (c *client) findings(uri string) string {
	c.t.Helper()
	for {
		var p struct {
			URI         string
			Version     *int
			Diagnostics []struct{ Code, Message string }
		}
		require.NoError(c.t, json.Unmarshal(c.await("textDocument/publishDiagnostics").Params, &p))
		if p.URI != uri {
			continue
		}
		var codes []string
		for _, d := range p.Diagnostics {
			codes = append(codes, d.Code)
		}
		if p.Version != nil {
			codes = append([]string{"v" + string(rune('0'+*p.Version))}, codes...)
		}
		return strings.Join(codes, " ")
	}
}

func TestFilesThatAreNotOpen(t *testing.T) {
	w := folderWith(t, map[string]string{
		"hark.toml": "", "main.hk": "import(f, :hark lib);\nfn main() { f(1) }\n", "lib.hk": "fn f(a) { a }\n",
		"node_modules/x.hk": "fn x() { oops }", ".hidden/x.hk": "fn x() { oops }", "venv/pyvenv.cfg": "", "venv/x.hk": "fn x() { oops }",
		"other/hark.toml": "", "other/o.hk": "fn o() { oops }",
	})
	c := w.opened(watches)
	assert.Equal(t, "", c.findings(w.uri("lib.hk")))
	assert.Equal(t, "", c.findings(w.uri("main.hk")))
	assert.Equal(t, "HK0101", c.findings(w.uri("other/o.hk")), "a project inside of another is one by itself")

	w.write("lib.hk", "fn f(a, b) { a + b }\n")
	c.changed(w, "~lib.hk")
	assert.Equal(t, "HK0201", c.findings(w.uri("main.hk")), "a file that is not open is read again")

	c.open(w.uri("main.hk"), "import(f, :hark lib);\nfn main() { f(1, 2) }\n")
	assert.Equal(t, "v1", c.findings(w.uri("main.hk")))
	c.open(w.uri("lib.hk"), "fn f(a) { a }\n")
	assert.Equal(t, "v1 HK0201", c.findings(w.uri("main.hk")), "what an open document changes is told of another")
	w.write("lib.hk", "fn f() { 1 }\n")
	c.changed(w, "~lib.hk")
	c.edit(w.uri("lib.hk"), 2, "0:0", "0:0", " ")
	assert.Equal(t, "v2", c.findings(w.uri("lib.hk")), "the disk is of no interest while the document is open")
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": w.uri("lib.hk")}})
	c.edit(w.uri("main.hk"), 2, "1:14", "1:18", "")
	assert.Empty(t, c.diagnostics(w.uri("main.hk"), 2), "a closed document is as on disk")
}

func TestFilesComeAndGo(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "", "main.hk": "import(f, :hark lib.util);\nfn main() { f(1) }\n"})
	c := w.opened(watches)
	assert.Equal(t, "HK0112", c.findings(w.uri("main.hk")))
	w.write("lib/util.hk", "fn f(a) { a }\n")
	c.changed(w, "+lib/util.hk")
	assert.Equal(t, "", c.findings(w.uri("main.hk")))
	w.remove("lib")
	c.notify("workspace/didDeleteFiles", object{"files": []any{object{"uri": w.uri("lib")}}})
	assert.NotEqual(t, "", c.findings(w.uri("main.hk")))
	w.write("lib/util.hk", "fn f(a) { a }\n")
	c.notify("workspace/didCreateFiles", object{"files": []any{object{"uri": w.uri("lib/util.hk")}}})
	assert.Equal(t, "", c.findings(w.uri("main.hk")))
	require.NoError(t, os.Rename(filepath.Join(w.root, "lib"), filepath.Join(w.root, "bib")))
	c.notify("workspace/didRenameFiles", object{"files": []any{object{"oldUri": w.uri("lib"), "newUri": w.uri("bib")}}})
	assert.NotEqual(t, "", c.findings(w.uri("main.hk")))
}

// A client that does not watch makes the server look by itself.
func TestLookingAtTheDisk(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "", "main.hk": "import(f, :hark lib);\nfn main() { f(1) }\n", "lib.hk": "fn f(a) { a }\n"})
	c := w.opened(object{})
	assert.Equal(t, "", c.findings(w.uri("main.hk")))
	w.write("lib.hk", "fn f() { 12345 }\n")
	c.notify("textDocument/didSave", object{"textDocument": object{"uri": w.uri("other.txt")}})
	assert.Equal(t, "HK0201", c.findings(w.uri("main.hk")))
}

func TestProjectsWithoutAProjectFile(t *testing.T) {
	w := folderWith(t, map[string]string{
		"docs/readme.txt": "", "app/main.hk": "import(f, :hark lib.util);\nfn main() { f(1) }\n", "app/lib/util.hk": "fn f(a) { a }\n",
	})
	c := w.opened(watches)
	assert.Equal(t, "", c.findings(w.uri("app/main.hk")), "the outermost folder with a Hark file is the root")
	w.write("hark.toml", "")
	c.changed(w, "+hark.toml")
	assert.NotEqual(t, "", c.findings(w.uri("app/main.hk")), "now the root is where hark.toml is")
	w.remove("hark.toml")
	c.changed(w, "-hark.toml")
	assert.Equal(t, "", c.findings(w.uri("app/main.hk")))
}

func TestFoldersComeAndGo(t *testing.T) {
	a := folderWith(t, map[string]string{"a.hk": "fn main() { oops }"})
	b := folderWith(t, map[string]string{"b.hk": "fn main() { oops }"})
	c := a.opened(watches)
	assert.Equal(t, "HK0101", c.findings(a.uri("a.hk")))
	c.notify("workspace/didChangeWorkspaceFolders", object{"event": object{
		"added": []any{object{"uri": b.uri(""), "name": "b"}}, "removed": []any{object{"uri": a.uri(""), "name": "a"}}}})
	assert.Equal(t, "HK0101", c.findings(b.uri("b.hk")))
	assert.Equal(t, "", c.findings(a.uri("a.hk")), "what is not looked at any more has no problems to show")
}

func TestProjectFile(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "[lint]\nHK0104 = 'loud'\n", "main.hk": "fn main() { x = 1; 2 }\n"})
	c := w.opened(watches)
	first := c.findings(w.uri("main.hk"))
	require.NotEmpty(t, first)
	assert.Equal(t, []string{"1:0-1:6 HK0703 2"}, c.diagnostics(w.uri("hark.toml"), 0), "where it stands, although the file is not open")
	w.write("hark.toml", "[lint]\n"+first+" = 'off'\n")
	c.changed(w, "~hark.toml")
	assert.Equal(t, "", c.findings(w.uri("main.hk")))
	c.open(w.uri("hark.toml"), "[lint]\n"+first+" = 'error'\n")
	c.open(w.uri("main.hk"), "fn main() { x = 1; 2 }\n")
	assert.Equal(t, []string{"0:12-0:13 " + first + " 1"}, c.diagnostics(w.uri("main.hk"), 1))
	c.edit(w.uri("hark.toml"), 2, "0:5", "0:6", "")
	found := c.diagnostics(w.uri("hark.toml"), 2)
	require.Len(t, found, 1)
	assert.Contains(t, found[0], "HK0701 1", "an error")
}

func TestOddURIs(t *testing.T) {
	w := folderWith(t, map[string]string{"a b/ünï?.hk": "fn f(a) { a }\n"})
	spelled := "file://" + filepath.ToSlash(w.root) + "/a%20b/%C3%BCn%c3%af%3F.hk"
	c := start(t)
	c.shakeHands(object{"capabilities": object{}})
	c.open(spelled, "fn main() { oops }")
	assert.Equal(t, "v1 HK0101", c.findings(spelled), "the client's spelling is kept")
	for _, odd := range []string{"untitled:Untitled-1", "vscode-notebook-cell:/x/y.ipynb#W0", "git:/a/b.hk?%7B%22ref%22%3A%22%22%7D", "untitled:a%20b"} {
		c.open(odd, "fn main() { oops }")
		assert.Equal(t, "v1 HK0101", c.findings(odd))
	}
}

func TestTooManyFiles(t *testing.T) {
	defer lsp.TakeAtMost(3)()
	files := map[string]string{"hark.toml": "", "z/last.hk": "fn last(a) { a }\n", "a.hk": "import(last, :hark z.last);\nfn main() { last() }\n"}
	for i := range 10 {
		files[fmt.Sprintf("f%d.hk", i)] = "fn f() { 1 }\n"
	}
	w := folderWith(t, files)
	c := w.opened(watches)
	assert.Contains(t, string(c.await("window/logMessage").Params), "too many files")
	assert.Equal(t, "HK0201", c.findings(w.uri("a.hk")), "what is imported is read all the same")
}
