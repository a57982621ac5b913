package lsp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The rules of the protocol that hold for every request, whatever it asks.

func TestCancelledRequests(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() { 1 }")
	id := c.ask("test/wait", object{"textDocument": object{"uri": scratch}})
	c.notify("$/cancelRequest", object{"id": id})
	assert.Equal(t, -32800, c.answer(id).code())
	c.notify("$/cancelRequest", object{"id": id})
	c.notify("$/cancelRequest", object{"id": 12345})
	c.notify("$/cancelRequest", object{"id": "none"})
	c.notify("$/cancelRequest", nil)
	assert.Zero(t, c.request("textDocument/completion", object{"textDocument": object{"uri": scratch}, "position": at("0:0")}).code())
}

func TestEditsOvertakeRequests(t *testing.T) {
	c := initialized(t)
	other := "untitled:other"
	c.open(scratch, "fn main() { 1 }")
	c.open(other, "fn main() { 1 }")
	stale := c.ask("test/wait", object{"textDocument": object{"uri": scratch}})
	fresh := c.ask("test/wait", object{"textDocument": object{"uri": other}})
	c.edit(scratch, 2, "0:12", "0:13", "2")
	assert.Equal(t, -32801, c.answer(stale).code())
	c.notify("$/cancelRequest", object{"id": fresh})
	assert.Equal(t, -32800, c.answer(fresh).code(), "an edit of another document does not matter")
	stale = c.ask("test/wait", object{"textDocument": object{"uri": scratch}})
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": scratch}})
	assert.Equal(t, -32801, c.answer(stale).code())
}

// A request sees the edits before it, and none that come after it.
func TestRequestsSeeTheTextOfTheirTurn(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "")
	var ids []int
	for i := range 50 {
		c.edit(scratch, i+2, "0:0", "0:0", "x")
		ids = append(ids, c.ask("test/text", object{"textDocument": object{"uri": scratch}}))
	}
	for i, id := range ids {
		if m := c.answer(id); m.code() != -32801 {
			assert.Equal(t, fmt.Sprintf("%q", strings.Repeat("x", i+1)), string(m.Result))
		}
	}
}

func TestABrokenRequestBreaksNothingElse(t *testing.T) {
	c := initialized(t)
	assert.Equal(t, -32603, c.request("test/panic", nil).code())
	failed := c.request("test/fail", nil)
	assert.Equal(t, -32803, failed.code())
	assert.Equal(t, "it cannot be done", failed.Error.Message)
	c.open(scratch, "fn main() { oops }")
	assert.Len(t, c.diagnostics(scratch, 1), 1)
}

func TestWhatIsNoMessageIsAnsweredAndPassedOver(t *testing.T) {
	tests := []struct {
		name, frame string
		code        int
	}{
		{"no JSON", "{broken", -32700},
		{"no JSON inside", `{"jsonrpc":"2.0","id":1,"method":"shutdown","params":{"a":1,,}}`, -32700},
		{"two values", `{"jsonrpc":"2.0","id":1,"method":"shutdown"} {}`, -32700},
		{"a number", `1`, -32600},
		{"a batch", `[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]`, -32600},
		{"an empty batch", `[]`, -32600},
		{"another version", `{"jsonrpc":"1.0","id":1,"method":"shutdown"}`, -32600},
		{"no version", `{"id":1,"method":"shutdown"}`, -32600},
		{"no method", `{"jsonrpc":"2.0","id":1}`, -32600},
		{"an empty method", `{"jsonrpc":"2.0","id":1,"method":""}`, -32600},
		{"a method that is a number", `{"jsonrpc":"2.0","id":1,"method":1}`, -32600},
		{"a fraction as id", `{"jsonrpc":"2.0","id":1.5,"method":"shutdown"}`, -32600},
		{"an object as id", `{"jsonrpc":"2.0","id":{},"method":"shutdown"}`, -32600},
		{"null as id", `{"jsonrpc":"2.0","id":null,"method":"shutdown"}`, -32600},
		{"a method and a result", `{"jsonrpc":"2.0","id":1,"method":"shutdown","result":1}`, -32600},
	}
	c := initialized(t)
	for _, test := range tests {
		c.write(test.frame)
		m := c.next()
		require.NotNil(t, m.Error, test.name)
		assert.Equal(t, test.code, m.Error.Code, "%s: %s", test.name, m.Error.Message)
		assert.Equal(t, "null", string(m.ID), test.name)
	}
	for _, raw := range []string{
		"garbage\r\n\r\n", "Content-Length: -5\r\n\r\n{}", "Content-Length: x\r\n\r\n{\"jsonrpc\":\"2.0\"}", "Content-Length: 0\r\n\r\n",
		"Content-Length: 99999999999\r\n\r\n", "{\"jsonrpc\":\"2.0\",\"id\":1}\n", "Content-Type: x\r\n\r\n",
	} {
		_, err := c.conn.Write([]byte(raw))
		require.NoError(t, err)
	}
	c.write(`{"jsonrpc":"2.0","id":"text","method":"test/fail"}`)
	for {
		m := c.next()
		if string(m.ID) == `"text"` {
			assert.Equal(t, -32803, m.code())
			break
		}
		assert.Equal(t, []any{"null", -32700}, []any{string(m.ID), m.code()})
	}
	assert.Zero(t, c.request("shutdown", nil).code(), "the connection stays")
}

