package lsp_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/source"
)

// The keyboard of the editor in day_test.go: brackets and quotes are closed when they are opened, and a closing one that stands already at
// the cursor is typed over; a new line is indented as the one before it, deeper after an opening bracket.

// sheet is an open file of the editor.
type sheet struct {
	path, uri string
	text      string
	version   int
	cursor    int // in bytes
	found     []problem
}

// problem is a diagnostic as it was pushed.
type problem struct {
	Range    wireRange `json:"range"`
	Code     string    `json:"code"`
	Message  string    `json:"message"`
	Severity int       `json:"severity"`
}

type wireRange struct {
	Start wirePosition `json:"start"`
	End   wirePosition `json:"end"`
}

type wirePosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// wireEdit is a text edit.
type wireEdit struct {
	Range   wireRange `json:"range"`
	NewText string    `json:"newText"`
}

func (s *sheet) last(t *testing.T, text string) int {
	at := strings.LastIndex(s.text, text)
	require.GreaterOrEqual(t, at, 0, "%s has no %q:\n%s", s.path, text, s.text)
	return at
}

func (d *desk) position(s *sheet, offset int) wirePosition {
	convert := source.NewLines(s.text).OffsetUTF16
	if d.encoding == "utf-8" {
		convert = source.NewLines(s.text).OffsetColumn
	}
	line, character := convert(int32(offset))
	return wirePosition{line, character}
}

func (d *desk) offset(s *sheet, p wirePosition) int {
	if d.encoding == "utf-8" {
		return int(source.NewLines(s.text).ColumnOffset(p.Line, p.Character))
	}
	return int(source.NewLines(s.text).UTF16Offset(p.Line, p.Character))
}

// change replaces a part of the text and waits for what the server reports of the new version.
func (d *desk) change(s *sheet, start, end int, text string) {
	s.version++
	d.client.notify("textDocument/didChange", object{
		"textDocument": object{"uri": s.uri, "version": s.version},
		"contentChanges": []any{object{
			"range": wireRange{d.position(s, start), d.position(s, end)}, "text": text,
		}},
	})
	s.text = s.text[:start] + text + s.text[end:]
	switch {
	case s.cursor >= end:
		s.cursor += len(text) - (end - start)
	case s.cursor > start:
		s.cursor = start + len(text)
	}
	d.hear(s)
}

// hear waits for the report on the version that is in the editor, and keeps those on other files.
func (d *desk) hear(s *sheet) {
	for {
		var report struct {
			URI         string    `json:"uri"`
			Version     int       `json:"version"`
			Diagnostics []problem `json:"diagnostics"`
		}
		m := d.client.await("textDocument/publishDiagnostics")
		require.NoError(d.t, json.Unmarshal(m.Params, &report))
		for _, of := range d.sheets {
			if of.uri == report.URI {
				of.found = report.Diagnostics
			}
		}
		if report.URI == s.uri && report.Version == s.version {
			return
		}
	}
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}", `"`: `"`}

func (d *desk) typeText(s *sheet, text string) {
	for _, line := range strings.SplitAfter(text, "\n") {
		if s.cursor > 0 && s.text[s.cursor-1] == '\n' || strings.TrimSpace(s.lineBefore()) == "" {
			line = strings.TrimLeft(line, " ") // the editor indents
		}
		for _, r := range line {
			d.key(s, string(r))
		}
	}
}

// lineBefore is the line up to the cursor.
func (s *sheet) lineBefore() string {
	return s.text[strings.LastIndexByte(s.text[:s.cursor], '\n')+1 : s.cursor]
}

// key is one key.
func (d *desk) key(s *sheet, key string) {
	rest := s.text[s.cursor:]
	switch {
	case key == "\n":
		d.enter(s)
	case !d.closes:
		d.change(s, s.cursor, s.cursor, key)
	case strings.Contains(`)]}"`, key) && strings.HasPrefix(rest, key):
		s.cursor++
	case key == "}" && strings.HasPrefix(strings.TrimLeft(rest, " \n"), "}") && strings.TrimSpace(s.lineBefore()) == "":
		start := strings.LastIndexByte(s.text[:s.cursor], '\n') // the brace is there already, on the next line
		d.change(s, start, s.cursor, "")
		s.cursor = strings.Index(s.text[s.cursor:], "}") + s.cursor + 1
	case closing[key] != "" && (rest == "" || strings.ContainsAny(rest[:1], " \n)]},;")) && !s.inComment():
		d.change(s, s.cursor, s.cursor, key+closing[key])
		s.cursor--
	default:
		d.change(s, s.cursor, s.cursor, key)
	}
	d.keys++
	d.curious(s)
}

func (s *sheet) inComment() bool {
	line := strings.TrimSpace(s.lineBefore())
	return strings.HasPrefix(line, "/*") || strings.HasPrefix(line, "//")
}

// enter begins a new line.
func (d *desk) enter(s *sheet) {
	line := s.lineBefore()
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	opened := strings.HasSuffix(strings.TrimRight(line, " "), "{")
	if d.closes && opened && strings.HasPrefix(s.text[s.cursor:], "}") {
		d.change(s, s.cursor, s.cursor, "\n"+indent+"  \n"+indent)
		s.cursor -= 1 + len(indent)
		return
	}
	if opened {
		indent += "  "
	}
	d.change(s, s.cursor, s.cursor, "\n"+indent)
}

func (d *desk) erase(s *sheet, text string) {
	require.True(d.t, strings.HasSuffix(s.text[:s.cursor], text), "%q is not before the cursor:\n%s", text, s.text[:s.cursor])
	for range []rune(text) {
		_, size := lastRune(s.text[:s.cursor])
		d.change(s, s.cursor-size, s.cursor, "")
		d.curious(s)
	}
}
