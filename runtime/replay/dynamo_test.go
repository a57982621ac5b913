package replay_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
)

// TestHistoryInDynamoDB: what the records in a table tell is what happened, also when runs died and invocations came twice.
func TestHistoryInDynamoDB(t *testing.T) {
	if testing.Short() {
		return // the short form starts no servers
	}
	t.Setenv("AWS_ENDPOINT_URL", testkit.DynamoDB.URL(t))
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "replay"+fmt.Sprint(os.Getpid()))
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	for i, name := range []string{"calls", "tries", "a tree", "which was first", "much output", "errors", "timeouts of threads", "timeouts of waits"} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			store, err := dynamostore.Open(ctx, dynamostore.Location{Table: fmt.Sprint("history", i)})
			require.NoError(t, err)
			require.NoError(t, store.Prepare(ctx))
			for seed := range uint64(2) {
				rec, faults := newRecorder(seed, 9), sim.Faults{}
				if seed > 0 {
					faults = sim.Faults{Kill: 4, Double: 80, Lose: 30, Forget: 100}
				}
				c := sim.Case{Program: compiled.Program(t, imports+worlds[name]), Function: "main", Store: store, Runner: rec, Foreign: python, Seed: seed, Faults: faults}
				got, err := sim.Run(c)
				require.NoError(t, err)
				sameHistory(t, store, rec, got.Session, seed)
				s := open(t, store, got.Session)
				soundOrder(t, s, rand.New(rand.NewPCG(seed, 9)))
				soundLines(t, s, got)
			}
		})
	}
}
