package lsp_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachChangeIsToldWithItsVersion(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() { 1 }")
	for version := 2; version < 100; version++ {
		c.edit(scratch, version, "0:0", "0:0", " ")
	}
	for version := 1; version < 100; version++ {
		var p struct{ Version int }
		require.NoError(t, json.Unmarshal(c.await("textDocument/publishDiagnostics").Params, &p))
		assert.Equal(t, version, p.Version)
	}
	c.edit(scratch, 100, "0:0", "0:0", "")
	assert.Equal(t, []string{}, c.diagnostics(scratch, 100), "also when nothing has changed")
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": scratch}})
	assert.Equal(t, "", c.findings(scratch), "a closed document has no problems")
}

// What a diagnostic carries, as the client gets it.
func TestWhatADiagnosticCarries(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "", "lib.hk": "fn f(a) { a }\n"})
	c := w.opened(object{"textDocument": object{"publishDiagnostics": object{"relatedInformation": true, "dataSupport": true}}})
	main := w.uri("main.hk")
	c.open(main, "import(f, :hark lib);\nfn main() { x = 1; f(1, 2) }\n")
	var p struct {
		Diagnostics []struct {
			Code, Source, Message string
			CodeDescription       struct{ Href string }
			Tags                  []int
			RelatedInformation    []struct {
				Location struct{ URI string }
				Message  string
			}
			Data json.RawMessage
		}
	}
	for m := c.await("textDocument/publishDiagnostics"); ; m = c.await("textDocument/publishDiagnostics") {
		require.NoError(t, json.Unmarshal(m.Params, &p))
		if len(p.Diagnostics) > 0 {
			break
		}
	}
	require.Len(t, p.Diagnostics, 2)
	unusedName, arity := p.Diagnostics[0], p.Diagnostics[1]
	assert.Equal(t, "hark", arity.Source)
	assert.Equal(t, []int{1}, unusedName.Tags, "unnecessary")
	assert.NotEmpty(t, unusedName.Data)
	assert.Equal(t, "https://github.com/hark-lang/hark-ls/blob/main/docs/diagnostics.md#hk0201", arity.CodeDescription.Href)
	require.NotEmpty(t, arity.RelatedInformation)
	assert.Equal(t, w.uri("lib.hk"), arity.RelatedInformation[0].Location.URI, "another file")
}

type report struct {
	Kind, ResultID, URI string
	Version             *int
	Items               []struct{ Code string }
}

func (r report) String() string {
	text := r.Kind
	for _, item := range r.Items {
		text += " " + item.Code
	}
	if r.Version != nil {
		text += fmt.Sprintf(" v%d", *r.Version)
	}
	return text
}

var pulls = object{
	"textDocument": object{"diagnostic": object{"dynamicRegistration": false}},
	"workspace":    object{"diagnostics": object{"refreshSupport": true}},
}

func (c *client) pull(uri, previous string) report {
	c.t.Helper()
	m := c.request("textDocument/diagnostic", object{"textDocument": object{"uri": uri}, "previousResultId": previous})
	require.Nil(c.t, m.Error)
	var r report
	require.NoError(c.t, json.Unmarshal(m.Result, &r))
	return r
}

func TestPull(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "", "main.hk": "import(f, :hark lib);\nfn main() { f(1) }\n", "lib.hk": "fn f(a) { a }\n"})
	c := w.opened(pulls)
	main, lib := w.uri("main.hk"), w.uri("lib.hk")
	c.open(main, "import(f, :hark lib);\nfn main() { f(1) }\n")
	first := c.pull(main, "")
	assert.Equal(t, "full", first.String())
	assert.Equal(t, "unchanged", c.pull(main, first.ResultID).String())
	c.edit(main, 2, "1:14", "1:15", "")
	second := c.pull(main, first.ResultID)
	assert.Equal(t, "full HK0201", second.String())
	assert.Equal(t, "full", c.pull(lib, "").String(), "a file that is not open")

	c.open(lib, "fn f() { 1 }\n")
	c.await("workspace/diagnostic/refresh")
	assert.Equal(t, "full", c.pull(main, second.ResultID).String())
	c.edit(lib, 2, "0:5", "0:5", "b")
	c.await("workspace/diagnostic/refresh")
	for len(c.pushed) > 0 {
		assert.NotEqual(t, "textDocument/publishDiagnostics", c.next().Method, "a client that pulls is not pushed to")
	}
}

// Clients that pull the workspace too ask once more for what they have closed. An error would be shown to the person.
func TestPullWhatIsGone(t *testing.T) {
	c := folderWith(t, map[string]string{"hark.toml": ""}).opened(pulls)
	const untitled = "untitled:Untitled-1"
	c.open(untitled, "fn main() { oops }\n")
	first := c.pull(untitled, "")
	assert.Equal(t, "full HK0101", first.String())
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": untitled}})
	assert.Equal(t, "full", c.pull(untitled, first.ResultID).String())
}

func TestPullTheWorkspace(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "", "a.hk": "fn main() { oops }\n", "b.hk": "fn f(a) { a }\n"})
	c := w.opened(pulls)
	c.open(w.uri("b.hk"), "fn f() { 1 }\n")
	pull := func(params object) map[string]report {
		m := c.request("workspace/diagnostic", params)
		require.Nil(t, m.Error)
		var result struct{ Items []report }
		require.NoError(t, json.Unmarshal(m.Result, &result))
		all := map[string]report{}
		for _, r := range result.Items {
			all[r.URI] = r
		}
		return all
	}
	all := pull(object{"previousResultIds": []any{}})
	assert.Equal(t, "full HK0101", all[w.uri("a.hk")].String())
	assert.Equal(t, "full v1", all[w.uri("b.hk")].String())
	known := object{"uri": w.uri("a.hk"), "value": all[w.uri("a.hk")].ResultID}
	all = pull(object{"previousResultIds": []any{known}})
	assert.Equal(t, "unchanged", all[w.uri("a.hk")].String())
	assert.Equal(t, "full v1", all[w.uri("b.hk")].String())
	assert.Empty(t, pull(object{"previousResultIds": []any{}, "partialResultToken": "part"}), "the parts were sent before")
	var part struct {
		Token string
		Value struct{ Items []report }
	}
	require.NoError(t, json.Unmarshal(c.await("$/progress").Params, &part))
	assert.Equal(t, "part", part.Token)
	assert.Len(t, part.Value.Items, 2)
}
