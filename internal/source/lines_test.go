package source_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/source"
)

func TestLines(t *testing.T) {
	const text = "ab\r\né𝄞x\n\nlast"
	l := source.NewLines(text)
	assert.Equal(t, 4, l.Count())
	assert.Equal(t, "b", source.NewLines("a\rb").Text(1), "a carriage return alone ends a line too")
	assert.Equal(t, []string{"ab", "é𝄞x", "", "last"}, []string{l.Text(0), l.Text(1), l.Text(2), l.Text(3)})
	for _, c := range []struct {
		at                  string
		line, column, utf16 int
	}{{"ab", 0, 0, 0}, {"é", 1, 0, 0}, {"𝄞", 1, 2, 1}, {"x", 1, 6, 3}, {"\nlast", 2, 0, 0}, {"last", 3, 0, 0}} {
		offset := int32(strings.Index(text, c.at))
		line, column := l.OffsetColumn(offset)
		assert.Equal(t, [2]int{c.line, c.column}, [2]int{line, column}, "%q", c.at)
		line, units := l.OffsetUTF16(offset)
		assert.Equal(t, [2]int{c.line, c.utf16}, [2]int{line, units}, "%q", c.at)
		assert.Equal(t, offset, l.UTF16Offset(c.line, c.utf16), "%q", c.at)
	}
}

// Whatever a client sends is clamped to the text.
func TestLinesClamp(t *testing.T) {
	l := source.NewLines("ab\ncd")
	end := int32(5)
	assert.Equal(t, int32(0), l.ColumnOffset(-1, 5))
	assert.Equal(t, int32(0), l.UTF16Offset(-1, 5))
	assert.Equal(t, int32(2), l.ColumnOffset(0, 99))
	assert.Equal(t, int32(2), l.UTF16Offset(0, 99))
	assert.Equal(t, end, l.ColumnOffset(9, 9))
	assert.Equal(t, int32(0), l.ColumnOffset(0, -3))
	for _, offset := range []int32{-1, 99} {
		line, column := l.OffsetColumn(offset)
		assert.LessOrEqual(t, l.ColumnOffset(line, column), end)
	}
	middle := source.NewLines("𝄞x").UTF16Offset(0, 1)
	assert.Equal(t, int32(0), middle, "the middle of a surrogate pair is its character")
}

func FuzzLines(f *testing.F) {
	f.Add("ab\r\né𝄞x\n\nlast")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		l := source.NewLines(text)
		for at := range text {
			line, column := l.OffsetColumn(int32(at))
			assert.Equal(t, at, int(l.Start(line))+column)
			_, units := l.OffsetUTF16(int32(at))
			assert.Len(t, utf16.Encode([]rune(text[l.Start(line):at])), units)
			if column <= len(l.Text(line)) {
				assert.Equal(t, int32(at), l.UTF16Offset(line, units))
			}
		}
	})
}

// An index that follows edits is the index of the edited text.
func TestLinesFollowEdits(t *testing.T) {
	pieces := []string{"", "a", "\n", "\r", "\r\n", "b\r", "\nc", "x\ny\r\nz", "é𝄞"}
	random := rand.New(rand.NewPCG(1, 2))
	l := source.NewLines("")
	for range 5000 {
		start := int32(random.IntN(len(l.All()) + 1))
		end := start + int32(random.IntN(min(len(l.All())-int(start), 4)+1))
		l = l.Edit(source.Span{Start: start, End: end}, pieces[random.IntN(len(pieces))])
		require.Equal(t, source.NewLines(l.All()), l, "%q", l.All())
	}
}

func TestSpan(t *testing.T) {
	s := source.Span{Start: 2, End: 5}
	assert.Equal(t, int32(3), s.Len())
	assert.Equal(t, source.Span{Start: 12, End: 15}, s.Shift(10))
	assert.True(t, s.Contains(2) && s.Contains(5) && !s.Contains(6) && !s.Contains(1))
	assert.True(t, s.Covers(source.Span{Start: 3, End: 5}) && !s.Covers(source.Span{Start: 1, End: 3}))
	assert.Equal(t, source.Span{Start: 1, End: 5}, s.Join(source.Span{Start: 1, End: 3}))
}
