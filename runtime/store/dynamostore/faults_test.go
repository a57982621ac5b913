package dynamostore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
)

// What the network and DynamoDB do to requests, and DynamoDB Local does not: done here, on the way to it.

// faults are how many of a thousand requests meet what.
type faults struct {
	throttled int // refused, because the table has to do too much
	failed    int // answered with an error of the server's, half of them applied nevertheless
	unsent    int // the connection breaks before the request arrives
	lost      int // the request is applied, but the connection breaks before the answer arrives
	cut       int // the answer breaks off
	doubled   int // applied twice; the second answer arrives
	late      int // applied once more some requests later
	slow      int
	lagging   int // a query of an index gets the answer of an earlier one
}

// broken is the way to a server on which things go wrong, as a seed decides.
type broken struct {
	faults
	mu     sync.Mutex
	random *rand.Rand
	met    map[string]int
	last   map[string]*answer // of the queries of an index
	late   []*http.Request
}

func newBroken(f faults, seed uint64) *broken {
	return &broken{faults: f, random: rand.New(rand.NewPCG(seed, 1)), met: map[string]int{}, last: map[string]*answer{}}
}

// through is a client whose requests go this way.
func (b *broken) through(o *dynamodb.Options) { o.HTTPClient = &http.Client{Transport: b} }

// answer is one that is kept.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) response(r *http.Request) *http.Response {
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.header.Clone(),
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}
}

func refusal(status int, code, message string) *answer {
	body := fmt.Sprintf(`{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":%q}`, code, message)
	return &answer{status, http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, []byte(body)}
}

func reset(op string) error { return &net.OpError{Op: op, Net: "tcp", Err: syscall.ECONNRESET} }

// draw is what a request meets: "" for nothing.
func (b *broken) draw() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	lot := b.random.IntN(1000)
	for _, fault := range []struct {
		name string
		of   int
	}{
		{"throttled", b.throttled}, {"failed", b.failed}, {"unsent", b.unsent}, {"lost", b.lost}, {"cut", b.cut}, {"doubled", b.doubled},
		{"late", b.faults.late}, {"slow", b.slow}, {"lagging", b.lagging},
	} {
		if lot -= fault.of; lot < 0 {
			b.met[fault.name]++
			return fault.name
		}
	}
	return ""
}

func (b *broken) chance() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.random.IntN(2) == 0
}

// RoundTrip sends a request, or what becomes of it.
func (b *broken) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	b.deliverLate()
	fault := b.draw()
	switch fault {
	case "throttled":
		codes := []string{"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}
		return refusal(400, codes[len(body)%len(codes)], "too much at once").response(r), nil
	case "unsent":
		return nil, reset("write")
	case "slow":
		<-time.After(5 * time.Millisecond)
	case "late":
		b.mu.Lock()
		b.late = append(b.late, again(r, body))
		b.mu.Unlock()
	case "failed":
		if b.chance() {
			return refusal(500, "InternalServerError", "try again").response(r), nil
		}
	case "lagging":
		if old := b.earlier(body); old != nil {
			return old.response(r), nil
		}
	case "doubled":
		if _, err := send(again(r, body)); err != nil {
			return nil, err
		}
	}
	a, err := send(again(r, body))
	if err != nil {
		return nil, err
	}
	b.remember(body, a)
	return b.arrives(r, a, fault)
}

// arrives is what arrives of an answer.
func (b *broken) arrives(r *http.Request, a *answer, fault string) (*http.Response, error) {
	switch fault {
	case "lost":
		return nil, reset("read")
	case "failed":
		return refusal(500, "InternalServerError", "try again").response(r), nil
	case "cut":
		response := a.response(r)
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(a.body[:len(a.body)/2]), breaking{}))
		return response, nil
	}
	return a.response(r), nil
}

// breaking is the end of an answer that breaks off.
type breaking struct{}

func (breaking) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// deliverLate delivers a request once more that was answered long ago.
func (b *broken) deliverLate() {
	b.mu.Lock()
	var r *http.Request
	if len(b.late) > 0 && b.random.IntN(8) == 0 {
		r, b.late = b.late[0], b.late[1:]
	}
	b.mu.Unlock()
	if r != nil {
		_, _ = send(r)
	}
}

func index(body []byte) (string, bool) {
	_, rest, ok := bytes.Cut(body, []byte(`"IndexName":"`))
	return string(rest[:min(len(rest), 8)]) + shardIn(body), ok
}

