package lsp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// unused has one problem, a warning.
const unused = "fn main() { x = 1; 2 }"

func TestShapesOfSettings(t *testing.T) {
	code := unusedCode(t)
	for _, shape := range []any{
		object{"hark": object{"lint": object{code: "hint"}}}, object{"lint": object{code: "hint"}}, object{"hark.lint." + code: "hint"},
		object{"hark": object{"lint." + code: "hint"}}, object{"lint." + code: "hint"}, object{"settings": object{"hark": object{"lint": object{code: "hint"}}}},
	} {
		c := initialized(t)
		c.notify("workspace/didChangeConfiguration", object{"settings": shape})
		c.open(scratch, unused)
		assert.Equal(t, []string{"0:12-0:13 " + code + " 4"}, c.diagnostics(scratch, 1), "%v", shape)

		c = start(t)
		c.shakeHands(object{"capabilities": object{}, "initializationOptions": shape})
		c.open(scratch, unused)
		assert.Equal(t, []string{"0:12-0:13 " + code + " 4"}, c.diagnostics(scratch, 1), "%v", shape)

		c = start(t)
		c.answers["workspace/configuration"] = []any{shape}
		c.shakeHands(object{"capabilities": object{"workspace": object{"configuration": true}}})
		c.open(scratch, unused)
		assert.Equal(t, []string{"0:12-0:13 " + code + " 4"}, c.diagnostics(scratch, 1), "%v", shape)
	}
}

func unusedCode(t *testing.T) string {
	c := initialized(t)
	c.open(scratch, unused)
	return c.findings(scratch)[len("v1 "):]
}

func TestLevels(t *testing.T) {
	code := unusedCode(t)
	c := initialized(t)
	c.open(scratch, unused)
	for i, level := range []string{"error", "warning", "info", "hint"} {
		c.notify("workspace/didChangeConfiguration", object{"settings": object{"hark": object{"lint": object{code: level}}}})
		c.edit(scratch, i+2, "0:0", "0:0", "")
		assert.Equal(t, []string{fmt.Sprintf("0:12-0:13 %s %d", code, i+1)}, c.diagnostics(scratch, i+2), level)
	}
	c.notify("workspace/didChangeConfiguration", object{"settings": object{"hark": object{"lint": object{code: "off"}}}})
	assert.Equal(t, "v5", c.findings(scratch), "a change of the settings is told at once")
	c.notify("workspace/didChangeConfiguration", object{"settings": nil})
	assert.Equal(t, "v5 "+code, c.findings(scratch), "what is no longer set is as it was")
}

func TestSettingsThatMakeNoSense(t *testing.T) {
	c := initialized(t)
	wrong := object{"settings": object{"hark": object{"lint": object{"HK9999": "off", "HK0101": "loud", "x": 1}, "inlayHints": object{"types": 5}, "other": []int{1}}}}
	c.notify("workspace/didChangeConfiguration", wrong)
	c.notify("workspace/didChangeConfiguration", wrong)
	c.notify("workspace/didChangeConfiguration", object{"settings": []any{}}) // is nothing at all
	c.notify("workspace/didChangeConfiguration", object{"settings": 5})
	c.notify("workspace/didChangeConfiguration", 7)
	c.open(scratch, "fn main() { 1 }")
	shown := 0
	for m := c.next(); m.Method != "textDocument/publishDiagnostics"; m = c.next() {
		assert.Equal(t, "window/showMessage", m.Method)
		shown++
	}
	assert.Equal(t, 5, shown, "each once")
}

func TestSettingsAreAskedFor(t *testing.T) {
	code := unusedCode(t)
	w := folderWith(t, map[string]string{"hark.toml": "[lint]\n" + code + " = 'error'\n", "main.hk": unused})
	c := start(t)
	c.answers["workspace/configuration"] = []any{object{"lint": object{code: "hint"}}, object{"lint": object{code: "info"}}}
	c.shakeHands(object{
		"capabilities": object{"workspace": object{"configuration": true, "didChangeConfiguration": object{"dynamicRegistration": true}}},
		"rootUri":      w.uri(""),
	})
	c.open(w.uri("main.hk"), unused)
	assert.Equal(t, []string{"0:12-0:13 " + code + " 3"}, c.diagnostics(w.uri("main.hk"), 1), "the client's for the folder, over the file's")

	c = start(t)
	c.answers["workspace/configuration"] = []any{nil, nil}
	c.shakeHands(object{"capabilities": object{"workspace": object{"configuration": true}}, "rootUri": w.uri("")})
	var asked struct {
		Items []struct{ ScopeURI, Section string }
	}
	require.NoError(t, json.Unmarshal(c.await("workspace/configuration").Params, &asked))
	assert.Equal(t, []struct{ ScopeURI, Section string }{{"", "hark"}, {w.uri(""), "hark"}}, asked.Items)
	c.open(w.uri("main.hk"), unused)
	assert.Equal(t, []string{"0:12-0:13 " + code + " 1"}, c.diagnostics(w.uri("main.hk"), 1), "the file's")
	c.answers["workspace/configuration"] = []any{object{"lint": object{code: "off"}}, nil}
	c.notify("workspace/didChangeConfiguration", object{"settings": nil})
	assert.Equal(t, "v1", c.findings(w.uri("main.hk")))
}

func TestRegistration(t *testing.T) {
	c := start(t)
	c.shakeHands(object{"capabilities": object{"workspace": object{
		"didChangeWatchedFiles": object{"dynamicRegistration": true}, "didChangeConfiguration": object{"dynamicRegistration": true}}}})
	m := c.await("client/registerCapability")
	for _, want := range []string{`"workspace/didChangeWatchedFiles"`, `**/*.hk`, `**/*.py`, `**/hark.toml`, `"workspace/didChangeConfiguration"`, `"section":"hark"`} {
		assert.Contains(t, string(m.Params), want)
	}
	c = initialized(t)
	c.open(scratch, "fn main() { 1 }")
	assert.Equal(t, "textDocument/publishDiagnostics", c.next().Method, "a client that cannot register is not asked to")
}

// What is shown in documents is asked for again when the settings have changed, or files that are not open.
func TestWhatIsShownIsRefreshed(t *testing.T) {
	supported := object{"refreshSupport": true}
	w := folderWith(t, map[string]string{"hark.toml": "", "main.hk": "fn main() { 1 }\n"})
	c := w.opened(object{"workspace": object{"inlayHint": supported, "semanticTokens": supported, "codeLens": supported,
		"didChangeWatchedFiles": object{"dynamicRegistration": true}}})
	for _, cause := range []func(){
		func() { c.notify("workspace/didChangeConfiguration", object{"settings": object{}}) },
		func() { c.changed(w, "~main.hk") },
	} {
		cause()
		var refreshed []string
		for len(refreshed) < 3 {
			if m := c.next(); strings.HasSuffix(m.Method, "/refresh") {
				refreshed = append(refreshed, m.Method)
			}
		}
		assert.ElementsMatch(t, []string{"workspace/inlayHint/refresh", "workspace/semanticTokens/refresh", "workspace/codeLens/refresh"}, refreshed)
	}
}
