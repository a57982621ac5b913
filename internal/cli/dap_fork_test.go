package cli

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A fork goes on for real from an instant of a saved session: what came before is not called again, and values can be changed.
func TestDebuggingAFork(t *testing.T) {
	t.Parallel()
	dir := folder(t, debugged)
	finished(t, dir, "run", "main.hk")
	called := calls(t, dir)
	var listed struct{ Sessions []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(finished(t, dir, "sessions", "--json")), &listed))
	session, file := listed.Sessions[0].ID, filepath.Join(dir, "main.hk")

	a := debugging(t)
	a.start("launch", map[string]any{"session": session, "cwd": dir}, file, 6)
	at := a.event("stopped")["instant"].(map[string]any)
	a.end()

	a = debugging(t)
	at["answers"] = []any{}
	a.start("launch", map[string]any{"session": session, "cwd": dir, "fork": at, "stopOnEntry": true}, "")
	stop := a.event("stopped")
	assert.EqualValues(t, at["at"], stop["instant"].(map[string]any)["at"])
	frame := a.top(stop["threadId"])
	assert.EqualValues(t, 6, frame["line"])
	scopes := a.do("scopes", map[string]any{"frameId": frame["id"]})["scopes"].([]any)
	locals := scopes[0].(map[string]any)["variablesReference"]
	assert.Equal(t, "500", a.do("setVariable", map[string]any{"variablesReference": locals, "name": "b", "value": "500"})["value"])
	a.do("continue", map[string]any{"threadId": stop["threadId"]})
	assert.EqualValues(t, 0, a.event("exited")["exitCode"])
	a.end()
	assert.Equal(t, called, calls(t, dir), "nothing was called again")
	assert.Contains(t, finished(t, dir, "resume", forkOf(t, dir, session)), "510")
	assert.Contains(t, finished(t, dir, "sessions"), "main  fork of "+session)
}

// An answer that is changed is what the program goes on with; an instant that is not there is named.
func TestDebuggingAForkWithAnotherAnswer(t *testing.T) {
	t.Parallel()
	dir := folder(t, debugged)
	finished(t, dir, "run", "main.hk")
	var listed struct{ Sessions []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(finished(t, dir, "sessions", "--json")), &listed))
	session := listed.Sessions[0].ID
	a := debugging(t)
	m := a.request("launch", map[string]any{"session": session, "cwd": dir, "fork": map[string]any{"thread": "0", "at": 1 << 40}})
	assert.False(t, m.Success)
	assert.Contains(t, m.Message, "thread 0 has no instant 1099511627776")
	m = a.request("launch", map[string]any{"session": session, "cwd": dir, "fork": map[string]any{"thread": "0.7", "at": 1}})
	assert.Contains(t, m.Message, "no thread 0.7")
	early := map[string]any{"thread": "0", "at": 0, "answers": []any{map[string]any{"thread": "0.0", "slot": 0, "value": 30}}}
	assert.Contains(t, a.request("launch", map[string]any{"session": session, "cwd": dir, "fork": early}).Message, "comes after the instant")
	a.start("launch", map[string]any{"session": session, "cwd": dir}, filepath.Join(dir, "main.hk"), 7)
	at := a.event("stopped")["instant"].(map[string]any)
	a.end()

	a, called := debugging(t), calls(t, dir)
	at["answers"] = early["answers"]
	a.start("launch", map[string]any{"session": session, "cwd": dir, "fork": at}, "")
	stop := a.event("stopped")
	assert.EqualValues(t, 7, a.top(stop["threadId"])["line"])
	a.do("continue", map[string]any{"threadId": stop["threadId"]})
	assert.EqualValues(t, 0, a.event("exited")["exitCode"])
	a.end()
	assert.Equal(t, called, calls(t, dir), "the answer is there")
	assert.Contains(t, finished(t, dir, "resume", forkOf(t, dir, session)), "302")
}

// forkOf is the session that was made of another one.
func forkOf(t *testing.T, dir, session string) string {
	t.Helper()
	var listed struct {
		Sessions []struct {
			ID   string
			Fork *jsonFork
		}
	}
	require.NoError(t, json.Unmarshal([]byte(finished(t, dir, "sessions", "--json")), &listed))
	require.Len(t, listed.Sessions, 2)
	for _, s := range listed.Sessions {
		if s.ID != session {
			require.NotNil(t, s.Fork)
			assert.Equal(t, session, s.Fork.Session)
			return s.ID
		}
	}
	return ""
}
