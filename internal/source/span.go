// Package source holds what every part of the compiler says about text: spans of bytes, files, and the one place
// where bytes are converted to lines, columns and UTF-16 units.
package source

// Span is a half-open range of bytes, [Start, End), in some text. What the offsets count from (the file, or the
// top-level item that a node belongs to) is said where a span is handed out.
type Span struct {
	Start, End int32
}

// Len is the span's length in bytes.
func (s Span) Len() int32 { return s.End - s.Start }

// Shift moves the span by n bytes, for instance from an item's coordinates to its file's.
func (s Span) Shift(n int32) Span { return Span{s.Start + n, s.End + n} }

// Contains says whether offset lies in the span; the end counts as inside, as a cursor there touches the text.
func (s Span) Contains(offset int32) bool { return s.Start <= offset && offset <= s.End }

// Covers says whether the whole of t lies in s.
func (s Span) Covers(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Join is the smallest span that covers both.
func (s Span) Join(t Span) Span { return Span{min(s.Start, t.Start), max(s.End, t.End)} }
