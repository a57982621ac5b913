package lsp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/hark-lang/hark-ls/lsp"
)

// Streams of messages as no sane client sends them, to a server in this process: it does not crash, does not hang, and gives each request
// exactly one answer; and whatever valid edits were among them, it has the client's text.

// storm is a client that sends without waiting, and counts what comes back.
type storm struct {
	*client
	random *rand.Rand
	broken *observer.ObservedLogs
	sent   map[string]int // answers that are to come, by id; "null" for what is no message
	texts  map[string]*mirror
	utf8   bool
}

func newStorm(t testing.TB, seed uint64) *storm {
	core, logs := observer.New(zapcore.ErrorLevel)
	random := rand.New(rand.NewPCG(seed, 1))
	s := &storm{
		client: startWith(t, lsp.Options{Version: "test", Log: zap.New(core)}), random: random, broken: logs,
		sent: map[string]int{}, texts: map[string]*mirror{}, utf8: random.IntN(2) == 0,
	}
	encodings := []string{"utf-16"}
	if s.utf8 {
		encodings = []string{"utf-8", "utf-16"}
	}
	s.shakeHands(object{"capabilities": object{
		"general": object{"positionEncodings": encodings}, "workspace": object{"configuration": random.IntN(2) == 0, "applyEdit": true,
			"workspaceEdit": object{"documentChanges": random.IntN(2) == 0}},
		"window": object{"workDoneProgress": random.IntN(2) == 0}}})
	return s
}

// frame sends a frame, and expects the answers that it asks for.
func (s *storm) frame(frame []byte) {
	switch lsp.Kind(frame) {
	case "broken":
		s.sent["null"]++
	case "request":
		var m struct{ ID json.RawMessage }
		require.NoError(s.t, json.Unmarshal(frame, &m))
		s.sent[canonical(m.ID)]++
	}
	s.write(string(frame))
}

// canonical is an id as JSON writes it.
func canonical(id json.RawMessage) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(id))
	decoder.UseNumber()
	_ = decoder.Decode(&value)
	text, _ := json.Marshal(value)
	return string(text)
}

func (s *storm) message(fields object) {
	fields["jsonrpc"] = "2.0"
	frame, err := json.Marshal(fields)
	require.NoError(s.t, err)
	s.frame(frame)
}

// count takes note of an answer.
func (s *storm) count(m message) {
	s.t.Helper()
	if m.Method != "" {
		return
	}
	id := canonical(m.ID)
	s.sent[id]--
	require.GreaterOrEqual(s.t, s.sent[id], 0, "an answer too many: %s %s %v", m.ID, m.Result, m.Error)
	if m.Error != nil {
		require.NotEqual(s.t, -32603, m.Error.Code, "%s", m.Error.Message)
	}
}

// calm waits for the answer to a request.
func (s *storm) calm(id string) {
	for s.sent[id] > 0 {
		s.count(s.next())
	}
}

// end waits for all answers, takes leave, and looks whether there were more, or anything broke.
func (s *storm) end() {
	s.t.Helper()
	s.message(object{"id": "the last", "method": "shutdown"})
	for left(s.sent) > 0 {
		s.count(s.next())
	}
	s.write(`{"jsonrpc":"2.0","method":"exit"}`)
	s.finished()
	s.conn.Close()
	for m := range s.in {
		require.NotEmpty(s.t, m.Method, "an answer too many: %s %s %v", m.ID, m.Result, m.Error)
	}
	require.Empty(s.t, s.broken.All())
}

func left(sent map[string]int) int {
	n := 0
	for _, count := range sent {
		n += count
	}
	return n
}

var stormPieces = []string{
	"", "", "a", "x = 1;", "\n", "\r\n", "é", "𝄞", "{", "}", "(", ")", "\"", "/*", "*/", "// c\n", "fn f(x) { x }\n", "import(g, :hark other);\n",
	"import(p, m.n, 1);\n", "async f(1)", "await ", "lambda(y) { y }", "if a { 1 } else { 2 }", "[1, 2", ": ", "#[retry(max=3)]\n", "try { f(1) } catch e { e }",
}

const stormText = "import(p, tools.images, 2);\n/** Doubles. */\nfn twice(x: Int) -> Int { x * 2 }\nfn main(n) {\n  t = async twice(n);\n  h = {\"a\": 1, \"𝄞\": [2]};\n  await t + get(h, \"a\")\n}\n"

