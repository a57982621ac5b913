// Package storetest is what every store has to do, as a test suite: each condition of each operation of engine.Store, that
// an operation may be repeated, and that of several at the same time exactly one applies.
//
// A store's own tests consist of one call of Run.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/runtime/engine"
)

// Run tests the stores that open makes: each call makes an empty one.
func Run(t *testing.T, open func(t *testing.T) engine.Store) {
	for name, test := range cases() {
		t.Run(name, func(t *testing.T) {
			test(&fixture{tester: t, ctx: t.Context(), store: open(t)})
		})
	}
}

// cases are all, by group and name.
func cases() map[string]func(*fixture) {
	groups := map[string]map[string]func(*fixture){
		"create": createCases, "claim": claimCases, "park": parkCases, "wake": wakeCases, "finish": finishCases,
		"preempt": preemptCases, "register": registerCases, "log": logCases, "index": indexCases, "read": readCases,
		"values": valueCases, "delete": deleteCases, "concurrent": concurrentCases, "effect": effectCases(), "apart": apartCases,
		"limits": limitCases, "missing": missingCases, "live": liveCases, "cancelled": cancelledCases(),
	}
	all := map[string]func(*fixture){}
	for group, cases := range groups {
		for name, test := range cases {
			all[group+"/"+name] = test
		}
	}
	return all
}

// tester is what the cases need of a *testing.T.
type tester interface {
	require.TestingT
	Helper()
}

// now is when all tests begin. Stores keep times to the microsecond, Expires to the second.
var now = time.Date(2030, 1, 2, 3, 4, 5, 678_000, time.UTC)

var thread = engine.ID{Session: "s1", Thread: "0.1"}

// fixture is a store and what the cases do with it. Its methods fail the test on an error of the outside world.
type fixture struct {
	tester
	ctx   context.Context
	store engine.Store
}

func (f *fixture) create(h engine.Head) bool {
	f.Helper()
	put, err := f.store.Create(f.ctx, h)
	require.NoError(f, err)
	return put
}

// thread puts the head of a thread that is to run.
func (f *fixture) thread() {
	f.Helper()
	require.True(f, f.create(engine.Head{ID: thread, Function: "f", Program: "p", Started: now, Due: now.Add(time.Minute)}))
}

func (f *fixture) claim(token string, at time.Time) (engine.Head, bool) {
	f.Helper()
	h, ok, err := f.store.Claim(f.ctx, engine.Claim{ID: thread, Token: token, Now: at, Lease: at.Add(time.Hour)})
	require.NoError(f, err)
	return h, ok
}

// claimed puts a thread and claims it: epoch 1.
func (f *fixture) claimed() {
	f.Helper()
	f.thread()
	h, ok := f.claim("a", now)
	require.True(f, ok)
	require.EqualValues(f, 1, h.Epoch)
}

func (f *fixture) park(p engine.Park) engine.ParkOutcome {
	f.Helper()
	p.ID = thread
	outcome, err := f.store.Park(f.ctx, p)
	require.NoError(f, err)
	return outcome
}

// parked is a thread of epoch 1 that waits at wait 1.
func (f *fixture) parked() {
	f.Helper()
	f.claimed()
	require.Equal(f, engine.Parked, f.park(engine.Park{Epoch: 1, Wait: 1, Targets: []string{"0.1.0"}, Snap: data("snap"), Spawned: 1}))
}

func (f *fixture) wake(wait uint64) (engine.Head, bool) {
	f.Helper()
	h, ok, err := f.store.Wake(f.ctx, engine.Wake{ID: thread, Wait: wait, Due: now.Add(2 * time.Minute)})
	require.NoError(f, err)
	return h, ok
}

func (f *fixture) finish(text string) (engine.Head, bool) {
	f.Helper()
	h, ok, err := f.store.Finish(f.ctx, engine.Finish{ID: thread, Answer: engine.Answer{Value: data(text)}, Ended: now, Output: data("lines"), Spawned: 2})
	require.NoError(f, err)
	return h, ok
}

func (f *fixture) register(waiter string, wait uint64) (engine.Head, bool) {
	f.Helper()
	h, ok, err := f.store.Register(f.ctx, thread, engine.Waiter{Thread: waiter, Wait: wait})
	require.NoError(f, err)
	return h, ok
}

func (f *fixture) head() *engine.Head {
	f.Helper()
	heads, err := f.store.Heads(f.ctx, []engine.ID{thread})
	require.NoError(f, err)
	require.NotNil(f, heads[0])
	return heads[0]
}

func (f *fixture) due(before time.Time) []engine.Due {
	f.Helper()
	var all []engine.Due
	for shard := range f.store.Limits().Shards {
		entries, err := f.store.Due(f.ctx, shard, "", before, 100)
		require.NoError(f, err)
		for _, entry := range entries {
			all = append(all, engine.Due{ID: entry.ID, At: entry.At.UTC()})
		}
	}
	return all
}

func data(text string) engine.Data { return engine.Data{Bytes: []byte(text)} }

func (f *fixture) sameTime(want, got time.Time) {
	f.Helper()
	assert.True(f, want.Equal(got), "want %v, got %v", want, got)
}
