package fork_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit"
	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/fork"
	"github.com/hark-lang/hark-ls/runtime/replay"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/runtime/store/sqlitestore"
	"github.com/hark-lang/hark-ls/vm"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func sqlite(t *testing.T) *sqlitestore.Store {
	t.Helper()
	store, err := sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "sessions.db"), sqlitestore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

func dynamo(t *testing.T) *dynamostore.Store {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": testkit.DynamoDB.URL(t), "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "forks", "AWS_SECRET_ACCESS_KEY": "secret",
	} {
		t.Setenv(name, value)
	}
	store, err := dynamostore.Open(context.Background(), dynamostore.Location{Table: "forks"})
	require.NoError(t, err)
	require.NoError(t, store.Prepare(context.Background()))
	return store
}

// TestForksBetweenStores: a session goes from store to store, each time forked in its middle; then it is run to its end, without the others.
func TestForksBetweenStores(t *testing.T) {
	stores := map[string]func(t *testing.T) engine.Store{"SQLite": func(t *testing.T) engine.Store { return sqlite(t) }}
	if !testing.Short() { // needs DynamoDB Local
		stores["DynamoDB"] = func(t *testing.T) engine.Store { return dynamo(t) }
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			store := open(t)
			for _, source := range []string{programs["threads"], programs["much output"]} {
				passedOn(t, imports+source, store)
			}
		})
	}
}

func passedOn(t *testing.T, source string, middle engine.Store) {
	t.Helper()
	ctx, program, last := context.Background(), compiled.Program(t, source), sqlite(t)
	old := run(t, program, 1)
	from := old.open(t)
	end, _, err := from.Root().Last(ctx)
	require.NoError(t, err)
	first, err := fork.Make(ctx, from, middle, fork.Options{At: end})
	require.NoError(t, err)
	require.True(t, first.Whole["0"])
	there, err := replay.Open(ctx, middle, first.Session)
	require.NoError(t, err)
	at := replay.Instant{Thread: "0", At: end.At / 2}
	second, err := fork.Make(ctx, there, last, fork.Options{At: at})
	require.NoError(t, err)
	sameState(t, from, last, second)
	head, err := last.Heads(ctx, []engine.ID{{Session: second.Session, Thread: "0"}})
	require.NoError(t, err)
	origin, err := engine.OriginOf(ctx, last, head[0])
	require.NoError(t, err)
	require.Equal(t, engine.Origin{Sid: old.got.Session, Session: first.Session, Thread: "0", At: at.At}, origin)
	var calls []string
	got, err := sim.Run(sim.Case{Program: program, Resume: second.Session, Store: last, Foreign: python(&calls)})
	require.NoError(t, err)
	require.Equal(t, vm.Show(old.got.Result.Value), vm.Show(got.Result.Value))
}
