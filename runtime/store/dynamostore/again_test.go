package dynamostore_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
)

var (
	began  = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	thread = engine.ID{Session: "s", Thread: "0.1"}
)

// recorder keeps the last request, so that it can arrive again.
type recorder struct {
	request *http.Request
	body    []byte
}

func (c *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c.request, c.body = r, body
	return transport.RoundTrip(again(r, body))
}

// late is a store with one thread, and what the cases do with it.
type late struct {
	*testing.T
	*recorder
	*dynamostore.Store
}

func (l *late) claim() engine.Head {
	h, ok, err := l.Claim(l.Context(), engine.Claim{ID: thread, Token: "a", Now: began, Lease: began.Add(time.Hour)})
	require.NoError(l, err)
	require.True(l, ok)
	return h
}

func (l *late) park(epoch, wait uint64) {
	outcome, err := l.Park(l.Context(), engine.Park{ID: thread, Epoch: epoch, Wait: wait, Targets: []string{"0.2"}, Snap: engine.Data{Bytes: []byte("parked")}})
	require.NoError(l, err)
	require.Equal(l, engine.Parked, outcome)
}

func (l *late) wake(wait uint64) {
	_, ok, err := l.Wake(l.Context(), engine.Wake{ID: thread, Wait: wait, Due: began.Add(time.Minute)})
	require.NoError(l, err)
	require.True(l, ok)
}

// steps each make a request, keep it, and let the thread go on.
var steps = map[string]func(l *late) (kept recorder){
	"create": func(l *late) recorder {
		r := *l.recorder
		l.claim()
		return r
	},
	"claim": func(l *late) recorder {
		l.claim()
		return *l.recorder
	},
	"park": func(l *late) recorder {
		l.park(l.claim().Epoch, 1)
		r := *l.recorder
		l.wake(1)
		l.claim()
		return r
	},
	"wake": func(l *late) recorder {
		l.park(l.claim().Epoch, 1)
		l.wake(1)
		r := *l.recorder
		l.park(l.claim().Epoch, 2)
		return r
	},
	"a renewed lease": func(l *late) recorder {
		epoch := l.claim().Epoch
		_, err := l.Preempt(l.Context(), engine.Preempt{ID: thread, Epoch: epoch, Snap: engine.Data{Bytes: []byte("running")}, Lease: began.Add(2 * time.Hour)})
		require.NoError(l, err)
		r := *l.recorder
		l.park(epoch, 1)
		return r
	},
	"finish": func(l *late) recorder {
		l.claim()
		_, ok, err := l.Finish(l.Context(), engine.Finish{ID: thread, Answer: engine.Answer{Failed: true}, Ended: began})
		require.NoError(l, err)
		require.True(l, ok)
		r := *l.recorder
		require.NoError(l, l.See(l.Context(), thread))
		return r
	},
	"register": func(l *late) recorder {
		_, ok, err := l.Register(l.Context(), thread, engine.Waiter{Thread: "0", Wait: 1})
		require.NoError(l, err)
		require.True(l, ok)
		return *l.recorder
	},
	"the index": func(l *late) recorder {
		ok, err := l.SetDue(l.Context(), thread, began, began.Add(time.Minute), 0)
		require.NoError(l, err)
		require.True(l, ok)
		r := *l.recorder
		l.claim()
		return r
	},
}

// TestARequestArrivesAgain: a request that the network delivers once more, when the thread has gone on, changes nothing.
func TestARequestArrivesAgain(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			client, way := connect(t), &recorder{}
			require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
			through := func(o *dynamodb.Options) { o.HTTPClient = &http.Client{Transport: way} }
			l := &late{t, way, dynamostore.New(dynamodb.New(client.Options(), through), dynamostore.Options{Table: table})}
			_, err := l.Create(t.Context(), engine.Head{ID: thread, Due: began})
			require.NoError(t, err)
			kept := step(l)
			before, err := l.Heads(t.Context(), []engine.ID{thread})
			require.NoError(t, err)
			_, err = send(again(kept.request, kept.body))
			require.NoError(t, err)
			after, err := l.Heads(t.Context(), []engine.ID{thread})
			require.NoError(t, err)
			assert.Equal(t, before, after)
		})
	}
}