func shardIn(body []byte) string {
	_, rest, _ := strings.Cut(string(body), `":shard":{"S":"`)
	shard, _, _ := strings.Cut(rest, `"`)
	return shard
}

func (b *broken) earlier(body []byte) *answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	of, _ := index(body)
	return b.last[of]
}

func (b *broken) remember(body []byte, a *answer) {
	if of, ok := index(body); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.last[of] = a
	}
}

func again(r *http.Request, body []byte) *http.Request {
	second := r.Clone(r.Context())
	second.Body = io.NopCloser(bytes.NewReader(body))
	return second
}

func send(r *http.Request) (*answer, error) {
	response, err := transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	return &answer{response.StatusCode, response.Header, body}, errors.Join(err, response.Body.Close())
}

var programs = map[string]string{
	"threads": `fn f(x) { x * x } fn main() { reduce(lambda (a, b) { a + b }, await map_async(f, range(8)), 0) }`,
	"a tree": `fn sum(n) { if n < 1 { 0 } else { a = async sum(n - 1); b = async sum(n - 2); n + await a + await b } }
		fn main() { sum(3) }`,
	"a shared future": `fn slow() { sleep(2); 5 } fn wait(x) { 1 + await x }
		fn main() { s = async slow(); reduce(lambda (a, b) { a + b }, await map(lambda (i) { async wait(s) }, range(10)), 0) }`,
	"failures": `fn f(i) { if i > 1 { signal("error", str(i)) } else { i } }
		fn main() { async f(9); try { await map_async(f, range(4)) } catch e { get(e, "message") } }`,
	"python":     imports + `fn main() { print("a"); x = double(3); print("b"); y = await async double(x); print("c"); x + y }`,
	"attributes": imports + `fn main() { print(try { fail(1) } catch e { get(e, "message") }); [mayonce(1), await async mayonce(2)] }`,
	"sleeps":     `fn f(s) { print(sleep(s)); s } fn main() { await [async f(0.5), async f(70)] }`,
	"timeouts":   `fn f() { sleep(5); 3 } fn main() { [with_timeout(async f(), 100000), try { with_timeout(future("x"), 2) } catch e { get(e, "kind") }] }`,
	"output":     `fn main() { map(lambda (i) { print(join(map(str, range(800)), " ")); 1 }, range(6)); length(await async (lambda () { range(3000) })()) }`,
}

var mixes = map[string]faults{
	"throttled":  {throttled: 300},
	"lost":       {lost: 150, unsent: 50},
	"failing":    {failed: 150, cut: 100},
	"doubled":    {doubled: 300, late: 200},
	"slow":       {slow: 200, lagging: 500},
	"everything": {throttled: 60, failed: 60, unsent: 30, lost: 80, cut: 40, doubled: 100, late: 60, slow: 20, lagging: 200},
}

// told collects what an observer is told to be committed, by thread.
type told struct {
	engine.Quiet
	mu    sync.Mutex
	lines map[string][]string
}

func (o *told) Committed(l engine.Line) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines[l.ID.Thread] = append(o.lines[l.ID.Thread], l.Text)
}

// TestNoFaultShows: whatever happens to requests, what a session prints and results in is as if nothing had, each line is told
// once, and nothing has to wait for a lease to end.
func TestNoFaultShows(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	for name, source := range programs {
		program, undisturbed := compiled.Program(t, source), &told{lines: map[string][]string{}}
		calm, err := sim.Run(sim.Case{Program: program, Function: "main", Foreign: python, Observer: undisturbed})
		require.NoError(t, err)
		for kind, mix := range mixes {
			t.Run(name+"/"+kind, func(t *testing.T) {
				client, way, observer := connect(t), newBroken(mix, 1), &told{lines: map[string][]string{}}
				require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
				store := dynamostore.New(dynamodb.New(client.Options(), way.through), dynamostore.Options{Table: table, Backoff: time.Millisecond})
				got, err := sim.Run(sim.Case{Program: program, Function: "main", Foreign: python, Store: store, Engines: 2, Observer: observer})
				require.NoError(t, err)
				assert.Equal(t, calm.String(), got.String())
				assert.Equal(t, undisturbed.lines, observer.lines)
				assert.Less(t, got.Took, calm.Took+20*time.Minute)
				assert.NotEmpty(t, way.met)
			})
		}
	}
}
