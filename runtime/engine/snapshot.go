package engine

import (
	"time"

	"github.com/hark-lang/hark-ls/vm"
)

// A snapshot is what a run goes on from: the machine, and what the engine has to know beside it. Losing one costs time,
// not correctness: the thread then starts from its entry, and finds the answers in its log. A snapshot without a machine is
// one of the entry.

// progress is the engine's part of a snapshot.
type progress struct {
	// slot numbers the next slot, printed counts the lines printed so far, children the threads started.
	slot     uint64
	printed  uint64
	children int
	// attempts is how often the call was made that the thread consists of, if it does.
	attempts int
	// settled says that nothing was logged after the snapshot, and will not be before the next run: the run that stored it
	// ended with it, and no earlier one can be left over. Otherwise the log has to be read.
	settled bool
	// deaths is how many runs have died since the thread got anywhere, beside those that its record counts.
	deaths int
	// pending are the lines that the next record stores.
	pending []Line
	wait    waiting
}

// waiting is how far the instruction has come at which the machine stands. It is empty again after each answer.
type waiting struct {
	// begun says that the rest means something; first that a List's last open future is yet to be found.
	begun bool
	// until is when a sleep, a timeout or a backoff is over; zero if there is none.
	until time.Time
	// ended says which of several futures are known to have.
	ended []bool
	// tries and crashes of a Python call.
	tries, crashes int
	// cut says that the call was cut off by the end of a run's time, and is to be made by a fresh run.
	cut bool
}

func encodeSnapshot(p *progress, machine []byte) []byte {
	w := newWriter()
	w.uint(p.slot)
	w.uint(p.printed)
	w.uint(uint64(p.children))
	w.uint(uint64(p.attempts))
	w.bool(p.settled)
	w.uint(uint64(p.deaths))
	w.lines(p.pending)
	w.waiting(&p.wait)
	w.bytes(machine)
	return w.b
}

func decodeSnapshot(id ID, b []byte) (progress, []byte, error) {
	r := newReader(b)
	p := progress{slot: r.uint(), printed: r.uint(), children: int(r.uint()), attempts: int(r.uint()), settled: r.bool(), deaths: int(r.uint())}
	p.pending = r.lines(id)
	p.wait = r.waiting()
	machine := r.bytes()
	return p, machine, r.end()
}

func (w *writer) waiting(p *waiting) {
	w.bool(p.begun)
	if !p.begun {
		return
	}
	w.bool(!p.until.IsZero())
	if !p.until.IsZero() {
		w.uint(uint64(p.until.UnixNano()))
	}
	w.bool(p.cut)
	w.uint(uint64(p.tries))
	w.uint(uint64(p.crashes))
	bits := make([]byte, (len(p.ended)+7)/8)
	for i, ended := range p.ended {
		if ended {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	w.uint(uint64(len(p.ended)))
	w.bytes(bits)
}

func (r *reader) waiting() waiting {
	p := waiting{begun: r.bool()}
	if !p.begun {
		return p
	}
	if r.bool() {
		p.until = time.Unix(0, int64(r.uint()))
	}
	p.cut = r.bool()
	p.tries, p.crashes = int(r.uint()), int(r.uint())
	length, bits := r.uint(), r.bytes()
	if length > uint64(len(bits))*8 {
		r.bad = true
		return p
	}
	if length > 0 {
		p.ended = make([]bool, length)
	}
	for i := range p.ended {
		p.ended[i] = bits[i/8]&(1<<(i%8)) != 0
	}
	return p
}

// SnapshotSteps is how many instructions a thread had executed when a snapshot of it was taken, 0 if it cannot be read.
func SnapshotSteps(code *vm.Code, id ID, snap []byte) uint64 {
	_, machine, err := decodeSnapshot(id, snap)
	if err != nil {
		return 0
	}
	m, err := vm.Decode(code, machine)
	if err != nil {
		return 0
	}
	return m.Steps()
}
