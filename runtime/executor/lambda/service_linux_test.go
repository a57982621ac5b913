package lambda_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/internal/testkit/lambdalocal"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/lambda"
	"github.com/hark-lang/hark-ls/vm"
)

// lossy loses every invocation.
type lossy struct{ engine.Alone }

func (lossy) Invoke(_ context.Context, e *engine.Engine, id engine.ID) error {
	e.Returned(id, nil)
	return nil
}

// call is a synchronous invocation.
func (c *cloud) call(t *testing.T, function string, payload []byte) (*sdk.InvokeOutput, error) {
	t.Helper()
	return c.client.Invoke(t.Context(), &sdk.InvokeInput{FunctionName: &function, Payload: payload, InvocationType: types.InvocationTypeRequestResponse})
}

// The function sweeps the store itself when a schedule says so. An event that it does not know is an error that says what is wrong.
func TestSweepEvent(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	c := newCloud(t, lambdalocal.Faults{})
	outside := engine.New(engine.Config{Store: c.store, Executor: lossy{}, Clock: moved{file: c.Clock()}})
	session, err := outside.Start(t.Context(), engine.Session{Program: compiled.Program(t, "fn main() { 7 }"), Function: "main"})
	require.NoError(t, err)
	require.NoError(t, c.Advance(2*time.Minute))
	out, err := c.call(t, "usual", lambda.SweepEvent())
	require.NoError(t, err)
	require.Nil(t, out.FunctionError, "%s", out.Payload)
	c.Settle()
	result, over, err := c.e.Look(t.Context(), session)
	require.NoError(t, err)
	require.True(t, over)
	assert.Equal(t, vm.Int(7), result.Value)

	out, err = c.call(t, "usual", []byte(`{"bucket": "b"}`))
	require.NoError(t, err)
	assert.Equal(t, "Unhandled", aws.ToString(out.FunctionError))
	assert.Contains(t, string(out.Payload), "names no thread")
}

// Lambda ends chains of functions that invoke each other, unless it is told that it may be so; the sweep begins a new one.
func TestChainsAreCut(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	for _, allowed := range []bool{false, true} {
		c := newCloud(t, lambdalocal.Faults{}, few, func(f *lambdalocal.Function) { f.Recursion = allowed })
		got := c.finish(t, c.start(t, `fn down(n) { if n == 0 { 0 } else { 1 + await async down(n - 1) } } fn main() { down(9) }`))
		assert.Equal(t, "9", got.result)
		assert.Equal(t, allowed, c.Count("recursion") == 0, "%v", c.Log())
	}
}

// What keeps a process from beginning Lambda is told, and not only its log.
func TestAProcessThatCannotBegin(t *testing.T) {
	if testing.Short() {
		return
	}
	t.Parallel()
	c := newCloud(t, lambdalocal.Faults{}, func(f *lambdalocal.Function) { f.Variables = nil })
	out, err := c.call(t, "usual", lambda.SweepEvent())
	require.NoError(t, err)
	assert.Contains(t, string(out.Payload), "no table is named")
	_, err = c.call(t, "unknown", nil)
	assert.ErrorContains(t, err, "ResourceNotFoundException")
}
