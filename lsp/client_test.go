package lsp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/lsp"
)

// client is an editor reduced to bytes: what it sends and reads is exactly what goes over the wire.
type client struct {
	t      testing.TB
	conn   net.Conn
	in     chan message // closed when the server's side ends
	nextID int
	served chan error
	// pushed are the notifications that came while an answer was awaited.
	pushed []message
	// answers has what the client says to the server's requests, by method; else it says null.
	answers map[string]any
}

type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// hang is how long a test waits for what has to come.
const hang = 10 * time.Second

func start(t testing.TB) *client { return startWith(t, lsp.Options{Version: "test"}) }

func startWith(t testing.TB, options lsp.Options) *client {
	ours, theirs := net.Pipe()
	c := &client{t: t, conn: ours, in: make(chan message, 100_000), served: make(chan error, 1), answers: map[string]any{}}
	go c.receive()
	go func() { c.served <- lsp.Serve(context.Background(), theirs, options) }()
	t.Cleanup(func() { ours.Close() })
	return c
}

// object is JSON as it is written in tests.
type object = map[string]any

// shakeHands initializes the server with more than capabilities.
func (c *client) shakeHands(params object) message {
	c.t.Helper()
	m := c.request("initialize", params)
	require.Nil(c.t, m.Error)
	c.notify("initialized", object{})
	return m
}

// initialized is a client that has shaken hands; encodings are those it offers.
func initialized(t testing.TB, encodings ...string) *client {
	c := start(t)
	c.request("initialize", map[string]any{"capabilities": map[string]any{"general": map[string]any{"positionEncodings": encodings}}})
	c.notify("initialized", map[string]any{})
	return c
}

func (c *client) write(body string) {
	_, err := fmt.Fprint(c.conn, framed(body))
	require.NoError(c.t, err)
}

func framed(body string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

func (c *client) send(fields map[string]any) { c.write(encoded(c.t, fields)) }

func encoded(t testing.TB, fields map[string]any) string {
	fields["jsonrpc"] = "2.0"
	body, err := json.Marshal(fields)
	require.NoError(t, err)
	return string(body)
}

// receive reads messages until the connection ends: an editor takes what comes whether it waits for it or not.
func (c *client) receive() {
	defer close(c.in)
	in := bufio.NewReader(c.conn)
	for {
		header, err := textproto.NewReader(in).ReadMIMEHeader()
		if err != nil {
			return
		}
		size, _ := strconv.Atoi(header.Get("Content-Length"))
		body := make([]byte, size)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		m := message{}
		if json.Unmarshal(body, &m) != nil {
			m.Method = "not JSON: " + string(body)
		}
		if m.Method != "" && m.ID != nil {
			// A test that has seen enough hangs up, maybe while the server still asks.
			reply := framed(encoded(c.t, object{"id": m.ID, "result": c.answers[m.Method]}))
			if _, err := io.WriteString(c.conn, reply); err != nil {
				return
			}
		}
		c.in <- m
	}
}

func (c *client) read() message {
	c.t.Helper()
	select {
	case m, ok := <-c.in:
		require.True(c.t, ok, "the connection has ended")
		return m
	case <-time.After(hang):
		c.t.Fatal("nothing comes")
		return message{}
	}
}

func (c *client) notify(method string, params any) {
	c.send(map[string]any{"method": method, "params": params})
}

// request sends a request and waits for its answer.
func (c *client) request(method string, params any) message {
	c.t.Helper()
	return c.answer(c.ask(method, params))
}

// diagnostics waits for the push for a version of a document, and is its findings, "line:column-line:column CODE severity".
func (c *client) diagnostics(uri string, version int) []string {
	c.t.Helper()
	for {
		var p struct {
			URI         string `json:"uri"`
			Version     int    `json:"version"`
			Diagnostics []struct {
				Range struct {
					Start, End struct{ Line, Character int }
				}
				Severity int
				Code     string
			}
		}
		m := c.await("textDocument/publishDiagnostics")
		require.NoError(c.t, json.Unmarshal(m.Params, &p))
		if p.URI != uri || p.Version != version {
			continue
		}
		found := []string{}
		for _, d := range p.Diagnostics {
			found = append(found, fmt.Sprintf("%d:%d-%d:%d %s %d", d.Range.Start.Line, d.Range.Start.Character,
				d.Range.End.Line, d.Range.End.Character, d.Code, d.Severity))
		}
		return found
	}
}

// await is the oldest message with a method that nobody has looked at; those before it are forgotten.
func (c *client) await(method string) message {
	c.t.Helper()
	for {
		if m := c.next(); m.Method == method {
			return m
		}
	}
}

// ask sends a request and does not wait for its answer.
func (c *client) ask(method string, params any) int {
	c.nextID++
	c.send(object{"id": c.nextID, "method": method, "params": params})
	return c.nextID
}

// answer waits for the answer to a request.
func (c *client) answer(id int) message {
	c.t.Helper()
	for i, m := range c.pushed {
		if string(m.ID) == strconv.Itoa(id) && m.Method == "" {
			c.pushed = append(c.pushed[:i:i], c.pushed[i+1:]...)
			return m
		}
	}
	for {
		m := c.read()
		if string(m.ID) == strconv.Itoa(id) && m.Method == "" {
			return m
		}
		c.pushed = append(c.pushed, m)
	}
}

// code is the code of an answer's error, 0 if it has none.
func (m message) code() int {
	if m.Error == nil {
		return 0
	}
	return m.Error.Code
}

// next is the oldest notification that nobody has looked at.
func (c *client) next() message {
	if len(c.pushed) > 0 {
		m := c.pushed[0]
		c.pushed = c.pushed[1:]
		return m
	}
	return c.read()
}

func (c *client) open(uri, text string) {
	c.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": uri, "languageId": "hark", "version": 1, "text": text}})
}

// edit replaces the text between two positions, "line:character".
func (c *client) edit(uri string, version int, start, end, text string) {
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": uri, "version": version},
		"contentChanges": []any{map[string]any{"range": map[string]any{"start": at(start), "end": at(end)}, "text": text}},
	})
}

func at(position string) map[string]int {
	line, character, _ := strings.Cut(position, ":")
	l, _ := strconv.Atoi(line)
	ch, _ := strconv.Atoi(character)
	return map[string]int{"line": l, "character": ch}
}

// labels are the first completions at a position.
func (c *client) labels(uri, position string) []string {
	c.t.Helper()
	m := c.request("textDocument/completion", map[string]any{"textDocument": map[string]any{"uri": uri}, "position": at(position)})
	require.Nil(c.t, m.Error)
	var list struct{ Items []struct{ Label string } }
	require.NoError(c.t, json.Unmarshal(m.Result, &list))
	labels := []string{}
	for _, item := range list.Items[:min(3, len(list.Items))] {
		labels = append(labels, item.Label)
	}
	return labels
}

func (c *client) finished() error {
	c.t.Helper()
	select {
	case err := <-c.served:
		return err
	case <-time.After(hang):
		c.t.Fatal("the server is still there")
		return nil
	}
}
