package engine

import (
	"context"
	"errors"
	"time"
)

// The store is spoken to in the operations of the protocol, each one request, each with a condition that is tested and
// applied in one step. An operation whose condition does not hold is not an error: its second result says so. Errors are
// for the outside world (network, disk); after one, the request may or may not have been applied, and every operation
// may be repeated. Byte slices that go in or come out are never changed by either side afterwards.

// ErrNotFound says that the thread, program or value asked for was never stored.
var ErrNotFound = errors.New("not found")

// Root is the number of the thread that a session starts with.
const Root = "0"

// ID names a thread, or a future that is resolved from outside its session.
type ID struct {
	Session string
	// Thread is the thread's number, as "0" or "0.1.3", or "f:name" for an outside future.
	Thread string
}

// String is the form in which a head is known outside: "session#thread".
func (id ID) String() string { return id.Session + "#" + id.Thread }

// Data is bytes in a record: themselves if they are few, else the name of a value that was stored before (PutBlob).
type Data struct {
	Bytes []byte
	// Digest is the value's SHA-256 in hexadecimal; "" if Bytes are the data.
	Digest string
}

// Empty says that there is nothing.
func (d Data) Empty() bool { return d.Digest == "" && len(d.Bytes) == 0 }

// Answer is what a thread or a call ended with.
type Answer struct {
	Failed bool
	// Value is the encoded result or, if Failed, the encoded error.
	Value Data
}

// Waiter is a thread of the same session that wants to be woken, and the number of its wait.
type Waiter struct {
	Thread string
	Wait   uint64
}

// MaxWaiters is how many waiters a head holds; further ones are kept beside it (PutWaiter).
const MaxWaiters = 8

// Head is the record of a thread; that of thread "0" is the session's.
type Head struct {
	ID ID

	// Epoch counts the claims. Lease is when the last one ends (zero: nobody runs the thread), Token names its run, and
	// Tries counts the claims since the last park or preempt.
	Epoch uint64
	Lease time.Time
	Token string
	Tries int

	// Wait numbers the wait at which the thread is parked, Wake is the highest that was released. The thread is parked
	// exactly while Wait > Wake. Targets are what it waits for, at most MaxTargets of them, and Unnamed the number of the
	// others; Until is when it goes on without them (zero: never).
	Wait, Wake uint64
	Targets    []string
	Unnamed    int
	Until      time.Time

	// Waiters are to be woken when the thread ends; More says that there are others, kept beside the head.
	Waiters []Waiter
	More    bool

	// Done says that the thread has ended, with Answer, at Ended. Outside: somebody else ended it (a timeout, a cancel).
	// Seen: its failure was raised in a thread that awaited it.
	Done    bool
	Answer  Answer
	Ended   time.Time
	Outside bool
	Seen    bool
	// Attempts is the number of tries of a thread that is one Python call.
	Attempts int

	// Entry is the encoded call that the thread consists of (see EncodeEntry); empty for an outside future. Function is
	// its function's name, for those who look. Program is the hash of the program, Version the deployment that runs it.
	Entry    Data
	Function string
	Parent   string
	Program  string
	Version  string
	Started  time.Time
	// Deadline is when the thread fails with kind Timeout (zero: never), Expires when everything of the session may go.
	Deadline time.Time
	Expires  time.Time

	// Snap is what a run goes on from instead of the entry (see snapshot.go). Spawned is how many threads had been
	// started by then; once the thread has ended, and not from Outside, it is how many there are.
	Snap    Data
	Spawned int
	// Output are the lines printed since the last slot, of a thread that has ended.
	Output Data

	// Due is when the sweep looks at the thread, Poll how long it waits after that. Zero: it does not.
	Due  time.Time
	Poll time.Duration
}

// MaxTargets is how many targets a head names.
const MaxTargets = 4

// Parked says whether the thread waits.
func (h *Head) Parked() bool { return h.Wait > h.Wake }

// Claimable says whether a run may begin at the time now.
func (h *Head) Claimable(now time.Time) bool { return !h.Done && !h.Parked() && !h.Live(now) }

// Live says whether a run of the thread is going on, as far as the store knows.
func (h *Head) Live(now time.Time) bool { return now.Before(h.Lease) }

// SlotKind says what a slot answers.
type SlotKind uint8

