package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/hark-lang/hark-ls/compiler/diag"
	"github.com/hark-lang/hark-ls/internal/source"
)

// finding is a diagnostic at its place on disk.
type finding struct {
	diag.Diagnostic
	file    string
	lines   *source.Lines
	related []place
}

// place is a span with something to say about it.
type place struct {
	file    string
	lines   *source.Lines
	span    source.Span
	message string
}

// lineColumn is where a span starts: both count from 1, the column in characters (code points).
func lineColumn(lines *source.Lines, span source.Span) (line, column int) {
	line, bytes := lines.OffsetColumn(span.Start)
	text := lines.Text(line)
	return line + 1, utf8.RuneCountInString(text[:min(bytes, len(text))]) + 1
}

func (p place) String() string {
	line, column := lineColumn(p.lines, p.span)
	return fmt.Sprintf("%s:%d:%d", p.file, line, column)
}

// printFindings writes findings as people read them: place, severity, code and message, the source line, a caret under
// what is meant, related places, and the fix if there is one.
func printFindings(w io.Writer, p paint, findings []finding) {
	for _, f := range findings {
		at := place{f.file, f.lines, f.Span, ""}
		fmt.Fprintf(w, "%s: %s %s: %s\n", p.bold(at.String()), severityPaint(p, f.Severity), f.Code, f.Message)
		excerpt(w, p, f.lines, f.Span)
		for _, r := range f.related {
			fmt.Fprintf(w, "  %s: %s\n", r, r.message)
		}
		for _, fix := range f.Fixes {
			fmt.Fprintf(w, "  %s %s\n", p.green("fix:"), fix.Title)
		}
	}
}

// excerptWidth is how much of a long line is shown, in columns of the terminal.
const excerptWidth = 110

// excerpt shows the line that a span starts on, with carets under the span.
func excerpt(w io.Writer, p paint, lines *source.Lines, span source.Span) {
	number, column := lines.OffsetColumn(span.Start)
	text := lines.Text(number)
	start := min(column, len(text))
	end := max(start, min(start+int(span.Len()), len(text)))
	before, marked, after := clip(text[:start], text[start:end], text[end:])
	margin := fmt.Sprintf("%5d", number+1)
	fmt.Fprintf(w, "%s %s %s\n", p.blue(margin), p.blue("|"), printable(before+marked+after))
	carets := strings.Repeat("^", max(1, columnsOf(marked)))
	fmt.Fprintf(w, "%s %s %s%s\n", strings.Repeat(" ", len(margin)), p.blue("|"), blank(before), p.red(carets))
}

// clip shortens a long line around what is marked in it.
func clip(before, marked, after string) (string, string, string) {
	if columnsOf(marked) > excerptWidth {
		marked, after = headOf(marked, excerptWidth), "…"
	}
	room := excerptWidth - columnsOf(marked)
	if columnsOf(before) > room/2 && columnsOf(before)+columnsOf(after) > room {
		before = "…" + tailOf(before, room/2)
	}
	if left := room - columnsOf(before); columnsOf(after) > max(1, left) {
		after = headOf(after, left) + "…"
	}
	return before, marked, after
}

// headOf is as much of the beginning of a text as so many columns hold.
func headOf(text string, columns int) string {
	for i, r := range text {
		if columns -= columnsOf(string(r)); columns < 0 {
			return text[:i]
		}
	}
	return text
}

// tailOf is as much of the end of a text as so many columns hold.
func tailOf(text string, columns int) string {
	start := len(text)
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if columns -= columnsOf(string(r)); columns < 0 {
			break
		}
		start -= size
	}
	return text[start:]
}

// printable is text that does nothing to a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return '\uFFFD'
		}
		return r
	}, text)
}

// blank is as wide as text.
func blank(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteString(strings.Repeat(" ", columnsOf(string(r))))
		}
	}
	return b.String()
}

// columnsOf is how many columns of a terminal text takes: East Asian wide characters take two.
func columnsOf(text string) int {
	columns := 0
	for _, r := range text {
		columns++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			columns++
		}
	}
	return columns
}

// worst says whether there is a finding of at least this severity.
func worst(findings []finding, severity diag.Severity) bool {
	for _, f := range findings {
		if f.Severity <= severity {
			return true
		}
	}
	return false
}

// tally is "2 errors, 1 warning".
func tally(findings []finding) string {
	counts := map[diag.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
	}
	var parts []string
	for severity := diag.Error; severity <= diag.Hint; severity++ {
		if n := counts[severity]; n > 0 {
			parts = append(parts, diag.Count(n, severity.String()))
		}
	}
	if parts == nil {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}
