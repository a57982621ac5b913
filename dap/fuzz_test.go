package dap_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	godap "github.com/google/go-dap"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/dap"
	"github.com/hark-lang/hark-ls/runtime/store/memstore"
)

// FuzzMessages feeds one session anything: each message is answered, and the session lives on.
func FuzzMessages(f *testing.F) {
	f.Add(`{"seq":1,"type":"request","command":"initialize","arguments":{"linesStartAt1":false}}`)
	f.Add(`{"seq":2,"type":"request","command":"setBreakpoints","arguments":{"source":{"path":"a"},"breakpoints":[{"line":1}]}}`)
	f.Add(`{"seq":3,"type":"request","command":"launch","arguments":null}`)
	f.Add(`{"seq":4,"type":"request","command":"setExceptionBreakpoints","arguments":{"filters":["uncaught","x"]}}`)
	f.Add(`{"seq":5,"type":"request","command":"variables","arguments":{"variablesReference":-1,"start":-5}}`)
	f.Add(`{"seq":6,"type":"request","command":"configurationDone","arguments":7}`)
	f.Add(`{"seq":7,"type":"response","request_seq":1}`)
	f.Add(`[]`)
	f.Add(`{"seq":1e99}`)
	dir := program(f, map[string]string{"service.hk": "fn main() {\n  1\n}\n"})
	f.Fuzz(func(t *testing.T, raw string) {
		c := connect(t, dir)
		c.do("initialize", nil)
		c.post(raw)
		var asked struct{ Command string }
		if json.Unmarshal([]byte(raw), &asked) == nil && asked.Command == "disconnect" {
			return
		}
		c.next("answer", func(m message) bool { return m.Type == "response" })
		c.seq = 1 << 30
		c.do("setExceptionBreakpoints", nil)
	})
}

var fuzzed = map[string]string{
	"service.hk": "fn main() {\n  xs = [1, {\"k\": main}];\n  f = async work(3);\n  print(str(xs));\n  y = await f;\n  spin(y)\n}\n\nfn work(n) {\n  m = n * 2;\n  m\n}\n\nfn spin(n) {\n  if n > 20000 { sleep(600) } else { spin(n + 1) }\n}\n",
}

// finite is one that ends.
var finite = map[string]string{
	"service.hk": "fn main() {\n  xs = [1, {\"k\": main}];\n  f = async work(3);\n  print(str(xs));\n  y = await f;\n  y + 10\n}\n\nfn work(n) {\n  m = n * 2;\n  m\n}\n",
}

// FuzzRequests makes requests in any order and phase, with arguments of any kind: each is answered, and the end of the input ends all.
func FuzzRequests(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, []byte("a session in the usual order"))
	}
	dir, store := program(f, fuzzed), memstore.New()
	kept := &client{t: f, path: filepath.Join(program(f, finite), "service.hk"), store: store}
	session := kept.keep()
	f.Fuzz(func(t *testing.T, seed uint64, script []byte) {
		c := connectTo(t, dir, store)
		seeded := [32]byte{}
		binary.LittleEndian.PutUint64(seeded[:], seed)
		copy(seeded[8:], script)
		w := &walker{client: c, session: session, random: rand.New(rand.NewChaCha8(seeded))}
		w.begin()
		for range 30 {
			if w.request() {
				break
			}
		}
		_ = c.conn.Close()
		c.gone()
	})
}

// walker makes requests at random.
type walker struct {
	*client
	session string
	random  *rand.Rand
}

func (w *walker) one(all ...any) any { return all[w.random.IntN(len(all))] }

// begin launches something more often than not.
func (w *walker) begin() {
	if w.random.IntN(8) == 0 {
		return
	}
	w.do("initialize", w.one(nil, map[string]any{"linesStartAt1": false, "supportsProgressReporting": true, "supportsInvalidatedEvent": true}))
	at := map[string]any{"thread": w.one("0", "0.0"), "at": w.random.IntN(3)}
	w.launch(w.one(
		map[string]any{"program": w.path, "stopOnEntry": true},
		map[string]any{"program": w.path, "record": w.one(true, false)},
		map[string]any{"session": w.session, "stopOnEntry": w.one(true, false)},
		map[string]any{"session": w.session, "fork": at},
	).(map[string]any))
}

func (w *walker) launch(launch map[string]any) {
	w.do("launch", launch)
	w.breakAt(w.random.IntN(12))
	if w.random.IntN(6) > 0 {
		w.do("configurationDone", nil)
	}
}

// request makes one, and says whether it ends the session.
func (w *walker) request() (ends bool) {
	commands := dap.Commands()
	command := commands[w.random.IntN(len(commands))]
	raw, err := json.Marshal(w.arguments())
	require.NoError(w.t, err)
	w.seq++
	content := fmt.Sprintf(`{"seq":%d,"type":"request","command":%q,"arguments":%s}`, w.seq, command, raw)
	require.NoError(w.t, godap.WriteBaseMessage(w.conn, []byte(content)))
	m := w.response(w.seq)
	require.NotContains(w.t, m.Message, "internal error", content)
	return command == "disconnect" && m.Success
}

// arguments are fields that requests have, with values that they may have, and others.
func (w *walker) arguments() any {
	if w.random.IntN(10) == 0 {
		return w.one(nil, 7, "x", []int{1}, true, map[string]any{})
	}
	all := map[string]any{
		"threadId": 1, "frameId": w.number(), "variablesReference": w.number(), "expression": "x", "name": "xs", "value": "1",
		"source": map[string]any{"path": w.path}, "line": w.random.IntN(15), "breakpoints": w.points(), "filters": []string{"uncaught", "caught"},
		"memoryReference": "0x100000000", "instructionCount": 10, "instant": map[string]any{"thread": "0", "at": w.random.IntN(60)},
		"text": "x", "column": 2, "targetId": w.number(), "locationReference": w.number(), "sourceReference": 1, "requestId": w.number(),
		"granularity": w.one("line", "instruction", "statement"), "singleThread": w.one(true, false), "levels": 5, "startFrame": 0,
	}
	for range w.random.IntN(4) {
		field := w.one("threadId", "frameId", "line", "source", "breakpoints", "instructionCount", "instant", "column", "levels", "start", "count",
			"expression", "variablesReference", "instructionOffset", "offset", "filters", "from", "to", "lanes", "text").(string)
		all[field] = w.one(nil, -1, 0, 1<<62, 1.5, "x", "", []any{}, map[string]any{}, true, -1<<62, "\x00é𝄞", []any{nil, 1})
	}
	return all
}

func (w *walker) points() []any {
	point := map[string]any{
		"line": w.random.IntN(15), "condition": w.one("", "n == 3", "n ==", "work(1) > 1"), "hitCondition": w.one("", "2", "%2", "much"),
		"logMessage": w.one("", "n is {n}", "{"), "name": w.one("work", "nothing"), "dataId": w.one("0/0/0/0/xs", "0/9/9/9/x", "x"),
		"instructionReference": w.one("0x100000008", "0x1", "here"),
	}
	return []any{point}
}

func (w *walker) number() any {
	return w.one(1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 0, -1, 1<<31, 1e18)
}
