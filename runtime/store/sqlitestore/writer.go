package sqlitestore

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// One connection writes. Who finds it free begins a transaction, does the requests of all who have come meanwhile, and
// commits once; then the next one who waits does the same. A commit is most of what a request costs, so that 64 requests at
// a time cost little more than one.
//
// If something goes wrong with several requests in a transaction, it is rolled back, and each is done in one of its own: one
// that cannot be done (its value does not fit on the disk, its row is damaged) does not take others along.

// maxTogether is how many requests are committed at once: other processes wait that long.
const maxTogether = 256

// request is one that waits for its turn.
type request struct {
	do func(c *conn) error
	// durable says that it has to be on the disk when it is answered.
	durable bool
	// aside says that it changes nothing and has no transaction.
	aside bool

	err  error
	turn chan bool // true: to lead; false: it is done
	lead bool      // it was told to lead
}

// with says whether two requests may be done in one transaction.
func (r *request) with(other *request) bool { return !r.aside && !other.aside }

type writer struct {
	file *file
	// committed is told of each commit that is not on the disk yet.
	committed func()

	mu      sync.Mutex
	idle    *sync.Cond
	queue   []*request
	led     bool // somebody leads
	closed  bool
	trouble error // what was committed could not be written to the disk

	// The leader's: the connection, nil if it broke, and whether its commits wait for the disk.
	conn *conn
	full bool
	// connected counts the connections.
	connected int64
}

func (w *writer) init(f *file, c *conn) {
	w.file, w.conn, w.connected = f, c, 1
	w.idle = sync.NewCond(&w.mu)
}

// close waits for the requests that are under way.
func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for w.led {
		w.idle.Wait()
	}
	if w.conn == nil {
		return nil
	}
	return w.conn.close()
}

func (w *writer) write(ctx context.Context, r *request) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	lead, err := w.enter(r)
	if err != nil {
		return err
	}
	if !lead {
		lead, err = w.await(ctx, r)
		if !lead {
			return err
		}
	}
	return w.leading(ctx, r)
}

// enter queues a request, and says whether it leads.
func (w *writer) enter(r *request) (lead bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false, errClosed
	}
	if err := w.trouble; err != nil {
		if !errors.Is(err, errGone) || w.file.there() == nil {
			w.trouble = nil
		}
		return false, err
	}
	w.queue = append(w.queue, r)
	if w.led {
		r.turn = make(chan bool, 1)
		return false, nil
	}
	w.led = true
	return true, nil
}

// await waits until the request is done, or leads, or is given up.
func (w *writer) await(ctx context.Context, r *request) (lead bool, err error) {
	select {
	case lead = <-r.turn:
		return lead, r.err
	case <-ctx.Done():
	}
	if w.withdraw(r) {
		return false, ctx.Err()
	}
	<-r.turn
	return false, r.err
}

// withdraw takes a request out of the queue, unless it is being done.
func (w *writer) withdraw(r *request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.Index(w.queue, r)
	if at < 0 {
		return false
	}
	w.queue = slices.Delete(w.queue, at, at+1)
	if r.lead {
		w.handOver()
	}
	return true
}

// handOver lets the first in the queue lead, or nobody.
func (w *writer) handOver() {
	if len(w.queue) == 0 {
		w.led = false
		w.idle.Broadcast()
		return
	}
	next := w.queue[0]
	next.lead = true
	next.turn <- true
}

// leading does the requests in the queue, the first of which is the leader's.
func (w *writer) leading(ctx context.Context, own *request) error {
	if own.aside {
		err := w.connect(ctx)
		if err == nil {
			err = w.keep(own.do(w.conn))
		}
		w.answer(w.take(), err)
		return own.err
	}
	if err := w.begin(ctx, false); ctx.Err() != nil && err != nil {
		own.lead = true
		w.withdraw(own)
		return err
	} else if err != nil {
		w.answer(w.take(), err)
		return own.err
	}
	all := w.take()
	err := w.transact(all)
	if err != nil && len(all) > 1 {
		w.oneByOne(ctx, all)
		return own.err
	}
	w.answer(all, err)
	return own.err
}

// take are the requests that are to be done now: those that have come until the transaction began, if its commit is as durable
// as they ask.
func (w *writer) take() []*request {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 1
	for n < min(len(w.queue), maxTogether) && w.queue[0].with(w.queue[n]) && (w.full || !w.queue[n].durable) {
		n++
	}
	all := slices.Clone(w.queue[:n])
	w.queue = slices.Delete(w.queue, 0, n)
	return all
}

// answer ends the leader's turn.
func (w *writer) answer(all []*request, err error) {
	for _, r := range all {
		r.err = err
	}
	w.dismiss(all)
}

func (w *writer) dismiss(all []*request) {
	w.mu.Lock()
	w.handOver()
	w.mu.Unlock()
	for i, r := range all {
		if i > 0 {
			r.turn <- false
		}
	}
}

func (w *writer) oneByOne(ctx context.Context, all []*request) {
	ctx = context.WithoutCancel(ctx)
	for i := range all {
		if all[i].err = w.begin(ctx, all[i].durable); all[i].err == nil {
			all[i].err = w.transact(all[i : i+1])
		}
	}
	w.dismiss(all)
}

// connect makes sure that there is a connection.
func (w *writer) connect(ctx context.Context) error {
	if w.conn == nil {
		c, err := w.file.reconnect(ctx)
		if err != nil {
			return err
		}
		w.conn, w.full = c, false
		w.connected++
	}
	return nil
}

// begin takes the file for writing. The commit waits for the disk if it is told to, or a request that waits wants it.
func (w *writer) begin(ctx context.Context, durable bool) error {
	if err := w.connect(ctx); err != nil {
		return err
	}
	if full := durable || w.wantsFull(); full != w.full {
		if err := w.conn.exec("PRAGMA synchronous = " + w.file.level(full)); err != nil {
			return w.keep(err)
		}
		w.full = full
	}
	return w.keep(w.file.patiently(ctx, func() error { return w.conn.exec("BEGIN IMMEDIATE") }))
}

// wantsFull says whether a request that waits has to be on the disk when it is answered.
func (w *writer) wantsFull() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.queue, func(r *request) bool { return r.durable })
}

// transact does requests in the transaction that has begun, and ends it.
func (w *writer) transact(all []*request) error {
	for _, r := range all {
		if err := r.do(w.conn); err != nil {
			return w.keep(w.rollBack(err))
		}
	}
	if err := w.conn.exec("COMMIT"); err != nil {
		return w.keep(w.rollBack(err))
	}
	if !w.full {
		w.committed()
	}
	return nil
}

// rollBack ends the transaction. If SQLite has done so itself, because it was in trouble, a new connection is the safest.
func (w *writer) rollBack(err error) error {
	if w.conn.exec("ROLLBACK") != nil {
		w.drop()
	}
	return err
}

// keep drops the connection after an error that it may not survive.
func (w *writer) keep(err error) error {
	if w.conn != nil && ofTheFile(err) {
		w.drop()
	}
	return err
}

func (w *writer) drop() {
	_ = w.conn.close()
	w.conn = nil
}
