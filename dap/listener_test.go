package dap

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/google/go-dap"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap/debugger"
	"github.com/hark-lang/hark-ls/runtime/replay"
)

// told is what a listener tells a client that counts from 0.
func told(t *testing.T, client clientAbilities, tell func(l *listener)) (names, bodies []string) {
	t.Helper()
	var out bytes.Buffer
	s := &session{out: newWriter(&out), client: client}
	tell(&listener{s: s})
	s.out.close()
	<-s.out.done
	for in := bufio.NewReader(&out); ; {
		content, err := readMessage(in)
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			return names, bodies
		}
		var e struct {
			Event string
			Body  json.RawMessage
		}
		require.NoError(t, json.Unmarshal(content, &e))
		names, bodies = append(names, e.Event), append(bodies, string(e.Body))
	}
}

// TestProgress is begun, told of and ended once; a target that goes ends what it was at.
func TestProgress(t *testing.T) {
	work := func(l *listener) {
		l.Works(debugger.Progress{ID: 1, Title: "Reading", Message: "thread 0"})
		assert.True(t, l.isWorking("work-1"))
		assert.False(t, l.isWorking("work-2"))
		assert.False(t, l.isWorking("1"))
		l.Works(debugger.Progress{ID: 1, Title: "Reading", Message: "thread 1"})
		l.Works(debugger.Progress{ID: 1, Done: true})
		l.Works(debugger.Progress{ID: 1, Done: true})
		l.Works(debugger.Progress{ID: 2, Title: "Executing"})
		l.silence()
		l.Works(debugger.Progress{ID: 3, Title: "never told"})
	}
	names, bodies := told(t, clientAbilities{Progress: true}, work)
	assert.Equal(t, []string{"progressStart", "progressUpdate", "progressEnd", "progressStart", "progressEnd"}, names)
	var start dap.ProgressStartEventBody
	require.NoError(t, json.Unmarshal([]byte(bodies[0]), &start))
	assert.Equal(t, dap.ProgressStartEventBody{ProgressId: "work-1", Title: "Reading", Message: "thread 0", Cancellable: true}, start)
	names, _ = told(t, clientAbilities{}, func(l *listener) { l.Works(debugger.Progress{ID: 1, Title: "Reading"}) })
	assert.Empty(t, names, "to a client that knows no progress nothing is told")
}

// TestFalseIsTold: what go-dap leaves out has to reach the client.
func TestFalseIsTold(t *testing.T) {
	names, bodies := told(t, clientAbilities{}, func(l *listener) {
		l.WentOn(3, false)
		l.Changed(debugger.Abilities{Back: true, Edit: true})
		l.Changed(debugger.Abilities{Back: true, Edit: true})
		l.Changed(debugger.Abilities{Back: true})
		l.Stopped(debugger.Stop{Reason: debugger.AtGoto, Thread: 1, Instant: replay.Instant{Thread: "0"}})
	})
	assert.Equal(t, []string{"continued", "capabilities", "capabilities", "stopped"}, names)
	assert.JSONEq(t, `{"threadId": 3, "allThreadsContinued": false}`, bodies[0])
	assert.Contains(t, bodies[2], `"supportsSetVariable":false`)
	assert.Contains(t, bodies[3], `"instant":{"thread":"0","at":0}`)
}
