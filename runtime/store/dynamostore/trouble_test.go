package dynamostore_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hark-lang/hark-ls/internal/testkit/compiled"
	"github.com/hark-lang/hark-ls/runtime/engine"
	"github.com/hark-lang/hark-ls/runtime/executor/local"
	"github.com/hark-lang/hark-ls/runtime/sim"
	"github.com/hark-lang/hark-ls/runtime/store/dynamostore"
	"github.com/hark-lang/hark-ls/vm"
)

// always answers every request with the same.
type always struct{ a *answer }

func (w always) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.a == nil {
		return nil, reset("dial")
	}
	return w.a.response(r), nil
}

// TestErrorsSayWhatToDo: what the outside world refuses is said with what can be done about it.
func TestErrorsSayWhatToDo(t *testing.T) {
	static := credentials.NewStaticCredentialsProvider("A", "s", "")
	none := aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, fmt.Errorf("no EC2 IMDS role found")
	}))
	for want, c := range map[string]struct {
		answer      *answer
		credentials aws.CredentialsProvider
	}{
		"renew them":                      {refusal(400, "ExpiredTokenException", "The security token included in the request is expired"), static},
		"there are no AWS credentials":    {nil, none},
		"does not know these credentials": {refusal(400, "UnrecognizedClientException", "The security token is invalid"), static},
		"its policy has to allow it":      {refusal(400, "AccessDeniedException", "User is not authorized"), static},
		"there is no hark in this":        {refusal(400, "ResourceNotFoundException", "Requested resource not found"), static},
		"hark is throttled":               {refusal(400, "ThrottlingException", "Rate exceeded"), static},
		"AWS cannot be reached":           {nil, static},
		"AWS answers with errors":         {refusal(503, "ServiceUnavailable", "down"), static},
	} {
		t.Run(want, func(t *testing.T) {
			client := dynamodb.New(dynamodb.Options{
				Region: "us-east-1", BaseEndpoint: aws.String("http://127.0.0.1:1"), Credentials: c.credentials,
				HTTPClient: &http.Client{Transport: always{c.answer}}, DisableValidateResponseChecksum: true, Retryer: aws.NopRetryer{},
			})
			store := dynamostore.New(client, dynamostore.Options{Table: table, Backoff: time.Nanosecond})
			_, err := store.Create(t.Context(), engine.Head{ID: thread})
			require.ErrorContains(t, err, want)
			_, err = store.Heads(t.Context(), []engine.ID{thread})
			assert.ErrorContains(t, err, want)
			err = dynamostore.CreateTable(t.Context(), client, table)
			assert.Error(t, err)
		})
	}
}

// guard refuses requests with a session token that is over.
type guard struct{ over atomic.Value }

func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("X-Amz-Security-Token") == g.over.Load() {
		return refusal(400, "ExpiredTokenException", "The security token included in the request is expired").response(r), nil
	}
	return transport.RoundTrip(r)
}

// TestExpiredCredentials: a session whose credentials expire goes on with new ones if there are any; else it ends with a clear
// error, and goes on when there are.
func TestExpiredCredentials(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	way, current := &guard{}, atomic.Value{}
	way.over.Store("none")
	current.Store("first")
	account := fmt.Sprint("T", accounts.Add(1))
	provider := aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: account, SecretAccessKey: "s", SessionToken: current.Load().(string)}, nil
	}))
	client := connect(t, func(o *dynamodb.Options) { o.HTTPClient, o.Credentials = &http.Client{Transport: way}, provider })
	require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
	store := dynamostore.New(client, dynamostore.Options{Table: table, Backoff: time.Millisecond})
	// Two calls of Python last longer than the credentials: after the first there are new ones, after the second not.
	calls := 0
	python := sim.Python{"py.double": func(a *sim.Attempt) engine.CallResult {
		calls++
		if calls <= 2 {
			way.over.Store(current.Load())
		}
		if calls == 1 {
			current.Store("second")
		}
		n, _ := a.Args[0].Int64()
		return sim.Return(vm.Int(2 * n))
	}}
	run := func(owner string) *engine.Engine {
		return engine.New(engine.Config{Store: store, Executor: local.New(), Foreign: python, Owner: owner, Gone: func(string) bool { return true }})
	}
	e := run("first")
	program := compiled.Program(t, imports+"fn main() { double(double(double(1))) }")
	session, err := e.Start(t.Context(), engine.Session{Program: program, Function: "main"})
	require.NoError(t, err)
	_, err = e.Wait(t.Context(), session)
	require.ErrorContains(t, err, "the AWS credentials have expired: renew them")
	require.NoError(t, e.Close())
	assert.Equal(t, 2, calls)

	current.Store("third")
	e = run("second")
	require.NoError(t, e.Resume(t.Context(), session))
	result, err := e.Wait(t.Context(), session)
	require.NoError(t, err)
	assert.Nil(t, result.Err)
	require.NoError(t, e.Close())
}

// TestDamagedRecords: a record that is not as it has to be, or is of a later version, is an error that says so.
func TestDamagedRecords(t *testing.T) {
	if testing.Short() {
		return // needs DynamoDB Local
	}
	n := func(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }
	s := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	for name, c := range map[string]struct {
		attribute string
		value     types.AttributeValue
		want      string
	}{
		"another type":    {"wait", s("x"), "the stored record is damaged: attribute wait"},
		"no whole number": {"epoch", n("1.5"), "attribute epoch"},
		"too large":       {"spawned", n("1e20"), "attribute spawned"},
		"a waiter":        {"waiters", &types.AttributeValueMemberSS{Value: []string{"x"}}, "attribute waiters"},
		"a list":          {"target", &types.AttributeValueMemberL{Value: []types.AttributeValue{n("1")}}, "attribute target"},
		"a later format":  {"format", n("2"), "is of format 2, which this version of hark-ls does not know: update hark-ls"},
	} {
		t.Run(name, func(t *testing.T) {
			client := connect(t)
			require.NoError(t, dynamostore.CreateTable(t.Context(), client, table))
			store := dynamostore.New(client, dynamostore.Options{Table: table})
			key := map[string]types.AttributeValue{"pk": s("s#0.1"), "sk": s("h")}
			item := map[string]types.AttributeValue{"pk": key["pk"], "sk": key["sk"], c.attribute: c.value}
			_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(table), Item: item})
			require.NoError(t, err)
			_, err = store.Heads(t.Context(), []engine.ID{thread})
			require.ErrorContains(t, err, c.want)
			assert.Contains(t, err.Error(), "s#0.1")
			if name == "a later format" {
				_, claimed, err := store.Claim(t.Context(), engine.Claim{ID: thread, Token: "t", Now: began, Lease: began})
				assert.Error(t, err)
				assert.False(t, claimed)
			}
		})
	}
}