const (
	// SlotCall answers a Python call.
	SlotCall SlotKind = iota + 1
	// SlotFirst says which of several futures ended first: an Int.
	SlotFirst
	// SlotTimeout says whether a wait timed out: a Bool.
	SlotTimeout
	// SlotOutput holds output only, when much has been printed since the last slot.
	SlotOutput
	// SlotEdit holds a change that a debugger made, and when (see EncodeEdit).
	SlotEdit
)

// Slot is an answer in a thread's log. What is stored under (Thread, Number) first stays.
type Slot struct {
	ID     ID
	Number uint64
	// Epoch is the run that stored it.
	Epoch uint64
	Kind  SlotKind
	// Function is the Python function as "module.name", Arguments the digest of its encoded arguments.
	Function  string
	Arguments string
	Answer    Answer
	// Attempts is how often the call was made; the last attempt is the one that counts.
	Attempts int
	// Output are the lines printed since the slot before, then those of the attempt that counts (see EncodeLines).
	Output       Data
	Begun, Ended time.Time
	// Expires is the session's (see Head), for stores that delete what has expired record by record.
	Expires time.Time
}

// MarkKind says what is marked.
type MarkKind uint8

const (
	// MarkBegun is put before a call that must not be made twice.
	MarkBegun MarkKind = iota + 1
	// MarkFailed is put after a try that is followed by another one, so that a crash does not give it back.
	MarkFailed
)

// Mark remembers something of a call whose slot is not stored yet.
type Mark struct {
	ID      ID
	Number  uint64
	Attempt int
	Kind    MarkKind
	Epoch   uint64
	// Expires is the session's.
	Expires time.Time
}

// Blob is a value of a session that is too large for a record.
type Blob struct {
	Session string
	// Digest is the value's SHA-256 in hexadecimal.
	Digest string
	Value  []byte
	// Expires is the session's.
	Expires time.Time
}

// Claim asks for a thread.
type Claim struct {
	ID ID
	// Token names the run. It is drawn before the request, so that a repeated request is known as the same.
	Token      string
	Now, Lease time.Time
}

// Park says that a thread waits from now on.
type Park struct {
	ID      ID
	Epoch   uint64
	Wait    uint64
	Targets []string
	Unnamed int
	Until   time.Time
	Snap    Data
	Spawned int
	// Due is when the sweep has to look, if that is earlier than it would anyway; zero leaves it as it is.
	Due time.Time
}

// ParkOutcome is what came of a Park.
type ParkOutcome uint8

const (
	// Parked: the thread waits.
	Parked ParkOutcome = iota + 1
	// Woken: the wait has been released already; the run still has the thread and goes on.
	Woken
	// Fenced: another run has claimed the thread, or it has ended; this run stops.
	Fenced
)

// Finish says what a thread ended with.
type Finish struct {
	ID      ID
	Answer  Answer
	Ended   time.Time
	Output  Data
	Spawned int
	// Attempts is set for a thread that is one Python call.
	Attempts int
	// Outside: somebody else ends the thread. Output and Spawned are not changed then.
	Outside bool
	// Due stays in the index of the sweep if it is set (a cancelled session, whose threads are still being stopped).
	Due time.Time
}

// Wake releases a wait.
type Wake struct {
	ID   ID
	Wait uint64
	Due  time.Time
}

// Preempt stores a snapshot of a thread that is not waiting.
type Preempt struct {
	ID      ID
	Epoch   uint64
	Snap    Data
	Spawned int
	Due     time.Time
	// Lease is how long the same run goes on; zero if it does not, so that another one can claim the thread at once.
	Lease time.Time
}

// Due is an entry of the sweep's index.
type Due struct {
	ID ID
	At time.Time
}

// Limits are what a store can take.
type Limits struct {
	// Inline is how many bytes Data may hold itself, and Head how many those of one head may hold together: its entry with
	// its snapshot, or with its answer and output, next to which a store need not keep the snapshot. 0 is no limit.
	Inline int
	Head   int
	// Batch is how many heads one Heads request reads.
	Batch int
	// Pipeline is how many requests one run may have in flight; 1 for a store that gains nothing by more.
	Pipeline int
	// Shards is the number of parts of the sweep's index.
	Shards int
}

