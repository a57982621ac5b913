package lambdalocal

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
)

// Limits on the size of events.
const (
	maxEvent = 1 << 20
	maxSync  = 6 << 20
)

// frontDoor is Lambda's API, as far as functions are invoked by it, and the way to stores.
func (l *Lambda) frontDoor() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{name}/invocations", l.serveInvoke)
	mux.HandleFunc("/store/{environment}", l.serveStore)
	mux.HandleFunc("/store/{environment}/", l.serveStore)
	return mux
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("X-Amzn-Errortype", kind)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"Type": "User", "Message": message})
}

// serveInvoke is the operation Invoke.
func (l *Lambda) serveInvoke(w http.ResponseWriter, r *http.Request) {
	limit, async := maxSync, r.Header.Get("X-Amz-Invocation-Type") == "Event"
	if async {
		limit = maxEvent
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	switch {
	case err != nil:
		return
	case len(body) > limit:
		refuse(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", fmt.Sprintf("the event is larger than %d bytes", limit))
		return
	case len(body) > 0 && !json.Valid(body):
		refuse(w, http.StatusBadRequest, "InvalidRequestContentException", "the event is not JSON")
		return
	}
	name, qualifier := functionName(r)
	e := &event{payload: body, hops: hops(r.Header.Get("X-Amzn-Trace-Id")) + 1}
	if !async {
		e.answer = make(chan outcome, 1)
	}
	l.mu.Lock()
	if e.f = l.find(name, qualifier); e.f != nil {
		l.accept(e)
	}
	l.mu.Unlock()
	switch {
	case e.f == nil:
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+name+":"+qualifier)
	case async:
		w.WriteHeader(http.StatusAccepted)
	default:
		l.answer(w, r, e)
	}
}

// answer waits for the end of a synchronous invocation.
func (l *Lambda) answer(w http.ResponseWriter, r *http.Request, e *event) {
	select {
	case o := <-e.answer:
		w.Header().Set("X-Amz-Executed-Version", e.f.Version)
		if o.kind == "" {
			_, _ = w.Write(o.body)
			return
		}
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		_ = json.NewEncoder(w).Encode(map[string]string{"errorMessage": o.detail, "errorType": o.kind})
	case <-r.Context().Done():
	}
}

// functionName takes a function's name, an ARN, or either with a qualifier.
func functionName(r *http.Request) (name, qualifier string) {
	name, qualifier = r.PathValue("name"), r.URL.Query().Get("Qualifier")
	if _, rest, ok := strings.Cut(name, ":function:"); ok {
		name = rest
	}
	if before, after, ok := strings.Cut(name, ":"); ok {
		return before, after
	}
	return name, qualifier
}

// hops is how many functions are in a chain already.
func hops(trace string) int {
	for part := range strings.SplitSeq(trace, ";") {
		if lineage, ok := strings.CutPrefix(part, "Lineage="); ok {
			n, _ := strconv.Atoi(lineage[strings.LastIndexByte(lineage, ':')+1:])
			return n
		}
	}
	return 0
}

// killing is which request to a store ends the environment that makes it.
type killing struct {
	at    int
	after bool
}

// KillAt ends the environment that makes the n-th request to a store, counted over all of them from 1: before the request gets there, or
// after it was done, with the answer lost.
func (l *Lambda) KillAt(n int, after bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kill = killing{n, after}
}

// Requests is how many requests were made to stores.
func (l *Lambda) Requests() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests
}

// serveStore passes a request on to a store.
func (l *Lambda) serveStore(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("environment"))
	l.mu.Lock()
	if err != nil || number < 1 || number > len(l.environments) {
		l.mu.Unlock()
		w.WriteHeader(http.StatusNotFound)
		return
	}
	e := l.environments[number-1]
	l.requests++
	fatal := l.requests == l.kill.at
	if fatal && !l.kill.after {
		l.killed(e)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	if fatal {
		w = lost{http.Header{}}
	}
	forward(e.f.Store, "/store/"+strconv.Itoa(number), w, r)
	if fatal {
		l.mu.Lock()
		l.killed(e)
		l.mu.Unlock()
	}
}

func (l *Lambda) killed(e *environment) {
	l.note("kill", nil, e, "")
	e.crash(outcome{kind: "exit", detail: "Runtime.ExitError: killed"})
}

// stores keeps as many connections as there are requests at a time.
var stores = &http.Transport{MaxIdleConnsPerHost: 64}

func forward(store, prefix string, w http.ResponseWriter, r *http.Request) {
	target, err := url.Parse(store)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	r.URL.Path = strings.TrimPrefix(r.URL.Path, prefix)
	proxy := &httputil.ReverseProxy{Transport: stores, Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }}
	proxy.ServeHTTP(w, r)
}

// lost is where an answer goes that does not arrive.
type lost struct{ h http.Header }

func (l lost) Header() http.Header         { return l.h }
func (l lost) Write(p []byte) (int, error) { return len(p), nil }
func (lost) WriteHeader(int)               {}
