package dynamostore_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/vm"
)

// wire counts the bytes of requests and of their answers, without headers.
type wire struct {
	inner          aws.HTTPClient
	sent, received atomic.Int64
}

func (w *wire) Do(r *http.Request) (*http.Response, error) {
	w.sent.Add(r.ContentLength)
	answer, err := w.inner.Do(r)
	if err == nil {
		w.received.Add(max(0, answer.ContentLength))
	}
	return answer, err
}

// BenchmarkThread is what each thread of a session costs, started and awaited together with the others, with no value but a number.
func BenchmarkThread(b *testing.B) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	program := compiled.Program(b, "fn f(i) { i } fn main(n) { length(await map_async(f, range(n))) }")
	for _, n := range []int64{10, 100, 1000} {
		b.Run(fmt.Sprint(n, " threads"), func(b *testing.B) {
			m, w := &meter{}, &wire{}
			store := open(b, m.metered, func(o *dynamodb.Options) { w.inner, o.HTTPClient = o.HTTPClient, w })
			e := engine.New(engine.Config{Store: store, Executor: local.WithPlaces(32)})
			before, sent, received := m.so(), w.sent.Load(), w.received.Load()
			for b.Loop() {
				session, err := e.Start(b.Context(), engine.Session{Program: program, Function: "main", Args: []vm.Value{vm.Int(n)}})
				require.NoError(b, err)
				_, err = e.Wait(b.Context(), session)
				require.NoError(b, err)
			}
			require.NoError(b, e.Close())
			spent, threads := m.so().minus(before), float64(b.N)*float64(n)
			b.ReportMetric(float64(spent.writes)/threads, "writes/thread")
			b.ReportMetric(float64(spent.units)/threads, "units/thread")
			b.ReportMetric(float64(spent.reads)/threads, "reads/thread")
			b.ReportMetric(float64(w.sent.Load()-sent)/threads, "B-sent/thread")
			b.ReportMetric(float64(w.received.Load()-received)/threads, "B-received/thread")
			b.ReportMetric(threads/b.Elapsed().Seconds(), "threads/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}
