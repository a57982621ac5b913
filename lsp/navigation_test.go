package lsp_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
)

// Each line of the section "requests" is a request over the wire: its method, the file, a text in it at whose start (or at whose "^") the cursor
// is, and more parameters as JSON. The answers are golden, for both encodings of positions; in the texts there are characters that
// take four bytes, and two units of UTF-16.
func TestNavigation(t *testing.T) { overTheWire(t, "navigation") }

func overTheWire(t *testing.T, folder string) {
	testkit.Run(t, "testdata/"+folder+"/*.txtar", func(t *testing.T, c *testkit.Case) {
		for _, encoding := range []string{"utf-8", "utf-16"} {
			dir := t.TempDir()
			c.WriteTo(t, dir)
			var client object
			require.NoError(t, json.Unmarshal([]byte(c.Text(t, "client.json")), &client))
			client["general"] = object{"positionEncodings": []string{encoding}}
			w := &wire{client: start(t), Case: c, uri: "file://" + filepath.ToSlash(dir) + "/", utf8: encoding == "utf-8"}
			w.shakeHands(object{"capabilities": client, "workspaceFolders": []object{{"uri": strings.TrimSuffix(w.uri, "/"), "name": "test"}}})
			w.open(w.uri+"main.hk", c.Text(t, "main.hk"))
			var answers strings.Builder
			for _, line := range strings.Split(strings.TrimSpace(c.Text(t, "requests")), "\n") {
				fmt.Fprintf(&answers, "%s\n%s\n", line, w.ask(line))
			}
			c.Golden(t, "want/"+encoding, answers.String())
		}
	})
}

// ranges are ranges as the protocol writes them.
var ranges = regexp.MustCompile(`\{"end":\{"character":(\d+),"line":(\d+)\},"start":\{"character":(\d+),"line":(\d+)\}\}`)

// preludeFiles are in the user's cache.
var preludeFiles = regexp.MustCompile(`file://[^"]*/prelude-[0-9a-f]+/`)

type wire struct {
	*client
	*testkit.Case
	uri  string
	utf8 bool
	last json.RawMessage
}

// ask sends a line of the requests and shows the answer, an element per line.
func (w *wire) ask(line string) string {
	fields := strings.SplitN(line, " ", 4)
	params := object{}
	if len(fields) > 1 && fields[1] != "-" {
		params["textDocument"] = object{"uri": w.uri + fields[1]}
	}
	if len(fields) > 2 && fields[2] != "-" {
		params["position"] = w.position(fields[1], strings.ReplaceAll(fields[2], "_", " "))
	}
	if len(fields) > 3 {
		var more object
		text := strings.ReplaceAll(strings.ReplaceAll(fields[3], "$ROOT/", w.uri), "$ITEM", string(w.last))
		require.NoError(w.t, json.Unmarshal([]byte(text), &more), text)
		maps.Copy(params, more)
	}
	m := w.request(fields[0], params)
	if m.Error != nil {
		return fmt.Sprintf("  error %d: %s", m.Error.Code, m.Error.Message)
	}
	var list []json.RawMessage
	if json.Unmarshal(m.Result, &list) != nil || len(list) == 0 {
		list = []json.RawMessage{m.Result}
	}
	if fields[0] == "textDocument/prepareCallHierarchy" {
		w.last = list[0]
	}
	var b strings.Builder
	for i, element := range list {
		var value any // whose keys are written in order
		require.NoError(w.t, json.Unmarshal(element, &value))
		text, err := json.Marshal(value)
		require.NoError(w.t, err)
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("  " + w.shown(string(text)))
	}
	return b.String()
}

// shown is an answer without what differs from run to run, and with ranges in short.
func (w *wire) shown(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, w.uri, "$ROOT/"), strings.TrimSuffix(strings.TrimPrefix(w.uri, "file://"), "/"), "$DIR")
	text = preludeFiles.ReplaceAllString(text, "$$PRELUDE/")
	return ranges.ReplaceAllString(text, "[$4:$3-$2:$1]")
}

func (w *wire) position(file, anchor string) object {
	before, after, cursor := strings.Cut(anchor, "^")
	text := w.Text(w.t, file)
	at := strings.Index(text, before+after)
	require.GreaterOrEqual(w.t, at, 0, "%q is not in %s", anchor, file)
	if cursor {
		at += len(before)
	}
	line := strings.Count(text[:at], "\n")
	start := strings.LastIndex(text[:at], "\n") + 1
	if w.utf8 {
		return object{"line": line, "character": at - start}
	}
	return object{"line": line, "character": len(utf16.Encode([]rune(text[start:at])))}
}