func TestHeadersAreReadLeniently(t *testing.T) {
	c := initialized(t)
	body := `{"jsonrpc":"2.0","id":"x","method":"shutdown"}`
	_, err := fmt.Fprintf(c.conn, "content-type: application/vscode-jsonrpc; charset=utf-8\ncontent-length:%d\n\n%s", len(body), body)
	require.NoError(t, err)
	assert.Equal(t, `"x"`, string(c.next().ID))
}

// One id that is used twice at a time gets an answer for each use.
func TestIdsInUse(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() { 1 }")
	c.diagnostics(scratch, 1)
	wait := `{"jsonrpc":"2.0","id":"a","method":"test/wait","params":{"textDocument":{"uri":"` + scratch + `"}}}`
	c.write(wait)
	c.write(wait)
	assert.Equal(t, -32600, c.next().code())
	c.notify("$/cancelRequest", object{"id": "a"})
	assert.Equal(t, -32800, c.next().code())
}

func TestParametersAreChecked(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() { 1 }")
	uri := object{"uri": scratch}
	for _, params := range []any{
		nil, 1, "x", []any{}, object{}, object{"textDocument": nil, "position": at("0:0")}, object{"textDocument": object{}, "position": at("0:0")},
		object{"textDocument": uri}, object{"textDocument": uri, "position": object{}}, object{"textDocument": uri, "position": object{"line": 0}},
		object{"textDocument": uri, "position": object{"line": -1, "character": 0}}, object{"textDocument": uri, "position": object{"line": 0, "character": -1}},
		object{"textDocument": uri, "position": object{"line": 0.5, "character": 0}}, object{"textDocument": uri, "position": object{"line": "0", "character": 0}},
		object{"textDocument": uri, "position": []int{0, 0}}, object{"textDocument": object{"uri": 1}, "position": at("0:0")},
		object{"textDocument": object{"uri": "file:///no/such/file.hk"}, "position": at("0:0")},
		object{"textDocument": object{"uri": ""}, "position": at("0:0")},
		object{"textDocument": object{"uri": "%%%"}, "position": at("0:0")},
	} {
		m := c.request("textDocument/completion", params)
		assert.Equal(t, -32602, m.code(), "%v", params)
	}
	for _, huge := range []any{1 << 31, 1 << 40, 1e30, json.RawMessage("1e2")} {
		m := c.request("textDocument/completion", object{"textDocument": uri, "position": object{"line": huge, "character": huge}})
		assert.Zero(t, m.code(), "%v: %v", huge, m.Error)
	}
}

func TestInitializeIsLenient(t *testing.T) {
	for _, params := range []object{
		{}, {"capabilities": object{}}, {"capabilities": object{"textDocument": 5, "general": object{"positionEncodings": "utf-8"}}},
		{"capabilities": object{}, "rootUri": nil, "workspaceFolders": nil, "initializationOptions": nil},
		{"capabilities": object{}, "rootUri": "weird://x", "workspaceFolders": []any{object{"uri": "vscode-vfs://github/x", "name": "x"}}},
	} {
		c := start(t)
		assert.Zero(t, c.request("initialize", params).code(), "%v", params)
		c.notify("initialized", object{})
		c.open(scratch, "fn main() { oops }")
		assert.Len(t, c.diagnostics(scratch, 1), 1)
	}
	for _, params := range []any{nil, 5, []any{}, object{"capabilities": 5}, object{"capabilities": object{}, "rootUri": 5}} {
		c := start(t)
		assert.Equal(t, -32602, c.request("initialize", params).code(), "%v", params)
		assert.Zero(t, c.request("initialize", object{"capabilities": object{}}).code(), "the next one works")
	}
}

// Requests that never end do not keep the server from ending, and what was sent before the end is answered.
func TestEndWhileRequestsRun(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() { 1 }")
	wait := c.ask("test/wait", object{"textDocument": object{"uri": scratch}})
	text := c.ask("test/text", object{"textDocument": object{"uri": scratch}})
	bye := c.ask("shutdown", nil)
	c.notify("exit", nil)
	assert.Zero(t, c.answer(text).code())
	assert.Zero(t, c.answer(bye).code())
	assert.Equal(t, -32800, c.answer(wait).code())
	require.NoError(t, c.finished())
}

func TestExitWithoutShutdown(t *testing.T) {
	c := initialized(t)
	c.notify("exit", nil)
	require.Error(t, c.finished())
	c = start(t)
	c.notify("exit", nil)
	require.Error(t, c.finished())
}
