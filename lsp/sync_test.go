package lsp_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// text is the server's text of a document.
func (c *client) text(uri string) string {
	c.t.Helper()
	m := c.request("test/text", object{"textDocument": object{"uri": uri}})
	require.Nil(c.t, m.Error)
	var text string
	require.NoError(c.t, json.Unmarshal(m.Result, &text))
	return text
}

// change sends changes of a document as they stand.
func (c *client) change(uri string, version any, changes ...any) {
	c.notify("textDocument/didChange", object{"textDocument": object{"uri": uri, "version": version}, "contentChanges": changes})
}

func piece(start, end, text string) object {
	return object{"range": object{"start": at(start), "end": at(end)}, "text": text}
}

func TestChangesOfEveryShape(t *testing.T) {
	tests := []struct {
		name, text string
		changes    []any
		want       string
	}{
		{"none", "abc", []any{}, "abc"},
		{"one after the other", "abc", []any{piece("0:1", "0:2", ""), piece("0:1", "0:2", "x\ny"), piece("1:0", "1:1", "z")}, "ax\nz"},
		{"the whole text", "abc", []any{object{"text": "x"}}, "x"},
		{"the whole text, range null", "abc", []any{object{"range": nil, "text": "x"}}, "x"},
		{"the whole text, then a piece", "abc", []any{object{"text": "xy"}, piece("0:1", "0:1", "-")}, "x-y"},
		{"behind the end of a line", "ab\ncd", []any{piece("0:99", "1:0", "")}, "abcd"},
		{"behind the end of the text", "ab\ncd", []any{piece("0:1", "99:99", "")}, "a"},
		{"at the end of the text", "ab\n", []any{piece("1:0", "1:0", "c")}, "ab\nc"},
		{"CRLF", "ab\r\ncd\r\n", []any{piece("0:2", "1:0", " "), piece("0:5", "0:5", "!")}, "ab cd!\r\n"},
		{"a carriage return alone", "ab\rcd", []any{piece("1:0", "1:1", "x")}, "ab\rxd"},
		{"a line ending is completed", "ab\rcd", []any{piece("1:0", "1:0", "\n"), piece("1:0", "1:1", "x")}, "ab\r\nxd"},
		{"a byte order mark", "\ufeffab", []any{piece("0:1", "0:2", "x")}, "\ufeffxb"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := initialized(t)
			c.open(scratch, test.text)
			c.change(scratch, 2, test.changes...)
			assert.Equal(t, test.want, c.text(scratch))
			c.diagnostics(scratch, 2)
		})
	}
}

// A change that makes no sense is left out as a whole; what comes after it goes on from the text before it.
func TestChangesThatAreRefused(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "abc")
	good := piece("0:0", "0:0", "x")
	for _, bad := range []any{
		object{"range": object{}, "text": "x"}, object{"range": 5, "text": "x"}, object{"range": object{"start": at("0:1"), "end": at("0:0")}, "text": "x"},
		object{"range": object{"start": object{"line": -1, "character": 0}, "end": at("0:0")}, "text": "x"}, object{"range": object{"start": at("0:0")}, "text": "x"},
		object{"range": object{"start": object{"line": "0", "character": 0}, "end": at("0:0")}, "text": "x"}, piece("0:0", "0:0", "x")["range"], object{"text": 5}, 7, nil,
	} {
		c.change(scratch, 2, good, bad)
		c.change(scratch, 2, bad)
	}
	c.change(scratch, 9, object{"range": 5, "text": "x"})
	c.diagnostics(scratch, 9)
	c.change(scratch, "2", good)
	c.notify("textDocument/didChange", object{"textDocument": object{"uri": scratch, "version": 2}})
	c.notify("textDocument/didChange", object{"textDocument": object{"uri": scratch, "version": 2}, "contentChanges": object{}})
	c.change("untitled:not-open", 2, good)
	assert.Equal(t, "abc", c.text(scratch))
	c.change(scratch, 3, good)
	assert.Equal(t, "xabc", c.text(scratch))
}

func TestOpenAgainAndClose(t *testing.T) {
	c := initialized(t)
	c.open(scratch, "abc")
	c.open(scratch, "x")
	assert.Equal(t, "x", c.text(scratch))
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": scratch}})
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": scratch}})
	assert.Equal(t, -32602, c.request("test/text", object{"textDocument": object{"uri": scratch}}).code())
	c.notify("textDocument/didOpen", object{"textDocument": object{"uri": scratch}})
	c.notify("textDocument/didOpen", nil)
	c.open(scratch, "y")
	assert.Equal(t, "y", c.text(scratch))
}

// mirror is a client's text; its positions are counted in units of the encoding.
type mirror struct {
	text string
	utf8 bool
}

// place is the position of an offset, which is not inside of a line's end.
func (m mirror) place(offset int) object {
	before := m.text[:offset]
	ends := strings.ReplaceAll(before, "\r\n", "\n")
	last := before[strings.LastIndexAny(before, "\r\n")+1:]
	character := len(last)
	if !m.utf8 {
		character = len(utf16.Encode([]rune(last)))
	}
	return object{"line": strings.Count(ends, "\n") + strings.Count(ends, "\r"), "character": character}
}

// Whatever valid edits come, the server's text is the client's.
func TestRandomEditsKeepTheTextsEqual(t *testing.T) {
	pieces := []string{"", "a", "fn f(x) { x }\n", "\n", "\r\n", "\r", "é", "𝄞", "😀\n", "{", "}", "\"", "/*", "*/", "import(", ";", "\ufeff", "x = 1;"}
	for _, encoding := range []string{"utf-8", "utf-16"} {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, 7))
			c := initialized(t, encoding)
			m := mirror{"fn main() { \"𝄞\" }\r\n", encoding == "utf-8"}
			c.open(scratch, m.text)
			for version := 2; version < 60; version++ {
				changes := []any{}
				for range random.IntN(3) + 1 {
					start, end := m.boundary(random), m.boundary(random)
					start, end = min(start, end), max(start, end)
					if random.IntN(4) > 0 {
						end = start
					}
					replacement := pieces[random.IntN(len(pieces))]
					changes = append(changes, object{"range": object{"start": m.place(start), "end": m.place(end)}, "text": replacement})
					m.text = m.text[:start] + replacement + m.text[end:]
				}
				c.change(scratch, version, changes...)
			}
			require.Equal(t, m.text, c.text(scratch), fmt.Sprint(encoding, seed))
			c.notify("exit", nil)
		}
	}
}

// boundary is an offset between two characters that a position can name: not inside of a line's end.
func (m mirror) boundary(random *rand.Rand) int {
	offset := random.IntN(len(m.text) + 1)
	for offset > 0 && (offset < len(m.text) && !utf8.RuneStart(m.text[offset]) || strings.HasSuffix(m.text[:offset], "\r") && strings.HasPrefix(m.text[offset:], "\n")) {
		offset--
	}
	return offset
}
