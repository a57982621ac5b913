package ide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hark-lang/hark-ls/compiler/ide"
	"github.com/hark-lang/hark-ls/internal/source"
)

func TestInlineValues(t *testing.T) {
	const text = `fn other(a) { a }
fn main(items, limit) {
  total = limit + limit;
  each = map(lambda(x) {
    y = x + total;
    y
  }, items);
  try { other(total) } catch e { print(e) };
  later = 1;
  later
}
`
	lines := source.NewLines(text)
	tests := []struct {
		name        string
		stopped     int // from 1
		first, last int
		want        string
	}{
		{"up to the line", 3, 1, 99, "2:items 2:limit 3:total 3:limit"},
		{"without those of lambdas", 8, 1, 99, "2:items 2:limit 3:total 3:limit 4:each 7:items 8:total 8:e"},
		{"of the lambda, and what it captured", 5, 1, 99, "4:x 5:y 5:x 5:total"},
		{"in the part that is shown", 8, 7, 8, "7:items 8:total 8:e"},
		{"at the end", 11, 1, 99, "2:items 2:limit 3:total 3:limit 4:each 7:items 8:total 8:e 9:later 10:later"},
	}
	s := ide.NewSnapshot(ide.Project{Read: noFile}).Open("main.hk", text)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			part := source.Span{Start: lines.Start(test.first - 1), End: lines.Start(test.last) - 1}
			stopped := source.Span{Start: lines.Start(test.stopped - 1), End: lines.Start(test.stopped) - 1}
			var got []string
			for _, v := range ide.InlineValues(s, "main.hk", part, stopped) {
				line, _ := lines.OffsetColumn(v.Span.Start)
				assert.Equal(t, v.Name, text[v.Span.Start:v.Span.End])
				got = append(got, fmt.Sprintf("%d:%s", line+1, v.Name))
			}
			assert.Equal(t, test.want, strings.Join(got, " "))
		})
	}
	assert.Empty(t, ide.InlineValues(s, "nowhere.hk", source.Span{}, source.Span{}))
}
