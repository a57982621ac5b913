package source

import (
	"sort"
	"unicode/utf8"
)

// Lines converts between the coordinate systems of one text:
//
//	offset   bytes from the start of the text
//	line     from 0; a line ends after "\n", "\r\n", or a "\r" alone, as in editors
//	column   bytes from the start of the line
//	utf16    UTF-16 code units from the start of the line
//
// Offsets and columns outside the text are clamped to it, so that no input of a client can make a conversion fail.
type Lines struct {
	text   string
	starts []int32
}

// NewLines indexes text in one pass.
func NewLines(text string) *Lines {
	starts := make([]int32, 1, 1+len(text)/24)
	return &Lines{text: text, starts: appendStarts(starts, text, 0, len(text))}
}

// appendStarts appends the starts of the lines whose predecessor's ending ends in text[from:to].
func appendStarts(starts []int32, text string, from, to int) []int32 {
	for i := from; i < to; i++ {
		if c := text[i]; c == '\n' || c == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			starts = append(starts, int32(i+1))
		}
	}
	return starts
}

// Edit is the index of the text in which a span is replaced; only the lines around it are looked at. The span lies in the text.
func (l *Lines) Edit(span Span, replacement string) *Lines {
	text := l.text[:span.Start] + replacement + l.text[span.End:]
	// A "\r" directly before the span may have got, or lost, a "\n" behind it.
	kept := sort.Search(len(l.starts), func(i int) bool { return l.starts[i] >= span.Start })
	kept = max(kept, 1)
	rest := sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > span.End })
	behind := span.Start + int32(len(replacement))
	starts := make([]int32, kept, len(l.starts)+16)
	copy(starts, l.starts)
	starts = appendStarts(starts, text, int(starts[kept-1]), int(behind))
	for _, start := range l.starts[rest:] {
		starts = append(starts, start+behind-span.End)
	}
	return &Lines{text: text, starts: starts}
}

// All is the whole text.
func (l *Lines) All() string { return l.text }

// Count is the number of lines, at least 1.
func (l *Lines) Count() int { return len(l.starts) }

// Start is the offset of the line's first byte.
func (l *Lines) Start(line int) int32 {
	if line < 0 {
		return 0
	}
	if line >= len(l.starts) {
		return int32(len(l.text))
	}
	return l.starts[line]
}

// Text is the line without its ending.
func (l *Lines) Text(line int) string {
	start, end := l.Start(line), l.Start(line+1)
	for end > start && (l.text[end-1] == '\n' || l.text[end-1] == '\r') {
		end--
	}
	return l.text[start:end]
}

// OffsetColumn converts an offset to line and column, both from 0, the column in bytes.
func (l *Lines) OffsetColumn(offset int32) (line, column int) {
	offset = max(0, min(offset, int32(len(l.text))))
	line = sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > offset }) - 1
	return line, int(offset - l.starts[line])
}

// OffsetUTF16 converts an offset to line and UTF-16 column, both from 0.
func (l *Lines) OffsetUTF16(offset int32) (line, units int) {
	line, column := l.OffsetColumn(offset)
	start := l.starts[line]
	return line, utf16Len(l.text[start : start+int32(column)])
}

// ColumnOffset converts line and byte column, both from 0, to an offset.
func (l *Lines) ColumnOffset(line, column int) int32 {
	if line < 0 {
		return 0
	}
	return l.Start(line) + int32(max(0, min(column, len(l.Text(line)))))
}

// UTF16Offset converts line and UTF-16 column, both from 0, to an offset. A column in the middle of a surrogate pair
// is that of the pair's character.
func (l *Lines) UTF16Offset(line, units int) int32 {
	if line < 0 {
		return 0
	}
	text, at := l.Text(line), 0
	for at < len(text) && units > 0 {
		r, size := utf8.DecodeRuneInString(text[at:])
		width := 1
		if r > 0xFFFF {
			width = 2
		}
		if units < width {
			break
		}
		units -= width
		at += size
	}
	return l.Start(line) + int32(at)
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
