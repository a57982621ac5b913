package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/lsp"
)

func TestRunForAnEditor(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "main.hk")
	require.NoError(t, os.WriteFile(path, []byte("fn main() { print(\"disk\") }\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lib.hk"), []byte("fn twice(x) { x * 2 }\n"), 0o644))
	shown := "import(twice, :hark lib);\nfn main() { print(\"editor\"); twice(21) }\nfn f(a, b) { print(a); {\"b\": b} }\nfn bad() { first([]) }\n"
	tests := []struct {
		name, function, text string
		args                 []string
		lines                []string
		status, result, kind string
		refused              bool
	}{
		{name: "the editor's text counts", function: "main", text: shown, lines: []string{"editor"}, status: "done", result: "42"},
		{name: "arguments", function: "f", text: shown, args: []string{"[1]", `"x"`}, lines: []string{"[1]"}, status: "done", result: `{"b":"x"}`},
		{name: "a fault", function: "bad", text: shown, status: "failed", result: "null", kind: "Index"},
		{name: "a program with errors", function: "main", text: "fn main() { oops }", status: "failed", result: "null", kind: "Refused"},
		{name: "no such function", function: "none", text: shown, refused: true},
		{name: "too few arguments", function: "f", text: shown, refused: true},
		{name: "an argument that is no JSON", function: "f", text: shown, args: []string{"1", "{"}, refused: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var lines []string
			run := lsp.Run{Path: path, Function: test.function, Open: map[string]string{path: test.text}, Line: func(text string) { lines = append(lines, text) }}
			for _, arg := range test.args {
				run.Args = append(run.Args, json.RawMessage(arg))
			}
			object, err := runForEditor(context.Background(), run)
			if test.refused {
				require.ErrorIs(t, err, lsp.ErrArguments)
				assert.NotContains(t, err.Error(), "\n", "no hint for a command line")
				return
			}
			require.NoError(t, err)
			var got struct {
				Status string
				Result json.RawMessage
				Output []string
				Error  *struct{ Kind string }
			}
			require.NoError(t, json.Unmarshal(object, &got))
			assert.Equal(t, test.status, got.Status)
			assert.JSONEq(t, test.result, string(got.Result))
			assert.Equal(t, test.lines, lines)
			assert.ElementsMatch(t, test.lines, got.Output)
			if test.kind != "" {
				require.NotNil(t, got.Error)
				assert.Equal(t, test.kind, got.Error.Kind)
			}
		})
	}
}

// A run that is stopped ends, and says that it was.
func TestAStoppedRunForAnEditor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "main.hk")
	ctx, stop := context.WithCancel(context.Background())
	run := lsp.Run{Path: path, Function: "main", Open: map[string]string{path: "fn main() { print(1); sleep(600) }"}, Line: func(string) { stop() }}
	_, err := runForEditor(ctx, run)
	require.ErrorIs(t, err, context.Canceled)
}

// Several editors at once, and one after the other, have servers that do not see each other.
func TestServeListening(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	messages, log := io.Pipe()
	env := &environment{Streams: Streams{In: strings.NewReader(""), Out: io.Discard, Err: log}}
	cmd := lspCommand(env)
	cmd.SetArgs([]string{"--listen", "127.0.0.1:0"})
	ended := make(chan error, 1)
	go func() { ended <- cmd.ExecuteContext(ctx) }()
	in := bufio.NewReader(messages)
	line, err := in.ReadString('\n')
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, in) }()
	address := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	for range 2 {
		first, second := dialServer(t, address), dialServer(t, address)
		for _, c := range []*textproto.Conn{first, second} {
			assert.Contains(t, exchange(t, c, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`), `"capabilities"`)
		}
		assert.Contains(t, exchange(t, first, `{"jsonrpc":"2.0","id":2,"method":"shutdown"}`), `"result":null`)
		require.NoError(t, first.Close())
		assert.Contains(t, exchange(t, second, `{"jsonrpc":"2.0","id":2,"method":"workspace/symbol","params":{"query":""}}`), `"result"`)
		require.NoError(t, second.Close())
	}
	stop()
	require.NoError(t, <-ended)
}

func dialServer(t *testing.T, address string) *textproto.Conn {
	t.Helper()
	c, err := textproto.Dial("tcp", address)
	require.NoError(t, err)
	return c
}

// exchange sends a message and is the next one that comes.
func exchange(t *testing.T, c *textproto.Conn, body string) string {
	t.Helper()
	require.NoError(t, c.PrintfLine("Content-Length: %d\r\n\r\n%s", len(body)+2, body)) // the line's end is white space behind the JSON
	header, err := c.ReadMIMEHeader()
	require.NoError(t, err)
	size, err := strconv.Atoi(header.Get("Content-Length"))
	require.NoError(t, err)
	answer := make([]byte, size)
	_, err = io.ReadFull(c.R, answer)
	require.NoError(t, err)
	return string(answer)
}
