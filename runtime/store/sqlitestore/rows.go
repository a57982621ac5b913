package sqlitestore

import (
	"time"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// The columns of each record.

type head = engine.Head

var headColumns = []column[head]{
	{"session", func(h *head) any { return h.ID.Session }, func(h *head, c *cell) { h.ID.Session = c.text() }},
	{"thread", func(h *head) any { return h.ID.Thread }, func(h *head, c *cell) { h.ID.Thread = c.text() }},
	{"format", func(*head) any { return int64(recordVersion) }, func(_ *head, c *cell) { c.format(recordVersion) }},
	{"epoch", func(h *head) any { return int64(h.Epoch) }, func(h *head, c *cell) { h.Epoch = uint64(c.int()) }},
	{"lease", func(h *head) any { return nanos(h.Lease) }, func(h *head, c *cell) { h.Lease = c.time() }},
	{"token", func(h *head) any { return h.Token }, func(h *head, c *cell) { h.Token = c.text() }},
	{"tries", func(h *head) any { return int64(h.Tries) }, func(h *head, c *cell) { h.Tries = int(c.int()) }},
	{"wait", func(h *head) any { return int64(h.Wait) }, func(h *head, c *cell) { h.Wait = uint64(c.int()) }},
	{"wake", func(h *head) any { return int64(h.Wake) }, func(h *head, c *cell) { h.Wake = uint64(c.int()) }},
	{"targets", func(h *head) any { return encodeTargets(h.Targets) }, func(h *head, c *cell) { h.Targets = c.targets() }},
	{"unnamed", func(h *head) any { return int64(h.Unnamed) }, func(h *head, c *cell) { h.Unnamed = int(c.int()) }},
	{"until", func(h *head) any { return nanos(h.Until) }, func(h *head, c *cell) { h.Until = c.time() }},
	{"waiters", func(h *head) any { return encodeWaiters(h.Waiters) }, func(h *head, c *cell) { h.Waiters = c.waiters() }},
	{"waiting", func(h *head) any { return int64(len(h.Waiters)) }, func(h *head, c *cell) { c.check(int(c.int()) == len(h.Waiters)) }},
	{"more", func(h *head) any { return number(h.More) }, func(h *head, c *cell) { h.More = c.bool() }},
	{"done", func(h *head) any { return number(h.Done) }, func(h *head, c *cell) { h.Done = c.bool() }},
	{"failed", func(h *head) any { return number(h.Answer.Failed) }, func(h *head, c *cell) { h.Answer.Failed = c.bool() }},
	{"ended", func(h *head) any { return nanos(h.Ended) }, func(h *head, c *cell) { h.Ended = c.time() }},
	{"outside", func(h *head) any { return number(h.Outside) }, func(h *head, c *cell) { h.Outside = c.bool() }},
	{"seen", func(h *head) any { return number(h.Seen) }, func(h *head, c *cell) { h.Seen = c.bool() }},
	{"attempts", func(h *head) any { return int64(h.Attempts) }, func(h *head, c *cell) { h.Attempts = int(c.int()) }},
	{"function", func(h *head) any { return h.Function }, func(h *head, c *cell) { h.Function = c.text() }},
	{"parent", func(h *head) any { return h.Parent }, func(h *head, c *cell) { h.Parent = c.text() }},
	{"program", func(h *head) any { return h.Program }, func(h *head, c *cell) { h.Program = c.text() }},
	{"version", func(h *head) any { return h.Version }, func(h *head, c *cell) { h.Version = c.text() }},
	{"started", func(h *head) any { return nanos(h.Started) }, func(h *head, c *cell) { h.Started = c.time() }},
	{"deadline", func(h *head) any { return nanos(h.Deadline) }, func(h *head, c *cell) { h.Deadline = c.time() }},
	{"expires", func(h *head) any { return nanos(h.Expires) }, func(h *head, c *cell) { h.Expires = c.time() }},
	{"spawned", func(h *head) any { return int64(h.Spawned) }, func(h *head, c *cell) { h.Spawned = int(c.int()) }},
	{"due", func(h *head) any { return nanos(h.Due) }, func(h *head, c *cell) { h.Due = c.time() }},
	{"poll", func(h *head) any { return int64(h.Poll) }, func(h *head, c *cell) { h.Poll = time.Duration(c.int()) }},
	{"entry", func(h *head) any { return encodeData(h.Entry) }, func(h *head, c *cell) { h.Entry = c.data() }},
	{"snap", func(h *head) any { return encodeData(h.Snap) }, func(h *head, c *cell) { h.Snap = c.data() }},
	{"answer", func(h *head) any { return encodeData(h.Answer.Value) }, func(h *head, c *cell) { h.Answer.Value = c.data() }},
	{"output", func(h *head) any { return encodeData(h.Output) }, func(h *head, c *cell) { h.Output = c.data() }},
}

type slot = engine.Slot

var slotColumns = []column[slot]{
	{"session", func(s *slot) any { return s.ID.Session }, func(s *slot, c *cell) { s.ID.Session = c.text() }},
	{"thread", func(s *slot) any { return s.ID.Thread }, func(s *slot, c *cell) { s.ID.Thread = c.text() }},
	{"number", func(s *slot) any { return int64(s.Number) }, func(s *slot, c *cell) { s.Number = uint64(c.int()) }},
	{"format", func(s *slot) any { return slotFormat(s) }, func(_ *slot, c *cell) { c.format(editVersion) }},
	{"epoch", func(s *slot) any { return int64(s.Epoch) }, func(s *slot, c *cell) { s.Epoch = uint64(c.int()) }},
	{"kind", func(s *slot) any { return int64(s.Kind) }, func(s *slot, c *cell) { s.Kind = engine.SlotKind(c.int()) }},
	{"function", func(s *slot) any { return s.Function }, func(s *slot, c *cell) { s.Function = c.text() }},
	{"arguments", func(s *slot) any { return s.Arguments }, func(s *slot, c *cell) { s.Arguments = c.text() }},
	{"failed", func(s *slot) any { return number(s.Answer.Failed) }, func(s *slot, c *cell) { s.Answer.Failed = c.bool() }},
	{"attempts", func(s *slot) any { return int64(s.Attempts) }, func(s *slot, c *cell) { s.Attempts = int(c.int()) }},
	{"begun", func(s *slot) any { return nanos(s.Begun) }, func(s *slot, c *cell) { s.Begun = c.time() }},
	{"ended", func(s *slot) any { return nanos(s.Ended) }, func(s *slot, c *cell) { s.Ended = c.time() }},
	{"expires", func(s *slot) any { return nanos(s.Expires) }, func(s *slot, c *cell) { s.Expires = c.time() }},
	{"answer", func(s *slot) any { return encodeData(s.Answer.Value) }, func(s *slot, c *cell) { s.Answer.Value = c.data() }},
	{"output", func(s *slot) any { return encodeData(s.Output) }, func(s *slot, c *cell) { s.Output = c.data() }},
}

type mark = engine.Mark

var markColumns = []column[mark]{
	{"session", func(m *mark) any { return m.ID.Session }, func(m *mark, c *cell) { m.ID.Session = c.text() }},
	{"thread", func(m *mark) any { return m.ID.Thread }, func(m *mark, c *cell) { m.ID.Thread = c.text() }},
	{"number", func(m *mark) any { return int64(m.Number) }, func(m *mark, c *cell) { m.Number = uint64(c.int()) }},
	{"attempt", func(m *mark) any { return int64(m.Attempt) }, func(m *mark, c *cell) { m.Attempt = int(c.int()) }},
	{"kind", func(m *mark) any { return int64(m.Kind) }, func(m *mark, c *cell) { m.Kind = engine.MarkKind(c.int()) }},
	{"format", func(*mark) any { return int64(recordVersion) }, func(_ *mark, c *cell) { c.format(recordVersion) }},
	{"epoch", func(m *mark) any { return int64(m.Epoch) }, func(m *mark, c *cell) { m.Epoch = uint64(c.int()) }},
	{"expires", func(m *mark) any { return nanos(m.Expires) }, func(m *mark, c *cell) { m.Expires = c.time() }},
}
