package lsp_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an editor asks while somebody writes: requests and golden answers as in TestNavigation.
func TestWriting(t *testing.T) { overTheWire(t, "writing") }

// result decodes the result of a request that has to succeed.
func result[T any](c *client, method string, params any) T {
	c.t.Helper()
	m := c.request(method, params)
	require.Nil(c.t, m.Error, "%s", method)
	var value T
	require.NoError(c.t, json.Unmarshal(m.Result, &value), "%s", m.Result)
	return value
}

type tokens struct {
	ResultID string
	Data     []int
	Edits    []struct {
		Start, DeleteCount int
		Data               []int
	}
}

// The difference of the tokens, applied to those that the client has, gives those that it would get anew.
func TestSemanticTokensDelta(t *testing.T) {
	c := initialized(t)
	doc := object{"textDocument": object{"uri": scratch}}
	text := strings.Repeat("fn work(item) {\n  f = async work(item);\n  await f\n}\n", 5)
	c.open(scratch, text)
	have := result[tokens](c, "textDocument/semanticTokens/full", doc)
	random := rand.New(rand.NewPCG(5, 6))
	for version := 2; version < 60; version++ {
		line := strconv.Itoa(random.IntN(20))
		from, to := line+":"+strconv.Itoa(random.IntN(8)), line+":"+strconv.Itoa(8+random.IntN(4))
		c.edit(scratch, version, from, to, []string{"", "x", "await ", "\n", "\"", "fn a() { 1 }\n", "/*"}[random.IntN(7)])
		delta := result[tokens](c, "textDocument/semanticTokens/full/delta", object{"textDocument": doc["textDocument"], "previousResultId": have.ResultID})
		for _, e := range delta.Edits {
			assert.Zero(t, e.Start%5+e.DeleteCount%5+len(e.Data)%5, "whole tokens")
			have.Data = slices.Replace(slices.Clone(have.Data), e.Start, e.Start+e.DeleteCount, e.Data...)
		}
		have.ResultID = delta.ResultID
		whole := result[tokens](c, "textDocument/semanticTokens/full", doc)
		require.Equal(t, whole.Data, have.Data, "version %d", version)
		have.ResultID = whole.ResultID
	}
	unknown := result[tokens](c, "textDocument/semanticTokens/full/delta", object{"textDocument": doc["textDocument"], "previousResultId": "gone"})
	assert.NotEmpty(t, unknown.Data, "who names tokens that nobody has gets all")
}

// Settings turn each kind of inlay hint off.
func TestInlayHintsAreSettings(t *testing.T) {
	const text = "fn work(a, b) { a + b }\nfn main() {\n  x = work(1, 2);\n  async work(x, x)\n}\n"
	for off, want := range map[string]int{"": 6, "types": 5, "parameterNames": 2, "threads": 5} {
		c := start(t)
		c.shakeHands(object{"capabilities": object{}, "initializationOptions": object{"inlayHints": object{off: false}}})
		c.open(scratch, text)
		hints := result[[]object](c, "textDocument/inlayHint", object{
			"textDocument": object{"uri": scratch}, "range": object{"start": at("0:0"), "end": at("9:0")}})
		assert.Len(t, hints, want, "without %s: %v", off, hints)
	}
}

// What takes time to find out is found out when somebody looks.
func TestResolvedLazily(t *testing.T) {
	c := start(t)
	c.shakeHands(object{"capabilities": object{}, "initializationOptions": object{"commands": []string{"hark.showReferences"}}})
	c.open(scratch, "/** Helps. */\nfn helper(a) { a }\nfn main() { helper(1); help }\n")
	doc := object{"uri": scratch}
	list := result[struct{ Items []object }](c, "textDocument/completion", object{"textDocument": doc, "position": at("2:27")})
	require.NotEmpty(t, list.Items)
	assert.NotContains(t, list.Items[0], "documentation")
	item := result[object](c, "completionItem/resolve", list.Items[0])
	assert.Equal(t, "helper", item["label"])
	assert.Equal(t, "fn helper(a)", item["detail"])
	assert.Equal(t, "Helps.", item["documentation"].(object)["value"])
	assert.Equal(t, list.Items[0]["textEdit"], item["textEdit"], "all else stays")

	lenses := result[[]object](c, "textDocument/codeLens", object{"textDocument": doc})
	require.Len(t, lenses, 4)
	assert.NotContains(t, lenses[0], "command")
	lens := result[object](c, "codeLens/resolve", lenses[0])
	command := lens["command"].(object)
	assert.Equal(t, "1 reference", command["title"])
	assert.Equal(t, "hark.showReferences", command["command"])
	for _, complete := range lenses[1:3] {
		assert.Equal(t, complete, result[object](c, "codeLens/resolve", complete))
	}
	run := lenses[1]["command"].(object)
	assert.Equal(t, []any{object{"uri": scratch, "function": "main"}}, run["arguments"])
}
