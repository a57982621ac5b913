package lsp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/lsp"
)

// runner is a program that writes two lines and says what it was asked; one that is called "wait" waits until it is stopped.
func runner(ctx context.Context, run lsp.Run) (json.RawMessage, error) {
	switch run.Function {
	case "none":
		return nil, fmt.Errorf("%w: there is no function 'none'", lsp.ErrArguments)
	case "wait":
		<-ctx.Done()
		return nil, ctx.Err()
	}
	run.Line("one")
	run.Line("two")
	return json.Marshal(object{"status": "done", "result": run.Function, "args": run.Args, "text": run.Open[run.Path]})
}

func execute(command string, arguments ...any) object {
	return object{"command": command, "arguments": arguments}
}

func TestCommands(t *testing.T) {
	c := startWith(t, lsp.Options{Version: "test", Run: runner})
	hello := c.shakeHands(object{"capabilities": object{}})
	var announced struct {
		Capabilities struct {
			ExecuteCommandProvider struct{ Commands []string }
		}
	}
	require.NoError(t, json.Unmarshal(hello.Result, &announced))
	assert.Equal(t, []string{"hark.run"}, announced.Capabilities.ExecuteCommandProvider.Commands)
	c.open(scratch, "fn main() { 1 }")
	for _, wrong := range []object{
		{}, {"command": 5}, execute("nonesuch"), execute("hark.run"), execute("hark.run", scratch), execute("hark.run", object{"uri": scratch}, object{}),
		execute("hark.run", object{}), execute("hark.run", object{"uri": 5}), execute("hark.run", object{"uri": scratch, "function": 5}),
		execute("hark.run", object{"uri": scratch, "args": "x"}), execute("hark.run", object{"uri": "file:///none.hk"}),
		execute("hark.run", object{"uri": scratch, "function": "none"}), execute("hark.run", nil), execute("hark.run", []any{}),
	} {
		m := c.request("workspace/executeCommand", wrong)
		assert.Equal(t, -32602, m.code(), "%v: %s", wrong, m.Result)
	}
	m := c.request("workspace/executeCommand", execute("hark.run", object{"uri": scratch, "function": "f", "args": []any{1, "x"}}))
	assert.JSONEq(t, `{"status":"done","result":"f","args":[1,"x"],"text":"fn main() { 1 }"}`, string(m.Result))
	assert.Contains(t, string(c.await("window/logMessage").Params), `"one"`)
}

func TestCommandsCanBeStopped(t *testing.T) {
	c := startWith(t, lsp.Options{Version: "test", Run: runner})
	c.shakeHands(object{"capabilities": object{"window": object{"workDoneProgress": true}}})
	c.open(scratch, "fn main() { 1 }")
	wait := execute("hark.run", object{"uri": scratch, "function": "wait"})
	id := c.ask("workspace/executeCommand", wait)
	c.notify("$/cancelRequest", object{"id": id})
	assert.Equal(t, -32800, c.answer(id).code())

	wait["workDoneToken"] = 77
	id = c.ask("workspace/executeCommand", wait)
	begin := ""
	for !strings.Contains(begin, `"token":77`) {
		begin = string(c.await("$/progress").Params)
	}
	assert.Contains(t, begin, `"begin"`)
	assert.Contains(t, begin, `"cancellable":true`)
	c.notify("window/workDoneProgress/cancel", object{"token": 77})
	assert.Equal(t, -32800, c.answer(id).code())
	c.notify("window/workDoneProgress/cancel", object{"token": 77})
	c.notify("window/workDoneProgress/cancel", nil)
	assert.Zero(t, c.request("shutdown", nil).code())
}

// The start shows how it gets on, under a token that the client has agreed to.
func TestProgressOfTheStart(t *testing.T) {
	w := folderWith(t, map[string]string{"hark.toml": "", "main.hk": "fn main() { 1 }\n"})
	w.opened(object{}).open(w.uri("main.hk"), "")
	c := w.opened(object{"window": object{"workDoneProgress": true}})
	var create struct{ Token string }
	require.NoError(t, json.Unmarshal(c.await("window/workDoneProgress/create").Params, &create))
	var kinds []string
	for len(kinds) == 0 || kinds[len(kinds)-1] != "end" {
		var p struct {
			Token string
			Value struct{ Kind, Title string }
		}
		require.NoError(t, json.Unmarshal(c.await("$/progress").Params, &p))
		assert.Equal(t, create.Token, p.Token)
		kinds = append(kinds, p.Value.Kind)
	}
	assert.Equal(t, "begin", kinds[0])
}
