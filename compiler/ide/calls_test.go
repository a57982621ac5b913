package ide_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/compiler/ide"
)

// "item(anchor, "name detail at place"…)" are the items of the hierarchy at a place; "incoming" and "outgoing" are the calls, with
// the lines and columns where they are made.
func TestCalls(t *testing.T) {
	answers(t, "calls", table{
		"item": func(m *marked, at mark) []string {
			var got []string
			for _, item := range ide.PrepareCalls(m.Snapshot, at.Path, at.Cursor) {
				got = append(got, item.Name+" "+item.Detail+" at "+m.place(item.Place))
			}
			return got
		},
		"incoming": func(m *marked, at mark) []string {
			item := oneItem(m, at)
			var got []string
			for _, call := range ide.IncomingCalls(m.Snapshot, item.Key) {
				got = append(got, m.call(call))
			}
			return got
		},
		"outgoing": func(m *marked, at mark) []string {
			item := oneItem(m, at)
			var got []string
			for _, call := range ide.OutgoingCalls(m.Snapshot, item.Key) {
				got = append(got, m.call(call))
			}
			return got
		},
	})
}

func oneItem(m *marked, at mark) ide.CallItem {
	items := ide.PrepareCalls(m.Snapshot, at.Path, at.Cursor)
	require.Len(m.t, items, 1)
	return items[0]
}

// call shows a call with its places, "main (async · main.hk) from 3:5 4:6".
func (m *marked) call(call ide.Call) string {
	text := fmt.Sprintf("%s (%s) from", call.Item.Name, call.Item.Detail)
	for _, span := range call.Spans {
		at, _, _ := strings.Cut(m.at(ide.Place{Path: call.Path, Span: span}), " ")
		text += strings.TrimPrefix(at, call.Path+":") + " "
	}
	return strings.TrimSpace(strings.Replace(text, "from", "from ", 1))
}