// Store keeps sessions. Each method is one request; what it is conditional on is tested and applied in one step.
type Store interface {
	Limits() Limits

	// Create puts the head if there is none of its ID, and says whether it did.
	Create(ctx context.Context, h Head) (bool, error)
	// Claim applies if the thread is not done, not parked, and its lease over or of the same token: epoch + 1, lease,
	// token, tries + 1. It returns the whole head as it is afterwards. A thread that does not exist cannot be claimed.
	Claim(ctx context.Context, c Claim) (Head, bool, error)
	// Park applies if the epoch is still the same, the thread is not done, and the wake is lower than the wait: wait,
	// targets, until, snap, spawned, tries = 0, no lease.
	Park(ctx context.Context, p Park) (ParkOutcome, error)
	// Finish applies if the thread is not done: done, answer, output, no lease, no snapshot (unless from outside), due. It
	// returns the whole head, its waiters included, whether it applied or somebody else has decided already. ErrNotFound if
	// there is no such head.
	Finish(ctx context.Context, f Finish) (Head, bool, error)
	// Wake applies if the thread is not done, wake < w.Wait and wait ≤ w.Wait: wake, due. It returns the whole head
	// either way. ErrNotFound if there is no such head.
	Wake(ctx context.Context, w Wake) (Head, bool, error)
	// Preempt applies if the epoch is still the same and the thread not done: snap, spawned, due, lease, tries = 0.
	Preempt(ctx context.Context, p Preempt) (bool, error)

	// Register adds a waiter to a target that is not done and holds fewer than MaxWaiters, or this very one already. If
	// it does not apply the head says why: it is done (and holds the answer), or full. ErrNotFound if there is none.
	Register(ctx context.Context, target ID, w Waiter) (Head, bool, error)
	// SetMore says in a head that is not done that there are waiters beside it. If it does not apply, the head is done.
	SetMore(ctx context.Context, target ID) (Head, bool, error)
	// PutWaiter keeps a waiter beside a head; Waiters reads all of those, in no order. Expires is the session's.
	PutWaiter(ctx context.Context, target ID, w Waiter, expires time.Time) error
	Waiters(ctx context.Context, target ID) ([]Waiter, error)
	// See marks a failure as raised in a thread that awaited it. It applies if the thread is done and failed.
	See(ctx context.Context, id ID) error

	// Heads reads up to Limits().Batch heads as they are now; nil for those that do not exist.
	Heads(ctx context.Context, ids []ID) ([]*Head, error)

	// PutSlot stores the slot if there is none of its number. It returns the one that is stored, and whether it is this.
	PutSlot(ctx context.Context, s Slot) (Slot, bool, error)
	// PutMark stores the mark if there is none of its slot, attempt and kind. It returns the one that is stored, and
	// whether it is this.
	PutMark(ctx context.Context, m Mark) (Mark, bool, error)
	// Slots reads a thread's slots and marks from a number on, ascending.
	Slots(ctx context.Context, id ID, from uint64) ([]Slot, []Mark, error)

	// Due reads the entries of a shard of the sweep's index up to a time, earliest first, at most limit: those of one
	// session, or of all if session is "".
	Due(ctx context.Context, shard int, session string, before time.Time, limit int) ([]Due, error)
	// SetDue changes when the sweep looks at a head, if that is still was: to due and poll, or never if due is zero.
	SetDue(ctx context.Context, id ID, was, due time.Time, poll time.Duration) (bool, error)
	// Sessions reads the heads of the sessions whose ID is less than before ("" for all), latest first, at most limit.
	Sessions(ctx context.Context, before string, limit int) ([]Head, error)

	// PutProgram stores a program under its hash, for the time being: one that no session runs may be deleted a day after it
	// was put last. Program reads it, or fails with ErrNotFound.
	PutProgram(ctx context.Context, hash string, program []byte) error
	Program(ctx context.Context, hash string) ([]byte, error)
	// PutBlob stores a value of a session under its digest; Blob reads it, or fails with ErrNotFound.
	PutBlob(ctx context.Context, b Blob) error
	Blob(ctx context.Context, session, digest string) ([]byte, error)

	// Expired names up to limit sessions of which something has expired by a time, in no order. A store that deletes by
	// itself what has expired names none.
	Expired(ctx context.Context, by time.Time, limit int) ([]string, error)
	// Delete removes everything of a session: its heads, their logs and waiters, its values. It is the one operation that
	// may take several requests; cut off, it is carried on by the next one. A session that is not there is none left.
	Delete(ctx context.Context, session string) error
}

// Versioned is a store that several processes use and that can say at little cost whether another one has written to it.
type Versioned interface {
	// Version is a number that is another one after another process has written; what was written through this Store may
	// change it or not.
	Version(ctx context.Context) (int64, error)
}
