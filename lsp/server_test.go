package lsp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const scratch = "untitled:Untitled-1"

func TestDiagnosticsFollowEdits(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() {\n  pritn(1)\n}\n")
	assert.Equal(t, []string{"1:2-1:7 HK0101 1"}, c.diagnostics(scratch, 1))
	c.edit(scratch, 2, "1:2", "1:7", "print")
	assert.Equal(t, []string{}, c.diagnostics(scratch, 2))
	c.edit(scratch, 3, "1:0", "1:0", "  x = 1\n")
	assert.Contains(t, c.diagnostics(scratch, 3), "1:7-1:7 HK0008 1")
}

func TestPositionEncodings(t *testing.T) {
	text := "fn main() { print(\"😀é\"); oops }"
	tests := []struct {
		encoding string
		want     string
		after    string // the column behind the String
	}{
		{"utf-16", "0:26-0:30 HK0101 1", "0:26"},
		{"utf-8", "0:29-0:33 HK0101 1", "0:29"},
	}
	for _, test := range tests {
		c := initialized(t, test.encoding)
		c.open(scratch, text)
		assert.Equal(t, []string{test.want}, c.diagnostics(scratch, 1), test.encoding)
		c.edit(scratch, 2, test.after, test.after, "tid(); ")
		assert.Len(t, c.diagnostics(scratch, 2), 1)
	}
}

func TestCompletionOfNamesInScope(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn helper(a) { a }\nfn main(items) {\n  item_count = length(items);\n  it\n}\n")
	assert.Equal(t, []string{"item_count", "items"}, c.labels(scratch, "3:4")[:2])
	assert.Equal(t, []string{"item_count", "items"}, c.labels(scratch, "3:400")[:2], "behind the end of the line is its end")
}

func TestImportsOfOpenAndSavedFiles(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lib.hk"), []byte("fn f(a) { a }\n"), 0o644))
	main, lib := "file://"+filepath.ToSlash(dir)+"/main.hk", "file://"+filepath.ToSlash(dir)+"/lib.hk"
	c := initialized(t)
	c.open(main, "import(f, :hark lib);\nfn main() { f(1) }\n")
	assert.Equal(t, []string{}, c.diagnostics(main, 1))
	c.open(lib, "fn f(a, b) { a + b }\n")
	assert.Equal(t, []string{"1:13-1:16 HK0201 1"}, c.diagnostics(main, 1))
}

func TestEachRequestHasOneAnswer(t *testing.T) {
	c := initialized(t)
	open := map[string]any{"uri": scratch}
	c.open(scratch, "fn main() { 1 }")
	tests := []struct {
		method string
		params any
		code   int
	}{
		{"textDocument/nonesuch", map[string]any{}, -32601},
		{"textDocument/completion", nil, -32602},
		{"textDocument/completion", "text", -32602},
		{"textDocument/completion", map[string]any{"textDocument": open}, -32602},
		{"textDocument/completion", map[string]any{"textDocument": open, "position": map[string]any{"line": -1, "character": 0}}, -32602},
		{"textDocument/completion", map[string]any{"textDocument": open, "position": map[string]any{"line": "x", "character": 0}}, -32602},
		{"textDocument/completion", map[string]any{"textDocument": map[string]any{"uri": "file:///nowhere.hk"}, "position": at("0:0")}, -32602},
		{"initialize", map[string]any{}, -32600},
	}
	for _, test := range tests {
		m := c.request(test.method, test.params)
		require.NotNil(t, m.Error, "%s %v", test.method, test.params)
		assert.Equal(t, test.code, m.Error.Code, "%s %v: %s", test.method, test.params, m.Error.Message)
	}
	huge := c.request("textDocument/completion", map[string]any{"textDocument": open,
		"position": map[string]any{"line": 1 << 60, "character": 1 << 60}})
	assert.Nil(t, huge.Error)
}

func TestWhatIsNoMessage(t *testing.T) {
	c := initialized(t)
	c.write("{broken")
	m := c.next()
	require.NotNil(t, m.Error)
	assert.Equal(t, -32700, m.Error.Code)
	assert.Equal(t, "null", string(m.ID))
	c.notify("textDocument/didChange", map[string]any{"textDocument": "wrong"})
	c.notify("nonesuch", nil)
	assert.Nil(t, c.request("shutdown", nil).Error, "the connection stays")
}

func TestLifecycle(t *testing.T) {
	c := start(t)
	early := c.request("textDocument/completion", map[string]any{})
	require.NotNil(t, early.Error)
	assert.Equal(t, -32002, early.Error.Code)
	hello := c.request("initialize", map[string]any{"capabilities": map[string]any{}})
	var result struct {
		Capabilities struct {
			PositionEncoding string
			TextDocumentSync struct{ Change int }
		}
		ServerInfo struct{ Name, Version string }
	}
	require.NoError(t, json.Unmarshal(hello.Result, &result))
	assert.Equal(t, "utf-16", result.Capabilities.PositionEncoding)
	assert.Equal(t, 2, result.Capabilities.TextDocumentSync.Change)
	assert.Equal(t, "hark-ls", result.ServerInfo.Name)
	bye := c.request("shutdown", nil)
	assert.Equal(t, "null", string(bye.Result))
	late := c.request("textDocument/completion", map[string]any{})
	require.NotNil(t, late.Error)
	assert.Equal(t, -32600, late.Error.Code)
	c.notify("exit", nil)
	require.NoError(t, c.finished())
}

func TestEndOfInput(t *testing.T) {
	c := initialized(t)
	c.conn.Close()
	c.finished()
}
