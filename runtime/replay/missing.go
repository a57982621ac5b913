package replay

import (
	"fmt"
	"strings"
)

// Missing is the error of a thread that cannot be executed again, or not to its end: something that was stored is gone, damaged, of a
// newer version, or does not belong to what the thread asks for. What comes before it, and other threads, can be read all the same.
type Missing struct {
	Session, Thread string
	// Slot is the number of the answer in the thread's log that is concerned, -1 for none.
	Slot int
	// What is missing, in words.
	What string
	// Err is what the store or a decoder said, nil for nothing.
	Err error
}

// Error names the thread, the slot and what is missing.
func (m *Missing) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "thread %s of session %s", m.Thread, m.Session)
	if m.Slot >= 0 {
		fmt.Fprintf(&b, ", slot %d", m.Slot)
	}
	b.WriteString(": " + m.What)
	if m.Err != nil {
		b.WriteString(": " + m.Err.Error())
	}
	return b.String()
}

// Unwrap is what the store or a decoder said.
func (m *Missing) Unwrap() error { return m.Err }

// missing is something that the thread as a whole lacks.
func (t *Thread) missing(err error, what string, args ...any) error {
	return &Missing{Session: t.s.id, Thread: t.id, Slot: -1, What: fmt.Sprintf(what, args...), Err: err}
}

// missingSlot is something that an answer in the log lacks.
func (t *Thread) missingSlot(slot uint64, err error, what string, args ...any) error {
	return &Missing{Session: t.s.id, Thread: t.id, Slot: int(slot), What: fmt.Sprintf(what, args...), Err: err}
}
