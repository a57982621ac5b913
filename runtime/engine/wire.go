package engine

import (
	"encoding/binary"
	"errors"
)

// What the engine itself stores beside values and machines (lines, snapshots) is a sequence of unsigned varints and of
// byte strings with their length before them, after one byte of version.

const wireVersion = 1

var errCorrupt = errors.New("the stored bytes are damaged, or of a newer version")

type writer struct{ b []byte }

func newWriter() *writer { return &writer{b: []byte{wireVersion}} }

func (w *writer) uint(n uint64) { w.b = binary.AppendUvarint(w.b, n) }

func (w *writer) bytes(b []byte) {
	w.uint(uint64(len(b)))
	w.b = append(w.b, b...)
}

func (w *writer) text(s string) {
	w.uint(uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *writer) bool(b bool) {
	if b {
		w.uint(1)
		return
	}
	w.uint(0)
}

// reader reads what a writer wrote. After the first damage it reads zeros, and says so at the end.
type reader struct {
	b   []byte
	bad bool
}

func newReader(b []byte) *reader {
	if len(b) == 0 || b[0] != wireVersion {
		return &reader{bad: true}
	}
	return &reader{b: b[1:]}
}

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[size:]
	return n
}

// count is a number of things that take at least one byte each: damaged bytes cannot make it huge.
func (r *reader) count() int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return 0
	}
	return int(n)
}

func (r *reader) bytes() []byte {
	n := r.count()
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) bool() bool { return r.uint() == 1 }

// end is the error there was; bytes left over are one too.
func (r *reader) end() error {
	if r.bad || len(r.b) > 0 {
		return errCorrupt
	}
	return nil
}
