package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// conn is the connection with the client: messages in the order in which they came, answers and calls of ours. The library's own
// connection runs handlers as it likes and ends at the first mistake of a client; only its encoding is used here.

type conn struct {
	log    *zap.Logger
	stream io.ReadWriteCloser
	reader *frameReader
	writer *frameWriter
	inbox  inbox

	mu       sync.Mutex
	incoming map[jsonrpc2.ID]*request // not answered yet
	outgoing map[jsonrpc2.ID]chan *message
	lastID   int64
}

func newConn(stream io.ReadWriteCloser, log *zap.Logger) *conn {
	return &conn{
		log: log, stream: stream, reader: newFrameReader(stream), writer: newFrameWriter(stream), inbox: inbox{ready: make(chan struct{}, 1)},
		incoming: map[jsonrpc2.ID]*request{}, outgoing: map[jsonrpc2.ID]chan *message{},
	}
}

// read takes messages until the input ends or "exit" comes, whose place in the order is the end. It never waits for the work that
// messages cause: so cancellations and answers get through whatever is going on.
func (c *conn) read(ctx context.Context) {
	defer c.inbox.close()
	for {
		frame, skipped, err := c.reader.next()
		if skipped || errors.Is(err, errNoHeader) {
			c.respond(jsonrpc2.ID{}, nil, jsonrpc2.NewError(jsonrpc2.ParseError, errNoHeader.Error()))
		}
		if errors.Is(err, errNoHeader) {
			continue
		}
		if err != nil {
			c.log.Debug("the input has ended", zap.Error(err))
			return
		}
		m, broken := decodeMessage(frame)
		if broken != nil {
			c.reader.lost = broken.Code == jsonrpc2.ParseError
			c.respond(jsonrpc2.ID{}, nil, broken)
			continue
		}
		if c.receive(ctx, m); m.method == "exit" {
			return
		}
	}
}

func (c *conn) receive(ctx context.Context, m *message) {
	switch {
	case m.method == "":
		c.deliver(m)
	case m.method == "$/cancelRequest":
		c.cancel(m.params)
	case m.isRequest():
		if r := c.register(ctx, m); r != nil {
			c.inbox.put(event{request: r})
		}
	default:
		c.inbox.put(event{notification: m})
	}
}

// register makes a request known, so that it can be cancelled from now on.
func (c *conn) register(ctx context.Context, m *message) *request {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.incoming[m.id] != nil {
		c.respond(m.id, nil, jsonrpc2.NewError(jsonrpc2.InvalidRequest, "another request with this id is not answered yet"))
		return nil
	}
	r := &request{id: m.id, method: m.method, raw: m.params}
	r.ctx, r.stop = context.WithCancelCause(ctx)
	r.send = func(result json.RawMessage, err error) {
		c.mu.Lock()
		delete(c.incoming, m.id)
		c.mu.Unlock()
		c.respond(m.id, result, err)
	}
	c.incoming[m.id] = r
	return r
}

// cancel answers a request that the client has no use for any more, at once; its handler finds its context cancelled.
func (c *conn) cancel(params json.RawMessage) {
	var p struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(params, &p) != nil {
		return
	}
	id, ok := decodeID(p.ID)
	c.mu.Lock()
	r := c.incoming[id]
	c.mu.Unlock()
	if ok && r != nil {
		r.abandon(errCancelled)
	}
}

// deliver hands an answer to the one who waits for it, if anybody does.
func (c *conn) deliver(m *message) {
	c.mu.Lock()
	waiting := c.outgoing[m.id]
	delete(c.outgoing, m.id)
	c.mu.Unlock()
	if waiting != nil {
		waiting <- m
	}
}

func (c *conn) respond(id jsonrpc2.ID, result json.RawMessage, err error) {
	c.write(func(buf []byte) []byte { return jsonrpc2.AppendResponse(buf, id, jsonrpc2.RawMessage(result), err) })
}

// notify sends a notification. A client that is gone is noticed by the reader.
func (c *conn) notify(method string, params any) {
	raw, err := encodeParams(params)
	if err != nil {
		c.log.Error("a notification cannot be encoded", zap.String("method", method), zap.Error(err))
		return
	}
	c.write(func(buf []byte) []byte { return jsonrpc2.AppendNotification(buf, method, raw) })
}

// call asks the client something. The answer comes by the channel, nil if the connection ends before.
func (c *conn) call(ctx context.Context, method string, params any) <-chan *message {
	answer := make(chan *message, 1)
	raw, err := encodeParams(params)
	if err != nil {
		c.log.Error("a request cannot be encoded", zap.String("method", method), zap.Error(err))
		close(answer)
		return answer
	}
	c.mu.Lock()
	c.lastID++
	id := jsonrpc2.NewNumberID(c.lastID)
	c.outgoing[id] = answer
	c.mu.Unlock()
	context.AfterFunc(ctx, func() {
		c.deliver(&message{id: id, err: jsonrpc2.NewError(jsonrpc2.InternalError, "the connection has ended")})
	})
	c.write(func(buf []byte) []byte { return jsonrpc2.AppendCall(buf, id, method, raw) })
	return answer
}

// encodeParams are the parameters of a message of ours, absent if there are none.
func encodeParams(params any) ([]byte, error) {
	if params == nil {
		return nil, nil
	}
	return protocol.Marshal(params)
}

func (c *conn) write(compose func([]byte) []byte) { c.writer.write(compose) }

// event is something that is handled in its turn: a message, or something of our own.
type event struct {
	request      *request
	notification *message
	own          func()
}

// inbox is a queue without bounds, so that the reader never waits.
type inbox struct {
	mu     sync.Mutex
	events []event
	closed bool
	ready  chan struct{} // has a token when there may be something to take
}

func (q *inbox) put(e event) {
	q.mu.Lock()
	q.events = append(q.events, e)
	q.mu.Unlock()
	wake(q.ready)
}

func (q *inbox) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	wake(q.ready)
}

// take waits for the next event; ok is false when there are none any more.
func (q *inbox) take() (e event, ok bool) {
	for {
		q.mu.Lock()
		if len(q.events) > 0 {
			e = q.events[0]
			q.events = q.events[1:]
			q.mu.Unlock()
			return e, true
		}
		closed := q.closed
		q.mu.Unlock()
		if closed {
			return event{}, false
		}
		<-q.ready
	}
}