// step sends one thing or another.
func (s *storm) step() {
	uris := []string{"untitled:a", "untitled:b", "file:///no/such/folder/c.hk"}
	uri := uris[s.random.IntN(len(uris))]
	switch n := s.random.IntN(20); {
	case s.texts[uri] == nil && n < 15:
		s.texts[uri] = &mirror{stormText, s.utf8}
		s.open(uri, stormText)
	case n < 8:
		s.editAt(uri)
	case n < 9 && s.texts[uri] != nil:
		delete(s.texts, uri)
		s.notify("textDocument/didClose", object{"textDocument": object{"uri": uri}})
	case n < 10:
		s.notify("$/cancelRequest", object{"id": s.random.IntN(s.nextID + 2)})
	case n < 11:
		names := lsp.NotificationNames()
		name := names[s.random.IntN(len(names))]
		if !strings.HasPrefix(name, "textDocument/did") { // these have their own turn, or the texts would differ
			s.notify(name, s.spoil(s.params(uri)))
		}
	case n < 12:
		s.write(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"` + uri + `","version":1},"contentChanges":[{"range":{"start":{"line":-1}},"text":"x"}]}}`)
	default:
		names := lsp.MethodNames()
		s.nextID++
		params := any(s.params(uri))
		if s.random.IntN(3) == 0 {
			params = s.spoil(params)
		}
		s.message(object{"id": s.nextID, "method": names[s.random.IntN(len(names))], "params": params})
		if s.random.IntN(4) > 0 {
			s.calm(fmt.Sprint(s.nextID)) // else an edit is likely to overtake it
		}
	}
}

// editAt changes a document, and the client's own text of it.
func (s *storm) editAt(uri string) {
	m := s.texts[uri]
	if m == nil {
		return
	}
	start, end := m.boundary(s.random), m.boundary(s.random)
	start, end = min(start, end), max(start, end)
	if s.random.IntN(3) > 0 || end-start > 40 {
		end = start
	}
	piece := stormPieces[s.random.IntN(len(stormPieces))]
	s.change(uri, s.random.IntN(1000), object{"range": object{"start": m.place(start), "end": m.place(end)}, "text": piece})
	m.text = m.text[:start] + piece + m.text[end:]
}

// params are such that every request finds what it needs.
func (s *storm) params(uri string) object {
	position := func() object { return object{"line": s.random.IntN(12), "character": s.random.IntN(30)} }
	piece := object{"start": object{"line": 0, "character": 0}, "end": position()}
	place := object{"uri": uri, "range": piece}
	return object{
		"textDocument": object{"uri": uri}, "position": position(), "range": piece, "positions": []any{position(), position()},
		"context": object{"includeDeclaration": true, "diagnostics": []any{}, "triggerKind": 1, "frameId": 1, "stoppedLocation": piece, "isRetrigger": false},
		"newName": []string{"fresh", "twice", "1", ""}[s.random.IntN(4)], "options": object{"tabSize": 2, "insertSpaces": true}, "ch": "}", "query": "t",
		"previousResultId": "1", "previousResultIds": []any{}, "command": "hark.run", "arguments": []any{object{"uri": uri}},
		"item":  object{"name": "main", "kind": 12, "uri": uri, "range": piece, "selectionRange": piece},
		"files": []any{object{"oldUri": uri, "newUri": "file:///no/such/folder/d.hk"}}, "label": "x", "title": "x", "ranges": []any{piece},
		"settings": object{"hark": object{"lint": object{"HK0103": "off"}}}, "changes": []any{object{"uri": place["uri"], "type": 1}}, "workDoneToken": "t",
		"event": object{"added": []any{}, "removed": []any{}}, "data": object{},
	}
}

// spoil makes one thing in a value wrong.
func (s *storm) spoil(value any) any {
	wrong := []any{nil, -1, 1 << 40, 1e300, 0.5, "x", "", true, []any{}, object{}, []any{nil}, strings.Repeat("x", 1000), json.RawMessage("123456789012345678901234567890")}
	fields, ok := value.(object)
	if !ok || len(fields) == 0 || s.random.IntN(6) == 0 {
		return wrong[s.random.IntN(len(wrong))]
	}
	keys := make([]string, 0, len(fields))
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	key := keys[s.random.IntN(len(keys))]
	if s.random.IntN(3) == 0 {
		key = []string{"textDocument", "position", "range", "item", "context"}[s.random.IntN(5)]
	}
	if s.random.IntN(5) == 0 {
		delete(fields, key)
	} else {
		fields[key] = s.spoil(fields[key])
	}
	return fields
}

func weather(t testing.TB, seed uint64, steps int) {
	s := newStorm(t, seed)
	for range steps {
		s.step()
	}
	for uri, m := range s.texts {
		require.Equal(t, m.text, s.text(uri), "seed %d", seed)
	}
	s.end()
}

func TestStorms(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			weather(t, seed, 150)
		})
	}
}

func FuzzStorm(f *testing.F) {
	f.Add(uint64(1000))
	f.Fuzz(func(t *testing.T, seed uint64) { weather(t, seed, 100) })
}

// replay sends frames, one a line, as they are.
func replay(t testing.TB, text []byte) {
	s := newStorm(t, 0)
	began := time.Now()
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.Contains(line, []byte("exit")) {
			s.frame(line)
		}
	}
	s.end()
	assert.Less(t, time.Since(began), hang)
}

func FuzzReplay(f *testing.F) {
	session, err := os.ReadFile("testdata/session.jsonl")
	require.NoError(f, err)
	f.Add(session)
	for line := range bytes.Lines(session) {
		f.Add(bytes.Clone(line))
	}
	f.Fuzz(func(t *testing.T, text []byte) { replay(t, text) })
}
