package lsp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type codeAction struct {
	Title, Kind string
	IsPreferred bool
	Diagnostics []struct{ Code string }
	Disabled    *struct{ Reason string }
	Edit        struct {
		Changes map[string][]struct {
			NewText string
			Range   json.RawMessage
		}
	}
}

func (c *client) codeActions(uri, start, end string, context object) []codeAction {
	m := c.request("textDocument/codeAction", object{
		"textDocument": object{"uri": uri}, "range": object{"start": at(start), "end": at(end)}, "context": context,
	})
	require.Nil(c.t, m.Error)
	var actions []codeAction
	require.NoError(c.t, json.Unmarshal(m.Result, &actions))
	return actions
}

func TestCodeActions(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "fn main() { x = 1\n  y = 2\n  print(x and y) }\n")
	c.diagnostics(scratch, 1)
	actions := c.codeActions(scratch, "0:17", "0:17", object{"diagnostics": []any{}})
	require.NotEmpty(t, actions)
	assert.Equal(t, "add ';'", actions[0].Title)
	assert.Equal(t, "quickfix", actions[0].Kind)
	assert.True(t, actions[0].IsPreferred)
	assert.Equal(t, "HK0008", actions[0].Diagnostics[0].Code)
	require.Len(t, actions[0].Edit.Changes[scratch], 1)
	assert.Equal(t, ";", actions[0].Edit.Changes[scratch][0].NewText)

	all := c.codeActions(scratch, "0:0", "3:0", object{"diagnostics": []any{}, "only": []string{"source"}})
	require.Len(t, all, 1)
	assert.Equal(t, "source.fixAll", all[0].Kind)
	assert.Empty(t, c.codeActions(scratch, "0:0", "0:1", object{"diagnostics": []any{}, "only": []string{"quickfix.unknown"}}))
}

// A fix may change other files, Python too: with versions for those that are open.
func TestFixesOfOtherFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return "file://" + filepath.ToSlash(path)
	}
	write("hark.toml", "")
	write("main.hk", "")
	module := write("src/images.py", "def resize(a):\n    return a\n")
	text := "import(crop, src.images, 2);\n\nfn main(x) {\n  crop(x, 1);\n  later(x)\n}\n"
	main := "file://" + filepath.ToSlash(filepath.Join(dir, "main.hk"))

	c := initialized(t)
	c.open(main, text)
	c.diagnostics(main, 1)
	for title, want := range map[string]string{
		"create the function 'crop' in src/images.py": module,
		"create the function 'later'":                 main,
	} {
		found := false
		for _, action := range c.codeActions(main, "0:0", "6:0", object{"diagnostics": []any{}, "only": []string{"quickfix"}}) {
			if action.Title == title {
				found = true
				assert.Len(t, action.Edit.Changes, 1)
				assert.NotEmpty(t, action.Edit.Changes[want], "%v", action.Edit.Changes)
			}
		}
		assert.True(t, found, title)
	}
}
